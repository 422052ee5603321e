"""Checkers of chapter 5, the computation graph: adjoints by hand, paths counted, passes written."""

from __future__ import annotations

from collections.abc import Iterator
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
    numbers,
    recognise,
    several,
)
from gdbook.exercises.watching import by_hand, numbers_read


@checker("prob-five-boxes")
def five_boxes(answer: Any) -> Verdict:
    """Judge the derivative of (a·a)·(a·a + a) at 3."""
    got = number(answer)
    return compare(
        got,
        135.0,
        tol=1e-9,
        praise="9 over c, 63 and 63 over the two edges of the square.",
        mistakes={
            "81 passes the adjoint of b on before c has reported: b is used by c, too.": 81.0,
            "126 leaves out the edge from a to c. It brings 9 more.": 126.0,
            "72 lacks edges: c uses a and b, and the square uses a twice.": 72.0,
            "63 is one edge of the square. a is used twice there: 63 and 63.": 63.0,
            "27 is what remains if each adjoint overwrites the one before: add them.": 27.0,
            "108 is the value of d. The question is about its derivative by a.": 108.0,
            "21 is the adjoint of b. Two steps are left, to a.": 21.0,
        },
        hint="write d = b·c first: c gets b, b gets c. Then let c report, then b.",
    )


@checker("prob-how-many-ways")
def how_many_ways(answer: Any) -> Verdict:
    """Judge the number of ways from ω to the loss."""
    got = number(answer)
    return compare(
        got,
        100.0,
        tol=1e-9,
        praise="fifty products, and two edges to each square.",
        mistakes={
            "2 counts all fifty entries as one node. Each is a node of its own.": 2.0,
            "50 forgets that each error is used twice, by its square.": 50.0,
            "52 adds where it should multiply: after each of fifty choices there are two.": 52.0,
            "200 adds the paths that begin at t. The question is about ω.": 200.0,
            "2500 would be right if each of fifty went into each of fifty. sin works "
            "entry by entry.": 2500.0,
        },
        hint="follow a way from ω. Where does it have a choice, and among how many?",
    )


_X = torch.tensor([-1.2, 0.3, 0.9, 2.1], dtype=torch.float64)
_Y = torch.tensor([0.4, 1.0, -0.3, 0.2], dtype=torch.float64)
_OMEGA, _PHASE = 1.7, 0.6


def _loss(x: Tensor, omega: Tensor, t: Tensor) -> Tensor:
    return ((_Y - torch.sin(omega * x + t)) ** 2).mean() / 2


def _numbers() -> tuple[Tensor, Tensor]:
    return torch.tensor(_OMEGA, dtype=torch.float64), torch.tensor(_PHASE, dtype=torch.float64)


@checker("prob-by-x")
def by_x(answer: Any) -> Verdict:
    """Judge by_x(x, y, omega, t), the derivatives of the loss by the places of the data."""
    omega, t = _numbers()
    got = by_hand(function(answer), _X, _Y, omega, t)
    x = _X.clone().requires_grad_()
    (true,) = torch.autograd.grad(_loss(x, omega, t), x)
    total = true.sum()
    recognise(
        got,
        {
            "the sign is the other one: v₃ = y − v₄ brings a minus.": -true,
            "the cosine is missing: v₄ = sin v₅ moves cos v₅ times as fast as v₅.": true
            / torch.cos(omega * _X + t),
            "ω is missing: v₆ = v₈·x moves v₈ times as fast as x.": true / omega,
            "the n is missing: the loss is a mean.": true * len(_X),
            "this is twice as much: the 2 of the square meets the ½.": true * 2,
            "you multiplied by x_k. The derivative of ω·x by x is ω.": true / omega * _X,
            "this is the sum over all points. x_k moves one angle only: δ picks one term.": total,
            "each entry holds the sum over all points. δ picks one term of it.": total.expand(4),
        },
        tol=1e-9,
    )
    if close(got, true, 1e-12):
        return Verdict(True, "one term for each place, as δ says.")
    coarse(got, true, 1e-12)
    if got.shape != true.shape:
        raise Wrong(f"there are {len(_X)} places, so return as many numbers, {_shape(got)}.")
    raise Wrong("compare with autograd: let x require a gradient, and call backward.")


