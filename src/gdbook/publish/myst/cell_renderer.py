"""MyST-NB's renderer, which also keeps slide types, computed alt text and records of checks."""

from __future__ import annotations

import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from docutils import nodes
from myst_nb.core.render import MimeData, NbElementRenderer
from myst_nb.core.variables import format_plain_text

from gdbook.publish.core import upstream
from gdbook.publish.core.page_data import source
from gdbook.publish.myst.cell_breaks import above_code
from gdbook.publish.myst.cells import is_slides_only, slideshow

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
            own, more = slideshow(cell.metadata), slideshow(above.get(index, {}))
            kinds = [said.get("slide_type") for said in (own, more)]
            cells.append(
                {
                    "kind": next((kind for kind in kinds if kind and kind != "-"), "-"),
                    "marked": "slide_type" in own or "slide_type" in more,
                    "line": starts[index],
                    "tags": list(cell.metadata.get("tags", ())),
                    "lines": own.get("lines") or more.get("lines"),
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
        with self._begun(token):
            self.renderer.render_children(token)

    def render_marked_raw_cell(self, token: Any) -> None:
        """Note where the cell begins, then render it; its format may be named as Jupyter did."""
        metadata = token.meta["metadata"]
        metadata.setdefault("format", metadata.get("raw_mimetype"))
        with self._begun(token):
            self.renderer.render_nb_cell_raw(token)

    @contextmanager
    def _begun(self, token: Any) -> Iterator[None]:
        index, metadata = token.meta["index"], token.meta["metadata"]
        kind = slideshow(metadata).get("slide_type") or "-"
        mark = nodes.comment("", "", slide_type=kind, cell_index=index)
        if token.map:
            mark.line = token.map[0]
        self.renderer.current_node.append(mark)
        if not is_slides_only(metadata):
            yield
            return
        # In a container headings become rubrics: none of them opens a section of the page.
        # Nor may they claim an id, which the page's own heading of that name would lose.
        box = nodes.container("", slides_only=True, cell_index=index)
        self.renderer.add_line_and_source_path(box, token)
        with (
            self.renderer.current_node_context(box, append=True),
            upstream.replaced(LABEL, lambda *_: None, on=self.renderer),
        ):
            yield

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
            missing = isinstance(error, KeyError)
            why = f"no cell of this chapter says {error}" if missing else str(error)
            self.logger.warning(f"alt text: {why}", subtype="alt", line=data.line)
            return made
        for node in made:
            for image in node.findall(nodes.image):
                image["alt"] = " ".join(alt.split())
        return made


class _FromNumbers(string.Formatter):
    """Fill ``{err:.1e}`` from the numbers a chapter said."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = said

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> str:
        return str(self.said[str(key)]["data"]["text/plain"])

    def format_field(self, value: str, format_spec: str) -> str:
        return str(format_plain_text(value, format_spec or "s"))
