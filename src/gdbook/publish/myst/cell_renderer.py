"""MyST-NB's renderer, which also keeps slide types, computed alt text and records of checks."""

from __future__ import annotations

import string
from contextlib import AbstractContextManager
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from myst_nb.core.variables import format_plain_text

from gdbook.publish.core import upstream
from gdbook.publish.core.page_data import source
from gdbook.publish.myst.cell_breaks import above_code
from gdbook.publish.myst.cells import has_slide_type, is_slides_only, line_steps, slide_type

MARKDOWN = "myst_nb.core.render:MditRenderMixin.render_nb_cell_markdown"
RAW = "myst_nb.core.render:MditRenderMixin.render_nb_cell_raw"
LABEL = "myst_parser.mdit_to_docutils.base:DocutilsRenderer.generate_heading_target"


class CellRenderer(NbElementRenderer):
    """MyST-NB's renderer, keeping what it would drop.

    * Every cell's slide type, source line, tags and code, in the document's attribute
      ``slide_cells`` (cells that MyST-NB leaves out, being empty or removed, too).
    * Where a Markdown or raw cell begins: a comment node with the attributes
      ``slide_type`` and ``cell_index``, in front of what the cell holds. (Code cells
      keep their own container.)
    * An image gets the cell's ``alt``, in which ``{name}`` and ``{name:.1e}`` are
      filled from the numbers that the chapter said. MyST-NB would give the name of
      the image's file.
    * A passed check's record, which is the metadata of its output, becomes the attribute
      ``gdbook`` of the output's node.

    Cells for slides only come in a container with ``slides_only`` set.
    """

    def __init__(self, renderer: Any, logger: Any) -> None:
        super().__init__(renderer, logger)
        upstream.replace_rule(renderer.rules, MARKDOWN, self.render_markdown_cell)
        upstream.replace_rule(renderer.rules, RAW, self.render_marked_raw_cell)

    def render_nb_finalise(self, metadata: dict[str, Any]) -> None:
        """Keep what the deck needs to know of every cell."""
        super().render_nb_finalise(metadata)
        client = self.renderer.nb_client
        notebook = client.notebook
        starts = [client.cell_line(index) for index in range(len(notebook.cells))]
        above: dict[int, dict[str, Any]] = {}
        if "source_map" in notebook.metadata and client.path:
            env: Any = self.renderer.sphinx_env
            above = above_code(source(env), starts)
        cells = []
        for index, cell in enumerate(notebook.cells):
            kind = slide_type(cell.metadata)
            if kind == "-":
                kind = slide_type(above.get(index, {}))
            cells.append(
                {
                    "kind": kind,
                    "marked": has_slide_type(cell.metadata) or has_slide_type(above.get(index, {})),
                    "line": starts[index],
                    "tags": list(cell.metadata.get("tags", ())),
                    "lines": line_steps(cell.metadata) or line_steps(above.get(index, {})),
                    "code": cell.source if cell.cell_type == "code" else None,
                }
            )
        document = self.renderer.document
        document["slide_cells"] = cells
        for node in document.findall(nodes.container):
            if node.get("nb_element") == "cell_code":  # MyST-NB is a line late
                node.line = starts[node["cell_index"]]

    def render_markdown_cell(self, token: Any) -> None:
        """Note where the cell begins, then render its children as MyST-NB does."""
        self._mark(token)
        if not is_slides_only(token.meta["metadata"]):
            self.renderer.render_children(token)
            return
        # In a container headings become rubrics: none of them opens a section of the page.
        # Nor may they claim an id, which the page's own heading of that name would lose.
        with (
            self._slides_only(token),
            upstream.replaced(LABEL, lambda *_: None, on=self.renderer),
        ):
            self.renderer.render_children(token)

    def render_marked_raw_cell(self, token: Any) -> None:
        """Note where the cell begins, then render it; its format may be named as Jupyter did."""
        self._mark(token)
        metadata = token.meta["metadata"]
        metadata.setdefault("format", metadata.get("raw_mimetype"))
        if not is_slides_only(metadata):
            self.renderer.render_nb_cell_raw(token)
            return
        with self._slides_only(token):
            self.renderer.render_nb_cell_raw(token)

    def _mark(self, token: Any) -> None:
        kind = slide_type(token.meta["metadata"])
        mark = nodes.comment("", "", slide_type=kind, cell_index=token.meta["index"])
        if token.map:
            mark.line = token.map[0]
        self.renderer.current_node.append(mark)

    def _slides_only(self, token: Any) -> AbstractContextManager[None]:
        box = nodes.container("", slides_only=True, cell_index=token.meta["index"])
        self.renderer.add_line_and_source_path(box, token)
        made: AbstractContextManager[None] = self.renderer.current_node_context(box, append=True)
        return made

    def render_text_plain(self, data: MimeData) -> list[nodes.Element]:
        """Render a line of text; a passed check's record stays with it, for the editor."""
        made: list[nodes.Element] = super().render_text_plain(data)
        if record := data.output_metadata.get("gdbook"):
            for node in made:
                node["gdbook"] = record
        return made

    def render_image(self, data: MimeData) -> list[nodes.Element]:
        """Render an image output and give it the cell's alt text."""
        made: list[nodes.Element] = super().render_image(data)
        template = data.cell_metadata.get("alt")
        if not template:
            return made
        try:
            alt = _FromNumbers(self.renderer.nb_client.glue_data).vformat(template, (), {})
        except (KeyError, ValueError) as error:
            self.logger.warning(f"alt text: {_reason(error)}", subtype="alt", line=data.line)
            return made
        for node in made:
            for image in node.findall(nodes.image):
                image["alt"] = " ".join(alt.split())
        return made


def _reason(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"no cell of this chapter says {error}"
    return str(error)


class _FromNumbers(string.Formatter):
    """Fill ``{err:.1e}`` from the numbers a chapter said."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> str:
        return str(self.said[str(key)]["data"]["text/plain"])

    def format_field(self, value: str, format_spec: str) -> str:
        return str(format_plain_text(value, format_spec or "s"))
