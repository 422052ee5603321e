"""What one document became: Typst source, and what other documents may ask of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path

from gdbook.publish.core.files import replace

#: What every sheet begins with: the book's own functions and signs.
HEAD = '#import "/book.typ": *\n'
#: What the solutions in a sheet begin with.
SOLUTIONS = "#let solutions(base) = "


@dataclass
class Sheet:
    """A document in Typst.

    Attributes
    ----------
    docname : str
        Sphinx's name of it.
    main, solutions : str
        Markup of the text, and of the solutions of its problems, "" where there are none.
    labels : dict of str to str
        Every name that may be linked to, and the label that stands in the source for it.
    in_solutions : list of str
        Those names that only the solutions have.
    references : list of str
        Names that the document links to.
    citations : dict of str to str
        For a bibliography: its entries' markup, by name.
    images : dict of str to str
        Files below the book's folder, and their names beside the source.
    places : list of [int, int]
        Where blocks begin in the source, and in which line of the document.
    path : str
        The document's file.
    key : str
        Of everything the sheet was made from.
    """

    docname: str
    main: str = ""
    solutions: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    in_solutions: list[str] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    citations: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    places: list[list[int]] = field(default_factory=list)
    path: str = ""
    key: str = ""

    def source(self) -> str:
        """Return the Typst file: two functions of the level that the document's title has."""
        main = f"{HEAD}#let main(base) = [\n{self.main}\n]\n"
        return f"{main}{SOLUTIONS}[\n{self.solutions}\n]\n"

    def place(self, at: int) -> str:
        """Return the file and the line of what stands at an offset of the source."""
        line = max(([0, 1], *self.places), key=lambda place: (place[0] <= at, place[0]))[1]
        return f"{self.path}:{line}"

    def save(self, folder: Path) -> None:
        """Write the source and what belongs to it."""
        replace(source_path(folder, self.docname), self.source())
        replace(_facts_path(folder, self.docname), json.dumps(asdict(self)))


def load(folder: Path, docname: str) -> Sheet | None:
    """Return the sheet of a document, None where there is none that can be read."""
    try:
        facts = json.loads(_facts_path(folder, docname).read_text("utf-8"))
        sheet = Sheet(**facts)
    except (OSError, ValueError, TypeError):
        return None
    return sheet if source_path(folder, docname).is_file() else None


def source_path(folder: Path, docname: str) -> Path:
    """Return where the source of a document is kept."""
    return folder / f"{docname}.typ"


def _facts_path(folder: Path, docname: str) -> Path:
    return folder / f"{docname}.json"
