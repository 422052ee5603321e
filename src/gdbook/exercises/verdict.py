"""What a checker says, and the tools that checkers are made of."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.hints import Hint
from gdbook.quick import UnreadableError, read


@dataclass(frozen=True)
class Verdict:
    """The judgement on an answer: is it right, a sentence that says why, perhaps a hint.

    `named` is false where the sentence names no mistake, since the answer is of another form or
    none of those that the checker knows.
    """

    right: bool
    sentence: str
    hint: Hint | None = None
    named: bool = True

    def __bool__(self) -> bool:
        return self.right

    def __repr__(self) -> str:
        said = f"{'Right' if self.right else 'Not yet'}: {self.sentence}"
        return said if self.hint is None else f"{said}\n{self.hint!r}"


_NEAR = 3e-2  # a number that is off by less was found in the right way, and rounded
_TINY = 2.0**-26  # the root of the spacing of float64 at 1
_SINGLE = 3e-6  # the relative accuracy of a few steps in float32

BY_AUTOGRAD = (
    "this lets autograd differentiate, and the problem asks you to do without: write the chain "
    "rule yourself."
)
#: Said with a right answer, if the function changed a tensor of its caller.
IN_PLACE = (
    "But the function changes a tensor that it was given, in place: after the call its caller "
    "has other numbers than before. Make a new tensor: x = x - 1, not x -= 1."
)
#: What was noticed while an answer is judged, and makes it none the less right.
_remarks: set[str] = set()

CHECKERS: dict[str, Callable[[Any], Verdict]] = {}


def checker(label: str) -> Callable[[Callable[[Any], Verdict]], Callable[[Any], Verdict]]:
    """Register a function as the checker of a problem.

    An answer of the wrong kind, or a function that fails, is a wrong answer and no error:
    whatever goes wrong while an answer is judged becomes a sentence.
    """

    def register(judge: Callable[[Any], Verdict]) -> Callable[[Any], Verdict]:
        @functools.wraps(judge)
        def careful(answer: Any) -> Verdict:
            _remarks.clear()
            try:
                verdict = judge(answer)
                remarks = sorted(_remarks) if verdict else []
                return replace(verdict, sentence=" ".join([verdict.sentence, *remarks]))
            except Wrong as wrong:
                return Verdict(False, str(wrong), named=not isinstance(wrong, Unnamed))
            except (Exception, SystemExit) as error:
                sentence = f"judging this answer stopped with {failure(error)}. Is it of the form "
                return Verdict(False, sentence + "that the problem asks for?", named=False)

        CHECKERS[label] = careful
        return careful

    return register


class Wrong(Exception):  # noqa: N818 (it is the reader's, not the program's)
    """Raised by the tools below with the sentence for the reader."""


class Unnamed(Wrong):
    """Says what to do where the mistake is not known, or the answer is of another form."""


def number(answer: Any) -> float:
    """Return the answer as a float, or tell the reader that a number was asked for."""
    try:
        single = answer.item() if hasattr(answer, "item") else answer
        if isinstance(single, list | tuple) and len(single) == 1:
            return number(single[0])
        if isinstance(single, str):
            return read(single)  # "1/3", as a quick question takes it
        if isinstance(single, bool | bytes | complex):
            raise TypeError  # noqa: TRY301 (float would take the first two)
        return float(single)
    except UnreadableError as unread:
        raise Unnamed(str(unread)) from None
    except Exception:
        raise Unnamed(f"the answer should be one number, got {kind(answer)}.") from None


def several(answer: Any, count: int, wanted: str) -> list[Any]:
    """Return the parts of an answer, or tell the reader how many were asked for.

    Parameters
    ----------
    answer : object
        The reader's; it is not read further than one part too many.
    count : int
        How many parts there should be.
    wanted : str
        The beginning of the sentence: ``"the answer should be three numbers"``.
    """
    try:
        if isinstance(answer, str | bytes | set | frozenset):  # without parts, or in no order
            raise TypeError  # noqa: TRY301
        parts: list[Any] = []
        for part in answer:
            parts.append(part)
            if len(parts) > count:
                break
    except Exception:
        raise Unnamed(f"{wanted}, got {kind(answer)}.") from None
    if len(parts) != count:
        got = f"more than {count} parts" if len(parts) > count else f"{len(parts)} of them"
        raise Unnamed(f"{wanted}, got {got}.")
    return parts


def function(answer: Any) -> Callable[..., Any]:
    """Return the answer, or tell the reader that a function was asked for."""
    if not callable(answer):
        raise Unnamed(
            f"the answer should be a function, got {kind(answer)}. "
            "Hand over its name, without calling it."
        )
    return answer  # type: ignore[no-any-return]


def call(answer: Callable[..., Any], *arguments: Any, steps: bool = False) -> Tensor:
    """Call the reader's function and return float64 numbers, or say how it failed.

    Tensors are handed over as copies: what a function does to its arguments changes nothing
    here. If the answer is right, the reader is told of a change, unless the function is a step
    of a method (`steps`), which may work in place.
    """
    copies = _copies(arguments)
    value = _run(answer, copies)
    try:
        made = numbers(value).clone()
    except Exception:
        raise Unnamed(f"the function should return numbers, got {kind(value)}.") from None
    pairs = zip(arguments, copies, strict=True)
    if not steps and not all(b is a or _same(a, b) for a, b in pairs):
        _remarks.add(IN_PLACE)
    return made


def _same(a: Tensor, b: Tensor) -> bool:
    return a.shape == b.shape and torch.allclose(a, b, rtol=0, atol=0, equal_nan=True)


def call_for_one(answer: Callable[..., Any], *arguments: Any) -> Tensor:
    """Call the reader's function, as `call` does, and return the one number that it gives."""
    value = call(answer, *arguments)
    if value.numel() != 1:
        raise Unnamed(
            f"the function should return one number, got {shortened(str(value.tolist()))}."
        )
    return value.reshape(())


