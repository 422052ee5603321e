"""One answer as numbers: plain lists, or arrays as json_tricks writes them."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdbook.grading.mistakes import Fault
from gdbook.grading.shown import shown

Array = NDArray[np.float64]

_DEEPEST = 4
_REAL = re.compile(r"(float|int|uint)\d+")


def numbers(value: Any) -> Array:
    """Return an answer as an array of float64.

    Parameters
    ----------
    value : parsed JSON
        A number, nested lists of them, or ``{"__ndarray__": …, "dtype": …, "shape": …}``, also
        inside of lists.

    Raises
    ------
    Fault
        If it holds something else, or rows of different lengths.
    """
    plain = _plain(value, 0)
    try:
        return np.asarray(plain, dtype=np.float64)
    except (ValueError, OverflowError):
        raise Fault("ragged") from None


def names(value: Any) -> list[str]:
    """Return an answer as a list of texts.

    Raises
    ------
    Fault
        If it is something else.
    """
    if isinstance(value, str):
        value = re.split(r"[\s,]+", value.strip())
    if not isinstance(value, list) or not value or not all(isinstance(n, str) for n in value):
        raise Fault("not-names")
    return [name[:200] for name in value]


def _plain(value: Any, depth: int) -> Any:
    """Return nested lists of numbers; each step takes json_tricks' wrapping off."""
    if isinstance(value, float):  # most are
        return value
    if isinstance(value, dict) and "__ndarray__" in value:
        return _unwrapped(value, depth)
    if isinstance(value, list):
        if depth == _DEEPEST:
            raise Fault("too-deep")
        return [_plain(part, depth + 1) for part in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Fault("not-numbers", what=_kind(value))


def _unwrapped(value: dict[str, Any], depth: int) -> Any:
    inner, dtype = value["__ndarray__"], value.get("dtype", "float64")
    if isinstance(inner, str):
        raise Fault("packed")
    if not isinstance(dtype, str) or not _REAL.fullmatch(dtype):
        raise Fault("not-numbers", what=f"an array of {shown(dtype)}")
    if isinstance(inner, dict):  # an array in an array is none
        raise Fault("not-numbers", what="an object")
    plain = _plain(inner, depth)
    shape, seen = value.get("shape"), _shape(plain)
    if seen[-1:] == [0] and isinstance(shape, list):  # what an empty row has in it is not seen
        shape = shape[: len(seen)]
    if "shape" in value and shape != seen:
        raise Fault("ragged")
    return plain


def _shape(plain: Any) -> list[int]:
    shape = []
    while isinstance(plain, list):
        shape.append(len(plain))
        plain = plain[0] if plain else None
    return shape


def _kind(value: Any) -> str:
    if value is None:
        return "nothing (null)"
    if isinstance(value, dict):
        return "an object"
    return f"the {'text' if isinstance(value, str) else 'value'} “{shown(value)}”"
