"""Checkers of chapter 13: numbers, a variance and units that are balanced."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call_each,
    checker,
    close,
    compare,
    function,
    kind,
    number,
    numbers,
    run,
    several,
)


@checker("prob-count-parameters")
def count_parameters(answer: Any) -> Verdict:
    """Judge the number of parameters of a network for pictures of digits."""
    return compare(
        number(answer),
        101_770,
        tol=1e-9,
        praise="nearly all of them are weights of the first layer.",
        mistakes={
            "those are the weights. Each output of a layer has a bias as well.": 101_632,
            "the biases of the first layer are missing.": 101_642,
            "the biases of the second layer are missing.": 101_760,
            "that is the first layer alone.": 100_480,
            "that is the formula for one output. Here there are ten.": 100_609,
            "biases were given to the inputs in place of the outputs.": 102_544,
            "biases were given to the inputs, too. They have none.": 102_554,
        },
        hint="a layer with d inputs and H outputs has dH weights and H biases.",
    )


@checker("prob-dead-share")
def dead_share(answer: Any) -> Verdict:
    """Judge which share of the units is dead at the start on (−2, 2)."""
    return compare(
        number(answer),
        1 / 8,
        tol=1e-3,
        praise="a quarter of the kinks lies outside; half of these units are active everywhere.",
        mistakes={
            "that is the share of kinks outside (−2, 2). Half of these units are active "
            "everywhere, not nowhere.": 1 / 4,
            "that is the share of kinks inside.": 3 / 4,
            "that is the share of units that are not dead.": 7 / 8,
            "that takes the kinks as uniform. They are quotients −b/w.": 0.0,
            "that is the share for (−3, 3).": 1 / 12,
            "one more half than there is: of the units with b < 0 and the kink outside, all are "
            "dead, whatever the sign of w.": 1 / 16,
        },
        hint="draw the square of all (w, b), and in it the lines |b| = 2|w|.",
    )


@checker("prob-leaky-variance")
def leaky_variance(answer: Any) -> Verdict:
    """Judge leaky_variance(d, slope)."""
    d = torch.tensor([10.0, 50.0, 256.0, 8.0], dtype=torch.float64)
    a = torch.tensor([0.0, 0.1, 0.5, 1.0], dtype=torch.float64)
    right = 2 / ((1 + a**2) * d)
    return compare(
        call_each(function(answer), d.tolist(), a.tolist()),
        right,
        tol=1e-9,
        praise="half of the mean square passes as it is, the other half times the squared slope.",
        mistakes={
            "this is He's rule for ReLU; the leak lets a part of the other half pass.": 2 / d,
            "the slope multiplies z, so the square has the slope squared.": 2 / ((1 + a) * d),
            "this is the standard deviation; the variance is its square.": right.sqrt(),
            "for slope 1 the unit is linear, and the variance should be 1/d. A factor 2 is "
            "missing.": right / 2,
            "the leak lets more through, so the variance must be smaller than for ReLU: divide by "
            "1 + slope².": 2 * (1 + a**2) / d,
            "upside down: this is the factor of the mean square, not the variance that makes up "
            "for it.": (1 + a**2) * d / 2,
            "this takes the square of 1 + slope. Two halves of the time are averaged; their "
            "squares are added.": 2 / ((1 + a) ** 2 * d),
        },
        hint="E[φ(z)²] is ½E[z²] + ½·slope²·E[z²].",
    )


@checker("prob-balanced")
def balanced(answer: Any) -> Verdict:
    """Judge balanced(w, b, u): the same function with the least sum of squares."""
    w = torch.tensor([2.0, -0.5, 1.0, -3.0], dtype=torch.float64)
    b = torch.tensor([1.0, 2.0, 0.0, -1.5], dtype=torch.float64)
    u = torch.tensor([-0.3, 4.0, 0.2, -7.0], dtype=torch.float64)
    made = several(run(function(answer), w, b, u), 3, "the function should return w, b and u")
    parts = [parts_of_network(part, "w, b and u should be numbers") for part in made]
    if any(part.shape != w.shape for part in parts):
        raise Wrong("w, b and u should each have one entry for each unit.")
    got = torch.stack(parts)

    def scaled(alpha: Tensor) -> Tensor:
        return torch.stack([alpha * w, alpha * b, u / alpha])

    norm = (w**2 + b**2).sqrt()
    alpha = (u.abs() / norm).sqrt()
    if not close(got, scaled(alpha), 1e-9) and bool((got[2] * u < 0).any()):
        raise Wrong("the sign of u is lost: α must be positive, and u/α keeps its sign.")
    return compare(
        got,
        scaled(alpha),
        tol=1e-9,
        praise="the same function, and both layers have the same share of the squares.",
        mistakes={
            "nothing has changed: α = 1 is not the best.": scaled(torch.ones_like(w)),
            "α is upside down: the larger side has grown.": scaled(1 / alpha),
            "the bias counts too: compare u² with w² + b².": scaled((u.abs() / w.abs()).sqrt()),
            "a root is missing: the condition is one for α⁴.": scaled(alpha**2),
            "a root too many was taken: the condition is one for α⁴.": scaled(alpha.sqrt()),
            "w and b are scaled, and u is not: that is another function.": torch.stack(
                [alpha * w, alpha * b, u]
            ),
            "u must be divided by α where w and b are multiplied.": torch.stack(
                [alpha * w, alpha * b, u * alpha]
            ),
            "the bias is left as it was: the kink moves.": torch.stack([alpha * w, b, u / alpha]),
        },
        hint="multiply w and b by one α > 0 for each unit, divide u by it, and let "
        "w² + b² = u² come out.",
    )


def parts_of_network(value: Any, wanted: str) -> Tensor:
    """Return a part of an answer as float64 numbers, or tell the reader what was wanted."""
    try:
        return numbers(value).detach()
    except Exception:
        raise Wrong(f"{wanted}, got {kind(value)}.") from None
