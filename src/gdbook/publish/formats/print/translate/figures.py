"""Pictures: what they show in print, how wide, and where they move."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.util import logging

from gdbook.publish.figures.transform import alternative
from gdbook.publish.formats.print.markup import block, call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing, titled

log = logging.getLogger(__name__)

_POINTS = {"pt": 1.0, "px": 0.75, "": 0.75, "in": 72.0, "cm": 72 / 2.54, "mm": 72 / 25.4,
           "em": 10.5}  # fmt: skip
#: Of drawings in print, to the size that they are drawn in.
SCALE = 0.78
HIGHEST = 380.0  # points; a figure leaves room for its caption and some words

_FRAMES = re.compile(r'data-gd-frames="([^"]*)"')
#: What moves in a figure that answers, and in a playground.
_ANSWERS = {"data-gd-live=": "by sliders", "data-gd-play=": "methods, rates and starts to choose"}


class Figures(Writing):
    """Images and figures."""

    def write_image(self, node: nodes.image) -> str:
        """Write a picture."""
        name = self.builder.images.get(node["uri"])
        if name is None:
            log.warning("print: no picture %s", node["uri"], location=node, type="gdbook",
                        subtype="print")  # fmt: skip
            return ""
        self.sheet.images[node["uri"]] = name
        path = Path(self.builder.srcdir, str(node["uri"]).lstrip("/"))
        made = call(
            "picture",
            quoted(f"/images/{name}"),
            quoted(alternative(node)),
            width=_asked(node) or _natural(path),
        )
        # In a line of text it is a sign, not a block.
        inline = isinstance(node.parent, nodes.TextElement)
        return f"#box({made[1:]});" if inline else f"{self.mark(node)}{made}\n"

    def write_figure(self, node: nodes.Element) -> str:
        """Write a picture with its number and caption."""
        caption, rest = titled(node, nodes.caption)
        legend = [c for c in rest if isinstance(c, nodes.legend)]
        called = self.called("figure", node)
        label = self.label(node)
        body = self.of(c for c in rest if c not in legend)
        return block(
            "drawing",
            content(body),
            head=quoted(called) if called else None,
            caption=content(self.inside(caption)) if caption else None,
            legend=content(self.of(legend)) if legend else None,
            moves=self._moves(node),
            name=label,
        )

    def _moves(self, node: nodes.Element) -> str | None:
        """Return what moves in a figure, and the page where it does, as Typst code."""
        for image in node.findall(nodes.image):
            path = Path(self.builder.srcdir, str(image["uri"]).lstrip("/"))
            if path.suffix != ".svg" or not path.is_file():
                continue
            words = what_moves(path.read_text("utf-8")[:20_000])
            if words is None:
                continue
            page = self.builder.page_uri(self.docname)  # type: ignore[attr-defined]
            anchor = f"#{node['ids'][0]}" if node["ids"] else ""
            return f"({quoted(words)}, {quoted(page + anchor)})"
        return None


def what_moves(head: str) -> str | None:
    """Return in words what moves in a drawing, from the beginning of its file."""
    answers = next((words for mark, words in _ANSWERS.items() if mark in head), None)
    found = _FRAMES.search(head)
    if answers or found is None:
        return answers
    frames = json.loads(html.unescape(found[1]))
    if frames["kind"] == "animation":
        return f"{len(frames['texts'])} steps"
    return f"{frames['label']} from {frames['texts'][0]} to {frames['texts'][-1]}"


def _natural(path: Path) -> str | None:
    """Return the width of a drawing in print, as Typst code.

    Drawings are made for a phone, with letters of 12 points; in print those would shout.
    """
    if path.suffix != ".svg":
        return None
    head = re.search(r"<svg\b[^>]*>", path.read_text("utf-8")[:20_000])
    if head is None:
        return None
    width, height = (_length(head[0], name) for name in ("width", "height"))
    box = re.search(
        r"""\sviewBox=["']\s*[-\d.]+[\s,]+[-\d.]+[\s,]+([\d.]+)[\s,]+([\d.]+)""", head[0]
    )
    if box is not None:
        width = width or float(box[1]) * _POINTS["px"]
        height = height or float(box[2]) / float(box[1]) * width
    if not (width and height):
        return None
    return f"{min(width * SCALE, width * HIGHEST / height):.4g}pt"


def _length(tag: str, name: str) -> float | None:
    """Return a length in points that an element's attribute gives."""
    found = re.search(rf"""\s{name}=["']([\d.]+)(pt|px|in|cm|mm|)["']""", tag)
    return float(found[1]) * _POINTS[found[2]] if found else None


def _asked(node: nodes.image) -> str | None:
    """Return the width that the text asks for, as Typst code."""
    wanted = str(node.get("width", "")).strip()
    found = re.fullmatch(r"([\d.]+)\s*(%|[a-z]*)", wanted)
    if found is None:
        return None
    if found[2] == "%":
        return f"{float(found[1]):g}%"
    if found[2] not in _POINTS:
        return None
    return f"{float(found[1]) * _POINTS[found[2]]:.4g}pt"
