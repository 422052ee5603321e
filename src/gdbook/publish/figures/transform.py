"""SVG images become part of their page, in HTML only: slides and print keep theirs."""

from __future__ import annotations

import gzip
import re
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
from gdbook.publish.core.cache import fingerprints, memo
from gdbook.publish.figures.controls import controls
from gdbook.publish.figures.svg import CannotInlineError, Inlined, inline

LIMIT = 80_000
LIMIT_MOVING = 150_000
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
    parent = image.parent
    while parent is not None and not isinstance(parent, nodes.figure):
        parent = parent.parent
    caption = next(iter(parent.findall(nodes.caption)), None) if parent is not None else None
    return caption.astext() if caption is not None else "Figure"


class Facts(NamedTuple):
    """What a figure is judged by: its weight in bytes, if it moves, and colours not ours."""

    size: int
    moves: bool
    foreign: list[str]


def facts(svg: str) -> Facts | None:
    """Return the facts of a figure, None if it stays a file."""
    try:
        made = inline(svg, prefix="f", alt="", images="_images")
    except (CannotInlineError, ParseError):
        return None
    return Facts(weight(made), bool(made.frames), sorted(made.foreign))


def findings(image: nodes.image, known: Facts | None) -> list[tuple[str, str]]:
    """Return (level, message) of what is wrong with a figure, both for `Logger.log`."""
    if known is None:
        return []
    size, moves, foreign = known
    told = []
    limit = LIMIT_MOVING if moves else LIMIT
    if size > limit:
        told.append(
            (
                "ERROR",
                f"{_whose(image)} weighs {size / 1000:.0f} KB compressed, at most "
                f"{limit // 1000} are allowed: draw fewer points or frames, or rasterise dense "
                "layers (artist.set_rasterized(True))",
            )
        )
    if foreign:
        told.append(
            (
                "WARNING",
                f"{_whose(image)} uses {', '.join(foreign)}, which would not follow the "
                "theme: take colours from gdbook.style",
            )
        )
    return told


def weight(made: Inlined) -> int:
    """Return how many bytes a figure adds to its page, compressed, layers and all."""
    page = len(gzip.compress(made.html().encode(), 6, mtime=0))
    return page + sum(len(content) for content in made.rasters.values())


def _whose(image: nodes.image) -> str:
    parent = image.parent
    while parent is not None:
        if isinstance(parent, nodes.container) and parent.get("nb_element") == "cell_code":
            return f"the figure of cell {parent['cell_index'] + 1}"
        parent = parent.parent
    return f"the drawing {Path(str(image['uri'])).name}"


class InlineFigures(SphinxPostTransform):
    """Put each SVG image into the page, with its colours as variables.

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
            folder = Path(builder.outdir, builder.imagedir or "_images")
            for name, content in made.rasters.items():
                folder.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
            image.replace_self(nodes.raw("", self._markup(image, made), format="html"))

    def _markup(self, image: nodes.image, made: Inlined) -> str:
        classes = " ".join(["gd-figure", *image.get("classes", [])])
        if "width" in image:
            made.root.set("style", f"width:{image['width']}")
        if made.frames:
            return controls(made.frames, made.html(), classes)
        return f'<div class="{escape(classes)}">{made.html()}</div>'


def collect(app: Sphinx, doctree: nodes.document) -> None:
    """Note, while a document is read, what is wrong with its figures."""
    env = app.env
    told = []
    kept = memo(app, "figures", made_by)
    for image, path in svg_images(doctree, env):
        svg = path.read_text(encoding="utf-8")
        for level, message in findings(image, kept.answer(svg, partial(facts, svg))):
            told.append((level, message, image.line or _line(image)))
    known(env)[env.docname] = told


def made_by() -> str:
    """Return the fingerprint of what decides on the facts of a figure."""
    return fingerprints([*sorted(Path(__file__).parent.glob("*.py")), Path(style.__file__)])


def _line(node: nodes.Node) -> int | None:
    parent = node.parent
    while parent is not None:
        if parent.line:
            return int(parent.line)
        parent = parent.parent
    return None


def known(env: BuildEnvironment) -> dict[str, list[tuple[str, str, int | None]]]:
    """Return what was found: page → (level, message, line) of each finding."""
    if not hasattr(env, "gdbook_figures"):
        env.gdbook_figures = {}  # type: ignore[attr-defined]
    known: dict[str, list[tuple[str, str, int | None]]] = env.gdbook_figures  # type: ignore[attr-defined]
    return known
