"""A figure as a small picture: its lines without lettering, light enough for a list of chapters."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from gdbook import style
from gdbook.publish.figures.svg import SVG

Theme = Literal["light", "dark"]
Point = tuple[float, float]

#: What is left out: ticks and their labels, words, keys, and layers of pixels.
_LEFT_OUT: Final = re.compile(r"matplotlib\.axis_|text_|legend_")
_TICK: Final = re.compile(r"M 0 0 +L (0 -?[\d.]+|-?[\d.]+ 0) *")
_KEPT: Final = ("fill", "stroke", "stroke-width", "stroke-opacity", "fill-opacity", "opacity")
_DASHES: Final = "stroke-dasharray"
#: A point of a curve is left out if the curve moves by no more than this share of the width.
_TOLERANCE: Final = 1 / 340
#: Markers nearer to each other than this are one.
_APART: Final = 1 / 110
#: A line of the usual width, drawn so much of the picture's width wide.
_STROKE: Final = 1.25 / 320
_PAD: Final = 0.012


class NoAxesError(ValueError):
    """A drawing has no axes of Matplotlib, whose inside would be the picture."""


def thumbnail(svg: str, theme: Theme, *, axes: int = 1) -> str:
    """Return the inside of a figure's axes as an SVG file of a few kilobytes.

    Parameters
    ----------
    svg : str
        The figure, as Matplotlib wrote it.
    theme : {"light", "dark"}
        Whose colours of the palette it has: a file cannot follow the page's.
    axes : int
        Which axes, from 1.

    Raises
    ------
    NoAxesError
        If there are none of that number.
    """
    root = ET.fromstring(svg)
    frames = [rect for clip in root.iter(f"{SVG}clipPath") for rect in clip]
    if not 0 < axes <= len(frames):
        raise NoAxesError(f"the figure has {len(frames)} axes, and no axes {axes}")
    left, top, width, height = (
        float(frames[axes - 1].get(key, 0)) for key in ("x", "y", "width", "height")
    )
    box = Box(left, top, width, height).padded()
    sketch = _Copy(root, theme, box)
    list(sketch.of(root))
    box = box.around(sketch.met)  # a drawing without axes may leave much of its room empty
    made = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", fill="none")
    made.set("viewBox", " ".join(map(_short, box)))
    made.set("stroke-linejoin", "round")
    copy = _Copy(root, theme, box)
    drawn = list(copy.of(root))
    if copy.shapes:
        ET.SubElement(made, "defs").extend(copy.shapes)
    made.extend(drawn)
    return ET.tostring(made, encoding="unicode")


class Box(NamedTuple):
    """Where the inside of axes lies."""

    left: float
    top: float
    width: float
    height: float

    def padded(self) -> Box:
        """Return a box with a margin, for lines that run along its edge."""
        pad = _PAD * self.width
        return Box(self.left - pad, self.top - pad, self.width + 2 * pad, self.height + 2 * pad)

    def around(self, points: list[Point]) -> Box:
        """Return the part of the box in which points are."""
        if not points:
            return self
        across, down = zip(*points, strict=True)
        left, top = max(self.left, min(across)), max(self.top, min(down))
        right = min(self.left + self.width, max(across))
        bottom = min(self.top + self.height, max(down))
        return Box(left, top, right - left, bottom - top).padded()

    def misses(self, points: list[Point]) -> bool:
        """Whether nothing of a line can be seen in it."""
        across, down = zip(*points, strict=True)
        outside: bool = (
            max(across) < self.left
            or min(across) > self.left + self.width
            or max(down) < self.top
            or min(down) > self.top + self.height
        )
        return outside


class _Copy:
    """Copies what is drawn inside of axes, shortened."""

    def __init__(self, root: ET.Element, theme: Theme, box: Box) -> None:
        self._colours = {it.light: getattr(it, theme) for it in style.PALETTE.values()}
        self._box = box
        self._scale = box.width * _STROKE / 1.8  # 1.8 points is a curve's width in the book
        self._tolerance = box.width * _TOLERANCE
        spans = (it.get("data-frames", "") for it in root.iter())
        self._last = max((int(at) for span in spans for at in re.findall(r"\d+", span)), default=0)
        self._defined = {it.get("id", ""): it for it in root.iter(f"{SVG}path") if it.get("id")}
        self._names: dict[str, str] = {}
        self._seen: set[tuple[str, ...]] = set()
        #: Where there is something to see.
        self.met: list[Point] = []
        #: The shapes of markers, once each.
        self.shapes: list[ET.Element] = []

    def of(self, parent: ET.Element) -> Iterator[ET.Element]:
        """Yield what a group holds."""
        for child in parent:
            tag = str(child.tag).removeprefix(SVG)
            if not self._shown(child) or _LEFT_OUT.match(child.get("id", "")):
                continue
            if tag == "g":
                yield from self._group(child)
            elif tag == "path" and "id" not in child.attrib:
                yield from self._path(child)
            elif tag == "use":
                yield from self._marker(child)

    def _shown(self, it: ET.Element) -> bool:
        """Whether an element is seen, of a figure that moves at its end."""
        if "data-frames" in it.attrib:
            return str(self._last) in re.findall(r"\d+", it.attrib["data-frames"])
        return it.get("display") != "none"

    def _group(self, group: ET.Element) -> Iterator[ET.Element]:
        held = _together(list(self.of(group)))
        kept = {key: it for key, it in group.attrib.items() if key in {"transform", "opacity"}}
        if kept and held:
            made = ET.Element("g", kept)
            made.extend(held)
            held = [made]
        yield from held

    def _marker(self, use: ET.Element) -> Iterator[ET.Element]:
        name = next(v for k, v in use.attrib.items() if k.endswith("href")).lstrip("#")
        shape = self._defined.get(name)
        # Letters are shapes with a scale of their own.
        if shape is None or "transform" in shape.attrib or _TICK.fullmatch(shape.get("d", "")):
            return
        place = (float(use.get("x", 0)), float(use.get("y", 0)))
        if self._box.misses([place]):
            return
        self.met.append(place)
        look = self._look(f"{shape.get('style', '')};{use.get('style', '')}")
        if name not in self._names:
            self._names[name] = f"m{len(self._names)}"
            self.shapes.append(
                ET.Element("path", id=self._names[name], d=self._line(shape.get("d", "")))
            )
        # Of a crowd of markers, one for each place that can be told apart.
        cell = [str(round(it / self._box.width / _APART)) for it in place]
        if (crowd := (name, *cell, *look.values())) not in self._seen:
            self._seen.add(crowd)
            x, y = map(_short, place)
            yield ET.Element("use", {"href": f"#{self._names[name]}", "x": x, "y": y, **look})

    def _path(self, path: ET.Element) -> Iterator[ET.Element]:
        look = self._look(path.get("style", ""))
        if {look.get("fill", "none"), look.get("stroke", "none")} == {"none"}:
            return
        line = self._line(path.get("d", ""))
        points = _points(path.get("d", ""))
        if line and not self._box.misses(points):
            self.met += points
            yield ET.Element("path", {"d": line, **look})

    def _look(self, style_rules: str) -> dict[str, str]:
        """Return the looks of a path as attributes: a site may forbid inline styles."""
        rules = (rule.partition(":") for rule in style_rules.split(";"))
        rule_of = {name.strip(): value.strip() for name, _, value in rules if value}
        look: dict[str, str] = {name: rule_of[name] for name in _KEPT if name in rule_of}
        for name in ("fill", "stroke"):
            if name in look:
                look[name] = self._colours.get(look[name].lower(), look[name])
        if look.get("fill") == "none":
            del look["fill"]
        if look.get("stroke", "none") != "none":
            look["stroke-width"] = _short(float(look.get("stroke-width", 1)) * self._scale)
            if rule_of.get(_DASHES, "none") != "none":
                dashes = re.findall(r"[\d.]+", rule_of[_DASHES])
                look[_DASHES] = " ".join(_short(float(it) * self._scale) for it in dashes)
        return look

    def _line(self, d: str) -> str:
        """Return a path's data, rounded, without the points that nobody would see."""
        made: list[str] = []
        straight: list[Point] = []

        def finish() -> None:
            kept = _simplified(straight, self._tolerance)
            made.extend("ML"[at > 0] + _pair(point) for at, point in enumerate(kept))
            straight.clear()

        for command, text in re.findall(r"([MLCQZz])([^MLCQZz]*)", d):
            points = _points(text)
            if command == "M":
                finish()
                straight.extend(points)
            elif command == "L":
                if not straight and points:  # goes on after a curve
                    made.append("L" + "L".join(map(_pair, points)))
                else:
                    straight.extend(points)
            else:
                finish()
                made.append(command.upper() + " ".join(map(_pair, points)))
        finish()
        return "".join(made) if len(made) > 1 else ""


