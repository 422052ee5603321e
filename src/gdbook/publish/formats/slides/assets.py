"""What decks load: reveal.js from npm, the look's fonts and colours, and files of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from functools import cache
from pathlib import Path

from gdbook.publish import theme
from gdbook.publish.core import npm
from gdbook.publish.core.files import write
from gdbook.publish.core.scripts import minified
from gdbook.publish.formats.slides import speaker
from gdbook.publish.theme.data_images import filed

HERE = Path(__file__).parent

#: Files of reveal.js, by their names in the site.
REVEAL = {
    "reveal.css": "dist/reveal.css",
    "reveal.js": "dist/reveal.js",
    "notes.js": "dist/plugin/notes.js",
}
OWN = ("deck.css", "deck.js", "button.css", "button.js")

#: The parts of the book's stylesheet that hold on slides too: names of fonts and colours, less
#: motion, and what MathML needs.
LOOK = ("*-fonts.css", "*-tokens.css", "*-motion.css", "*-math.css")


def look() -> str:
    """Return those parts of the book's stylesheet, for a folder below ``_static``."""
    styles = Path(theme.__file__).parent / "styles"
    sheets = [path.read_text("utf-8") for name in LOOK for path in sorted(styles.glob(name))]
    return "\n".join(sheets).replace('url("fonts/', 'url("../fonts/')


#: How reveal.js makes a style sheet for print, and how it is made without a style element,
#: which a strict Content-Security-Policy would not let act.
_INLINE = (
    "let t=document.createElement(`style`);return e&&e.length>0&&"
    "t.appendChild(document.createTextNode(e)),document.head.appendChild(t),t"
)
_CONSTRUCTED = (
    "let t=new CSSStyleSheet;return t.replaceSync(e),"
    "document.adoptedStyleSheets=[...document.adoptedStyleSheets,t],t"
)


def _reveal() -> dict[str, bytes]:
    """Return the files of reveal.js, without inline styles and scripts and data URLs."""
    folder = npm.package("reveal.js")
    texts = {name: (folder / path).read_text("utf-8") for name, path in REVEAL.items()}
    if texts["reveal.js"].count(_INLINE) != 1:
        raise npm.AssetsError("this reveal.js makes style sheets in another form: mend assets.py")
    texts["reveal.js"] = texts["reveal.js"].replace(_INLINE, _CONSTRUCTED)
    texts["reveal.css"], images = filed(texts["reveal.css"])
    parts = speaker.split(texts["notes.js"])
    texts |= zip(("notes.js", "speaker.css", "speaker.js"), parts, strict=True)
    return images | {name: text.encode() for name, text in texts.items()}


@cache
def files() -> dict[str, bytes]:
    """Return every file that decks and their button load, by its name in the site."""
    made = _reveal()
    made["first.js"] = (Path(theme.__file__).parent / "static" / "first.js").read_bytes()
    made |= {name: (HERE / "static" / name).read_bytes() for name in OWN}
    made["deck.js"] = minified(made["deck.js"].decode(), "js").encode()
    made["look.css"] = look().encode()
    return made


@cache
def fingerprint(name: str) -> str:
    """Return a short hash of a file, so that no browser keeps an old one."""
    return hashlib.sha256(files()[name]).hexdigest()[:8]


def copy(folder: Path, names: Collection[str] = ()) -> None:
    """Bring files into the site, all or some, where they are not yet or have changed."""
    for name, content in files().items():
        if not names or name in names:
            write(folder / name, content)
