"""Typst at work: from sources in a folder to the bytes of a PDF."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sphinx.errors import ExtensionError

#: Accessible PDF: tagged, with a language, a title, and words for every picture and formula.
STANDARD = "ua-1"


class PrintError(ExtensionError):
    """The printed book could not be made."""


def compile_pdf(folder: Path, main: str, fonts: Path) -> tuple[bytes, list[str]]:
    """Return the PDF of a Typst file, and what Typst warns of.

    Parameters
    ----------
    folder : Path
        Holds everything that the file names.
    main : str
        The file.
    fonts : Path
        Folder of fonts; no others are looked for.

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
        raise PrintError(explained(error)) from None
    return bytes(made), [str(getattr(w, "message", w)) for w in warned]


def explained(error: Exception) -> str:
    """Return which document an error of Typst is in, and what it says."""
    message = str(getattr(error, "message", "") or error).strip()
    trace = str(getattr(error, "diagnostic", "") or "")
    hints = [str(hint) for hint in getattr(error, "hints", []) or []]
    places = re.findall(r"([^\s:]+)\.typ:(\d+)", trace)
    # The document, rather than the function of the design that it called.
    inner = [place for place in places if place[0].startswith("sheets/")] or places
    where = f"{inner[0][0].removeprefix('sheets/')}: " if inner else ""
    said = "; ".join([message.splitlines()[0] if message else "Typst failed", *hints])
    line = f" (line {inner[0][1]} of its Typst source)" if inner else ""
    return f"print: {where}{said}{line}"
