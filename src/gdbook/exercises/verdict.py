"""What a checker says, and the tools that checkers are made of."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class Verdict:
    """The judgement on an answer: is it right, and a sentence that says why."""

    right: bool
    sentence: str

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        return f"{'Right' if self.right else 'Not yet'}: {self.sentence}"


_NEAR = 3e-2  # a number that is off by less was found in the right way, and rounded

CHECKERS: dict[str, Callable[[Any], Verdict]] = {}


def checker(label: str) -> Callable[[Callable[[Any], Verdict]], Callable[[Any], Verdict]]:
    """Register a function as the checker of a problem.

    An answer of the wrong kind, or a function that fails, is a wrong answer and no error.
    """

    def register(judge: Callable[[Any], Verdict]) -> Callable[[Any], Verdict]:
        @functools.wraps(judge)
        def careful(answer: Any) -> Verdict:
            try:
                return judge(answer)
            except Wrong as wrong:
                return Verdict(False, str(wrong))

        CHECKERS[label] = careful
        return careful

    return register


class Wrong(Exception):  # noqa: N818 (it is the reader's, not the program's)
    """Raised by the tools below with the sentence for the reader."""


def number(answer: Any) -> float:
    """Return the answer as a float, or tell the reader that a number was asked for."""
    try:
        return float(answer)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        raise Wrong(f"the answer should be one number, got {_kind(answer)}.") from None


def function(answer: Any) -> Callable[..., Any]:
    """Return the answer, or tell the reader that a function was asked for."""
    if not callable(answer):
        raise Wrong(
            f"the answer should be a function, got {_kind(answer)}. "
            "Hand over its name, without calling it."
        )
    return answer  # type: ignore[no-any-return]


def call(answer: Callable[..., Any], *arguments: Any) -> Tensor:
    """Call the reader's function and return float64 numbers, or say how it failed."""
    try:
        value = answer(*arguments)
    except Wrong:  # an argument that watches how it is used has spoken
        raise
    except Exception as error:
        given = ", ".join(map(_kind, arguments))
        raise Wrong(
            f"the function stopped with {failure(error)}."
            + (f" It was called with {given}." if given else "")
        ) from None
    try:
        return torch.as_tensor(value, dtype=torch.float64)
    except (TypeError, ValueError, RuntimeError):
        raise Wrong(f"the function should return numbers, got {_kind(value)}.") from None


def call_each(answer: Callable[..., Any], *arguments: Any) -> Tensor:
    """Call the reader's function with one number at a time, and return what it gives for each.

    A function of numbers may ask ``if x == 0`` or call ``math.sqrt``, which tensors don't take.

    Parameters
    ----------
    answer : callable
        The reader's function.
    *arguments : list, Tensor or any
        The entries of lists and tensors, all of one length, are handed over one by one; anything
        else is the same in each call.
    """
    columns = [a for a in arguments if isinstance(a, list | Tensor)]
    values = []
    for row in zip(*columns, strict=True):
        numbers = iter(row)
        value = call(
            answer, *(next(numbers) if isinstance(a, list | Tensor) else a for a in arguments)
        )
        if value.numel() != 1:
            raise Wrong(f"the function should return one number, got {value.tolist()}.")
        values.append(value.detach().reshape(()))
    return torch.stack(values)


def failure(error: Exception) -> str:
    """Return an error's kind and message, without the full stop that it may end in."""
    return f"{type(error).__name__}: {error}".rstrip(".: ")


def recognise(got: float | Tensor, mistakes: Mapping[str, float | Tensor], tol: float) -> None:
    """Raise the sentence of the first known mistake that leads to what was got.

    Parameters
    ----------
    got : float or Tensor
        What the reader's answer gives.
    mistakes : mapping of str to float or Tensor
        Sentence → what somebody gets who makes that mistake.
    tol : float
        Relative tolerance.
    """
    for sentence, value in mistakes.items():
        if close(got, value, tol):
            raise Wrong(sentence)


def compare(
    got: float | Tensor,
    right: float | Tensor,
    *,
    tol: float,
    praise: str,
    mistakes: Mapping[str, float | Tensor],
    hint: str,
    mistakes_tol: float | None = None,
) -> Verdict:
    """Judge an answer that is right if it is one number or tensor; most checkers end in this.

    Parameters
    ----------
    got, right : float or Tensor
        What the reader's answer gives, and what it should give.
    tol : float
        Relative tolerance.
    praise : str
        What is said of the right answer.
    mistakes : mapping of str to float or Tensor
        As for `recognise`.
    hint : str
        What is said of an answer that is neither right nor a known mistake.
    mistakes_tol : float, optional
        Relative tolerance for the mistakes, if it is not `tol`.
    """
    if close(got, right, tol):
        return Verdict(True, praise)
    recognise(got, mistakes, tol if mistakes_tol is None else mistakes_tol)
    if isinstance(got, float) and close(got, right, _NEAR):
        raise Wrong("near, but not near enough: give more digits.")
    raise Wrong(hint)


def close(a: float | Tensor, b: float | Tensor, tol: float) -> bool:
    """Return whether two numbers or tensors agree, in shape too, to a relative tolerance."""
    a = torch.as_tensor(a, dtype=torch.float64)
    b = torch.as_tensor(b, dtype=torch.float64)
    if a.shape != b.shape:
        return False
    return bool(torch.allclose(a, b, rtol=tol, atol=tol * math.ulp(1.0) ** 0.5))


def _kind(thing: Any) -> str:
    if isinstance(thing, Tensor) and thing.ndim == 0:
        return f"the number {thing.item():g}"
    if isinstance(thing, Tensor):
        return f"a tensor of shape {tuple(thing.shape)}"
    if isinstance(thing, bool | int | float | str):
        return repr(thing)
    if callable(thing):
        return "a function"
    name = type(thing).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
