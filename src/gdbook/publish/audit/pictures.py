"""Figures say what they show: alt text of a sentence, a caption, a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes

from gdbook.publish.audit.page import Page, cell_around
from gdbook.publish.core.ancestors import around, line_of
from gdbook.publish.core.findings import Finding
from gdbook.publish.myst.cells import only_on_slides

WORDS = 8
_FILE = re.compile(r"^[0-9a-f]{40,}$|^\S+\.(?:svg|png|jpe?g|gif|webp)$")

NO_ALT = "this figure has no alt text: say in a sentence what it shows, {how}"
SHORT_ALT = (
    "the alt text “{alt}” is shorter than a sentence: say what the figure shows, "
    "in {words} words or more"
)
NO_CAPTION = "this figure has no caption: give it one, {how}"
NO_NAME = "this figure has no name fig-…, by which the text could refer to it: give it one, {how}"


def pictures(page: Page) -> Iterator[Finding]:
    """Find figures without alt text, caption or name."""
    for image in page.doctree.findall(nodes.image):
        cell = cell_around(image)
        at = line_of(cell or image)
        alt = str(image.get("alt") or "").strip()
        if not alt or _FILE.match(alt.rpartition("/")[2]):
            yield Finding(at, NO_ALT.format(how="alt: … on the cell" if cell else ":alt: …"))
        elif len(alt.split()) < WORDS:
            line = page.source.line("alt:" if cell else alt.split("\n")[0], at)
            yield Finding(line, SHORT_ALT.format(alt=" ".join(alt.split()), words=WORDS))
        if around(image, nodes.container, where=_stands_alone):
            continue  # it has no number that could be referred to
        figure = around(image, nodes.figure)
        if figure is None or not any(isinstance(c, nodes.caption) for c in figure.children):
            how = (
                "mystnb: {figure: {caption: …}} on the cell" if cell else "in a {figure} directive"
            )
            yield Finding(at, NO_CAPTION.format(how=how))
        if figure is None or not any(n.startswith("fig-") for n in figure["names"]):
            how = "mystnb: {figure: {name: …}} on the cell" if cell else ":name: … in a {figure}"
            yield Finding(at, NO_NAME.format(how=how))


def _stands_alone(box: nodes.Element) -> bool:
    """Whether what is in a box is on slides only, or the picture of the front door."""
    return only_on_slides(box) or "hero" in box["classes"]
