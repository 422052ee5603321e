"""Checkers of the chapter on adaptive methods: numbers and small functions.

Those that hold a reader's optimizer against torch's are in `adaptive_steps`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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


@checker("prob-degrees")
def degrees(answer: Any) -> Verdict:
    """Judge how far Adam's first step moves ω, if it optimises degrees with η = 0.1."""
    factor = math.pi / 180
    return compare(
        abs(number(answer)),  # ω falls: −0.001745 is the same step
        0.1 * factor,
        tol=2e-3,
        praise="a tenth of a degree: η is a length in the unit of the parameter.",
        mistakes={
            "that is a tenth of a radian. The optimizer moves φ, which is in degrees.": 0.1,
            "that has the factor twice, as plain descent has. Adam's step in φ doesn't depend on "
            "the size of the gradient.": 0.1 * factor**2,
            "that is the number for φ in radians and ω in degrees: divide by 180/π.": 0.1 / factor,
            "that is one degree; the rate is missing.": factor,
            "half a turn is 180 degrees, not one: divide by 180 as well.": 0.1 * math.pi,
            "that multiplies by 180 where π/180 belongs.": 18.0,
            "that is the factor of descent, the second question. Hand in the first: how far does "
            "Adam move ω?": factor**2,
        },
        mistakes_tol=1e-2,
        hint="the first step moves φ by η. How many radians are that?",
    )


@checker("prob-hover")
def hover(answer: Any) -> Verdict:
    """Judge the distance at which RMSprop with η = 0.02 circles, on 50x²."""
    return compare(
        number(answer),
        0.01,
        tol=2e-3,
        praise="η/2, whatever the curvature is.",
        mistakes={
            "that is η, the distance between the two points of the cycle. The minimum is in the "
            "middle.": 0.02,
            "descent would come to 0. This step is divided by the gradient's size, and does not "
            "shrink with it.": 0.0,
            "the curvature 100 cancels: it is in the gradient and in its size.": 0.0001,
            "the curvature cancels, and so does the 50.": 0.0002,
            "that is twice η. How far apart are two neighbouring points of the run?": 0.04,
            "that is the start. The first steps are longer than η, and lead to the minimum.": 1.0,
        },
        hint="the step is η long, from one side of the minimum to the other.",
    )


@checker("prob-rare")
def rare(answer: Any) -> Verdict:
    """Judge the length of Adam's step, over η, at the first gradient after many zeros."""
    return compare(
        abs(number(answer)),
        math.sqrt(10),
        tol=2e-3,
        praise="(1 − β₁)/√(1 − β₂): more than three times η.",
        mistakes={
            "that is the step at the start of a run, where the corrections divide by 1 − β₁ and "
            "1 − β₂. After so many steps both are 1.": 1.0,
            "that is upside down: v is small, so the quotient is large.": 1 / math.sqrt(10),
            "the root of 1 − β₂ is missing.": 100.0,
            "that forgets the factor 1 − β₁ in m.": 1 / math.sqrt(1e-3),
            "that forgets the factor 1 − β₂ in v.": 0.1,
            "near: write it with the betas, then to four digits.": 3.0,
        },
        mistakes_tol=1e-2,
        hint="what are m and v after this one gradient, if both were 0?",
    )


@checker("prob-felt")
def felt(answer: Any) -> Verdict:
    """Judge from which step on Adam without corrections is within 1 % of η."""
    right = math.ceil(math.log(1 - 1.01**-2) / math.log(0.999))
    return compare(
        number(answer),
        float(right),
        tol=1e-9,
        praise="almost four thousand steps: as long as 0.999ᵏ takes to fall to 2 %.",
        mistakes={
            "one step early: there it is still a little more than 1 %.": right - 1.0,
            "one step late: the step before is within 1 % already.": right + 1.0,
            "that looks at v. Its root is what the gradient is divided by.": float(
                math.ceil(math.log(1 - 1 / 1.01) / math.log(0.999))
            ),
            "that is when v is within 1 % of g². Its root is there sooner.": float(
                math.ceil(math.log(0.01) / math.log(0.999))
            ),
            "that is how many gradients v remembers, 1/(1 − β₂). After so many steps 0.999ᵏ is "
            "still more than a third.": 1000.0,
            "that is when v has come half of the way.": float(
                math.ceil(math.log(0.5) / math.log(0.999))
            ),
            "that takes 1/√(1 − q) for 1 + q/2. At 1 % the next term, 3q²/8, is worth 15 steps: "
            "solve for q itself.": float(math.ceil(math.log(0.02) / math.log(0.999))),
            "that is when m is within 1 % of g. v takes longer.": float(
                math.ceil(math.log(0.01) / math.log(0.9))
            ),
        },
        hint="the step is η/√(1 − 0.999ᵏ), once 0.9ᵏ is gone. When is that 1.01 η?",
    )


