"""Typst at work: from sources in a folder to the bytes of a PDF."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

#: Accessible PDF: tagged, with a language, a title, and words for every picture and formula.
STANDARD = "ua-1"

# What STIX Two Math cannot help: the pieces of its longest arrows and braces overlap little.
_OF_THE_FONT = "glyph has assembly parts"


class PrintError(ExtensionError):
    """The printed book could not be made."""


def compile_pdf(
    folder: Path, main: str, fonts: Path, pictures: Mapping[str, str]
) -> tuple[bytes, list[str]]:
    """Return the PDF of a Typst file, and what Typst warns of.

    Parameters
    ----------
    folder : Path
        Holds everything that the file names.
    main : str
        The file.
    fonts : Path
        Folder of fonts; no others are looked for.
    pictures : mapping of str to str
        The document that shows each picture, by its file name.

    Raises
    ------
    PrintError
        With the document, Typst's line and reason.
    """
    import typst

    compiler: Any = typst.Compiler(
        root=str(folder), font_paths=[str(fonts)], ignore_system_fonts=True
    )
    try:
        # No document has a date; a fixed time keeps one from coming in.
        made, warned = compiler.compile_with_warnings(
            str(folder / main), format="pdf", pdf_standards=[STANDARD], timestamp=0
        )
    except typst.TypstError as error:
        raise PrintError(explained(error, pictures)) from None
    said = [str(getattr(one, "message", one)) for one in warned]
    return bytes(made), [one for one in said if not one.startswith(_OF_THE_FONT)]


def explained(error: Exception, pictures: Mapping[str, str]) -> str:
    """Return which document an error of Typst is in, and what it says.

    Parameters
    ----------
    error : Exception
        As the binding raises it, with ``message``, ``hints`` and a ``diagnostic`` for people.
    pictures : mapping of str to str
        The document that shows each picture, by its file name.
    """
    message = str(getattr(error, "message", "") or error).strip()
    hints = [str(hint) for hint in getattr(error, "hints", None) or []]
    said = "; ".join([message.splitlines()[0] if message else "Typst failed", *hints])
    places = re.findall(r"┌─ (.*):(\d+):\d+\s*$", str(getattr(error, "diagnostic", "")), re.M)
    for path, line in places:
        if (found := re.search(r"/sheets/(.*)\.typ$", path)) is not None:
            return f"print: {found[1]}: {said} (line {line} of its Typst source)"
        name = path.rsplit("/", 1)[-1]
        if name in pictures:
            return f"print: {pictures[name]}: {said} ({name})"
    where = f" ({places[0][0].rsplit('/', 1)[-1]}:{places[0][1]})" if places else ""
    return f"print: {said}{where}"
