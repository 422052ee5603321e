"""Cells, as their metadata and the document's nodes say: slide types and tags."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docutils import nodes
from sphinx.config import Config

SLIDE_TYPES = ("slide", "subslide", "fragment", "notes", "skip", "-")

#: The tag of a cell that is on slides, and neither on the page nor in the notebook.
SLIDES_ONLY = "slides-only"

#: The tags of code cells whose code the page does not show, or shows folded.
FOLDED = frozenset(
    f"{what}{hyphen}{part}"
    for what in ("hide", "remove")
    for hyphen in "-_"
    for part in ("input", "cell")
) | {"check"}


def slideshow(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return what a cell's metadata say of its slide.

    That is its ``slide_type``, where nbformat keeps it, and the ``lines`` that the slide steps
    through, as ``"1-2|3"``.
    """
    return metadata.get("slideshow") or {}


def is_slides_only(metadata: dict[str, Any]) -> bool:
    """Whether a cell with this metadata is shown on slides alone."""
    return SLIDES_ONLY in metadata.get("tags", ())


def is_cell(node: nodes.Node) -> bool:
    """Whether a node is a code cell."""
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def is_check(cell: nodes.Element) -> bool:
    """Whether a code cell is tagged ``check``."""
    return "check" in (cell["cell_metadata"].get("tags") or [])


def only_on_slides(node: nodes.Element) -> bool:
    """Whether a container holds a cell that is shown on slides alone."""
    return bool(node.get("slides_only")) or is_slides_only(node.get("cell_metadata") or {})


def show_outputs(config: Config, builder: str, kinds: Iterable[str]) -> None:
    """Tell MyST-NB which kinds of outputs a builder of ours shows, the best first.

    MyST-NB knows its own builders by name; of others it drops all outputs.
    """
    ranked = ((builder, kind, 10 * rank) for rank, kind in enumerate(kinds, 1))
    config.nb_mime_priority_overrides = [*config.nb_mime_priority_overrides, *ranked]
