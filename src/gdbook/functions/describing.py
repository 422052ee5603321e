"""What is known about a landscape, in words: its docstring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdbook.functions.landscape import Landscape, Minimum


def described(it: Landscape) -> str:
    """Return a docstring with a landscape's formula, minima and constants."""
    arguments = ", ".join(it.variables)
    head = f"{it.title[:1].upper()}{it.title[1:]}."
    return "\n".join(
        [head, "", f":math:`f({arguments}) = {it.formula}`.", "", *_known(it), "", _source(it)]
    )


def _known(it: Landscape) -> Iterator[str]:
    drawn = (
        f":math:`{a:.4g} \\le {name} \\le {b:.4g}`"
        for name, (a, b) in zip(it.variables, it.domain, strict=False)
    )
    yield f"Drawn for {', '.join(drawn)}."
    kept = it.minima[:4]
    if kept:
        more = f", and {len(it.minima) - len(kept)} more" if len(it.minima) > len(kept) else ""
        yield f"Local minima: {'; '.join(map(_minimum, kept))}{more}."
    if it.minima_note:
        yield _sentence(it.minima_note)
    for letter, value, reason in (
        ("L", it.smoothness, it.not_smooth),
        ("μ", it.strong_convexity, it.not_strongly_convex),
    ):
        yield f"No {letter}: {reason}." if value is None else f"{letter} = {_number(value)}."


def _minimum(it: Minimum) -> str:
    where = ", ".join(map(_number, it.point))
    place = f"({where})" if len(it.point) > 1 else where
    return f"{_number(it.value)} at {place}" + ("" if it.is_global else ", not the deepest")


def _source(it: Landscape) -> str:
    return f"From {it.source}." if it.source != "this book" else "Made for this book."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


def _number(value: float) -> str:
    text = f"{value:.4g}".replace("e-0", "e-").replace("e+0", "e")
    return text.replace("-", "−")