@checker("prob-diagonal")
def diagonal(answer: Any) -> Verdict:
    """Judge left_over(H), the condition number after the best diagonal scaling."""
    left_over = function(answer)
    matrices = torch.tensor(
        [[[2.0, 0.5], [0.5, 3.0]], [[5.0, -6.0], [-6.0, 9.0]], [[1.0, 0.0], [0.0, 50.0]]],
        dtype=F64,
    )
    a, b, c = matrices[:, 0, 0], matrices[:, 1, 1], matrices[:, 0, 1]
    r = c.abs() / (a * b).sqrt()
    ends = torch.linalg.eigvalsh(matrices)
    signed = c / (a * b).sqrt()
    wrapped = [[m] for m in matrices]
    got = call_each(lambda box: left_over(box[0].clone()), wrapped)
    right = (1 + r) / (1 - r)
    unequal = torch.linalg.cond(matrices / torch.stack([a, b], 1)[:, :, None])
    if not close(got, right, 1e-6) and close(got, right, 1e-2):
        raise Wrong("near: a search finds almost the best scaling. The theorem says which it is.")
    return compare(
        got,
        right,
        tol=1e-6,
        praise="(1 + r)/(1 − r), where both diagonal entries are made equal.",
        mistakes={
            "that is the condition number of H itself; scale it first.": ends[:, 1] / ends[:, 0],
            "that is right for a positive H₁₂ only: r has its absolute value.": (1 + signed)
            / (1 - signed),
            "that is r, the factor of a step. Which two eigenvalues belong to it, and what is "
            "their ratio?": r,
            "that lacks the root in r: |H₁₂|/(H₁₁H₂₂) changes when H is multiplied by a number.": (
                1 + c.abs() / (a * b)
            )
            / (1 - c.abs() / (a * b)),
            "that has r² in place of r.": (1 + r * r) / (1 - r * r),
            "that is upside down: a condition number is at least 1.": (1 - r) / (1 + r),
            "that is the root of the condition number, as momentum has it.": right.sqrt(),
            "that is the ratio of the singular values of DH, as `cond` gives it. DH is not "
            "symmetric: the theorem is about its eigenvalues.": unequal,
            "that is the ratio of the diagonal entries, which the scaling makes 1.": torch.maximum(
                a / b, b / a
            ),
        },
        hint="divide row and column i by √Hᵢᵢ. Which eigenvalues has the result?",
    )


