"""The directive ``{bank}``: all problems and quick questions of the book, by chapter.

The pages that hold them are the only source: the lists are made when all pages are read. On the
page they are tables, which a script can filter; elsewhere they are plain lists.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from gdbook import hints
from gdbook.publish.core import files
from gdbook.publish.core.ancestors import around
from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.core.page_data import PageData
from gdbook.publish.core.page_links import numbered, page_link
from gdbook.publish.formats.course import Cells, Place, table
from gdbook.publish.myst.deeper import deeper_mark
from gdbook.publish.myst.problem_directive import DIFFICULTIES
from gdbook.publish.myst.quick_question import quick_question, title

HEAD = ("problem", "tier", "difficulty", "minutes", "checker")
WIDTHS = (40, 16, 17, 13, 14)
NONE = "\N{EN DASH}"
#: Also a classic script, as that of the quick questions: modules don't load from file://.
SCRIPT = "bank.mjs"


class Item(NamedTuple):
    """A problem or a quick question: what its line says."""

    label: str
    title: str
    tier: str
    difficulty: str
    minutes: int
    answer: str

    @property
    def checked(self) -> bool:
        """Whether a program judges the answer."""
        return self.answer != "words"


ITEMS = PageData[list[Item]]("bank")


class problem_bank(nodes.General, nodes.Element):  # noqa: N801 (as docutils names its nodes)
    """Where the lists will be, when all chapters are known."""


class Bank(Place):
    """Leave a place for the lists."""

    kind = problem_bank


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Note the problems and the quick questions of the page that is read."""
    found = [_item(node) for node in doctree.findall(nodes.Element) if _counts(node)]
    if found:
        ITEMS.of(app.env)[app.env.docname] = found


def _counts(node: nodes.Element) -> bool:
    return isinstance(node, quick_question) or "facts" in node


def _item(node: nodes.Element) -> Item:
    if isinstance(node, quick_question):
        kind = "letter" if node["script"]["right"][0] in tuple("abcdefgh") else "number"
        name = f"{title(node)}{_section(node)}"
        return Item(node["label"], name, "quick", NONE, node["minutes"], kind)
    facts: dict[str, Any] = node["facts"]
    name = _words(node.children[0]).removeprefix("Exercise").strip()
    level = DIFFICULTIES[facts["difficulty"] - 1]
    answer = facts.get("answer", "words")
    return Item(node["label"], name, facts["tier"], level, facts["minutes"], answer)


def _section(node: nodes.Node) -> str:
    section = around(node, nodes.section)
    if section is None or not isinstance(section.parent, nodes.section):
        return ""
    return f": {_words(section.children[0])}"


def _words(node: nodes.Node) -> str:
    """Return a title as one line, its formulas without LaTeX and no mark of what is deeper."""
    if isinstance(node, nodes.math):
        return hints.plain(f"${node.astext()}$")
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, deeper_mark):
        return ""
    return "".join(map(_words, node.children))


class FillBank(SphinxPostTransform):
    """Put the lists into their place."""

    default_priority = 5  # before references are resolved

    def run(self, **kwargs: Any) -> None:
        """Replace the places that `Bank` left."""
        for place in list(self.document.findall(problem_bank)):
            place.replace_self([self._sum(), *self._chapters()])

    @property
    def _html(self) -> bool:
        return self.app.builder.format == "html"

    def _sum(self) -> nodes.paragraph:
        items = [item for items in ITEMS.of(self.env).values() for item in items]
        quick = sum(item.tier == "quick" for item in items)
        checked = sum(item.checked and item.tier != "quick" for item in items)
        said = f"{len(items) - quick} problems, {checked} of them with a checker, and {quick} "
        return nodes.paragraph("", f"{said}quick questions.", classes=["bank-sum"])

    def _chapters(self) -> Iterator[nodes.section]:
        for docname, number in numbered(self.env, ITEMS.of(self.env)).items():
            name = f"{number}. {self.env.titles[docname].astext()}"
            # In print a heading is repeated at the top of its pages, where no link may stand.
            named = page_link(self.env, docname, name) if self._html else nodes.Text(name)
            heading = nodes.title("", "", named)
            made = nodes.section("", heading, ids=[f"bank-{docname.rpartition('/')[2]}"])
            made += self._table(docname) if self._html else self._list(docname)
            yield made

    def _table(self, docname: str) -> nodes.table:
        rows: list[Cells] = []
        for item in ITEMS.of(self.env)[docname]:
            said = (item.tier, item.difficulty, str(item.minutes))
            cells = (*said, item.answer if item.checked else NONE)
            rows.append([self._name(docname, item), *([nodes.Text(word)] for word in cells)])
        return table(HEAD, WIDTHS, rows, "bank")

    def _list(self, docname: str) -> nodes.bullet_list:
        made = nodes.bullet_list(bullet="-")
        for item in ITEMS.of(self.env)[docname]:
            level = "" if item.difficulty == NONE else f"{item.difficulty}, "
            checker = f"checked, {item.answer}" if item.checked else "without checker"
            rest = f" ({item.tier}, {level}{item.minutes} minutes, {checker})"
            line = nodes.paragraph("", "", *self._name(docname, item), nodes.Text(rest))
            made += nodes.list_item("", line)
        return made

    def _name(self, docname: str, item: Item) -> list[nodes.Node]:
        """Return the link to a problem, and its title; a quick question is one link."""
        if item.tier != "quick":
            number = addnodes.pending_xref(
                "", nodes.inline("", item.label), refdomain="std", reftype="numref",
                reftarget=item.label, refdoc=self.env.docname, refexplicit=False, refwarn=True,
            )  # fmt: skip
            return [number, nodes.Text(f" {item.title}")]
        if not self._html:
            return [nodes.Text(item.title)]
        to = self.app.builder.get_relative_uri(self.env.docname, docname)
        return [nodes.reference("", item.title, internal=True, refuri=f"{to}#{item.label}")]


def write_script(app: Sphinx) -> None:
    """Write the script before any page: Sphinx puts its checksum on pages."""
    if app.builder.format == "html":
        text = Path(__file__).with_name(SCRIPT).read_text(encoding="utf-8")
        files.write(Path(app.outdir, "_static", SCRIPT), text)


def add_script(app: Sphinx, _page: str, _template: str, context: Context, _: Document) -> None:
    """Add the script to the page with the lists."""
    if 'class="bank-sum' in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the directive, its node and the transform."""
    app.add_node(problem_bank)
    app.add_directive("bank", Bank)
    app.add_post_transform(FillBank)
