"""Links from *Derived in …* to the chapter and the section."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.utils import get_source_line
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

log = logging.getLogger(__name__)
WORDS = "Derived in "
LACKING = "“Derived in *%s*”: there is no chapter or section of that title"


class LinkDerivations(SphinxPostTransform):
    """Make titles links, in sentences of a reference that begin with *Derived in*.

    ``Derived in *Momentum and the optimizer object*, *From μ to L*.`` names a chapter and one of
    its sections. A title that no page has is told, so that docstrings follow the book.
    """

    default_priority = 5  # before references are resolved

    def run(self, **_: Any) -> None:
        """Replace the titles of the document."""
        for paragraph in self.document.findall(nodes.paragraph):
            if WORDS not in _line(paragraph.astext()) or not _from_docstring(paragraph):
                continue
            page, told = "", False
            for child in list(paragraph.children):
                if isinstance(child, nodes.Text):
                    # The sentence ends with its full stop.
                    text = _line(child.astext())
                    told = f"{text} ".endswith(WORDS) or (told and ". " not in text)
                elif told and isinstance(child, nodes.emphasis):
                    page = self._link(child, page)

    def _link(self, named: nodes.emphasis, page: str) -> str:
        """Replace a title by a link; return the page that it leads to."""
        title = _line(named.astext())
        found = self._places(title)
        place = next((one for one in found if one[0] == page), found[0] if found else None)
        if place is None:
            log.warning(LACKING, title, location=named, type="gdbook", subtype="reference")
            return page
        uri = self.app.builder.get_relative_uri(self.env.docname, place[0]) + place[1]
        link = nodes.reference("", "", internal=True, refuri=uri)
        link += nodes.emphasis("", self._number(*place) + title)
        named.replace_self(link)
        return place[0]

    def _places(self, title: str) -> list[tuple[str, str]]:
        """Return the pages and anchors (as ``#id``) of sections with a title."""
        return [
            (name, str(link["anchorname"]))
            for name, contents in sorted(self.env.tocs.items())
            for link in contents.findall(nodes.reference)
            if _line(link.astext()) == title
        ]

    def _number(self, page: str, anchor: str) -> str:
        number = self.env.toc_secnumbers.get(page, {}).get(anchor)
        return ".".join(map(str, number)) + " " if number else ""


def _from_docstring(node: nodes.Element) -> bool:
    return "docstring of " in str(get_source_line(node)[0] or "")


def _line(text: str) -> str:
    """Return a text on one line; where it was broken may be its end."""
    return " ".join(text.split())
