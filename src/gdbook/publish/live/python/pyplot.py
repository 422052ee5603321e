"""A small pyplot for live cells: it keeps what is to be drawn, and the page draws it as SVG.

Names and arguments are Matplotlib's, so that the build draws the same cell with Matplotlib.
What is missing raises an error: an attribute or a keyword that is not here, or a `ValueError`.
"""

from math import isfinite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Drawing = dict[str, Any]

LINES = {"-": "-", "--": "--", ":": ":", "solid": "-", "dashed": "--", "dotted": ":"}
NO_LINE = ("", " ", "none", "None", None)
MARKERS = ("o", ".")
SCALES = ("linear", "log")
MOST_POINTS, MOST_GRID = 100_000, 40_000
NUMBERS = (int, float)

_figure: "Drawing" = {}


def figure() -> None:
    """Begin a new drawing."""
    if _figure.get("layers"):
        _finished.append(dict(_figure))
    _figure.clear()
    _figure.update(layers=[], xlog=False, ylog=False, legend=False)


_finished: "list[Drawing]" = []
figure()


def _take() -> "list[Drawing]":
    """Return the drawings made since it was last called."""
    figure()
    made = list(_finished)
    _finished.clear()
    return made


def _nested(values: "Any", what: str) -> "Any":
    """Return a tensor, a list or a range as lists of numbers."""
    if hasattr(values, "tolist"):
        if getattr(values, "requires_grad", False):
            raise RuntimeError(
                "Can't call numpy() on Tensor that requires grad. "
                "Use tensor.detach().numpy() instead."
            )
        values = values.tolist()
    if isinstance(values, NUMBERS):
        return values
    try:
        return [_nested(value, what) for value in values]
    except TypeError:
        raise TypeError(what + " must be numbers, not " + type(values).__name__) from None


def _row(values: "Any", what: str) -> "list[float | None]":
    """Return numbers in a row; those that are not finite leave a gap."""
    row = _nested(values, what)
    if isinstance(row, NUMBERS):
        row = [row]
    if any([isinstance(value, list) for value in row]):
        raise ValueError(what + " must have one axis here")
    return [_finite(value) for value in row]


def _finite(value: float) -> "float | None":
    """Return a number as JSON can say it: None leaves a gap."""
    return float(value) if isfinite(value) else None


def _pair(x: "Any", y: "Any") -> "tuple[list[float | None], list[float | None]]":
    x, y = _row(x, "x"), _row(y, "y")
    if len(x) != len(y):
        raise ValueError(
            f"x and y must have same first dimension, but have shapes ({len(x)},) and ({len(y)},)"
        )
    if len(x) > MOST_POINTS:
        raise ValueError(f"at most {MOST_POINTS} points are drawn here")
    return x, y


def _colour(color: "str | None") -> "int | None":
    """Return the place of a colour in the cycle, None for the next one."""
    if color is None:
        return None
    if isinstance(color, str) and len(color) == 2 and color[0] == "C" and color[1].isdigit():
        return int(color[1])
    raise ValueError("colours are C0 to C9 here, which follow the page's theme; got " + repr(color))


def _style(
    form: str, linestyle: "str | None", marker: "str | None"
) -> "tuple[str | None, str | None]":
    """Return line and marker from a format such as ``"o--"`` and the two keywords."""
    rest: str = form
    found: "str | None" = None
    for candidate in MARKERS:
        if candidate in rest:
            rest, found = rest.replace(candidate, "", 1), candidate
    if rest and rest not in LINES:
        raise ValueError("the format " + repr(form) + " is not drawn here: use o . - -- :")
    line = LINES.get(rest, None if found else "-")
    if linestyle != "":
        if linestyle in NO_LINE:
            line = None
        elif linestyle in LINES:
            line = LINES[linestyle]
        else:
            raise ValueError("linestyle is one of - -- : here, got " + repr(linestyle))
    if marker is not None:
        if marker not in MARKERS:
            raise ValueError("marker is o or . here, got " + repr(marker))
        found = marker
    return line, found


def _add(**layer: "Any") -> None:
    _figure["layers"].append(layer)


