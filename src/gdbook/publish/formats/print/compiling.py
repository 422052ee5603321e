"""Typst at work: from sources in a folder to the bytes of a PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

from gdbook.publish.formats.print import document_cache

#: Accessible PDF: tagged, with a language, a title, and words for every picture and formula.
STANDARD = "ua-1"

# What STIX Two Math cannot help: the pieces of its longest arrows and braces overlap little.
_OF_THE_FONT = "glyph has assembly parts"


class PrintError(ExtensionError):
    """The printed book could not be made."""


def compile_pdf(folder: Path, fonts: Path, pictures: Mapping[str, str]) -> tuple[bytes, list[str]]:
    """Return the PDF of a folder's ``main.typ``, and what Typst warns of.

    Parameters
    ----------
    folder : Path
        Holds everything that the file names.
    fonts : Path
        Folder of fonts; no others are looked for.
    pictures : mapping of str to str
        The document that shows each picture, by its file name.

    Raises
    ------
    PrintError
        With the document's file, its line, and Typst's reason.
    """
    import typst

    compiler: Any = typst.Compiler(
        root=str(folder), font_paths=[str(fonts)], ignore_system_fonts=True
    )
    try:
        # No document has a date; a fixed time keeps one from coming in.
        made, warned = compiler.compile_with_warnings(
            str(folder / "main.typ"), format="pdf", pdf_standards=[STANDARD], timestamp=0
        )
    except typst.TypstError as error:
        raise PrintError(explained(error, folder, pictures)) from None
    return bytes(made), [
        explained(one, folder, pictures)
        for one in warned
        if not str(getattr(one, "message", one)).startswith(_OF_THE_FONT)
    ]


def explained(error: object, folder: Path, pictures: Mapping[str, str]) -> str:
    """Return where an error or a warning of Typst comes from, and what it says.

    Parameters
    ----------
    error : object
        As the binding gives it, with ``message``, ``hints`` and a ``diagnostic`` for people.
    folder : Path
        Holds the sheets of the documents.
    pictures : mapping of str to str
        The document that shows each picture, by its file name.
    """
    message = str(getattr(error, "message", "") or error).strip()
    hints = [str(hint) for hint in getattr(error, "hints", None) or []]
    said = "; ".join([message.splitlines()[0] if message else "Typst failed", *hints])
    places = re.findall(r"┌─ (.*):(\d+):(\d+)\s*$", str(getattr(error, "diagnostic", "")), re.M)
    for path, line, column in places:
        if (found := re.search(r"/sheets/(.*)\.typ$", path)) is not None:
            return f"{_place(folder, found[1], (int(line), int(column)))}: print: {said}"
        name = path.rsplit("/", 1)[-1]
        if name in pictures:
            return f"{_place(folder, pictures[name], name)}: print: {said} ({name})"
    if (label := re.search(r'label\("(([^"#]*)#[^"]*)"\)', said)) is not None:
        return f"{_place(folder, label[2], label[1])}: print: {said}"
    where = f" ({places[0][0].rsplit('/', 1)[-1]}:{places[0][1]})" if places else ""
    return f"print: {said}{where}"


def _place(folder: Path, docname: str, what: str | tuple[int, int]) -> str:
    """Return the file and line of what a sheet names, or of a line and column in its source."""
    sheet = document_cache.load(folder / "sheets", docname)
    if sheet is None:
        return docname
    source = sheet.source()
    if isinstance(what, str):
        return sheet.place(source.find(what))
    lines = source.splitlines(keepends=True)
    return sheet.place(sum(map(len, lines[: what[0] - 1])) + what[1] - 1)
