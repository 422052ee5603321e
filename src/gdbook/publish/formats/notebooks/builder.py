"""The builder ``notebooks``: ``notebooks/<chapter>.ipynb`` in the site."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from nbformat import NotebookNode
from sphinx.builders import Builder
from sphinx.util import logging
from sphinx.util.osutil import os_path
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node

from gdbook.publish.core import files
from gdbook.publish.core.page_links import number_of
from gdbook.publish.formats.notebooks import answers, opening, package
from gdbook.publish.formats.notebooks.markdown import Markdown
from gdbook.publish.formats.notebooks.slide_types import SlideTypes
from gdbook.publish.formats.slides.cutting import part
from gdbook.publish.formats.slides.units import Unit
from gdbook.publish.myst.cells import SLIDES_ONLY
from gdbook.publish.myst.quick_question import quick_question

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
#: What a file's name ends in that has no solutions, as that of the printed book does.
WITHOUT = "-without-solutions"
_GATE = re.compile(r"^(?::{3,}|`{3,})\{solution-(start|end)\}", re.MULTILINE)
FOLDED = ("check", "hide-input", "hide-cell", "remove-input", "remove-cell")


def has_code(document: nodes.document) -> bool:
    """Whether a document has a code cell."""
    return any(n.get("nb_element") == "cell_code" for n in document.findall(nodes.container))


def has_solutions(document: nodes.document) -> bool:
    """Whether a document has a solution, whatever a format has made of it."""
    return any("solution" in node["classes"] for node in document.findall(nodes.Element))


class NotebooksBuilder(Builder):
    """Write each chapter that has code as a notebook, with the outputs of this build."""

    name = "notebooks"
    format = "notebook"
    epilog = "The notebooks are in %(outdir)s."
    folder = "notebooks"

    @classmethod
    def uri(cls, docname: str, *, solutions: bool = True) -> str:
        """Where a chapter's notebook is, seen from the top of the site."""
        return f"{cls.folder}/{docname}{'' if solutions else WITHOUT}.ipynb"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Where a chapter's notebook is."""
        return self.uri(docname)

    def get_outdated_docs(self) -> Iterator[str]:
        """Name the chapters whose notebook is older than their doctree or page, or this code."""
        own = max(path.stat().st_mtime_ns for path in HERE.glob("*.py"))
        for docname in sorted(self.env.found_docs):
            source = self._executed(docname)
            if not source.exists():
                continue
            page = Path(self.outdir, f"{os_path(docname)}.html")
            tree = Path(self.doctreedir, f"{docname}.doctree")
            made = Path(self.outdir, self.uri(docname))
            if files.age(made) < max(own, *map(files.age, (source, page, tree))):
                yield docname

    def _executed(self, docname: str) -> Path:
        """Return the notebook that MyST-NB writes beside the site when it reads a chapter.

        Unlike the store of outputs it also has the metadata of Markdown cells, and of chapters
        that MyST-NB ran itself.
        """
        return Path(self.env.mystnb_config.output_folder, f"{docname}.ipynb")  # type: ignore[attr-defined]

    def prepare_writing(self, docnames: set[str]) -> None:
        """Nothing is shared between notebooks."""

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write one chapter's notebook, and one without solutions if it has some."""
        for solutions in (True, False):
            path = Path(self.outdir, self.uri(docname, solutions=solutions))
            if not has_code(doctree) or not (solutions or has_solutions(doctree)):
                path.unlink(missing_ok=True)
                continue
            executed = nbformat.read(self._executed(docname), as_version=4)
            chapter = ChapterNotebook(self, docname, executed, solutions=solutions)
            made = chapter.notebook(doctree)
            text = json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
            if not files.write(path, text):
                path.touch()

    def finish(self) -> None:
        """Remove the notebooks of chapters that are gone; write the package's wheel."""
        outdir = Path(self.outdir)
        kept = {
            outdir / self.uri(docname, solutions=solutions)
            for docname in self.env.found_docs
            for solutions in (True, False)
        }
        files.prune(outdir / self.folder, "*.ipynb", kept)
        if not self.config.notebooks_package:
            files.prune(outdir / package.FOLDER, "*.whl", ())
        elif package.write(outdir, outdir.parent / ".gdbook" / "package"):
            log.info("package: %s", package.uri())


