"""The directive ``{chapters}``: a table of all chapters for those who plan a course.

For each chapter it says which others it needs (those that its box of objectives refers to), how
many minutes its core and the whole of it take, and how many slides its deck has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from gdbook.publish.core.page_data import PageData
from gdbook.publish.core.page_links import numbered, page_link
from gdbook.publish.formats.slides.collect import Length, length
from gdbook.publish.myst.minutes_role import matter

HEAD = ("chapter", "needs", "minutes, core", "minutes, all", "slides, core", "slides, all")
WIDTHS = (34, 16, 12, 12, 13, 13)


class Facts(NamedTuple):
    """What the table says of a chapter: minutes, slides, labels that its objectives refer to."""

    core: float
    all: float
    slides: Length
    needs: tuple[str, ...]


FACTS = PageData[Facts]("course")
#: The cells of a table's line: what stands in each.
Cells = Iterable[Sequence[nodes.Node]]


class chapters_table(nodes.General, nodes.Element):  # noqa: N801 (as docutils names its nodes)
    """Where the table will be, when all chapters are known."""


class Place(SphinxDirective):
    """Leave a place for what all pages together say."""

    kind: ClassVar[type[nodes.Element]]

    def run(self) -> list[nodes.Node]:
        """Return the place; the page is read again when any other changes."""
        for docname in self.env.found_docs - {self.env.docname}:
            self.env.note_dependency(self.env.doc2path(docname, base=False))
        return [self.kind()]


class Chapters(Place):
    """Leave a place for the table."""

    kind = chapters_table


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Note what the table says of the page that is read, if it has a box of objectives."""
    boxes = [n for n in doctree.findall(nodes.admonition) if "objectives" in n["classes"]]
    if not boxes:
        return
    needs = [x["reftarget"] for box in boxes for x in box.findall(addnodes.pending_xref)]
    found = matter(doctree)
    FACTS.of(app.env)[app.env.docname] = Facts(
        found["core"].minutes, found["all"].minutes, length(doctree), tuple(needs)
    )


def _needed(env: BuildEnvironment, docname: str, needs: tuple[str, ...]) -> list[str]:
    """Return the pages that labels belong to, each once, without the chapter itself."""
    labels: Any = env.domains["std"]
    pages = [labels.anonlabels[label][0] for label in needs if label in labels.anonlabels]
    return [page for page in dict.fromkeys(pages) if page != docname]


class FillChapters(SphinxPostTransform):
    """Put the table into its place."""

    default_priority = 5  # before references are resolved

    def run(self, **kwargs: Any) -> None:
        """Replace the places that `Chapters` left."""
        for place in list(self.document.findall(chapters_table)):
            place.replace_self(table(HEAD, WIDTHS, self._rows()))

    def _rows(self) -> Iterator[Cells]:
        numbers = numbered(self.env, FACTS.of(self.env))
        for docname, number in numbers.items():
            facts = FACTS.of(self.env)[docname]
            title = f"{number}. {self.env.titles[docname].astext()}"
            others = {page for page in _needed(self.env, docname, facts.needs) if page in numbers}
            needs: list[nodes.Node] = []
            for page, its in numbers.items():
                if page in others:
                    needs += [nodes.Text(",\N{NO-BREAK SPACE}"), page_link(self.env, page, its)]
            minutes = [str(5 * max(1, round(value / 5))) for value in (facts.core, facts.all)]
            cells = [*minutes, str(facts.slides.core), str(facts.slides.all)]
            needed = needs[1:] or [nodes.Text("–")]
            link = page_link(self.env, docname, title)
            yield [[link], needed, *([nodes.Text(cell)] for cell in cells)]


def table(
    heads: Sequence[str], widths: Sequence[int], rows: Iterable[Cells], *classes: str
) -> nodes.table:
    """Return a table from the words of its head and what stands in each cell of its rows."""
    group = nodes.tgroup(cols=len(heads))
    group += [nodes.colspec(colwidth=width) for width in widths]
    group += nodes.thead("", _row([nodes.Text(word)] for word in heads))
    group += nodes.tbody("", *map(_row, rows))
    return nodes.table("", group, classes=["colwidths-given", *classes])


def _row(cells: Cells) -> nodes.row:
    entries = (nodes.entry("", nodes.paragraph("", "", *cell)) for cell in cells)
    return nodes.row("", *entries)


def setup(app: Sphinx) -> None:
    """Register the directive, its node and the transform."""
    app.add_node(chapters_table)
    app.add_directive("chapters", Chapters)
    app.add_post_transform(FillChapters)