def plot(
    *data: "Any",
    label: "str | None" = None,
    color: "str | None" = None,
    linestyle: "str | None" = "",
    marker: "str | None" = None,
) -> None:
    """Draw a line through points: ``plot(y)``, ``plot(x, y)``, ``plot(x, y, "o--")``."""
    form = ""
    if data and isinstance(data[-1], str):
        form, data = data[-1], data[:-1]
    if len(data) == 1:
        y = _row(data[0], "y")
        data = (list(range(len(y))), y)
    if len(data) != 2:
        raise ValueError("plot takes y, or x and y, and then perhaps a format: one line a call")
    x, y = _pair(data[0], data[1])
    line, found = _style(form, linestyle, marker)
    _add(kind="line", x=x, y=y, line=line, marker=found, label=label, colour=_colour(color))


def scatter(x: "Any", y: "Any", *, label: "str | None" = None, color: "str | None" = None) -> None:
    """Draw points."""
    x, y = _pair(x, y)
    _add(kind="line", x=x, y=y, line=None, marker="o", label=label, colour=_colour(color))


def contour(x: "Any", y: "Any", z: "Any", levels: "Any" = 8) -> None:
    """Draw level lines of numbers on a grid: rows of z are y, columns x."""
    x, y, z = _row(x, "x"), _row(y, "y"), _nested(z, "z")
    if isinstance(z, NUMBERS) or [len(row) for row in z] != [len(x)] * len(y):
        raise ValueError(
            f"z must have a row for each y and a column for each x: {len(y)} by {len(x)}"
        )
    if len(x) < 2 or len(y) < 2:
        raise ValueError("a contour needs at least two points along x and along y")
    if len(x) * len(y) > MOST_GRID:
        raise ValueError(f"at most {MOST_GRID} points of a grid are drawn here")
    z = [[_finite(value) for value in row] for row in z]
    if not isinstance(levels, int):
        levels = sorted([value for value in _row(levels, "levels") if value is not None])
    _add(kind="contour", x=x, y=y, z=z, levels=levels)


def axhline(
    y: float = 0,
    *,
    color: "str | None" = None,
    linestyle: "str | None" = "-",
    label: "str | None" = None,
) -> None:
    """Draw a line across, at one y."""
    line, _ = _style("", linestyle, None)
    _add(kind="across", at=float(y), line=line, colour=_colour(color), label=label)


def axvline(
    x: float = 0,
    *,
    color: "str | None" = None,
    linestyle: "str | None" = "-",
    label: "str | None" = None,
) -> None:
    """Draw a line upwards, at one x."""
    line, _ = _style("", linestyle, None)
    _add(kind="upwards", at=float(x), line=line, colour=_colour(color), label=label)


def xlabel(text: str) -> None:
    """Name the axis to the right."""
    _figure["xlabel"] = str(text)


def ylabel(text: str) -> None:
    """Name the axis upwards."""
    _figure["ylabel"] = str(text)


def title(text: str) -> None:
    """Put words above the drawing."""
    _figure["title"] = str(text)


def legend() -> None:
    """Show what the labels say."""
    _figure["legend"] = True


def _limits(low: "Any", high: "Any") -> "list[float]":
    if high is None and isinstance(low, (tuple, list)):
        low, high = low
    if high is None or not float(low) < float(high):
        raise ValueError("limits are two numbers, the smaller one first")
    return [float(low), float(high)]


def xlim(left: "Any", right: "Any" = None) -> None:
    """Say from where to where x is drawn."""
    _figure["xlim"] = _limits(left, right)


def ylim(bottom: "Any", top: "Any" = None) -> None:
    """Say from where to where y is drawn."""
    _figure["ylim"] = _limits(bottom, top)


def _scale(value: str) -> bool:
    if value not in SCALES:
        raise ValueError("a scale is linear or log here, got " + repr(value))
    return value == "log"


def xscale(value: str) -> None:
    """Make x linear or logarithmic."""
    _figure["xlog"] = _scale(value)


def yscale(value: str) -> None:
    """Make y linear or logarithmic."""
    _figure["ylog"] = _scale(value)


def semilogy(*data: "Any", **options: "Any") -> None:
    """Draw a line, y on a logarithmic scale."""
    plot(*data, **options)
    yscale("log")


def semilogx(*data: "Any", **options: "Any") -> None:
    """Draw a line, x on a logarithmic scale."""
    plot(*data, **options)
    xscale("log")


def loglog(*data: "Any", **options: "Any") -> None:
    """Draw a line, both on logarithmic scales."""
    semilogy(*data, **options)
    xscale("log")


def show() -> None:
    """Show what is drawn so far."""
    figure()
