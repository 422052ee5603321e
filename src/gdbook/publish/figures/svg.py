"""An SVG file made fit to stand inside a page: small, themed, with ids of its own."""

from __future__ import annotations

import base64
import functools
import hashlib
import io
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from PIL import Image

from gdbook.publish.figures.paths import short
from gdbook.style import PALETTE

SVG: Final = "{http://www.w3.org/2000/svg}"
HREFS: Final = ("href", "{http://www.w3.org/1999/xlink}href")

#: Light value → CSS variable. Black and white are what undecided software writes.
VARIABLES: Final = {
    **{value.light: f"var(--gd-{name})" for name, value in PALETTE.items()},
    "#000000": "var(--gd-ink)",
    "#000": "var(--gd-ink)",
    "black": "var(--gd-ink)",
    "#ffffff": "var(--gd-paper)",
    "#fff": "var(--gd-paper)",
    "white": "var(--gd-paper)",
}

_COLOURED = frozenset({"fill", "stroke", "color", "stop-color", "flood-color"})
_NEUTRAL = frozenset({"none", "currentcolor", "inherit", "transparent", "context-stroke"})
_GEOMETRY = frozenset({"points", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r"})
_SIZES = frozenset({"width", "height"})
#: Properties that SVG has as attributes, too.
_PROPERTY = re.compile(
    r"(?:fill|stroke|stop|flood|color|clip|marker|text|font|dominant|alignment|image|shape)-[a-z-]+"
    r"|fill|stroke|color|opacity|display|visibility|overflow|mask|filter|paint-order|vector-effect"
    r"|letter-spacing|word-spacing|pointer-events|writing-mode|direction|cursor"
)
_MATPLOTLIB_STYLE = re.compile(r"\s*\*\{stroke-linejoin: round; stroke-linecap: butt\}\s*")
_POINTS_TO_PIXELS = 4 / 3


class CannotInlineError(ValueError):
    """The drawing brings style sheets or scripts that would act on the whole page."""


@dataclass
class Inlined:
    """An SVG for the inside of a page, and what was found in it.

    Attributes
    ----------
    root : xml.etree.ElementTree.Element
        Tags without namespaces, as HTML has them.
    rasters : dict of str to bytes
        File name → WebP or PNG of the layers that became files.
    foreign : list of str
        Colours that the palette doesn't have, sorted.
    frames : dict or None
        The controls that a figure asks for (`gdbook.plots.animate`).
    live: dict or None
        What a figure that answers follows from (`gdbook.plots.answering`).
    play: dict or None
        What a playground needs (`gdbook.plots.playground`).
    """

    root: ET.Element
    rasters: dict[str, bytes] = field(default_factory=dict)
    foreign: list[str] = field(default_factory=list)
    frames: dict[str, Any] | None = None
    live: dict[str, Any] | None = None
    play: dict[str, Any] | None = None

    def html(self) -> str:
        """Return the markup."""
        return ET.tostring(self.root, encoding="unicode")


def inline(text: str, *, prefix: str, alt: str, images: str) -> Inlined:
    """Make an SVG document fit for a page.

    Parameters
    ----------
    text : str
        The document.
    prefix : str
        In front of all ids; unique on the page.
    alt : str
        What the figure shows, for those who don't see it.
    images : str
        URI of the folder of images, as seen from the page.

    Returns
    -------
    Inlined

    Raises
    ------
    CannotInlineError
        If the drawing has a style sheet, a script, foreign content, or a style without attribute.
    xml.etree.ElementTree.ParseError
        If it is no XML.
    """
    made = Inlined(ET.fromstring(text))
    root = made.root
    computed = _unwrap(root)
    made.frames, made.live, made.play = (
        None if asked is None else json.loads(asked)
        for asked in (
            root.attrib.pop(f"data-gd-{kind}", None) for kind in ("frames", "live", "play")
        )
    )
    _rename_ids(root, prefix)
    foreign: set[str] = set()
    for element in root.iter():
        element.tag = element.tag.removeprefix(SVG)
        element.tail = None
        if element.text is not None and not element.text.strip():
            element.text = None
        if computed:
            _round(element)
        _unstyle(element)
        _recolour(element, foreign)
        if element.tag == "image":
            _take_raster(element, made.rasters, images)
            if made.play:
                element.set("class", "gd-map")  # in the dark, too, what is deep is dark
    made.foreign = sorted(foreign)
    _label(root, alt)
    return made


def _unwrap(root: ET.Element) -> bool:
    """Drop what isn't drawn; return whether Matplotlib computed the drawing."""
    computed = "data-gd-frames" in root.attrib
    for parent in list(root.iter()):
        for child in list(parent):
            name = child.tag.removeprefix(SVG) if isinstance(child.tag, str) else "comment"
            if name == "style" and _MATPLOTLIB_STYLE.fullmatch(child.text or ""):
                computed = True
                root.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
                parent.remove(child)
            elif name in {"style", "script", "foreignObject"}:
                raise CannotInlineError(f"a drawing with <{name}> would act on the whole page")
            elif name == "metadata" or (name == "defs" and not len(child)):
                parent.remove(child)
    for parent in list(root.iter()):  # definitions that held only the style sheet
        for child in list(parent):
            if child.tag == f"{SVG}defs" and not len(child):
                parent.remove(child)
    return computed


def _rename_ids(root: ET.Element, prefix: str) -> None:
    """Keep the ids that something refers to, numbered behind the prefix; drop the rest."""
    used: dict[str, str] = {}
    pattern = re.compile(r"url\(#([^)]+)\)")

    def new(old: str) -> str:
        return used.setdefault(old, f"{prefix}-{len(used)}")

    for element in root.iter():
        for key, value in list(element.attrib.items()):
            if key in HREFS:
                del element.attrib[key]
                element.set("href", f"#{new(value[1:])}" if value.startswith("#") else value)
            elif "url(" in value:
                element.set(key, pattern.sub(lambda m: f"url(#{new(m[1])})", value))
    for element in root.iter():
        name = element.attrib.pop("id", None)
        if name in used:
            element.set("id", used[name])


def _round(element: ET.Element) -> None:
    """Shorten coordinates to a hundredth of a point, scales to six digits."""
    for key, value in element.attrib.items():
        if key == "d":
            element.set(key, short(value))
        elif key in _GEOMETRY or (key in _SIZES and element.tag != "svg"):
            element.set(key, _shorten(value, _hundredth))
        elif key == "transform":
            element.set(key, _shorten(value, _six_digits))


@functools.lru_cache(4096)  # a figure is inlined in its page, in its deck, and to be checked
def _shorten(value: str, write: Callable[[float], str]) -> str:
    short = re.sub(r"-?\d*\.\d+(e-?\d+)?", lambda match: write(float(match[0])), value)
    return " ".join(short.split())


def _hundredth(number: float) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _six_digits(number: float) -> str:
    return f"{number:.6g}"


def _unstyle(element: ET.Element) -> None:
    """Say in attributes what a style attribute says: a strict Content-Security-Policy stops those.

    Matplotlib writes nothing that has no attribute; of two values of one property the last counts.
    """
    for rule in element.attrib.pop("style", "").split(";"):
        name, colon, value = (part.strip() for part in rule.partition(":"))
        if colon and not _PROPERTY.fullmatch(name):
            raise CannotInlineError(f"a drawing with the style {name} would need it inline")
        if colon:
            element.set(name, value)


def _recolour(element: ET.Element, foreign: set[str]) -> None:
    """Replace colours of the palette by its variables, and note the others."""
    for key in sorted(_COLOURED & element.attrib.keys()):
        element.set(key, _variable(element.attrib[key], foreign))


def _variable(value: str, foreign: set[str]) -> str:
    key = value.strip().lower()
    if key in _NEUTRAL or key.startswith(("url(", "var(")):
        return value
    if key not in VARIABLES:
        foreign.add(key)
    return VARIABLES.get(key, value)


def _take_raster(element: ET.Element, rasters: dict[str, bytes], images: str) -> None:
    kind, comma, data = element.get("href", "").partition(";base64,")
    if comma and kind == "data:image/png":
        kind, content = _smaller(base64.b64decode(re.sub(r"\s", "", data)))
        name = f"layer-{hashlib.sha256(content).hexdigest()[:16]}.{kind}"
        rasters[name] = content
        element.set("href", f"{images}/{name}")
        element.set("class", "gd-raster")


@functools.lru_cache(32)  # for its page, for its deck, and to be weighed
def _smaller(png: bytes) -> tuple[str, bytes]:
    """Return the kind and the bytes of a picture, pixel for pixel the same: WebP or PNG."""
    made = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        if picture.mode not in {"RGB", "RGBA"}:
            return "png", png
        picture.save(made, "WEBP", lossless=True, quality=100, method=4, exact=True)
    return ("webp", made.getvalue()) if made.tell() < len(png) else ("png", png)


def _label(root: ET.Element, alt: str) -> None:
    """Say on the root what the figure shows, and how large it is in CSS pixels."""
    for key in ("version", "class", "aria-labelledby", "aria-describedby", "baseProfile"):
        root.attrib.pop(key, None)
    for key in ("width", "height"):
        value = root.get(key, "")
        if value.endswith("pt"):
            root.set(key, f"{float(value[:-2]) * _POINTS_TO_PIXELS:.0f}")
    root.set("role", "img")
    root.set("aria-label", alt)
