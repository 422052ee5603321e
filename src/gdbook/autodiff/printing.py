"""Tensors as torch prints them: four decimals, columns aligned, long ones shortened."""

from gdbook.autodiff.dtypes import float64
from gdbook.autodiff.shapes import numel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gdbook.autodiff.dtypes import DType
    from gdbook.autodiff.shapes import Shape

LINE = 80
EDGE = 3  # elements shown at either end of a long axis
LONG = 1000  # more elements than that, and the middle is left out
INF = float("inf")


def text(
    flat: "Sequence[float]",
    shape: "Shape",
    dtype: "DType",
    notes: "list[str]",
) -> str:
    """Return what ``print`` shows of a tensor.

    Parameters
    ----------
    flat, shape, dtype
        The tensor.
    notes : list of str
        What follows the numbers, e.g. ``requires_grad=True``.
    """
    notes = list(notes)
    if not flat:
        body = "[]"
        if len(shape) != 1:
            notes = [f"size={shape}"] + notes
        if dtype is not float64:
            notes = notes + [f"dtype={dtype!r}"]
    else:
        short = len(flat) > LONG
        shown = [flat[place] for place in _shown(shape)] if short else flat
        body = _rows(
            flat, shape, _Writer(shown, dtype), len("tensor("), short=short
        )
    result = "tensor(" + body
    last = len(result.split("\n")[-1]) + 1
    for note in notes:
        if last + len(note) + 2 > LINE:
            result += ",\n" + " " * len("tensor(") + note
            last = len("tensor(") + len(note)
        else:
            result += ", " + note
            last += len(note) + 2
    return result + ")"


def _shown(shape: "Shape") -> "list[int]":
    """Return the places that a shortened tensor shows."""
    places = [0]
    for size in shape:
        ends = [
            i
            for i in range(size)
            if size <= 2 * EDGE or i < EDGE or i >= size - EDGE
        ]
        places = [place * size + i for place in places for i in ends]
    return places


class _Writer:
    """Writes numbers, all in the form that suits them together."""

    def __init__(self, shown: "Sequence[float]", dtype: "DType") -> None:
        self.form: Callable[[float], str] = str
        if dtype is float64:
            # Zeros, inf and nan have no say in the form and the width.
            shown = [v for v in shown if v != 0 and -INF < v < INF]
            sizes = [abs(v) for v in shown]
            large, small = (max(sizes), min(sizes)) if sizes else (1.0, 1.0)
            if large / small > 1000 or large > 1e8 or small < 1e-4:
                self.form = _scientific
            else:
                self.form = (
                    _whole if all(v % 1 == 0 for v in sizes) else _decimal
                )
        self.width = max([1] + [len(self.form(v)) for v in shown])

    def __call__(self, v: float) -> str:
        number = self.form(v)
        return " " * (self.width - len(number)) + number


def _scientific(v: float) -> str:
    return f"{v:.4e}"


def _decimal(v: float) -> str:
    return f"{v:.4f}"


def _whole(v: float) -> str:
    return f"{v:.0f}." if -INF < v < INF else f"{v:.0f}"


def _rows(
    flat: "Sequence[float]",
    shape: "Shape",
    write: _Writer,
    indent: int,
    *,
    short: bool,
) -> str:
    """Return nested brackets, the columns below each other."""
    if not shape:
        return write(flat[0])
    size, step = shape[0], numel(shape[1:])
    cut = short and size > 2 * EDGE
    chosen = (
        list(range(EDGE)) + list(range(size - EDGE, size))
        if cut
        else list(range(size))
    )
    parts = [
        _rows(
            flat[i * step : (i + 1) * step],
            shape[1:],
            write,
            indent + 1,
            short=short,
        )
        for i in chosen
    ]
    if cut:
        parts = parts[:EDGE] + ["..."] + parts[EDGE:]
    pad = " " * (indent + 1)
    if len(shape) > 1:
        return "[" + ("," + "\n" * (len(shape) - 1) + pad).join(parts) + "]"
    width = write.width + 2
    per_line = max(1, (LINE - indent) // width)
    if cut:
        parts[EDGE] = " ..."
    lines = [
        ", ".join(parts[i : i + per_line])
        for i in range(0, len(parts), per_line)
    ]
    return "[" + (",\n" + pad).join(lines) + "]"