def run(answer: Callable[..., Any], *arguments: Any) -> Any:
    """Call the reader's function and return what it gives, or say how it failed.

    Tensors are handed over as copies: what a function does to its arguments changes nothing
    here.
    """
    return _run(answer, _copies(arguments))


def _copies(arguments: Sequence[Any]) -> list[Any]:
    return [a.clone() if isinstance(a, Tensor) and not a.requires_grad else a for a in arguments]


def _run(answer: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    try:
        return answer(*arguments)
    except Wrong:  # an argument that watches how it is used has spoken
        raise
    except (Exception, SystemExit) as error:
        given = ", ".join(map(kind, arguments))
        raise Unnamed(
            f"the function stopped with {failure(error)}."
            + (f" It was called with {given}." if given else "")
        ) from None


def numbers(value: Any) -> Tensor:
    """Return numbers, in a tensor or in lists, as a float64 tensor that keeps its history.

    Raises
    ------
    TypeError
        For what is no real number; a text or a bool is none.
    """
    if isinstance(value, list | tuple):
        return torch.stack([numbers(part) for part in value]) if value else torch.zeros(0).double()
    if isinstance(value, Tensor):
        if not is_real(value):
            raise TypeError(f"no real numbers: {value.dtype}")
        return value.to(torch.float64)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return torch.tensor(float(value), dtype=torch.float64)
    return _from_array(value)


def is_real(tensor: Tensor) -> bool:
    """Return whether a tensor holds real numbers: no truth values, and nothing complex."""
    # The engine, which a page has for torch, knows no complex numbers.
    return tensor.dtype != torch.bool and not getattr(tensor.dtype, "is_complex", False)


def _from_array(value: Any) -> Tensor:
    """Return what NumPy takes for real numbers: arrays, its own numbers, fractions."""
    import numpy as np  # here alone: a page, which has no NumPy, uses the rest of this file

    made = np.asarray(value)
    if made.dtype.kind == "O":  # fractions, or whole numbers beyond torch's
        made = np.array([float(part) for part in made.reshape(-1)]).reshape(made.shape)
    if made.dtype.kind not in "fiu":
        raise TypeError(f"no real numbers: {made.dtype}")
    return torch.as_tensor(np.array(made, dtype=np.float64))


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
        given = (next(numbers) if isinstance(a, list | Tensor) else a for a in arguments)
        values.append(call_for_one(answer, *given).detach())
    return torch.stack(values)


def failure(error: BaseException) -> str:
    """Return an error's kind and message on one line, without the full stop that it may end in."""
    said = shortened(" ".join(str(error).split()), 200)
    return f"{type(error).__name__}: {said}".rstrip(".: ")


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
    if isinstance(got, float):
        _near(got, float(right), hint)
    else:
        coarse(got, right, tol)
    raise Unnamed(hint)


def _near(got: float, right: float, hint: str) -> None:
    """Tell a rounded answer, or one that is off by little; a count is right or it is wrong."""
    if right % 1 == 0 or not close(got, right, _NEAR):
        return
    scale = 10 ** math.floor(math.log10(abs(right)))
    for digits in range(12):
        unit = scale / 10**digits
        if any(math.isclose(got, cut(right / unit) * unit) for cut in (round, math.trunc)):
            raise Unnamed("near, but not near enough: give more digits.")
    raise Unnamed(f"near, but off by {abs(got / right - 1):.1%}: {hint}")


def coarse(got: Tensor, right: float | Tensor, tol: float) -> None:
    """Tell an answer that is right to six digits and was asked for exactly."""
    if tol < _SINGLE and close(got, right, _SINGLE):
        raise Wrong(
            "right to about six digits, where all are asked for: was something in float32 on the "
            "way, as torch.tensor(0.5) is, or a difference quotient?"
        )


def close(a: float | Tensor, b: float | Tensor, tol: float) -> bool:
    """Return whether two numbers or tensors agree, in shape too, to a relative tolerance."""
    a = torch.as_tensor(a, dtype=torch.float64)
    b = torch.as_tensor(b, dtype=torch.float64)
    if a.shape != b.shape:
        return False
    return bool(torch.allclose(a, b, rtol=tol, atol=tol * _TINY))


def kind(thing: Any) -> str:
    """Return in words what somebody has handed over."""
    if isinstance(thing, Tensor):
        single = thing.ndim == 0 and is_real(thing)
        return f"the number {thing.item():g}" if single else f"a tensor of shape {_shape(thing)}"
    if isinstance(thing, bool | int | float | complex | str):
        return shortened(repr(thing))
    if callable(thing):
        return "a function"
    name = type(thing).__name__
    return "nothing" if thing is None else f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _shape(tensor: Tensor) -> str:
    return str(tuple(tensor.shape))


def shortened(text: str, most: int = 60) -> str:
    """Return a text, cut if it is long."""
    return text if len(text) <= most else text[:most] + "…"
