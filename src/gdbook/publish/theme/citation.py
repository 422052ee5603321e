"""How the book is cited: the directive ``{how-to-cite}``, and each page's version and date.

Both come from ``CITATION.cff``, so they say of which sources a page is made, not when.
"""

from __future__ import annotations

import datetime
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from gdbook.publish.core.page_data import PageData

FILE = "CITATION.cff"
ANCHOR = "how-to-cite"
#: The pages that tell how the book is cited.
TOLD: PageData[bool] = PageData("how_to_cite")


@dataclass(frozen=True)
class Citation:
    """What ``CITATION.cff`` says of the book."""

    title: str
    authors: tuple[str, ...]
    version: str
    date: datetime.date

    @property
    def day(self) -> str:
        """The date as it is written: ``22 November 2026``."""
        return f"{self.date.day} {self.date:%B %Y}"

    @property
    def sentence(self) -> tuple[str, str, str]:
        """The parts of a citation: before the title, the title, and after it."""
        return f"{', '.join(self.authors)}, ", self.title, f", version {self.version}, {self.day}."

    @property
    def bibtex(self) -> str:
        """The entry for a bibliography."""
        key = self.title.partition(":")[0].lower().replace(" ", "-")
        fields = {
            "author": " and ".join(f"{{{name}}}" for name in self.authors),
            "title": self.title,
            "year": str(self.date.year),
            "note": f"Version {self.version}, {self.day}",
        }
        lines = (
            textwrap.fill(f"  {name} = {{{text}}},", 76, subsequent_indent="    ")
            for name, text in fields.items()
        )
        return "\n".join([f"@book{{{key}{self.date.year},", *lines, "}"])


def read(folder: Path) -> Citation | None:
    """Return what a folder's ``CITATION.cff`` says, None where there is none.

    Raises
    ------
    ExtensionError
        If the file lacks something, with its name.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    said: dict[str, Any] = yaml.safe_load(path.read_text("utf8"))
    try:
        authors = tuple(
            who.get("name") or f"{who['given-names']} {who['family-names']}"
            for who in said["authors"]
        )
        date = said["date-released"]
        return Citation(said["title"], authors, str(said["version"]), date)
    except KeyError as error:
        raise ExtensionError(f"{path} has no {error}, which pages show") from None


def link(app: Sphinx, page: str) -> str:
    """Return the address of how the book is cited, seen from a page; "" if no page tells it."""
    told = min(TOLD.of(app.env), default="")
    target = app.builder.get_target_uri
    return f"{relative_uri(target(page), target(told))}#{ANCHOR}" if told else ""


class HowToCite(SphinxDirective):
    """The citation in words, and as an entry for BibTeX."""

    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return a paragraph and a block of code."""
        folder = Path(self.env.srcdir)
        self.env.note_dependency(str(folder / FILE))
        citation = read(folder)
        if citation is None:
            raise self.error(f"there is no {FILE} in {folder}")
        TOLD.of(self.env)[self.env.docname] = True
        before, title, after = citation.sentence
        words = nodes.paragraph("", before, nodes.emphasis("", title), nodes.Text(after))
        words["ids"].append(ANCHOR)
        entry = nodes.literal_block(citation.bibtex, citation.bibtex, language="bibtex")
        return [words, entry]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("how-to-cite", HowToCite)