def _shape(got: Tensor) -> str:
    return f"not a tensor of shape {tuple(got.shape)}"


@checker("prob-centring")
def centring(answer: Any) -> Verdict:
    """Judge back(adjoint), the way back through u − mean u."""
    back = function(answer)
    adjoint = torch.tensor([0.5, -2.0, 1.0, 3.5, 0.25], dtype=torch.float64)
    got = call(back, adjoint).detach()
    u = torch.zeros_like(adjoint).requires_grad_()
    (true,) = torch.autograd.grad(((u - u.mean()) * adjoint).sum(), u)
    mean = adjoint.mean()
    return compare(
        got,
        true,
        tol=1e-9,
        praise="the backward pass is the same operation, since the Jacobian is symmetric.",
        mistakes={
            "the mean depends on every entry of u, too: a second term is missing.": adjoint,
            "that is the sum where the mean belongs: the local derivative is δ − 1/n.": adjoint
            - adjoint.sum(),
            "the mean comes in with a minus.": adjoint + mean,
            "this has only the second term; δ_ab leaves the adjoint itself.": -mean.expand(5),
            "this keeps the diagonal of the Jacobian alone. Its other entries are −1/n.": adjoint
            * (1 - 1 / 5),
        },
        hint="try the adjoint (1, 0, 0): it asks how v₁ depends on each entry of u.",
    )


@checker("prob-four")
def four(answer: Any) -> Verdict:
    """Judge 4K − n + 1 at K = 100, n = 20."""
    got = number(answer)
    return compare(
        got,
        381.0,
        tol=1e-9,
        praise="100 up, at most 200 products down, 81 additions.",
        mistakes={
            "500 is the theorem's 5K. Leave out what is added to 0.": 500.0,
            "400 is 4K. There are n − 1 fewer additions.": 400.0,
            "the inputs receive adjoints too, and the first at each is stored.": 401.0,
            "380 forgets that nothing is stored at the output, which begins with 1.": 380.0,
            "421 has the sign of n reversed: each input saves an addition.": 421.0,
        },
        hint="count edges, 2K, and take away one for every node below the result.",
    )


class _Watched(list[tuple[int, ...]]):
    """A graph that counts how often its nodes are looked at."""

    looks = 0

    def __getitem__(self, place: Any) -> Any:
        self._look()
        return super().__getitem__(place)

    def __iter__(self) -> Iterator[tuple[int, ...]]:
        for used in super().__iter__():
            self._look()
            yield used

    def _look(self) -> None:
        self.looks += 1
        if self.looks > 100_000:
            raise Wrong(
                "this follows every path by itself, and there are 2¹⁰⁰ in a hundred doublings. "
                "Add at each node, then go on."
            )


_GRAPHS: list[tuple[list[tuple[int, ...]], int]] = [
    ([()], 1),
    ([(1,), ()], 1),
    ([(1, 1), ()], 2),
    ([(1, 2), (3, 3), (3,), ()], 3),
    ([(1, 2), (2, 3), (3, 3), ()], 5),
    ([(1, 2), (3,), (3,), (4, 4), (5, 5, 5), ()], 12),
    ([(1,), (3,), (3,), ()], 1),  # node 2 is used by nobody
    ([(1, 1, 2), (), ()], 1),  # another input has more paths
    ([(1,), (), ()], 0),  # the last node is used by nobody
]


