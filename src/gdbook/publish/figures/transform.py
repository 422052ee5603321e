"""SVG figures of pages, as files that load when near, and of decks, inline; others keep theirs."""

from __future__ import annotations

import gzip
import logging
import re
from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.osutil import relative_uri

from gdbook import style
from gdbook.publish.core import files, findings
from gdbook.publish.core.ancestors import around, line_of
from gdbook.publish.core.cache import fingerprints, memo
from gdbook.publish.core.findings import Finding
from gdbook.publish.figures.beside import Shown, layers, shown
from gdbook.publish.figures.controls import controls
from gdbook.publish.figures.live_controls import live_controls
from gdbook.publish.figures.play import play_host
from gdbook.publish.figures.svg import CannotInlineError, Inlined, inline

LIMIT = 80_000
LIMIT_MOVING = 150_000
TOO_HEAVY = (
    "{whose} weighs {size:.0f} KB compressed, at most {limit} are allowed: draw fewer points or "
    "frames, or rasterise dense layers (artist.set_rasterized(True))"
)
FOREIGN = "{whose} uses {colours}, which would not follow the theme: take colours from gdbook.style"
_HASH = re.compile(r"[0-9a-f]{40,}")


def svg_images(doctree: nodes.document, env: BuildEnvironment) -> list[tuple[nodes.image, Path]]:
    """Return a document's images that are SVG files, with their files."""
    found = []
    for image in doctree.findall(nodes.image):
        uri = str(image["uri"])
        if uri.endswith(".svg") and "://" not in uri:
            path = Path(env.srcdir, uri.lstrip("/"))
            if path.is_file():
                found.append((image, path))
    return found


def alternative(image: nodes.image) -> str:
    """Return an image's alt text; where it has none, its caption."""
    alt = str(image.get("alt", ""))
    if alt and not _HASH.search(alt):
        return alt
    figure = around(image, nodes.figure)
    caption = next(iter(figure.findall(nodes.caption)), None) if figure is not None else None
    return caption.astext() if caption is not None else "Figure"


class Weighed(NamedTuple):
    """What a figure is judged by: its weight in bytes, if it moves, and colours not ours."""

    size: int
    moves: bool
    foreign: list[str]


def weigh(svg: str) -> Weighed | None:
    """Return what a figure is judged by, None if it stays a file."""
    try:
        made = inline(svg, prefix="f", alt="", images="_images")
    except (CannotInlineError, ParseError):
        return None
    return Weighed(weight(made), bool(made.frames), sorted(made.foreign))


def judge(image: nodes.image, weighed: Weighed | None) -> Iterator[Finding]:
    """Yield what is wrong with a figure: its weight, its colours."""
    if weighed is None:
        return
    size, moves, foreign = weighed
    limit = LIMIT_MOVING if moves else LIMIT
    if size > limit:
        text = TOO_HEAVY.format(whose=_whose(image), size=size / 1000, limit=limit // 1000)
        yield Finding(line_of(image), text, logging.ERROR)
    if foreign:
        text = FOREIGN.format(whose=_whose(image), colours=", ".join(foreign))
        yield Finding(line_of(image), text)


def weight(made: Inlined) -> int:
    """Return how many bytes a figure adds to its page, compressed, layers and all."""
    page = len(gzip.compress(made.html().encode(), 6, mtime=0))
    return page + sum(len(content) for content in made.rasters.values())


def _whose(image: nodes.image) -> str:
    cell = around(image, nodes.container, where=lambda at: at.get("nb_element") == "cell_code")
    if cell is not None:
        return f"the figure of cell {cell['cell_index'] + 1}"
    return f"the drawing {Path(str(image['uri'])).name}"


class ShowFigures(SphinxPostTransform):
    """Show each SVG image in the colours of the theme.

    A builder with ``figures_inline`` has them inside of its documents: on a slide every figure
    is near. On a page they would be most of its weight.

    Works on the copy of the document that one builder writes; what other builders read
    keeps its images.
    """

    default_priority = 8  # after MyST-NB has chosen what an output shows (4)
    formats = ("html",)

    def run(self, **_: object) -> None:
        """Replace the images of the document."""
        builder = self.app.builder
        page = builder.get_target_uri(self.env.docname)
        images = relative_uri(page, builder.imagedir or "_images").rstrip("/")
        for number, (image, path) in enumerate(svg_images(self.document, self.env)):
            text = path.read_text(encoding="utf-8")
            try:
                made = inline(text, prefix=f"f{number}", alt=alternative(image), images=images)
            except (CannotInlineError, ParseError):
                continue  # stays an image
            if "width" in image:
                made.root.set("width", str(image["width"]))
                made.root.set("class", "sized")
            if getattr(builder, "figures_inline", False):
                seen = Shown(made.html(), "", {})
            else:
                seen = shown(made, alternative(image), images)
            folder = Path(builder.outdir, builder.imagedir or "_images")
            files.write_all(folder, seen.files | layers(made, seen))
            classes = " ".join(["gd-figure", *image.get("classes", [])])
            drawing = seen.drawing and f"{images}/{seen.drawing}"
            markup = _markup(made, seen.html, classes, drawing)
            image.replace_self(nodes.raw("", markup, format="html"))


def _markup(made: Inlined, seen: str, classes: str, drawing: str) -> str:
    if made.live:
        return live_controls(made.live, seen, classes, drawing)
    if made.play:
        return play_host(made.play, seen, classes)
    if made.frames:
        return controls(made.frames, seen, classes, drawing)
    return f'<div class="{escape(classes)}">{seen}</div>'


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Find what is wrong with the figures of the document that is being read, if asked to."""
    if app.config.audit == "none":
        return
    kept = memo(app, "figures", made_by)
    found: list[Finding] = []
    for image, path in svg_images(doctree, app.env):
        svg = path.read_text(encoding="utf-8")
        found += judge(image, kept.answer(svg, partial(weigh, svg)))
    findings.record(app.env, "figures", found)


def made_by() -> str:
    """Return the fingerprint of the code that weighs a figure."""
    return fingerprints([*sorted(Path(__file__).parent.glob("*.py")), Path(style.__file__)])
