"""Checkers of chapter 1, limits and derivatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call,
    call_each,
    checker,
    close,
    compare,
    failure,
    function,
    kind,
    number,
    numbers,
    recognise,
    run,
    several,
)


@checker("prob-last-line")
def last_line(answer: Any) -> Verdict:
    """Judge the number that the difference quotient of the sine at 1 gives for h = 1e-17."""
    got = number(answer)
    if got == 0:
        return Verdict(True, "1 + h is rounded to 1, and the sine of 1 minus itself is 0.")
    recognise(
        got,
        {
            "that is the slope of the sine at 1, to two digits. The computer first adds h to 1. "
            "What is 1 + h, if only 53 binary digits are kept?": math.cos(1),
            "1 would need the numerator to be as large as h. Compute 1 + h first.": 1.0,
        },
        tol=2e-2,
    )
    if math.isnan(got):
        raise Wrong(
            "nothing is divided by 0 here: h itself is a fine number. It is 1 + h that isn't."
        )
    raise Wrong("work from the inside out: what is 1 + h, if only 53 binary digits are kept?")


# Small ones first, where the window that the tangent suggests is told by its width. Large ones
# show who has forgotten to agree on a largest δ.
_TOLERANCES = (1e-9, 1e-8, *(10 ** (k / 10) for k in range(-70, 31)))


@checker("prob-reciprocal-limit")
def reciprocal_limit(answer: Any) -> Verdict:
    """Judge δ(ε) for 1/x → 1/2 as x → 2 by looking for an x that breaks the promise."""
    delta = function(answer)
    for eps in _TOLERANCES:
        window = call(delta, eps)
        if window.numel() != 1 or not bool(window > 0):
            raise Wrong(f"δ must be one positive number; for ε = {eps:g} it is {window.tolist()}.")
        width = float(window)
        if eps == _TOLERANCES[0] and close(width, number(call(delta, _TOLERANCES[1])), 1e-9):
            raise Wrong(
                f"your δ is {width:g} for every small ε. No single δ answers all of them: a "
                "smaller ε is missed. δ may depend on ε."
            )
        if width >= 2:
            raise Wrong(
                f"for ε = {eps:g} your window is {width:g} wide on each side and reaches 0, where "
                "1/x is as large as you like. Agree on a largest δ first, say 1."
            )
        # The curve is steepest at the left end of the window: the worst x is near it, at 2 − d.
        # There 1/x − 1/2 is d/(2x), which subtracts nothing.
        d = width * (1 - 1e-9)
        gap = d / (2 * (2 - d))
        if gap > eps:
            said = f"for ε = {eps:g} and x = {2 - d:.6g}, 1/x is {gap:.3g} away from 1/2. "
            if close(width, 2 * eps, 1e-9):
                raise Wrong(
                    said + "2ε is right for small ε only: agree on a largest δ first, say 1."
                )
            if close(width, 4 * eps, 1e-9):
                raise Wrong(
                    said + "δ = 4ε comes from the slope at 2, but 1/x is steeper to the left of it."
                )
            cap = " Agree on a largest δ, say 1, for all ε." if width > 1 else ""
            raise Wrong(said + "Bound |x − 2| / |2x|: how small can |x| be?" + cap)
    if number(call(delta, 1e-4)) < 1e-6:
        return Verdict(True, "this wins every round, though with far smaller windows than needed.")
    return Verdict(True, "no x breaks the promise, for any ε that was tried.")


@checker("prob-second-difference")
def second_difference(answer: Any) -> Verdict:
    """Judge the exponent p in: the best h for the second difference is proportional to u^p."""
    got = number(answer)
    return compare(
        got,
        1 / 4,
        tol=1e-6,
        praise="h² against u/h²: they balance at the fourth root of u.",
        mistakes={
            "1/2 is right for the forward difference. Here rounding is divided by h², "
            "and truncation is proportional to h².": 1 / 2,
            "1/3 is right for the central first difference. Here rounding is divided by h², "
            "not by h.": 1 / 3,
            "that is the error as a power of h; the question is about h as a power of u.": 2.0,
            "h⁴ is proportional to u. To which power of u is h?": 4.0,
        },
        hint="write the two errors as powers of h, set the derivative of their sum to 0.",
    )


_PLACES = torch.tensor([0.3, 1.0, 2.2], dtype=torch.float64)


def _f(x: Any) -> Any:
    return torch.exp(torch.sin(torch.as_tensor(x, dtype=torch.float64)))


def _central(h: float) -> Tensor:
    quotient: Tensor = (_f(_PLACES + h) - _f(_PLACES - h)) / (2 * h)
    return quotient


@checker("prob-richardson")
def richardson(answer: Any) -> Verdict:
    """Judge richardson(f, x, h), which combines central differences at h and h/2."""
    h = 0.1
    got = call_each(function(answer), _f, _PLACES, h)
    wide, narrow = _central(h), _central(h / 2)
    ahead, half_ahead = ((_f(_PLACES + step) - _f(_PLACES)) / step for step in (h, h / 2))
    return compare(
        got,
        (4 * narrow - wide) / 3,
        tol=1e-10,
        praise="the h² terms cancel, and what is left shrinks like h⁴.",
        mistakes={
            "the weights are exchanged: the better difference, at h/2, gets the 4.": (
                4 * wide - narrow
            )
            / 3,
            "2D(h/2) − D(h) cancels an error proportional to h. The central difference's error is "
            "proportional to h², so halving h divides it by 4.": 2 * narrow - wide,
            "this is the mean of the two; it cancels nothing. The weights must make the errors "
            "h² f'''/6 and h² f'''/24 cancel.": (wide + narrow) / 2,
            "this is the central difference at h/2: better than at h, of the same order.": narrow,
            "this is the central difference at h itself.": wide,
            "4D(h/2) − D(h) is three times too large: the weights must add up to 1.": 4 * narrow
            - wide,
            "the weights 1 and −1/4 cancel the error, but add up to 3/4: divide by it.": (
                narrow - wide / 4
            ),
            "D(h) is the central difference, from the points at x − h and x + h; you take the "
            "forward one.": (4 * half_ahead - ahead) / 3,
            "… / 2 * h divides by 2 and then multiplies by h: mind the brackets.": h**2
            * (narrow - wide)
            / 3,
            "this combines differences at h and 2h. That is right as well, "
            "but the problem asks for h and h/2.": (4 * wide - _central(2 * h)) / 3,
        },
        hint="call the unknown slope s and the unknown factor c: D(h) = s + ch² and "
        "D(h/2) = s + ch²/4. Solve the two equations for s.",
    )


@checker("prob-edge")
def edge(answer: Any) -> Verdict:
    """Judge edge(f, x, h), the slope from f(x), f(x + h) and f(x + 2h)."""
    h = 0.05
    got = call_each(function(answer), _f, _PLACES, h)
    at, one, two = _f(_PLACES), _f(_PLACES + h), _f(_PLACES + 2 * h)
    right = (-3 * at + 4 * one - two) / (2 * h)
    return compare(
        got,
        right,
        tol=1e-10,
        praise="exact for every parabola, and so its error shrinks like h².",
        mistakes={
            "this is the forward difference; it doesn't use f(x + 2h).": (one - at) / h,
            "this is the forward difference with the step 2h.": (two - at) / (2 * h),
            "the division is by 2h, not by h: test it on f(x) = x.": 2 * right,
            "this uses f(x + h) and f(x + 2h) only: it is the slope at x + 3h/2, not at x.": (
                two - one
            )
            / h,
            "… / 2 * h divides by 2 and then multiplies by h: mind the brackets.": right * h * h,
            "the sign is reversed: test it on f(x) = x.": -right,
            "this looks back, at x − h and x − 2h; the edge has neighbours on the right only.": (
                3 * at - 4 * _f(_PLACES - h) + _f(_PLACES - 2 * h)
            )
            / (2 * h),
        },
        hint="ask that it is exact for 1, x and x²: three equations for the three weights of "
        "f(x), f(x + h) and f(x + 2h).",
    )


@checker("prob-half-a-step")
def half_a_step(answer: Any) -> Verdict:
    """Judge slopes(x, y), which returns places and slopes there."""
    x = torch.tensor([0.0, 0.1, 0.25, 0.3, 0.5], dtype=torch.float64)
    # Two parabolas: slopes that are right on one of them only were not computed from y.
    for constant, linear, square in ((0, 0, 1), (3, -1, -4)):
        y = constant + linear * x + square * x**2
        places, slopes = _places_and_slopes(function(answer), x, y)
        truth = linear + 2 * square * places
        if bool(torch.allclose(slopes, truth, rtol=1e-9, atol=1e-12)):
            continue
        recognise(
            places,
            {
                "the slopes still stand at the left ends of their intervals.": x[:-1],
                "the slopes now stand at the right ends: half a step too far, the other way.": x[
                    1:
                ],
                "each slope now stands half of the *first* step too far right of the left end. The "
                "grid is not even: each interval has its own middle.": x[:-1] + (x[1] - x[0]) / 2,
            },
            tol=1e-10,
        )
        inside = slice(1, -1)
        if len(places) > 2 and bool(
            torch.allclose(slopes[inside], truth[inside], rtol=1e-9, atol=1e-12)
        ):
            raise Wrong("inside all is well; the slopes at the two ends are one-sided differences.")
        raise Wrong(
            "on a parabola the slope should be exact at its place: on y = x² twice the place."
        )
    return Verdict(True, "on a parabola the slopes are exact now, also on an uneven grid.")


def _places_and_slopes(answer: Any, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Call the reader's slopes(x, y) with NumPy arrays, and check the form of its result."""
    pair = run(answer, np.array(x.tolist()), np.array(y.tolist()))
    wanted = "the function should return places and slopes"
    try:
        places, slopes = (numbers(part) for part in several(pair, 2, wanted))
    except (TypeError, ValueError):
        raise Wrong(f"{wanted}, two arrays of numbers; got {kind(pair)}.") from None
    if places.shape != slopes.shape:
        raise Wrong(
            f"there are {places.numel()} places and {slopes.numel()} slopes; "
            "they should belong together."
        )
    if places.ndim != 1 or len(places) < len(x) - 2:
        raise Wrong(
            f"of {len(x)} positions you return {places.numel()} slopes: there should be one for "
            "each interval, or at each place."
        )
    return places, slopes