@checker("prob-count-ways")
def count_ways(answer: Any) -> Verdict:
    """Judge ways(inputs), the number of ways from the last node to node 0."""
    ways = function(answer)
    for graph, true in _GRAPHS:
        got = number(call(ways, list(graph)))
        if got == true:
            continue
        ways_of = "1 path" if true == 1 else f"{true} paths"
        once = _ways([tuple(dict.fromkeys(used)) for used in graph])
        if got == once:
            raise Wrong(
                f"{graph} has {ways_of}, not {got:g}: a node that is used twice by one other "
                "has two edges to it."
            )
        raise Wrong(f"{graph} has {ways_of}, got {got:g}.")
    deep = _Watched([(k + 1, k + 1) for k in range(100)] + [()])
    got = number(call(ways, deep))
    if got == 0:
        raise Wrong("2¹⁰⁰ is beyond torch's whole numbers, which end at 2⁶³. Python's don't.")
    if got != 2.0**100:
        raise Wrong("a hundred doublings have 2¹⁰⁰ paths; small graphs you count rightly.")
    # Each node is used by the next two: Fibonacci's numbers.
    fork = _Watched([(k + 1, k + 2) for k in range(59)] + [(60,), ()])
    if number(call(ways, fork)) != 2_504_730_781_961:
        raise Wrong("right for doublings; wrong where each node is used by the two before it.")
    return Verdict(True, "one look at each edge, and 2¹⁰⁰ paths counted.")


def _ways(inputs: list[tuple[int, ...]]) -> int:
    """Count by following each way; for small graphs."""

    def up(node: int) -> int:
        if node == 0:
            return 1
        return sum(up(user) * used.count(node) for user, used in enumerate(inputs) if node in used)

    return up(len(inputs) - 1)


@checker("prob-tangents")
def tangents(answer: Any) -> Verdict:
    """Judge slope_along(omega, t, u_omega, u_t, x, y), a pass upwards."""
    slope = function(answer)
    omega, t = (p.requires_grad_() for p in _numbers())
    by_omega, by_t = torch.autograd.grad(_loss(_X, omega, t), (omega, t))
    for u_omega, u_t in ((0.7, -2.0), (1.0, 0.0), (0.0, 1.0)):
        plain = (p.detach() for p in (omega, t))
        velocities = (torch.tensor(u, dtype=torch.float64) for u in (u_omega, u_t))
        got = by_hand(slope, *plain, *velocities, _X, _Y)
        got = got.reshape(()) if got.numel() == 1 else got
        true = u_omega * by_omega + u_t * by_t
        if close(got, true, 1e-12):
            continue
        length = (u_omega**2 + u_t**2) ** 0.5
        recognise(
            got,
            {
                "half of it: v₂ = v₃·v₃ moves with both factors.": true / 2,
                "the sign is the other one: v₃ = y − v₄ moves against v₄.": -true,
                "twice as much: v₀ is half of v₁.": true * 2,
                "the cosine is missing: v₄ = sin v₅ moves cos v₅ times as fast as v₅.": (
                    (torch.sin(_OMEGA * _X + _PHASE) - _Y) * (u_omega * _X + u_t)
                ).mean(),
                "you divided by the length of the velocity. A speed is asked for.": true / length,
                "you took the sum over the points where v₁ is a mean.": true * len(_X),
                "the tangent of t is added once for each point, and then averaged: "
                "it is one number for all.": u_omega * by_omega + len(_X) * u_t * by_t,
            },
            tol=1e-9,
        )
        coarse(got, true, 1e-12)
        raise Wrong(
            f"wrong for the velocities {u_omega:g} and {u_t:g}. Compare each tangent with "
            "a difference quotient of its value."
        )
    return Verdict(True, "one pass, nothing kept.")