class ChapterNotebook:
    """Makes the notebook of one chapter.

    Parameters
    ----------
    builder : NotebooksBuilder
    docname : str
    executed : NotebookNode
        The chapter's cells as they were run.
    solutions : bool
        Whether solutions are kept, with their code.
    """

    def __init__(
        self, builder: NotebooksBuilder, docname: str, executed: NotebookNode, *, solutions: bool
    ) -> None:
        self.builder, self.docname, self.executed = builder, docname, executed
        self.solutions = solutions
        self._left_out = set() if solutions else set(cells_of_solutions(executed))
        self.markdown = Markdown(self._number)
        self.cells: list[NotebookNode] = []
        self.blocks: list[str] = []
        self._next = 0  # the first cell that is not dealt with yet
        self._types = SlideTypes([])
        self._cell: NotebookNode = nbformat.from_dict({})  # metadata of the cell being written

    def notebook(self, doctree: nodes.document) -> NotebookNode:
        """Return the notebook of a resolved doctree."""
        self._types = SlideTypes(doctree.get("slide_units", []))
        self._open()
        self._walk(doctree, 1)
        self._flush()
        self._unseen(len(self.executed.cells))
        for number, cell in enumerate(self.cells):
            cell["id"] = f"cell-{number}"  # nbformat's are random
        kept = ("kernelspec", "language_info")  # Jupyter's own cache forgets the second
        metadata = {
            name: self.executed.metadata[name] for name in kept if name in self.executed.metadata
        }
        made: NotebookNode = nbformat.v4.new_notebook(cells=self.cells, metadata=metadata)
        made.metadata["title"] = self.builder.env.titles[self.docname].astext()
        nbformat.validate(made)
        return made

    def _open(self) -> None:
        """Say what the notebook is, and install what it needs."""
        skipped = {"slideshow": {"slide_type": "skip"}}
        config = self.builder.config
        self.blocks.append(opening.words(config, solutions=self.solutions))
        self._flush(**skipped)
        if config.notebooks_package:
            uri = self.builder.uri(self.docname, solutions=self.solutions)
            code = "\n".join(c.source for c in self.executed.cells if c.cell_type == "code")
            code = opening.install(config, uri, code)
            self.cells.append(nbformat.v4.new_code_cell(code, metadata=skipped))

    def _walk(self, parent: nodes.Element, level: int) -> None:
        for node in parent.children:
            if not isinstance(node, nodes.Element):
                continue
            if "slide_units" in node:
                self._types.begin(node)
                self._turn()
            elif isinstance(node, nodes.section):
                self.blocks.append(self.markdown.heading(node, level))
                self._walk(node, level + 1)
            elif isinstance(node, nodes.title):
                continue
            elif node.get("nb_element") == "cell_code":
                self._code(node)
            elif "slide_type" in node:  # where a Markdown cell begins
                self._flush()
                self._unseen(node["cell_index"])
                self._cell = self._kept(self.executed.cells[node["cell_index"]].metadata)
            elif isinstance(node, exercise_enumerable_node):
                self._problem(node)
            elif isinstance(node, solution_node):
                self._solution(node, level)
            elif isinstance(node, quick_question):
                self._question(node)
            elif self._types.question and isinstance(node, nodes.paragraph):
                self._ask(node, self._types.question)
            else:
                self.blocks += self.markdown.block(node)

    def _turn(self) -> None:
        """Go on to a block, in a Markdown cell of its own where its slide type asks for that."""
        if not self._types.goes_on():
            self._flush()
            self._types.cell = self._types.block

    def _ask(self, paragraph: nodes.Element, question: Unit) -> None:
        """Put the question that a paragraph ends with in a cell of its own: a slide shows it."""
        assert isinstance(question.part, tuple)
        self.blocks += self.markdown.block(part(paragraph, (0, question.part[0])))
        self._types.block, self._types.question = question.kind, None
        self._turn()
        self.blocks += self.markdown.block(part(paragraph, question.part))

    def _solution(self, node: nodes.Element, level: int) -> None:
        """Put a solution under a heading of its own, which JupyterLab folds."""
        self._flush()
        if not self.solutions:
            return
        self.blocks.append(self.markdown.solution(node))
        self._flush(**{"jp-MarkdownHeadingCollapsed": True})
        for child in node.children:
            if isinstance(child, nodes.section):
                self._walk(child, level + 2)

    def _problem(self, node: exercise_enumerable_node) -> None:
        """Put a cell for the answer below a problem."""
        self.blocks += self.markdown.problem(node)
        self._flush()
        self.cells.append(answers.problem(node, self._number("exercise", node)))

    def _question(self, node: quick_question) -> None:
        """Put a cell for the answer below a quick question."""
        self.blocks += self.markdown.question(node)
        self._flush()
        self.cells.append(answers.quick(node["label"]))

    def _code(self, node: nodes.Element) -> None:
        self._flush()
        self._unseen(node["cell_index"])
        cell = self._run(node["cell_index"], self._types.block)
        slideshow = cell.metadata.get("slideshow")
        self._cell = nbformat.from_dict({"slideshow": slideshow} if slideshow else {})
        self._types.cell = self._types.block
        self._types.written()
        for figure in node.findall(nodes.figure):
            self.blocks.append(self.markdown.caption(figure))

    def _unseen(self, end: int) -> None:
        """Add code cells that the page leaves out: later cells need them."""
        for index in range(self._next, end):
            cell = self.executed.cells[index]
            seen = index in self._left_out or SLIDES_ONLY in cell.metadata.get("tags", ())
            if cell.cell_type == "code" and not seen:
                self._run(index, "skip")
        self._next = end

    def _run(self, index: int, kind: str) -> NotebookNode:
        """Add a code cell as it was executed, its source folded where the page folds it."""
        self._next = index + 1
        cell: NotebookNode = copy.deepcopy(self.executed.cells[index])
        folded = set(FOLDED) & set(cell.metadata.get("tags", ()))
        cell.metadata = nbformat.from_dict(self._types.of_cell(self._kept(cell.metadata), kind))
        if folded:
            cell.metadata["jupyter"] = {"source_hidden": True}
        cell.outputs = [o for o in cell.outputs if not _only_glued(o)]
        self.cells.append(cell)
        return cell

    def _flush(self, **more: Any) -> None:
        """End the Markdown cell that is being written; it gets further metadata."""
        text = "\n\n".join(filter(None, self.blocks))
        if text:
            metadata = {**self._types.of_cell(self._cell, self._types.cell), **more}
            self.cells.append(nbformat.v4.new_markdown_cell(text, metadata=metadata))
            self._types.written()
        self.blocks = []

    @staticmethod
    def _kept(metadata: dict[str, Any]) -> NotebookNode:
        """Return the metadata that a notebook keeps: slide types and tags."""
        kept = {name: metadata[name] for name in ("slideshow", "tags") if name in metadata}
        made: NotebookNode = nbformat.from_dict(kept)
        return made

    def _number(self, kind: str, node: nodes.Element) -> str:
        """Return the number of a node, as the page has it."""
        env, name = self.builder.env, (node["ids"] or [""])[0]
        if kind == "section":
            top = isinstance(node.parent, nodes.document)
            return number_of(env, self.docname, "" if top else f"#{name}")
        if kind == "equation" and not self.builder.config.math_numfig:
            return str(node["number"])
        types = {"equation": "displaymath", "proof": node.get("countertype", "")}
        of_type = env.toc_fignumbers.get(self.docname, {}).get(types.get(kind, kind), {})
        number = ".".join(map(str, of_type.get(name, ())))
        style = self.builder.config.numfig_format.get(kind, "%s")
        return style % number if number else ""


def _only_glued(output: NotebookNode) -> bool:
    """Whether an output is a number kept for the prose, which shows nothing."""
    return any(name.startswith("application/papermill.record") for name in output.get("data", ()))


def cells_of_solutions(executed: NotebookNode) -> Iterator[int]:
    """Yield the indices of the cells that belong to solutions, also of those that no page shows."""
    inside = False
    for index, cell in enumerate(executed.cells):
        if cell.cell_type == "code":
            if inside:
                yield index
            continue
        for gate in _GATE.findall(cell.source):
            inside = gate == "start"
