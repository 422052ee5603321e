"""Nothing on a page is styled or run inline, which a strict Content-Security-Policy stops."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes

from gdbook.publish.audit.page import Page, cell_around
from gdbook.publish.core.ancestors import line_of
from gdbook.publish.core.findings import Finding

_INLINE = re.compile(r"<(?:style|script)\b(?![^>]*\ssrc=)|<[^>]+\s(?:style|on[a-z]+)\s*=", re.I)

HTML = (
    "HTML with an inline style or script (“{shown}”), which a strict Content-Security-Policy "
    "stops: use a class of the book's style sheet, or show text or a figure"
)
SIZE = (
    "the size of this picture would be an inline style, which a strict Content-Security-Policy "
    "stops: leave the option out, and give the file the size that it needs"
)


def inline(page: Page) -> Iterator[Finding]:
    """Find HTML and pictures that would be written with inline styles or scripts."""
    for raw in page.doctree.findall(nodes.raw):
        met = _INLINE.search(raw.astext()) if "html" in raw.get("format", "").split() else None
        if met:
            shown = " ".join(met.group().split())[:60]
            yield Finding(line_of(cell_around(raw) or raw), HTML.format(shown=shown))
    for image in page.doctree.findall(nodes.image):
        sized = {"width", "height", "scale"} & image.attributes.keys()
        if sized and not str(image["uri"]).endswith(".svg"):
            yield Finding(line_of(cell_around(image) or image), SIZE)
