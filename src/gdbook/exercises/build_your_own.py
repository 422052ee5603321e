"""Checkers of chapter 6, build your own autograd: numbers, and rules for the way back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call,
    checker,
    close,
    coarse,
    compare,
    function,
    number,
    recognise,
    several,
)


@checker("prob-wrong-engines")
def wrong_engines(answer: Any) -> Verdict:
    """Judge three numbers: adjoint under ``=``, after two sweeps, visits of every path."""
    parts = answer.values() if isinstance(answer, dict) else answer
    wanted = "the answer should be three numbers: with =, without zeroing, and the visits"
    assigned, twice, visits = map(number, several(parts, 3, wanted))
    recognise(
        assigned,
        {
            "8 is the true derivative; with = each node keeps its last contribution only.": 8.0,
            "2 would be right if one of the sums still added. With = none does.": 2.0,
            "with = a node keeps the last contribution, and that is 1, not 0.": 0.0,
        },
        tol=1e-9,
    )
    if not close(assigned, 1.0, 1e-9):
        raise Wrong("with =, of two contributions of 1 each node keeps one.")
    recognise(
        twice,
        {
            "8 is the first sweep's answer; the question is about the second.": 8.0,
            "16 is what torch would hold: it clears the inner nodes. This one clears none.": 16.0,
            "24 adds 2 · 8 to the leaf. But c and b begin the second sweep with 2 and 4.": 24.0,
            "that is what a third sweep would leave.": 80.0,
        },
        tol=1e-9,
    )
    if not close(twice, 32.0, 1e-9):
        raise Wrong("without zeroing: what do c, b and a hold when the second sweep begins?")
    recognise(
        visits,
        {
            "8 paths lead to a, but follow also visits the nodes on the way.": 8.0,
            "14 leaves out the visit of d itself.": 14.0,
            "16 is one too many: 1 + 2 + 4 + 8.": 16.0,
            "4 is the number of nodes, which the sweep visits once each.": 4.0,
            "7 would be right for two doublings; here there are three.": 7.0,
        },
        tol=1e-9,
    )
    if close(visits, 15.0, 1e-9):
        return Verdict(True, "1, 32 and 15; the derivative is 8.")
    raise Wrong("visits: one for d, two for c, and so on.")


_TEXTS = ("b + c", "c + b", "c * b", "c + c", "c + (b + c)")


@checker("prob-luck")
def luck(answer: Any) -> Verdict:
    """Judge for which results the order in which nodes are met is wrong."""
    if isinstance(answer, str) or not isinstance(answer, set | list | tuple | frozenset):
        raise Wrong('the answer should be a set of texts, as {"b + c", "c + c"}.')
    plain = {text.replace(" ", ""): text for text in _TEXTS}
    got = {plain.get("".join(str(text).split()), str(text)) for text in answer}
    if strange := got - set(_TEXTS):
        raise Wrong(f"{sorted(strange)[0]!r} is none of {', '.join(_TEXTS)}.")
    if got == {"c + b", "c * b"}:
        return Verdict(True, "b is met as the last parent of the result, before c, which uses it.")
    if got == {"b + c"}:
        raise Wrong("the other way round: the stack gives back first what was put on it last.")
    if "c + c" in got:
        raise Wrong("in c + c, b is met through c only, and so after it.")
    if "c + (b + c)" in got:
        raise Wrong("follow the stack: of the bracket's parents, c is opened before b.")
    if "b + c" in got:
        raise Wrong("in b + c the last parent is c: it is opened first, and b after it.")
    if not got:
        raise Wrong("some are wrong: try c + b, where b is the last parent.")
    raise Wrong("the sign between the two doesn't matter; which stands last does.")


@checker("prob-dual-quotient")
def dual_quotient(answer: Any) -> Verdict:
    """Judge quotient(v, d, w, c), the two parts of (v + dε)/(w + cε)."""
    divide = function(answer)
    v, d, w, c = torch.tensor(
        [[3.0, 0.5, -2.0, 1.25], [-1e-3, 2.0, 0.5, -30.0]], dtype=torch.float64
    ).T
    made = [call(divide, *row) for row in torch.stack([v, d, w, c], dim=1).tolist()]
    if any(pair.shape != (2,) for pair in made):
        raise Wrong("the function should return two numbers, the value and what stands beside ε.")
    got = torch.stack(made, dim=1)
    q = v / w
    if not close(got[0], q, 1e-9):
        raise Wrong("without ε the quotient is v/w, as for any numbers.")
    return compare(
        got[1],
        (d * w - v * c) / w**2,
        tol=1e-9,
        praise="the quotient rule, from multiplication alone.",
        mistakes={
            "the sign is reversed: dw − vc, and not vc − dw.": (v * c - d * w) / w**2,
            "this is d − q·c, or (d·w − v·c)/w: one division by w is missing.": d - q * c,
            "this is d·w − v·c: divide it by w².": d * w - v * c,
            "a plus where the minus belongs. In q·c + r·w = d, solve for r.": (d * w + v * c)
            / w**2,
            "derivatives aren't divided by one another: (v/w)′ is not v′/w′.": d / c,
            "w moves, too: the part −v·c/w² is missing.": d / w,
        },
        hint="multiply your quotient by w + cε: beside ε there should be d.",
    )


_G = torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64)


@checker("prob-cumsum")
def cumsum(answer: Any) -> Verdict:
    """Judge cumsum_back(g), the transpose of running sums."""
    got = call(function(answer), _G)
    right = torch.tensor([_G[j:].sum() for j in range(4)], dtype=torch.float64)
    if close(got, right, 1e-9):
        for g in (torch.ones(1).double(), torch.arange(1.0, 8.0, dtype=torch.float64)):
            if not close(call(function(answer), g), g.sum() - g.cumsum(0) + g, 1e-9):
                raise Wrong(f"right for four numbers, and not for {len(g)}.")
    left, everything = _G.cumsum(0), _G.sum().expand(4)
    turned = _G.flip(0).cumsum(0)
    differences = torch.cat([_G[:1], _G.diff()])
    return compare(
        got,
        right,
        tol=1e-9,
        praise="running sums from the right.",
        mistakes={
            "these are running sums from the left: the matrix itself, not its transpose.": left,
            "this is g turned around and summed up; turn the result around as well.": turned,
            "this is right for sum(), where x_j is everywhere. In y_k it is if k ≥ j.": everything,
            "x_j occurs in y_j itself, too: its own g_j is missing.": right - _G,
            "differences are the inverse of running sums. You want the transpose.": differences,
            "this is g unchanged. In how many of the y_k does x_0 occur?": _G,
        },
        hint="the adjoint of x_j is the sum of the g_k of all the y_k in which it occurs.",
    )


# At each of these it is wrong to subtract something else than the largest.
_EXTREME = (
    [1000.0, 999.0],
    [-1000.0, 1000.0],
    [1000.0, -1000.0],
    [-1000.0, -999.0],
    [0.0, -2000.0, 900.0],
    [3.0],
)


@checker("prob-logsumexp")
def logsumexp(answer: Any) -> Verdict:
    """Judge logsumexp_back(g, x), for moderate and for large numbers."""
    back = function(answer)
    x, g = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64), 3.0
    got = call(lambda x: back(torch.tensor(g, dtype=torch.float64), x), x)
    e = torch.exp(x)
    soft = e / e.sum()
    recognise(
        got,
        {
            "the factor g is missing: slopes times the adjoint.": soft,
            "this is g times e to the x; the logarithm's slope, 1/Σ, is missing.": g * e,
            "this is g times x over its sum: the exponentials are gone.": g * x / x.sum(),
            "this is g/Σ for every k: the inner slope, e to the x_k, is missing.": (
                g / e.sum()
            ).expand(3),
            "this is g times the logarithm of the slopes: take exp of x − y.": g * torch.log(soft),
        },
        tol=1e-9,
    )
    if not bool(torch.isfinite(got).all()):
        raise Wrong(
            "at (0.5, −1, 2) this is not finite. What is subtracted must be the largest of the x, "
            "whichever it is, and no fixed number."
        )
    if not close(got, g * soft, 1e-9):
        coarse(got, g * soft, 1e-9)
        raise Wrong("log of a sum: 1 over the sum, times the slope of the one term with x_k.")
    for entries in _EXTREME:
        large = torch.tensor(entries, dtype=torch.float64)
        got = call(lambda x: back(torch.tensor(g, dtype=torch.float64), x), large)
        where = f"({', '.join(f'{entry:g}' for entry in entries)})".replace("-", "−")
        if not bool(torch.isfinite(got).all()):
            raise Wrong(
                f"right for small numbers; at {where} it overflows, or takes the logarithm of 0. "
                "Subtract the largest, whichever it is."
            )
        if not close(got, g * torch.softmax(large, 0), 1e-9):
            raise Wrong(f"right for small numbers, wrong at {where}.")
    return Verdict(True, "the softmax, times g, and no overflow.")


@checker("prob-sum-to")
def sum_to(answer: Any) -> Verdict:
    """Judge sum_to(g, shape) against torch's own way back from expand."""
    pay_back: Callable[..., Any] = function(answer)
    g = torch.sin(torch.arange(60, dtype=torch.float64)).reshape(5, 4, 3)
    cube = torch.sin(torch.arange(27, dtype=torch.float64)).reshape(3, 3, 3)
    for shape in ((4, 1), (3,), (1, 3), (5, 1, 3), (), (5, 4, 3), (1, 1, 1)):
        _paid_back(pay_back, g, shape)
    # Where all axes are of one length, the shape does not show that the wrong one was summed.
    for shape in ((3,), (3, 1), (1, 3), (3, 3), (3, 1, 3), (1, 3, 3), (1,)):
        _paid_back(pay_back, cube, shape)
    return Verdict(True, "each adjoint in the shape of its variable.")