@checker("prob-weierstrass")
def weierstrass(answer: Any) -> Verdict:
    """Judge the factor by which the quotients grow when h shrinks three times."""
    got = number(answer)
    recognise(
        got,
        {
            "the factor is 1 where a derivative exists: the quotients settle. Do they?": 1.0,
            "3 is by how much h shrinks. The change of the function shrinks too; "
            "divide one by the other.": 3.0,
            "that is the ratio upside down: divide each mean by the one before.": 2 / 3,
            "1/2 is how the changes of the function shrink. "
            "Divide by how h shrinks to get the quotients.": 0.5,
        },
        tol=3e-2,
    )
    if 1.4 < got < 1.56:
        return Verdict(True, "near 3/2, the product of 3 and 1/2: the quotients are unbounded.")
    recognise(
        got,
        {
            "1.585 is log 3 / log 2, an exponent. The question is about a factor: measure "
            "it.": math.log(3) / math.log(2)
        },
        tol=2e-4,
    )
    if 1.3 < got < 1.75:
        raise Wrong(
            "near the factor that it tends to. With few places or a large h it comes out too "
            "large or too small: take many x, and go on to smaller h."
        )
    raise Wrong(
        "take the mean size of (W(x + h) − W(x))/h over many x, for h = 3⁻¹, 3⁻², …, "
        "and divide each by the one before."
    )


