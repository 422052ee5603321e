"""`gdbook new-chapter`: everything that a chapter touches, laid out at once."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from gdbook.publish.authoring import contents, skeletons
from gdbook.publish.authoring.transaction import write_together
from gdbook.publish.core.unwritten import CHANGELOG, companions

_WORDS = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_LONGEST = 40


class NewChapterError(ValueError):
    """Why a chapter is not laid out, in a sentence."""


@dataclass(frozen=True)
class Laid:
    """What was laid out.

    Attributes
    ----------
    title, part : str
        The chapter's title, and the caption of its part.
    files : dict of str to str
        For each file that was made or changed, from the book's folder, what it is for.
    """

    title: str
    part: str
    files: dict[str, str]


def new_chapter(
    root: Path, place: str, *, title: str | None = None, new_part: str | None = None
) -> Laid:
    """Lay out a chapter: its page, its place in the contents, its checkers, tests and reminders.

    Parameters
    ----------
    root : Path
        The book's folder, with `_toc.yml`.
    place : str
        Folder and name, as ``optimizers/stochastic-descent``: lower case, hyphens.
    title : str, optional
        By default the name, with spaces for hyphens.
    new_part : str, optional
        The caption of a new part, for the first chapter of a folder.

    Returns
    -------
    Laid

    Raises
    ------
    NewChapterError
        If the place is no name, is taken, or is in no part; nothing is changed.
    OSError
        If a file cannot be written; nothing is changed.
    """
    folder, name = _place(place)
    title = _title(title, name)
    toc, config = root / "_toc.yml", root / "_config.yml"
    if not toc.is_file():
        raise NewChapterError(
            f"there is no _toc.yml in {root.resolve()}: go to the book's folder, or name it by "
            "--book"
        )
    docname = f"book/{folder}/{name}"
    new, purposes = _new_files(root, docname, title)
    try:
        entered, caption = _enter(_read(toc), folder, docname, new_part)
        held = contents.with_standard(_read(config), docname) if config.is_file() else None
    except contents.TocError as error:
        raise NewChapterError(str(error)) from None

    edited = _reminders(root, title)
    purposes |= dict.fromkeys(edited, "a line that reminds you of it")
    if held is not None:
        edited[config.name] = held
        purposes[config.name] = "the page, among those held to the standard for chapters"
    if (root / CHANGELOG).is_file():
        edited[CHANGELOG] = _announced(_read(root / CHANGELOG), title)
        purposes[CHANGELOG] = "a line to complete"
    purposes["_toc.yml"] = f"its place, at the end of “{caption}”"
    texts = new | edited | {"_toc.yml": entered}
    write_together(root, {root / path: text for path, text in texts.items()})
    return Laid(title, caption, purposes)


def _new_files(root: Path, docname: str, title: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the files to be made, and what each is for."""
    page, beside = f"{docname}.md", companions(docname)
    name, module = docname.rpartition("/")[2], Path(beside.checkers).stem
    made = [
        (page, skeletons.page(name, title), "the page, in the order of a chapter"),
        (beside.checkers, skeletons.exercises(docname), "the checkers of its problems"),
        (beside.tests, skeletons.tests(docname, module), "their tests"),
        (beside.hints, skeletons.hints(docname), "the hints to its problems"),
        (beside.quick_answers, skeletons.quick_answers(docname), "the answers to quick questions"),
    ]
    made = [one for one in made if one[0] == page or (root / one[0]).parent.is_dir()]
    texts = {path: text for path, text, _ in made}
    purposes = {path: purpose for path, _, purpose in made}
    for path in texts:
        if (root / path).exists():
            raise NewChapterError(f"{path} is there already: nothing was changed")
    return texts, purposes


def _place(place: str) -> tuple[str, str]:
    folder, slash, name = place.removesuffix(".md").removeprefix("book/").partition("/")
    for word in (folder, name):
        if not slash or not _WORDS.fullmatch(word):
            raise NewChapterError(
                f"a chapter is PART/NAME, each in lower case with hyphens between words, "
                f"as optimizers/stochastic-descent; got {place!r}"
            )
    if len(name) > _LONGEST:
        raise NewChapterError(f"a name has at most {_LONGEST} characters, this one has {len(name)}")
    return folder, name


def _title(title: str | None, name: str) -> str:
    if title is None:
        return name.replace("-", " ").capitalize()
    if not title.strip() or not title.isprintable():
        raise NewChapterError(f"a title is one line of words, got {title!r}")
    return title.strip()


def _enter(text: str, folder: str, docname: str, new_part: str | None) -> tuple[str, str]:
    """Return the contents with the chapter, and the caption of its part."""
    there = contents.parts(text)
    mine = [part for part in there if f"book/{folder}" in part.folders]
    chapters = {
        name.removeprefix("book/"): part.caption
        for part in there
        if part.numbered
        for name in part.folders
        if name.startswith("book/")
    }
    if mine and new_part is not None:
        raise NewChapterError(
            f"the folder {folder} is in the part “{mine[0].caption}” already: leave out --new-part"
        )
    if new_part is not None:
        caption = _title(new_part, folder)
        return _checked(text, contents.with_part(text, caption, docname), docname), caption
    if not mine:
        near = difflib.get_close_matches(folder, chapters, n=1)
        meant = f"; did you mean {near[0]}?" if near else "."
        listed = ", ".join(f"{name} (“{caption}”)" for name, caption in chapters.items())
        raise NewChapterError(
            f"no part of _toc.yml has chapters in book/{folder}{meant} There are {listed}. "
            'With --new-part "Its caption" one is added'
        )
    if not mine[-1].numbered:
        raise NewChapterError(
            f"the part “{mine[-1].caption}” has no chapters (numbered: false); those with chapters "
            f"are {', '.join(chapters) or 'none'}"
        )
    return _checked(text, contents.with_chapter(text, mine[-1], docname), docname), mine[-1].caption


def _checked(before: str, after: str, docname: str) -> str:
    """Return the new contents if they are the old ones and one page more."""
    import yaml
    from sphinx_external_toc.parsing import MalformedError, parse_toc_data

    try:
        old, new = (list(parse_toc_data(yaml.safe_load(text))) for text in (before, after))
    except (MalformedError, yaml.YAMLError) as error:
        raise NewChapterError(f"_toc.yml cannot be read: {error}") from None
    if docname in old:
        raise NewChapterError(f"{docname} is in _toc.yml already: take it out, it will be entered")
    if sorted([*old, docname]) != sorted(new):
        raise NewChapterError("_toc.yml is laid out in a way that no line can be put into")
    return after


def _reminders(root: Path, title: str) -> dict[str, str]:
    there = [path for path in skeletons.REMINDERS if (root / path).is_file()]
    return {
        path: _read(root / path).rstrip("\n") + "\n" + skeletons.reminder(path, title)
        for path in there
    }


def _announced(changelog: str, title: str) -> str:
    """Return the changelog with the chapter's line, below those of other chapters."""
    lines = changelog.splitlines(keepends=True)
    start = next((n for n, line in enumerate(lines) if line.startswith("## ")), 0)
    at = next((n for n in range(start, len(lines)) if lines[n].startswith("- ")), len(lines))
    while at < len(lines) and lines[at].startswith(("- Chapter", "- The chapter", "  ")):
        at += 1
    return "".join([*lines[:at], skeletons.changelog(title) + "\n", *lines[at:]])


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise NewChapterError(f"{path} is not UTF-8: {error.reason}") from None