@checker("prob-speelpenning")
def speelpenning(answer: Any) -> Verdict:
    """Judge all_but_one(x), the gradient of a product."""
    f = function(answer)
    for entries in (
        [2.0, 3.0, 5.0],
        [2.0, 0.0, 5.0, -1.0],
        [0.0, 0.0, 3.0],
        [0.3, -1.7, 2.2],
        [4.0],
    ):
        x = torch.tensor(entries, dtype=torch.float64)
        got = by_hand(f, x)
        true = torch.stack([torch.cat([x[:k], x[k + 1 :]]).prod() for k in range(len(x))])
        if close(got, true, 1e-12):
            continue
        if bool(got.isnan().any() | got.isinf().any()):
            raise Wrong(f"at x = {entries} this divides by 0. Don't divide at all.")
        if not bool(got.any()):
            raise Wrong(
                f"at x = {entries} all of yours are 0. At the place of the only 0 the derivative "
                "is the product of the other factors."
            )
        recognise(
            got,
            {
                "that is the product of all factors, at each place.": x.prod().expand(len(x)),
                "each entry still has its own factor in it.": true * x,
                "these are the products from the left alone.": torch.cumprod(x, 0),
            },
            tol=1e-12,
        )
        coarse(got, true, 1e-12)
        raise Wrong(f"at x = {entries} the derivatives are {true.tolist()}, got {got.tolist()}.")
    many = torch.linspace(0.9, 1.1, 200, dtype=torch.float64)
    work = numbers_read(f, many)
    if work > 20 * len(many):
        raise Wrong(
            f"right, but for {len(many)} factors it takes in {work} numbers. "
            "Let each place use the products of its neighbours."
        )
    return Verdict(True, "right at every place, and zeros do no harm.")


@checker("prob-lost-way")
def lost_way(answer: Any) -> Verdict:
    """Judge slopes(omega, t, x, y) of the sine loss with ω²/20 added."""
    omega, t = (p.requires_grad_() for p in _numbers())
    by_omega, by_t = torch.autograd.grad(_loss(_X, omega, t) + omega**2 / 20, (omega, t))
    slopes = function(answer)

    def both(*arguments: Any) -> Tensor:
        pair = several(slopes(*arguments), 2, "the function should return two slopes")
        return torch.stack([numbers(part).detach() for part in pair])

    got = call(both, omega.detach(), t.detach(), _X, _Y)
    true = torch.stack([by_omega, by_t])
    extra = torch.stack([omega.detach() / 10, torch.zeros_like(by_t)])
    return compare(
        got,
        true,
        tol=1e-9,
        praise="two uses, two adjoints, one sum.",
        mistakes={
            "the slope of ω²/20 is still lost: the second adjoint overwrites it.": true - extra,
            "now the slope of the sine loss is lost. Both arrive at ω: add them.": torch.stack(
                [omega.detach() / 10, by_t]
            ),
            "ω/10 is added once for each point: it belongs outside of the sum over the data.": true
            + (len(_X) - 1) * extra,
            "that adds ω²/20 itself. Its slope is ω/10.": true - extra + extra * omega.detach() / 2,
            "the two slopes are exchanged: return that by ω first.": true.flip(0),
        },
        hint="compare with autograd, each slope by itself.",
    )


@checker("prob-bottleneck")
def bottleneck(answer: Any) -> Verdict:
    """Judge the least number of multiplications of four Jacobians with a bottleneck."""
    got = number(answer)
    return compare(
        got,
        60_000.0,
        tol=1e-9,
        praise="20 000 for each half, 20 000 to join them.",
        mistakes={
            "that is what it takes from either end. Bracket from the middle.": 1_040_000.0,
            "40000 makes the two halves; they have still to be multiplied.": 40_000.0,
            "2020000 begins in the middle, and multiplies 100 × 100 matrices twice.": 2_020_000.0,
        },
        hint="(J₄J₃)(J₂J₁): write the shape of each bracket, then count.",
    )


@checker("prob-deeper")
def deeper(answer: Any) -> Verdict:
    """Judge how memory grows with the depth, with the best number of checkpoints."""
    got = number(answer)
    if 1.9 <= got <= 2.2:
        return Verdict(True, "like the root of the depth: twice for four times.")
    if 3.5 <= got <= 4.5:
        raise Wrong("four is without checkpoints, or with the same number of segments each time.")
    if 0.45 <= got <= 0.55:
        raise Wrong("that is the reciprocal: the deeper chain needs more.")
    if 0.9 <= got <= 1.1:
        raise Wrong("it does grow: the checkpoints themselves must be kept.")
    raise Wrong("take the best number of segments for each depth, then the ratio of the memories.")
