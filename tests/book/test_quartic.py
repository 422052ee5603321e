"""What chapter 2 says of the quartic, held against mpmath and loops of plain Python."""

from __future__ import annotations

from itertools import pairwise

import mpmath
import pytest

LEFT, TOP, RIGHT = sorted(float(r.real) for r in mpmath.polyroots([1, 0, -8, 1]))


def step(x: float, eta: float) -> float:
    return x - eta * (1 - 8 * x + x**3)


def settle(x: float, eta: float, steps: int = 2000) -> float:
    for _ in range(steps):
        x = step(x, eta)
    return x


def source(y: float, eta: float, near: float) -> float:
    """The start near which one step leads to y."""
    return float(mpmath.findroot(lambda x: step(x, eta) - y, near))


def test_the_deeper_valley_loses_its_hold_first() -> None:
    for x, other in ((LEFT, RIGHT), (RIGHT, LEFT)):
        edge = 2 / (3 * x**2 - 8)
        assert settle(x + 1e-3, 0.97 * edge) == pytest.approx(x, abs=1e-9)
        assert abs(settle(x + 1e-3, 1.03 * edge) - x) > 0.05
        assert (edge < 2 / (3 * other**2 - 8)) == (x == LEFT)
    assert settle(RIGHT + 1e-3, 0.125) == pytest.approx(RIGHT, abs=1e-9)
    assert abs(settle(LEFT + 1e-3, 0.125) - LEFT) > 0.05


def test_bands_of_starts_alternate_on_the_right_and_end_at_a_two_cycle() -> None:
    eta = 0.1
    far = source(TOP, eta, 4.2), source(TOP, eta, -4.3)
    borders = [TOP, far[0]]
    left_borders = [far[1]]
    for _ in range(7):
        # One step carries a border on one side to the last border on the other.
        left_borders.append(source(borders[-1], eta, -5.3))
        borders.append(source(left_borders[-2], eta, 5.3))
    ends = [settle((a + b) / 2, eta) for a, b in pairwise(borders)]
    expected = [RIGHT if k % 2 == 0 else LEFT for k in range(len(ends))]
    assert ends == pytest.approx(expected, abs=1e-9)
    cycle = float(mpmath.findroot(lambda x: step(step(x, eta), eta) - x, 5.28))
    assert abs(step(cycle, eta) - cycle) > 10
    assert borders[-1] == pytest.approx(cycle, abs=1e-4)
    assert borders[-1] < cycle
    escaped = cycle + 1e-6
    for _ in range(12):
        escaped, before = step(escaped, eta), escaped
    assert abs(escaped) > abs(before) > cycle
