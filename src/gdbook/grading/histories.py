"""A history against the right one, step by step: what a run did, and how it was logged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from gdbook.grading.mistakes import Fault
from gdbook.grading.numbers import Array
from gdbook.grading.runs import Matrix, mistake, run
from gdbook.lab.variants import Pair


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
            raise Fault(
                "not-finite", step=int(np.argmin(np.isfinite(got.reshape(len(got), -1)).all(1)))
            )
        wrong_shape, got = self._shaped(got, right)
        yield from wrong_shape
        if wrong_shape and close(got, right[:-1], self.tolerance):
            return
        for flavour in self.flavours:
            entries = self.entries(flavour)
            for factor in self._factors():
                logged = self._logged(got, entries * factor)
                if logged is None:
                    continue
                if mistake(flavour):
                    yield Fault(mistake(flavour))
                elif factor != 1:
                    yield Fault("loss-factor", factor=factor)
                yield from logged
                return
        raise self._departed(got, right)

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

    def _logged(self, got: Array, entries: Array) -> list[Fault] | None:
        """Return how a run was logged, or None if the history is not of this run."""
        steps, tolerance = self.steps, self.tolerance
        if close(got, entries[:-1], tolerance):
            return []
        for name, piece in (
            ("logged-after", entries[1:]),
            ("one-too-many", entries),
            ("one-too-few", entries[1:-1]),
            ("one-too-few", entries[:-2]),
        ):
            if close(got, piece, tolerance):
                return [Fault(name)]
        if 1 < len(got) < steps and close(got, entries[: len(got)], tolerance):
            return [Fault("stopped-early", got=len(got))]
        if len(got) > steps + 1 and close(got[: steps + 1], entries, tolerance):
            return [Fault("went-on", want=steps)]
        return None

    def _departed(self, got: Array, right: Array) -> Fault:
        """Return what is to be said of a history that no known mistake explains."""
        if len(got) > 1 and close(got, np.broadcast_to(got[:1], got.shape), 0.0):
            return Fault("alias")
        most = min(len(got), len(right) - 1)
        off = np.abs(got[:most] - right[:most]).reshape(most, -1).max(axis=1)
        if len(got) == self.steps and _rounded(got, off.max()):
            return Fault("rounded")
        step = int(np.argmax(off > self.tolerance))
        return Fault("starts-elsewhere") if step == 0 else Fault("departs", step=step)


def _rounded(got: Array, off: float) -> bool:
    """Return whether numbers are near enough, and have few decimals."""
    return any(
        off <= 0.6 * unit
        and close(got, np.round(got / unit) * unit, 1e-9 * float(np.abs(got).max()))
        for unit in (1e-3, 1e-2, 1e-1)
    )
