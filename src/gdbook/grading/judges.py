"""One judge for each answer: right, or which mistake it is."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from gdbook.grading import blind
from gdbook.grading.histories import Expected, close
from gdbook.grading.mistakes import Fault
from gdbook.grading.numbers import Array, names, numbers
from gdbook.grading.runs import ADAMW, BY_HAND, SGD, Matrix
from gdbook.lab.tasks import Answer
from gdbook.lab.variants import (
    ADAMW_STEPS,
    LINES,
    PARABOLA_STEPS,
    RATE,
    SKEWED_STEPS,
    Variant,
    variant,
)

_FUNCTION = re.compile(r"\b(\w+Backward\d*|AccumulateGrad)\b")

#: Every judge gets the value, what was asked for, the variant and all answers.
Judge = Callable[[Any, Answer, Variant, Mapping[str, Any]], Iterator[Fault]]


def judge(answer: Answer, answers: Mapping[str, Any], mine: Variant) -> list[Fault]:
    """Return the mistakes of one answer; none if it is right.

    Parameters
    ----------
    answer : Answer
        What was asked for.
    answers : mapping
        Everything that was handed in.
    mine : Variant
        The student's.
    """
    if answer.name not in answers:
        return [Fault("missing")]
    found = _faults(answer, answers, mine)
    lost = any(
        fault.name in ("unknown", "departs", "starts-elsewhere", "other-graph") for fault in found
    )
    if lost and mine.seed and not _faults(answer, answers, variant(0)):
        return [Fault("other-seed")]
    return found


def _faults(answer: Answer, answers: Mapping[str, Any], mine: Variant) -> list[Fault]:
    found: list[Fault] = []
    try:
        with np.errstate(all="ignore"):  # an answer may hold 1e300, whose square is infinite
            found.extend(JUDGES[answer.name](answers[answer.name], answer, mine, answers))
    except Fault as fault:
        found.append(fault)
    return found


def _of(
    value: Any, right: Array, answer: Answer, mistakes: Mapping[str, Array | float]
) -> Iterator[Fault]:
    """Yield the mistake of an answer that is right if it is near one array."""
    got = numbers(value)
    if not right.ndim and got.size == 1:  # a list of one number is that number
        got = got.reshape(())
    if close(got, right, answer.tolerance):
        yield from ()
        return
    if got.size == right.size and close(got.reshape(right.shape), right, answer.tolerance):
        raise Fault("flat", want=right.shape)
    if right.ndim == 2 and close(got, right.T, answer.tolerance):
        raise Fault("transposed", row="row of the matrix")
    if not np.isfinite(got).all():
        raise Fault("not-finite", step=int(np.argmin(np.isfinite(got.reshape(-1)))))
    for name, wrong in mistakes.items():
        if close(got, np.asarray(wrong, dtype=np.float64), answer.tolerance):
            raise Fault(name)
    if got.shape != right.shape:
        raise Fault("shape", got=got.shape, want=right.shape or "one number")
    off, size = float(np.abs(got - right).max()), max(1.0, float(np.abs(right).max()))
    if off <= 0.006 * size and close(got, np.round(got, 4), 1e-9 * size):
        raise Fault("rounded")
    raise Fault("unknown")


def _gradient(value: Any, answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
    (x, y), a, b = mine.point, mine.width, mine.frequency
    right = np.array([2 * x / a, b * math.cos(b * y)])
    mistakes: dict[str, Array | float] = {
        "twice": 2 * right,
        "sign": -right,
        "swapped": right[::-1],
        "inner": np.array([right[0], math.cos(b * y)]),
        "square-slope": np.array([x / a, right[1]]),
        "sine-kept": np.array([right[0], b * math.sin(b * y)]),
        "value": x * x / a + math.sin(b * y),
    }
    return _of(value, right, answer, mistakes)


def _matrix(value: Any, answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
    X, c = np.array(mine.matrix), mine.scale
    mistakes: dict[str, Array | float] = {
        "twice": 4 * c * X,
        "sign": -2 * c * X,
        "square-slope": c * X,
        "factor-missing": 2 * X,
        "mean-for-sum": 2 * c * X / X.size,
        "value": c * float((X * X).sum()),
    }
    return _of(value, 2 * c * X, answer, mistakes)


def _graph(value: Any, _answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
    right = list(LINES[mine.line])
    given = names(value)
    got = [found[1] if (found := _FUNCTION.search(name)) else name for name in given]
    if got == right:
        return
    bare = [re.sub(r"Backward\d*$", "", name).lower() for name in right]
    operations = [re.sub(r"\W", "", name).lower() for name in got]
    if got == right[::-1]:
        raise Fault("reversed")
    if got == right[:-1]:
        raise Fault("leaf-missing")
    if got == right[1:]:
        raise Fault("output-missing")
    if operations in (bare, bare[:-1]):
        raise Fault("bare-names")
    same = [a == b for a, b in zip(got, right, strict=False)]
    yield Fault("other-graph", step=same.index(False) + 1 if False in same else len(same) + 1)


def _sine(value: Any, answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
    x, y = np.array(mine.sine_x), np.array(mine.sine_y)
    omega, t = mine.sine_at
    rest, cosine = y - np.sin(omega * x + t), np.cos(omega * x + t)
    right = -np.array([(rest * cosine * x).mean(), (rest * cosine).mean()])
    mistakes: dict[str, Array | float] = {
        "sum-for-mean": right * len(x),
        "twice": 2 * right,
        "both-missing": 2 * right * len(x),
        "sign": -right,
        "t-sign": right * (1, -1),
        "x-missing": np.full(2, right[1]),
        "cosine-missing": -np.array([(rest * x).mean(), rest.mean()]),
        "swapped": right[::-1],
        "value": float((rest**2).mean() / 2),
    }
    return _of(value, right, answer, mistakes)


def _parabola(value: Any, answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
    c = mine.scale
    flavours = [f for f in BY_HAND if f not in ("taken-symmetric", "one-after-the-other")]
    return Expected(
        (c, 0.0, 0.0, c),
        c,
        mine.start,
        PARABOLA_STEPS,
        flavours=flavours,
        losses=answer.name.endswith("_loss"),
        tolerance=answer.tolerance,
    ).judge(numbers(value))


def skewed_matrix(mine: Variant) -> Matrix:
    """Return 10·G, row by row."""
    return (10.0, -10 * mine.stretch, 10.0, 10 * mine.stretch)


def _on_skewed(flavours: tuple[str, ...], steps: int) -> Judge:
    def judged(value: Any, answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
        return Expected(
            skewed_matrix(mine),
            10.0,
            mine.start,
            steps,
            flavours=flavours,
            losses=answer.name.endswith("_loss"),
            tolerance=answer.tolerance,
        ).judge(numbers(value))

    return judged


def _eigenvalues(mine: Variant) -> tuple[float, float]:
    """Return those of the Hessian 10·(G + Gᵀ)."""
    a, b, c, d = skewed_matrix(mine)
    middle, spread = a + d, math.hypot(a - d, b + c)
    return middle - spread, middle + spread


def _largest_rate(value: Any, answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
    low, high = _eigenvalues(mine)
    a, b, c, d = skewed_matrix(mine)
    length = 2 * math.sqrt(a * d - b * c)  # of the complex eigenvalues of 20·G
    mistakes: dict[str, Array | float] = {
        "fastest": 1 / high,
        "best-rate": 2 / (low + high),
        "smallest": 2 / low,
        "eigenvalue": high,
        "half-hessian": 4 / high,
        "not-symmetric": 2 / length,
    }
    return _of(value, np.asarray(2 / high), answer, mistakes)


def _loss_factor(value: Any, answer: Answer, mine: Variant, _: Any) -> Iterator[Fault]:
    low, high = _eigenvalues(mine)
    factor = (1 - RATE * low) ** 2
    mistakes: dict[str, Array | float] = {
        "point-factor": 1 - RATE * low,
        "fast-factor": (1 - RATE * high) ** 2,
        "upside-down": 1 / factor,
        "log-slope": math.log(factor),
    }
    try:
        yield from _of(value, np.asarray(factor), answer, mistakes)
    except Fault as fault:
        if fault.name == "unknown" and close(numbers(value), np.asarray(math.log10(factor)), 1e-4):
            raise Fault("log-slope") from None
        raise


JUDGES: dict[str, Judge] = {
    "gradient": _gradient,
    "matrix": _matrix,
    "graph": _graph,
    "sine": _sine,
    "parabola_path": _parabola,
    "parabola_loss": _parabola,
    "skewed_path": _on_skewed(BY_HAND, SKEWED_STEPS),
    "skewed_loss": _on_skewed(BY_HAND, SKEWED_STEPS),
    "largest_rate": _largest_rate,
    "loss_factor": _loss_factor,
    "sgd_loss": _on_skewed(SGD, SKEWED_STEPS),
    "adamw_path": _on_skewed(ADAMW, ADAMW_STEPS),
    "adamw_loss": _on_skewed(ADAMW, ADAMW_STEPS),
    "blind_w": blind.parameters,
    "blind_loss": blind.loss,
}