def _paid_back(pay_back: Callable[..., Any], g: Tensor, shape: tuple[int, ...]) -> None:
    """Hold sum_to(g, shape) for one shape against torch's own way back."""
    x = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    (right,) = torch.autograd.grad(x.expand(g.shape), x, g)

    def ask(g: Tensor) -> Any:
        return pay_back(g, shape)

    got = call(ask, g)
    said = f"for {tuple(g.shape)} and {shape}"
    if got.shape != shape:
        if got.numel() == right.numel():
            raise Wrong(
                f"{said} the numbers may be right, but the shape is {tuple(got.shape)}: "
                "keep the axes of size 1, and lose the others."
            )
        raise Wrong(f"{said} you return the shape {tuple(got.shape)}.")
    stretched = right.numel() / g.numel()
    mean = {f"{said} this is the mean over the copies; adjoints add.": right * stretched}
    recognise(got, mean if stretched < 1 else {}, tol=1e-9)
    if not close(got, right, 1e-9):
        coarse(got, right, 1e-9)
        raise Wrong(f"{said} the numbers are wrong: sum over the stretched axes only.")


@checker("prob-golden")
def golden(answer: Any) -> Verdict:
    """Judge the growth of visits for x_{k+1} = x_k x_{k−1}."""
    got = number(answer)
    recognise(
        got,
        {
            "2 would be right if the number itself were used twice, as in x·x.": 2.0,
            "1 is the sweep's factor; follow has no memory.": 1.0,
            "that is 1 over the factor: divide the later count by the earlier.": 2 / (1 + 5**0.5),
            "√2 is a good guess; count.": 2**0.5,
            "that is the square of the factor: did you count every other product?": (3 + 5**0.5)
            / 2,
        },
        tol=1e-3,
    )
    if abs(got - (1 + 5**0.5) / 2) < 2e-3:
        return Verdict(True, "the golden ratio: the visits obey Fibonacci's rule.")
    raise Wrong("count for many products, and divide two counts in a row.")


@checker("prob-last-bits-sum")
def last_bits(answer: Any) -> Verdict:
    """Judge the most roundings that a number goes through if fifty are added in pairs."""
    got = number(answer)
    return compare(
        got,
        6.0,
        tol=1e-9,
        praise="six rounds, since 2⁶ ≥ 50 > 2⁵.",
        mistakes={
            "49 is the first count, from left to right. The question is about pairs.": 49.0,
            "49 is the first count, and the addition to 0 is exact: 50 is one too many.": 50.0,
            "5 would do for 32 numbers.": 5.0,
            "that is log₂ 50. There is no half addition: round up.": math.log2(50),
            "25 is how many pairs there are in the first round; how many rounds are there?": 25.0,
            "7 is one too many: 2⁶ is 64 already.": 7.0,
        },
        hint="after each round there are half as many numbers, rounded up. When is there one?",
        mistakes_tol=1e-2,
    )
