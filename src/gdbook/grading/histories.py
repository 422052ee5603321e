"""A history against the right one, step by step: what a run did, and how it was logged."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from gdbook.grading.mistakes import Fault
from gdbook.grading.numbers import Array
from gdbook.grading.runs import Matrix, mistake, run
from gdbook.lab.variants import Pair

_GROWN = 1e-4  # what float32 leaves of a run that grows


def close(got: Array, want: Array, tolerance: float) -> bool:
    """Return whether two arrays have one shape and differ nowhere by more; NaN is never close."""
    return got.shape == want.shape and bool(np.all(np.abs(got - want) <= tolerance))


class Expected:
    """What a history should be.

    Parameters
    ----------
    matrix, scale, start, steps
        As for `runs.run`.
    flavours : sequence of str
        The right run first, then the mistakes to try.
    losses : bool
        Whether losses were logged; otherwise points.
    tolerance : float
    """

    def __init__(
        self,
        matrix: Matrix,
        scale: float,
        start: Pair,
        steps: int,
        *,
        flavours: Sequence[str],
        losses: bool,
        tolerance: float,
    ) -> None:
        self._run = (matrix, scale, start, steps)
        self.scale, self.steps = scale, steps
        self.flavours, self.losses, self.tolerance = flavours, losses, tolerance

    def entries(self, flavour: str) -> Array:
        """Return what a run gives, before each step and after the last."""
        made = run(*self._run, flavour)
        return made.losses if self.losses else made.points

    def judge(self, got: Array) -> Iterator[Fault]:
        """Yield the mistakes of a history; none if it is right."""
        right = self.entries(self.flavours[0])
        if close(got, right[:-1], self.tolerance):
            return
        if got.size and not np.isfinite(got).all():
            steps = np.atleast_1d(got)  # one number is no history, but an answer may be one
            finite = np.isfinite(steps.reshape(len(steps), -1)).all(1)
            raise Fault("not-finite", step=int(np.argmin(finite)))
        wrong_shape, got = self._shaped(got, right)
        yield from wrong_shape
        if wrong_shape and close(got, right[:-1], self.tolerance):
            return
        if explained := self._explained(got):
            yield from explained
        else:
            raise self._departed(got, right)

    def _explained(self, got: Array) -> list[Fault]:
        """Return the mistakes that lead to a history: of all that do, those that come nearest."""
        best, faults = math.inf, []
        for flavour in self.flavours:
            entries = self.entries(flavour)
            for factor in self._factors():
                for logged, piece in self._logged(len(got), entries * factor):
                    off = self._off(got, piece)
                    if off < best:
                        best = off
                        faults = [*_of_run(flavour, factor), *logged]
        return faults

    def _off(self, got: Array, piece: Array) -> float:
        """Return the largest deviation, in tolerances; infinite if that is more than one.

        A run that diverges is compared relative to its size.
        """
        off = float(np.max(np.abs(got - piece) / (self.tolerance + _GROWN * np.abs(piece))))
        return off if off <= 1 else math.inf

    def _factors(self) -> tuple[float, ...]:
        return (1.0, 0.5, 1 / self.scale) if self.losses else (1.0,)

    def _shaped(self, got: Array, right: Array) -> tuple[list[Fault], Array]:
        """Return a history in the shape that was asked for, if only its axes are wrong."""
        if got.ndim == right.ndim and got.shape[1:] == right.shape[1:] and len(got):
            return [], got
        if not self.losses and got.ndim == 2 and got.shape == (2, self.steps):
            return [Fault("transposed", row="point")], got.T
        if self.losses and got.shape in ((self.steps, 1), (1, self.steps)):
            return [Fault("column", want=f"({self.steps},)")], got.reshape(-1)
        raise Fault("shape", got=got.shape, want=(self.steps, *right.shape[1:]))

    def _logged(self, length: int, entries: Array) -> Iterator[tuple[list[Fault], Array]]:
        """Yield the pieces of a run that a history of this length may hold, and what each means."""
        steps = self.steps
        if length == steps:
            yield [], entries[:-1]
            yield [Fault("logged-after")], entries[1:]
        elif length == steps + 1:
            yield [Fault("one-too-many")], entries
        elif length == steps - 1:
            yield [Fault("one-too-few")], entries[:-2]
            yield [Fault("one-too-few")], entries[1:-1]
        elif 1 < length < steps:
            yield [Fault("stopped-early", got=length)], entries[:length]

    def _departed(self, got: Array, right: Array) -> Fault:
        """Return what is to be said of a history that no known mistake explains."""
        if len(got) > 1 and close(got, np.broadcast_to(got[:1], got.shape), 0.0):
            return Fault("alias")
        if len(got) > len(right) and close(got[: len(right)], right, self.tolerance):
            return Fault("went-on", want=self.steps)
        most = min(len(got), len(right) - 1)
        off = np.abs(got[:most] - right[:most]).reshape(most, -1).max(axis=1)
        if len(got) == self.steps and _rounded(got, off.max()):
            return Fault("rounded")
        step = int(np.argmax(off > self.tolerance))
        return Fault("starts-elsewhere") if step == 0 else Fault("departs", step=step)


def _of_run(flavour: str, factor: float) -> list[Fault]:
    """Return what a run did wrong, and its loss."""
    if mistake(flavour):
        return [Fault(mistake(flavour))]
    return [Fault("loss-factor", factor=factor)] if factor != 1 else []


def _rounded(got: Array, off: float) -> bool:
    """Return whether numbers are near enough, and have few decimals."""
    return any(
        off <= 0.6 * unit
        and close(got, np.round(got / unit) * unit, 1e-9 * float(np.abs(got).max()))
        for unit in (1e-3, 1e-2, 1e-1)
    )
