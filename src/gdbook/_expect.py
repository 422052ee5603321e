"""One clear sentence for input that does not fit, the same in every module."""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable

import torch
from torch import Tensor


def floating_tensor(value: object, name: str) -> Tensor:
    """Return `value` if it is a tensor of real floating-point numbers.

    Parameters
    ----------
    value : object
        What the caller was given.
    name : str
        What the caller calls it, for the message.

    Raises
    ------
    TypeError
        If it is no tensor, or holds integers, booleans or complex numbers.
    """
    if not isinstance(value, Tensor):
        raise TypeError(
            f"{name} must be a torch.Tensor of floating-point numbers, got {type(value).__name__}"
        )
    if not value.is_floating_point():
        kind = str(value.dtype).removeprefix("torch.")
        raise TypeError(
            f"{name} must hold floating-point numbers, got {kind}; "
            "convert it, for example with .double()"
        )
    return value


def finite(value: Tensor, name: str) -> Tensor:
    """Return `value` if none of its numbers is inf or nan.

    Raises
    ------
    ValueError
        Naming the first number that is not finite.
    """
    good = value.isfinite()
    if not bool(good.all()):
        raise ValueError(f"{name} must be finite, got {value[~good][0].item()}")
    return value


def number_or_tensor(value: object, name: str, like: Tensor) -> Tensor:
    """Return `value`, a number or a tensor, with the dtype and on the device of `like`.

    Raises
    ------
    TypeError
        If it is neither a real number nor a tensor of real numbers.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Tensor):
        raise TypeError(f"{name} must be a number or a tensor, got {type(value).__name__}")
    if isinstance(value, Tensor) and (value.is_complex() or value.dtype == torch.bool):
        kind = str(value.dtype).removeprefix("torch.")
        raise TypeError(f"{name} must hold real numbers, got {kind}")
    return torch.as_tensor(value, dtype=like.dtype, device=like.device)


def positive_integer(value: object, name: str) -> int:
    """Return `value` if it is an integer above zero.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a positive integer, got {value!r}")
    return value


def positive_number(value: object, name: str) -> float:
    """Return `value` as a float if it is a finite number above zero.

    Raises
    ------
    ValueError
        If it is anything else.
    """
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not math.isfinite(value) or value <= 0:  # type: ignore[arg-type,operator]
        raise ValueError(f"{name} must be a positive number, got {value!r}")
    return float(value)  # type: ignore[arg-type]


def known_name(name: object, known: Iterable[str], kind: str) -> str:
    """Return `name` if it is one of `known`.

    Raises
    ------
    ValueError
        With the nearest known name, if one is near, and the whole list.
    """
    names = sorted(known)
    if isinstance(name, str) and name in names:
        return name
    near = difflib.get_close_matches(str(name).lower(), names, n=1)
    guess = f"did you mean {near[0]!r}? " if near else ""
    raise ValueError(f"no {kind} is called {name!r}; {guess}There are: {', '.join(names)}")


def shape(tensor: Tensor) -> str:
    """Return the shape as it is written in the book: ``(3, 2)``."""
    return str(tuple(tensor.shape))
