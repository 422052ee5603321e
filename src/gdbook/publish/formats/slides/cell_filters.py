"""Cells that are left out before anything is resolved: slides-only ones, and skipped ones."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from gdbook.publish.formats.slides.builder import SlidesBuilder
from gdbook.publish.formats.slides.collect import slides_only
from gdbook.publish.formats.slides.units import drop_skipped


class LeaveOutSkipped(SphinxPostTransform):
    """Drop skipped cells from decks before they are resolved, which takes time."""

    default_priority = 1
    builders = (SlidesBuilder.name,)

    def run(self, **kwargs: Any) -> None:
        """Drop it, all but headings."""
        if "slide_cells" in self.document:
            drop_skipped(self.document)


class LeaveOutSlidesOnly(SphinxPostTransform):
    """Drop cells for slides only from pages, search index and print."""

    default_priority = 1

    def run(self, **kwargs: Any) -> None:
        """Drop the cells, and the footnotes that only they refer to."""
        if self.app.builder.name == SlidesBuilder.name:
            return
        dropped: set[str] = set()
        for cell in slides_only(self.document):
            for reference in cell.findall(nodes.footnote_reference):
                dropped.update(reference["ids"])
            cell.parent.remove(cell)
        for note in list(self.document.findall(nodes.footnote)) if dropped else ():
            if note["backrefs"] and set(note["backrefs"]) <= dropped:
                note.parent.remove(note)