@checker("prob-warm-cosine")
def warm_cosine(answer: Any) -> Verdict:
    """Judge rate(k, top, warmup, total), a linear warm-up and half a cosine."""
    rate = function(answer)
    cases = [(k, 0.5, 4, 12) for k in range(13)] + [(k, 2.0, 1, 7) for k in range(8)]

    def all_of(formula: Any) -> torch.Tensor:
        return torch.tensor([formula(*case) for case in cases], dtype=F64)

    def half(share: float) -> float:
        return (1 + math.cos(math.pi * share)) / 2

    def plan(k: int, top: float, warmup: int, total: int) -> float:
        if k < warmup:
            return top * (k + 1) / warmup
        return top * half((k - warmup) / (total - warmup))

    def from_zero(k: int, top: float, warmup: int, total: int) -> float:
        return top * k / warmup if k < warmup else plan(k, top, warmup, total)

    def from_start(k: int, top: float, warmup: int, total: int) -> float:
        return plan(k, top, warmup, total) if k < warmup else top * half(k / total)

    def whole_length(k: int, top: float, warmup: int, total: int) -> float:
        return plan(k, top, warmup, total) if k < warmup else top * half((k - warmup) / total)

    def whole_wave(k: int, top: float, warmup: int, total: int) -> float:
        if k < warmup:
            return plan(k, top, warmup, total)
        return top * half(2 * (k - warmup) / (total - warmup))

    def falling(shape: Callable[[float], float]) -> torch.Tensor:
        def plan_of(k: int, top: float, warmup: int, total: int) -> float:
            share = (k - warmup) / (total - warmup)
            return plan(k, top, warmup, total) if k < warmup else top * shape(share)

        return all_of(plan_of)

    got = call_each(lambda row: rate(*row[0]), [[case] for case in cases])
    return compare(
        got,
        all_of(plan),
        tol=1e-6,
        praise="the same rates as torch's LinearLR followed by CosineAnnealingLR.",
        mistakes={
            "at k = 0 the rate is 0: the first step is lost. Begin with top/warmup.": all_of(
                from_zero
            ),
            "the cosine begins at the end of the warm-up, at k = warmup, not at 0: there the rate "
            "jumps.": all_of(from_start),
            "the cosine has total − warmup steps left; over total steps it does not reach 0.": (
                all_of(whole_length)
            ),
            "that is a quarter of a wave: it leaves the top slowly, and arrives steeply.": falling(
                lambda share: math.cos(math.pi * share / 2)
            ),
            "that falls along a straight line.": falling(lambda share: 1 - share),
            "the cosine goes from 1 to −1, and half of top times it goes below 0: shift it.": (
                falling(lambda share: math.cos(math.pi * share) / 2)
            ),
            "that is a whole wave: it comes up again at the end. Half a wave is cos from 0 to "
            "π.": all_of(whole_wave),
        },
        hint="at k = warmup − 1 and at k = warmup it is top, at k = total it is 0.",
    )


@checker("prob-left")
def left(answer: Any) -> Verdict:
    """Judge the step at which Adam's run on ½x² from 1 is nearest to the minimum."""
    x, m, v = 1.0, 0.0, 0.0
    smallest, turn = 1.0, 0
    passed: dict[float, int] = {}
    for k in range(1, 8001):
        m, v = 0.9 * m + 0.1 * x, 0.999 * v + 0.001 * x * x
        root = math.sqrt(v / (1 - 0.999**k)) + 1e-8
        x -= 0.1 * m / (1 - 0.9**k) / root
        for edge in (2.0, 3.8, 38.0):
            if 0.1 / root > edge:
                passed.setdefault(edge, k)
        if abs(x) < smallest:
            smallest, turn = abs(x), k
    got = number(answer)
    edge = passed[38.0]
    if turn - 2 <= got <= edge + 2:  # counted from 0, measured or predicted
        sentence = f"|x| is smallest at {turn}; the edge of stability follows at {edge}."
        return Verdict(True, sentence)
    if turn - 100 <= got <= edge + 100:
        raise Wrong("near: there |x| is small, but at some other step it is smaller.")
    buffer = (
        "there η/√v̂ passes {}. In Adam m is (1 − β₁) times the buffer of momentum, so the edge is "
        "2(1 + β₁)/(1 − β₁) = 38."
    )
    return compare(
        got,
        float(turn),
        tol=1e-9,
        praise="",
        mistakes={
            "at 1000 it is tiny, but it goes on shrinking for thousands of steps.": 1000.0,
            buffer.format("2, the edge of descent"): float(passed[2.0]),
            buffer.format("2(1 + β₁)"): float(passed[3.8]),
            "so late the run has left already, and is as far out as η. At which step is |x| "
            "smallest?": 8000.0,
        },
        mistakes_tol=1e-2,
        hint="plot |x| on a log axis: it falls for thousands of steps, then turns.",
    )