def _points(d: str) -> list[Point]:
    numbers = [float(number) for number in re.findall(r"-?\d+\.?\d*(?:e-?\d+)?", d)]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def _together(drawn: list[ET.Element]) -> list[ET.Element]:
    """Put what has the looks of its first into a group that has them once."""
    places = {"x", "y", "href", "d", "id"}
    looks = [{k: v for k, v in it.attrib.items() if k not in places} for it in drawn]
    if len(drawn) < 3 or any(look != looks[0] for look in looks) or drawn[0].tag == "g":
        return drawn
    made = ET.Element("g", looks[0])
    for it in drawn:
        for key in looks[0]:
            del it.attrib[key]
        made.append(it)
    return [made]


def _simplified(line: list[Point], tolerance: float) -> list[Point]:
    """Return a line with the points that matter (Ramer 1972; Douglas & Peucker 1973)."""
    kept = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        far, at = max((_distance(line[at], line[first], line[last]), at)
                      for at in range(first + 1, last))  # fmt: skip
        if far > tolerance:
            kept.add(at)
            spans += [(first, at), (at, last)]
    return [line[at] for at in sorted(kept) if line]


def _distance(point: Point, start: Point, end: Point) -> float:
    """Return how far a point is from the segment between two others."""
    (x, y), (a, b), (c, d) = point, start, end
    along, up = c - a, d - b
    length = along**2 + up**2
    share = ((x - a) * along + (y - b) * up) / length if length else 0.0
    share = min(1.0, max(0.0, share))
    distance: float = ((x - a - share * along) ** 2 + (y - b - share * up) ** 2) ** 0.5
    return distance


def _pair(point: Point) -> str:
    x, y = map(_short, point)
    return x + y if y.startswith("-") else f"{x} {y}"


def _short(number: float) -> str:
    text = f"{number:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
