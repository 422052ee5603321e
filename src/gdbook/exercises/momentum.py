"""Checkers of the problems of book/optimizers/momentum whose answers are numbers or formulas."""

from __future__ import annotations

import math
from typing import Any

import torch

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call_each,
    checker,
    close,
    compare,
    function,
    number,
)

F64 = torch.float64


@checker("prob-six-digits")
def six_digits(answer: Any) -> Verdict:
    """Judge the fewest steps for a factor of a million with β = 0.99."""
    got = number(answer)
    least = 6 * math.log(10) / -math.log(math.sqrt(0.99))
    if math.ceil(least) - 1 <= got <= math.ceil(least) + 1:
        return Verdict(True, "the factor is √β at best, and √0.99 to the 2 750th power is 10⁻⁶.")
    if 0.98 * least <= got <= 1.02 * least:
        raise Wrong(
            "near: don't round √0.99, nor its logarithm. And a single run swings through 0 and "
            "may be early; asked is what ρᵏ needs."
        )
    if 0.88 * least <= got < least:
        raise Wrong("a single run may be that early, since it swings through 0. What does ρᵏ need?")
    if close(got, least / 4, 2e-3):
        raise Wrong("that takes β² for the factor of a step. The larger root is at least √β.")
    if close(got, least / 2, 2e-3):
        raise Wrong("that takes β for the factor of a step. The larger root is at least √β.")
    if close(got, 2 * least, 2e-3):
        raise Wrong("the root of √β was taken once more: the factor is √β, not its root.")
    if close(got, least / math.log(10), 2e-3):
        raise Wrong(
            "that is 6 over −ln √β: six digits are a factor of 10⁶, so 6 ln 10 belongs there."
        )
    if close(got, least / 6, 2e-3):
        raise Wrong("that is for one digit. Six are asked for.")
    if close(got, 600, 2e-3) or close(got, 100, 2e-3):
        raise Wrong("1/(1 − β) tells how long the buffer remembers, not how fast the error falls.")
    raise Wrong("the error falls at best by √β in each step. Which power of it is 10⁻⁶?")


@checker("prob-middle")
def middle(answer: Any) -> Verdict:
    """Judge e₁₀ for ηλ = 1 + β, β = 1/2, from 1 at rest."""
    return compare(
        number(answer),
        -1 / 32,
        tol=1e-6,
        praise="each error is −β times the last but one: 1, −β, −β, β², β², …, (−β)⁵.",
        mistakes={
            "the sign: each error is −β times the last but one, and 5 is odd.": 1 / 32,
            "that is β¹⁰. The factor −β belongs to two steps together.": 0.5**10,
            "the middle coefficient is 0, but the error is not: e₊ = −βe₋.": 0.0,
            "that is one pair of steps too few: e₈.": 1 / 16,
            "that is one pair of steps too many: e₁₂.": 1 / 64,
        },
        hint="put ηλ = 1 + β into e₊ = (1 + β − ηλ)e − βe₋, and begin with e₁ = (1 − ηλ)e₀.",
    )


@checker("prob-mean-form")
def mean_form(answer: Any) -> Verdict:
    """Judge the learning rate with which the mean's form makes the same run."""
    rates = [0.1, 0.02, 1.0, 0.5]
    betas = [0.9, 0.5, 0.99, 0.0]
    lr, beta = torch.tensor(rates, dtype=F64), torch.tensor(betas, dtype=F64)
    return compare(
        call_each(function(answer), rates, betas),
        lr / (1 - beta),
        tol=1e-6,
        praise="m is (1 − β)b at every step, so the rate is divided by 1 − β.",
        mistakes={
            "upside down: the mean is smaller than the sum, so its rate must be larger.": lr
            * (1 - beta),
            "with the same rate the mean's steps are shorter, by the factor 1 − β.": lr,
            "that is 1/(1 − β) alone: the rate is missing.": 1 / (1 - beta),
            "divide by 1 − β, not by β.": lr / beta,
        },
        hint="how are m and b related after one step? And after two?",
    )


@checker("prob-critical")
def critical(answer: Any) -> Verdict:
    """Judge the β with which one curvature is fastest at a given rate."""
    rates = [0.25, 0.1, 0.9, 1.0, 3.0]
    curvatures = [1.0, 0.4, 0.1, 1.0, 1.0]
    z = torch.tensor(rates, dtype=F64) * torch.tensor(curvatures, dtype=F64)
    got = call_each(function(answer), rates, curvatures)
    best = (1 - z.sqrt()) ** 2
    return compare(
        got,
        best,
        tol=1e-6,
        praise="there the discriminant is 0; the factor is |1 − √(ηλ)|.",
        mistakes={
            "that is the factor, |1 − √(ηλ)|, which is √β. Square it.": (1 - z.sqrt()).abs(),
            "that is 1 − √(ηλ), a root. β is the product of both, its square.": 1 - z.sqrt(),
            "the root is missing: β = (1 − √(ηλ))².": (1 - z) ** 2,
            "that is the other zero of the discriminant. The smaller β has the smaller √β.": (
                1 + z.sqrt()
            )
            ** 2,
            "that only makes the middle coefficient 0. Ask when the two roots meet.": z - 1,
            "right up to ηλ = 1. Beyond it plain descent overshoots, and momentum helps there, "
            "too: the two roots still meet.": torch.where(z < 1, best, torch.zeros_like(z)),
            "without momentum the factor is |1 − ηλ|; some momentum is better, except at ηλ = 1.": (
                torch.zeros_like(z)
            ),
        },
        hint="as β grows from 0 the larger real root falls, until the roots meet; then √β grows.",
    )


@checker("prob-cycle-edge")
def cycle_edge(answer: Any) -> Verdict:
    """Judge the rate down to which the run from 3.3 keeps cycling, with β = 4/9."""
    got = number(answer)
    if 0.10705 <= got <= 0.10716:
        return Verdict(True, "below it the run from 3.3 converges; the cycle ends at 0.10544 only.")
    if close(got, 1 / 9, 1e-3):
        raise Wrong("that is Polyak's rate, where the run cycles. Lower it until it converges.")
    if close(got, 2 * (1 + 4 / 9) / 25, 1e-3):
        raise Wrong("that is the edge 2(1 + β)/L of a quadratic. The cycle ends below it.")
    if 0.10535 <= got <= 0.10555:
        raise Wrong(
            "there the cycle itself ends, for every start. The run from 3.3 leaves it at a larger "
            "rate."
        )
    if 0.10555 < got <= 0.1062:
        raise Wrong("some starts still cycle there. The question is about the run from 3.3.")
    if close(got, 0.113, 4e-3):
        raise Wrong("the cycle is lost for larger rates too. Look below 1/9.")
    if close(got, 0.1071, 3e-3):
        raise Wrong("near, but not near enough: bisect further, with a thousand steps or more.")
    raise Wrong("bisect between 0.1, where the run converges, and 1/9, where it cycles.")
