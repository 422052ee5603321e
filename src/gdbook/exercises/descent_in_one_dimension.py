"""Checkers of chapter 2, descent in one dimension."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call,
    call_each,
    call_for_one,
    checker,
    close,
    compare,
    function,
    number,
    recognise,
)

F64 = torch.float64


@checker("prob-another-parabola")
def another_parabola(answer: Any) -> Verdict:
    """Judge the smallest rate at which descent on 3(x − 2)² + 1 no longer converges."""
    got = number(answer)
    return compare(
        got,
        1 / 3,
        tol=2e-3,
        praise="λ = 6, and 2/λ = 1/3. There the run alternates between two points.",
        mistakes={
            "that is 2/λ for x². Here the second derivative is not 2.": 1.0,
            "that is 1/λ, where one step arrives: the best rate, not the edge.": 1 / 6,
            "λ is the second derivative of 3(x − 2)², which is not 3: differentiate twice.": 2 / 3,
            "6 is λ itself. At which rate is ηλ = 2?": 6.0,
        },
        mistakes_tol=1e-2,
        hint="the error is multiplied by 1 − ηλ in each step. When is that −1?",
    )


@checker("prob-cube")
def cube(answer: Any) -> Verdict:
    """Judge the largest start from which descent on x³ with rate 0.1 comes to rest."""
    got = number(answer)
    return compare(
        got,
        10 / 3,
        tol=1e-3,
        praise="from 1/(3η) it lands on 0; from farther right, left of it.",
        mistakes={
            "at 0 it rests already, but some starts to the right of it come to rest as well.": 0.0,
            "that is 1/η. One step leads to x − 3ηx²: mind the 3.": 10.0,
            "from there the factor 1 − 3ηx is −1 and the run lands on the left, where it falls "
            "for ever.": 20 / 3,
            "that is where x − 3ηx² is largest; runs from farther right are still positive.": 5 / 3,
        },
        hint="for which x > 0 is x(1 − 3ηx) not negative, if η = 1/10?",
    )


@checker("prob-one-rate")
def one_rate(answer: Any) -> Verdict:
    """Judge one_rate(mu, L), the best common rate for curvatures μ and L."""
    rate = function(answer)
    mu = torch.tensor([1.0, 0.5, 3e-6, 2e4], dtype=F64)
    L = torch.tensor([4.0, 9.0, 7.0, 3e4], dtype=F64)
    got = call_each(rate, mu.tolist(), L.tolist())
    right = 2 / (mu + L)
    return compare(
        got,
        right,
        tol=1e-4,
        praise="there 1 − ημ = −(1 − ηL): neither can be made smaller alone.",
        mistakes={
            "1/L is best for the sharper parabola and slow on the other. "
            "A little swinging there is worth it.": 1 / L,
            "with 2/L the sharper parabola never converges.": 2 / L,
            "1/μ is best for the flat parabola; on the sharp one 1 − ηL may be below −1.": 1 / mu,
            "1/(μ + L) is half of it: do the two factors have the same size there?": right / 2,
            "1/√(μL) lies between 1/L and 1/μ, but the two factors have different sizes there.": 1
            / (mu * L).sqrt(),
            "the mean of 1/μ and 1/L makes the sharp one explode; take the sizes of the "
            "factors, not the rates.": (1 / mu + 1 / L) / 2,
            "that is the best factor; the question is which rate has it.": (L - mu) / (L + mu),
        },
        hint="draw |1 − ημ| and |1 − ηL| against η. The larger is smallest where they cross.",
    )


@checker("prob-flat-bottom")
def flat_bottom(answer: Any) -> Verdict:
    """Judge the limit of k·x_k² on x⁴/4 with η = 1/10."""
    got = number(answer)
    if 3 < got < 4.9:
        raise Wrong("k·x_k² creeps up to its limit; k was too small. To which number does it go?")
    return compare(
        got,
        5.0,
        tol=2e-2,
        praise="1/x² grows by 2η a step, so k·x² tends to 1/(2η).",
        mistakes={
            "1/x² grows by 2η a step, not by η: the square doubles it.": 10.0,
            "that is what 1/x² grows by in a step. You want k divided by k times that.": 0.2,
            "it does not go to 0: x_k does, and k grows in balance with it.": 0.0,
            "that is the limit of √k·x_k; square it.": 5**0.5,
        },
        hint="after k steps 1/x² is about k times what it grows by in one step.",
    )


@checker("prob-sublevel")
def sublevel(answer: Any) -> Verdict:
    """Judge the rate that is safe for the quartic from 4, by its curvature below f(4)."""
    got = number(answer)
    far = 4.224_169_871_088_58  # minus the left end of {f ≤ 4}, a root of x⁴/4 − 4x² + x − 4
    right = 2 / (3 * far**2 - 8)
    return compare(
        got,
        right,
        tol=1e-3,
        praise="2/L with the largest |f''| where f ≤ f(4): no step leaves that set.",
        mistakes={
            "that uses f'' at 4. At the left end of the set it is larger.": 2 / 40,
            "that is 1/L: safe, and the method gives twice as much.": right / 2,
            "that is 2/f'' at the right minimum, which holds runs that are near it.": 0.134_098,
            "that is 2/f'' at the left minimum, which holds runs that are near it.": 0.117_382,
            "that is L; the rate is 2/L.": 2 / right,
        },
        mistakes_tol=1e-2,
        hint="where is f(x) ≤ f(4), and how large is |3x² − 8| there? Then take 2/L.",
    )


_PLACES = torch.tensor([0.7, 1.5, -2.0], dtype=F64)


def _bent(x: Any) -> Tensor:
    at: Tensor = torch.as_tensor(x, dtype=F64)
    return torch.cosh(at) + at**2 + 1


def _bent_slope(x: Any) -> Tensor:
    at: Tensor = torch.as_tensor(x, dtype=F64)
    return torch.sinh(at) + 2 * at


@checker("prob-polyak")
def polyak(answer: Any) -> Verdict:
    """Judge polyak(f, slope, lowest, x), where the tangent reaches the lowest value."""
    lowest = 2.0
    got = call_each(function(answer), _bent, _bent_slope, lowest, _PLACES)
    excess, slope = _bent(_PLACES) - lowest, _bent_slope(_PLACES)
    return compare(
        got,
        _PLACES - excess / slope,
        tol=1e-9,
        praise="on every parabola this halves the error, whatever λ is.",
        mistakes={
            "the sign is reversed: this goes up the tangent.": _PLACES + excess / slope,
            "you divide by the square of the slope: that is right for a rate, which multiplies the "
            "slope once more. Return the next point.": _PLACES - excess / slope**2,
            "you multiply by the slope: the steeper the tangent, the sooner it reaches f*.": _PLACES
            - excess * slope,
            "f* is missing: this looks for where the tangent is 0, which is Newton's method "
            "for f = 0.": _PLACES - _bent(_PLACES) / slope,
            "twice as far as the tangent says. On parabolas that is exact, elsewhere the tangent "
            "is what you know.": _PLACES - 2 * excess / slope,
            "this is how far to go; return the next point.": excess / slope,
            "this is the rate alone; return the next point.": excess / slope**2,
        },
        hint="the tangent at x has the height f(x) + f'(x)·h at x + h. For which h is it f*?",
    )


@checker("prob-two-slopes")
def two_slopes(answer: Any) -> Verdict:
    """Judge two_slopes(slope, before, now), the step with a rate from two slopes."""
    before, now = _PLACES + 0.3, _PLACES
    got = call_each(function(answer), _bent_slope, before, now)
    rise, run = _bent_slope(now) - _bent_slope(before), now - before
    right = now - _bent_slope(now) * run / rise
    if close(got, right, 1e-9):

        def hill(x: Any) -> Any:
            return 1 - 8 * x + x**3

        first, last = (torch.tensor(place, dtype=F64) for place in (0.5, 0.4))
        after = call(function(answer), hill, first, last)
        if not close(after, last - hill(last) * (last - first) / (hill(last) - hill(first)), 1e-9):
            raise Wrong(
                "right where the curvature is positive. On the quartic, from 0.5 and 0.4, it is "
                "negative, and so is the rate: don't take its size."
            )
    return compare(
        got,
        right,
        tol=1e-9,
        praise="exact on parabolas; elsewhere the secant method for f' = 0.",
        mistakes={
            "the rate is upside down: it is one over the curvature, so places over slopes.": now
            - _bent_slope(now) * rise / run,
            "the step starts at the last point, not at the one before.": before
            - _bent_slope(now) * run / rise,
            "the slope that is followed is that of the last point.": now
            - _bent_slope(before) * run / rise,
            "the sign is reversed.": now + _bent_slope(now) * run / rise,
            "this is the rate; return the next point.": run / rise,
        },
        hint="on a parabola slope(now) − slope(before) is λ·(now − before). Use 1/λ as the rate.",
    )


@checker("prob-too-early")
def too_early(answer: Any) -> Verdict:
    """Judge descend_until(slope, x, rate, tolerance), which should stop on the slope."""
    stop, tolerance, most = function(answer), 1e-3, 200_000
    calls = 0

    def slope(x: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls > most:
            raise Wrong(f"on x² it is still running after it asked for {most} slopes.")
        return 2 * x

    for rate, start in ((0.1, 4.0), (0.1, -4.0), (1e-3, 4.0)):
        calls = 0
        end = call(stop, slope, start, rate, tolerance)
        if end.numel() != 1:
            raise Wrong(f"the function should return the last x, got {end.tolist()}.")
        left = abs(2 * end.item())
        if not left <= tolerance * (1 + 1e-9):  # nan is no place to stop
            said = (
                f"on x² from {start:g} with rate {rate:g} it stops where the slope is still "
                f"{left:.2g} in size. "
            ).replace("-", "−")
            if close(left, 2 * 4.0, 1e-2) and start < 0:
                raise Wrong(said + "Slopes are negative there: compare their size.")
            if close(left, 2 * 4.0, 1e-2):
                raise Wrong(said + "That is the start: it took no steps, or one.")
            if rate < 0.1:  # a rule that looks at the step or the gain has failed before
                raise Wrong(said + "Is the budget spent? A small rate needs many steps.")
            raise Wrong(
                said + "A step, or a gain, becomes small with the rate; look at the slope itself."
            )
        if left < tolerance / 100:
            raise Wrong(
                f"with rate {rate:g} it goes on until the slope is {left:.1e}; the tolerance is "
                f"{tolerance:g}. Is the comparison with the slope, without the rate?"
            )
        if not _on_the_way(end.item(), start, rate):
            raise Wrong(
                f"on x² from {start:g} with rate {rate:g} it stops at {end.item():.4g}, which "
                "descent does not visit. Each step leads from x to x − rate·slope(x).".replace(
                    "-", "−"
                )
            )
    # Here a step leads away: only a point whose slope was looked at is sure to be flat enough.
    calls = 0
    end = call_for_one(stop, slope, 0.3 * tolerance, 1.5, tolerance)
    if abs(2 * end.item()) > tolerance:
        raise Wrong(
            "on x² with rate 1.5, where each step doubles the slope, it returns a point whose "
            "slope is above the tolerance: it looks at the slope of one point and returns the next."
        )
    return Verdict(True, "it stops where the slope is small, whatever the rate.")


def _on_the_way(end: float, x: float, rate: float) -> bool:
    """Say whether descent on x² visits a place."""
    while abs(x) > abs(end) / 2 > 0:
        if close(x, end, 1e-9):
            return True
        x = x - rate * 2 * x
    return False


@checker("prob-feigenbaum")
def feigenbaum(answer: Any) -> Verdict:
    """Judge the ratio of successive intervals between period doublings."""
    got = number(answer)
    recognise(
        got,
        {
            "that is the ratio upside down: divide each interval by the next one.": 1 / 4.669,
            "2 is how the periods grow. The question is about the intervals of the rate.": 2.0,
            "that is how the forks shrink in height; the question is about the rate.": 2.503,
        },
        tol=2e-2,
    )
    if close(got, 4.669_201_609, 2e-3):
        return Verdict(
            True, "4.6692…, Feigenbaum's constant, the same for all bends like a parabola's."
        )
    if 4.3 < got < 5:
        raise Wrong("near, but that is the ratio of the first few. Go on to longer periods.")
    raise Wrong("divide each interval between doublings by the next one, for longer and longer.")


@checker("prob-waves")
def waves(answer: Any) -> Verdict:
    """Judge the largest μ with f'² ≥ 2μ(f − f*) for x² + 3 sin² x."""
    got = number(answer)
    return compare(
        got,
        0.175_531,
        tol=5e-3,
        praise="the worst place is near ±2.2, on the shoulder of the first wave.",
        mistakes={
            "that is the smallest f'²/f; the inequality has 2μ.": 2 * 0.175_531,
            "the second derivative is below 0 in places, but the inequality does not ask for "
            "convexity.": -4.0,
            "that is f'' at 0. Elsewhere the slope is much smaller for its height.": 8.0,
            "1/32 is safe, and proved in the literature; the largest is several times as large.": 1
            / 32,
            "the derivative of sin² x is 2 sin x cos x: here the 2 is missing.": 0.6282,
        },
        mistakes_tol=1e-2,
        hint="the largest μ is the smallest value of f'(x)²/(2(f(x) − f*)), with f* = 0.",
    )
