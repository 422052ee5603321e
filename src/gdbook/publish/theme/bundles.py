"""One style sheet and one script for a page, in the place of a dozen: joined, and minified.

Sphinx, the theme and extensions each bring files of their own, and a browser waits for all of the
style sheets before it shows anything. Which files a page names is known when it is written; pages
that name the same ones share a bundle, which is called after its content, so no browser keeps an
old one. The files themselves stay: decks load some of them.

When all pages are there, style sheets lose the rules for what none of them has.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from furo import get_pygments_stylesheet
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

from gdbook.publish.core import files, npm, scripts, user_cache
from gdbook.publish.core.cache import Memo, fingerprints, memo
from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.theme import data_images

STATIC = "_static/"
PURGE = Path(__file__).with_name("purge.mjs")
NAMES = re.compile(r"(?:styles|script)-[0-9a-f]{16}\.(?:css|js)")
#: Files that only some pages need, with what these have in their body.
NEEDED_BY = {"sphinx-design.min.css": 'class="sd-', "design-tabs.js": 'class="sd-tab'}
#: Scripts that ``late.js`` loads when they are needed.
LATE = {"clipboard.min.js", "copybutton.js", "code.mjs"}
_NAMED = re.compile(r'\b(?:class|id)="([^"]*)"')
_TAG = re.compile(r"<([a-z][a-z0-9-]*)")
_WORD = re.compile(r"[\w-]+")
_URL = re.compile(r"""url\(\s*(["']?)(?!data:|[a-z]+:|/|#)([^"')]+)\1\s*\)""")


def join(app: Sphinx, _page: str, _template: str, context: Context, _: Document) -> None:
    """Let a page name one style sheet and one script."""
    if app.builder.name != "html":
        return
    body = context.get("body", "")
    for tag in ("css_tag", "js_tag"):
        context[tag] = partial(_without_checksum, context[tag])
    kept = memo(app, "bundles", _made_by)
    for kind, suffix in (("css_files", "css"), ("script_files", "js")):
        joined: list[str] = []
        others: list[Any] = []
        files_of: type[Any] = str
        for file in context.get(kind, []):
            name = str(getattr(file, "filename", file) or "")
            if not name.startswith(STATIC):
                others.append(file)
            elif _called(name) in LATE:
                continue
            elif not Path(app.outdir, STATIC, name.removeprefix(STATIC)).exists():
                others.append(file)  # a part that is not loaded would have copied it
            elif all(mark in body for end, mark in NEEDED_BY.items() if name.endswith(end)):
                joined.append(name.removeprefix(STATIC))
                files_of = type(file)
        if joined:
            static = Path(app.outdir, STATIC)
            name = STATIC + _bundle(static, joined, suffix, kept)
            waits = {"defer": "defer"} if suffix == "js" else {}
            context[kind] = [files_of(name, **waits), *others]


def _without_checksum(tag: Callable[[Any], str], file: Any) -> str:
    """Return a bundle's tag without the checksum that Sphinx takes of what is there so far."""
    text = tag(file)
    return re.sub(r"\?v=[0-9a-f]+", "", text) if NAMES.search(text) else text


def _called(name: str) -> str:
    return PurePosixPath(name.partition("?")[0]).name


def _bundle(static: Path, names: Iterable[str], suffix: str, kept: Memo) -> str:
    """Write a bundle, if it is not there, and return its name."""
    texts = {name: _text(static, name) for name in names}
    if suffix == "css":
        joined = "\n".join(_rebased(text, name, static) for name, text in texts.items())
    else:
        joined = "".join(map(_alone, _own_first(texts).values()))
    mark = files.fingerprint(joined.encode())
    name = f"{'styles' if suffix == 'css' else 'script'}-{mark[:16]}.{suffix}"
    small: str = kept.answer([name.partition(".")[0]], partial(scripts.minified, joined, suffix))
    if not (static / name).exists():  # the purged one is good until a page needs more
        files.write(static / name, small)
    return name


def _text(static: Path, name: str) -> str:
    """Return a file's text; Furo writes the colours of code for both themes when all is written."""
    if name == "pygments.css":
        text: str = get_pygments_stylesheet()
        return text
    return (static / name).read_text("utf-8")


def _rebased(css: str, name: str, static: Path) -> str:
    """Return a style sheet as it must read one folder up, with its pictures as files."""
    css, made = data_images.filed(css)
    for picture, content in made.items():
        files.write(static / picture, content)
    folder = PurePosixPath(name).parent.as_posix()

    def rebase(match: re.Match[str]) -> str:
        address = match[2]
        if address in made:
            return f'url("{address}")'
        path = normpath(f"{folder}/{address}")
        if f"/{data_images.FOLDER}/" in f"/{path}":  # an earlier build took it out of this sheet
            inner = f"{data_images.FOLDER}/{PurePosixPath(path).name}"
            files.write(static / inner, (static / path).read_bytes())
            path = inner
        return f'url("{path}")'

    return _URL.sub(rebase, css)


def _own_first(texts: dict[str, str]) -> dict[str, str]:
    """Put the scripts of other packages, which may fail, last; their order stays."""
    others = ("documentation_options.js", "design-tabs.js")
    return dict(sorted(texts.items(), key=lambda item: item[0] in others))


def _alone(script: str) -> str:
    """Return a script that keeps its strictness and its names to itself.

    What `documentation_options.js` declares is looked up by others, so it stays outside.
    """
    if script.lstrip().startswith("const DOCUMENTATION_OPTIONS"):
        return f"{script}\n"
    return f"(function () {{\n{script}\n}}).call(window);\n"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Remove the bundles that no page names any more, and purge the style sheets that are left."""
    if exception is not None or app.builder.name != "html":
        return
    outdir = Path(app.outdir)
    kept = memo(app, "bundle names", lambda: fingerprints([Path(__file__)]))
    named, words = set[str](), set[str]()
    for page in sorted(outdir.rglob("*.html")):
        name = page.relative_to(outdir).as_posix()
        gone = "/" in name and name.removesuffix(".html") not in app.env.found_docs
        if not gone:  # nor a deck
            found = kept.answer(name, partial(_used, page), at=files.stamp(page))
            named.update(found[0])
            words.update(found[1])
    static = outdir / STATIC
    for path in sorted(static.glob("*-*.*s*")):
        if NAMES.fullmatch(path.name) and path.name not in named:
            path.unlink()
    for script in _scripts(static):
        words.update(_WORD.findall(script.read_text("utf-8")))
    whole = memo(app, "bundles", _made_by)
    for path in sorted(static.glob("styles-*.css")):
        # Where no page of this build asked for it, what is there is enough for those that do.
        css = whole.answer([path.stem], partial(path.read_text, "utf-8"))
        files.write(path, purged(css, words))


def _scripts(static: Path) -> list[Path]:
    """Return the scripts that pages load, at once or later: they name elements and classes, too."""
    found = {*static.glob("script-*.js"), *static.glob("*.mjs"), *static.glob("live/**/*.*js")}
    found |= {path for path in (static / "first.js", static / "copybutton.js") if path.exists()}
    return sorted(found)


def _used(page: Path) -> tuple[list[str], list[str]]:
    """Return the bundles that a page names, and its elements, classes and ids."""
    text = page.read_text("utf-8")
    words = {word for value in _NAMED.findall(text) for word in value.split()}
    words.update(_TAG.findall(text))
    return sorted(set(NAMES.findall(text))), sorted(words)


def purged(css: str, words: Iterable[str]) -> str:
    """Return a style sheet without the rules that name what is not among some words.

    Raises
    ------
    ExtensionError
        If it has an error.
    """
    asked = json.dumps({"css": css, "words": sorted(words)})
    tool = npm.package("purgecss")
    made_by = [Path(__file__), PURGE, tool / "package.json"]
    return user_cache.kept(asked, partial(_purged, asked, tool), made_by).decode()


def _purged(asked: str, tool: Path) -> bytes:
    done = subprocess.run(
        [str(npm.node()), str(PURGE), str(tool)],
        input=asked.encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        raise ExtensionError(f"PurgeCSS cannot read a style sheet:\n{done.stderr.decode()}")
    return done.stdout


def _made_by() -> str:
    """Return the fingerprint of all that makes a bundle from its text."""
    tools = [npm.package(name) / "package.json" for name in ("esbuild", "purgecss")]
    own = [Path(__file__), PURGE, Path(data_images.__file__)]
    own += [Path(scripts.__file__)]
    return fingerprints([*tools, *own])