@checker("prob-forty-two")
def forty_two(answer: Any) -> Verdict:
    """Judge a function that is 0 everywhere, and whose derivative at 0 is 42 to torch."""
    nothing = function(answer)
    x = torch.linspace(-3, 3, 61, dtype=torch.float64)
    far = torch.tensor([-1e9, -1e3, -1e-9, -1e-200, 0, 1e-200, 1e-9, 1e3, 1e9], dtype=torch.float64)
    if bool((call_each(nothing, [*x, *far]) != 0).any()):
        raise Wrong("the function should be 0 for every x; try it on torch.linspace(-3, 3, 61).")
    zero = torch.zeros((), dtype=torch.float64, requires_grad=True)
    value = run(nothing, zero)
    if not isinstance(value, Tensor) or not value.requires_grad:
        raise Wrong("torch finds no way from the value back to x. Write 0 in terms of x.")
    try:
        (slope,) = torch.autograd.grad(value, zero, torch.ones_like(value), allow_unused=True)
    except Exception as error:
        raise Wrong(f"backward stopped with {failure(error)}.") from None
    if slope is None:
        raise Wrong("torch finds no way from the value back to x. Write 0 in terms of x.")
    got = slope.item()
    if got == 42:
        return Verdict(True, "torch says 42, and the derivative is 0.")
    recognise(
        got,
        {
            "torch says 0, which is true. Make use of a kink, where it is wrong.": 0.0,
            "torch says 1 where the truth is 0: almost there. Now make it 42.": 1.0,
            "the sign is reversed.": -42.0,
        },
        tol=1e-9,
    )
    raise Wrong(f"torch says {got:g}; it should say 42.")
