"""Checkers of chapter 6, build your own autograd: pieces of an engine, and repairs."""

from __future__ import annotations

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
    function,
    kind,
    number,
    numbers,
    recognise,
    run,
    several,
)


@checker("prob-tanh")
def tanh(answer: Any) -> Verdict:
    """Judge bend(x), the second derivative of tanh."""
    bend = function(answer)
    x = torch.tensor([0.5, -1.25, 0.75], dtype=torch.float64)
    got = call(lambda: [float(bend(v)) for v in x.tolist()])
    y = torch.tanh(x)
    slope = 1 - y * y
    recognise(
        got,
        {
            "this is tanh itself.": y,
            "this is the first derivative: read the tangent of the adjoint, not its value.": slope,
            "in both classes the slope should be 1 − y², not 1 + y².": 2 * y * (1 + y * y),
            "in Dual's tanh the slope should be 1 − y², not 1 + y².": -2 * y * (1 + y * y),
            "the sign is reversed. Is the slope of Number's tanh 1 − y², not 1 + y²?": 2
            * y
            * slope,
            "this is −2y: in Dual's tanh the tangent lacks the factor 1 − y².": -2 * y,
            "0: Dual's tanh sets no tangent, so the slope 1 − y·y has none.": 0 * y,
        },
        tol=1e-9,
    )
    if close(got, -2 * y * slope, 1e-13):
        return Verdict(True, "the second derivative, −2 tanh (1 − tanh²), to all digits.")
    if close(got, -2 * y * slope, 1e-3):
        raise Wrong(
            "right to a few digits: a difference quotient, or float32. Let the engine do it."
        )
    raise Wrong("the slope is 1 − y², in terms of the result; try a plain Number first.")


def _first(w: Any) -> Any:
    return w[0] * w[0] * w[1] - w[1] * w[1] * w[1]


def _second(w: Any) -> Any:
    return w[0] * w[1].sin() * 3.0 + w[0] * w[0]


@checker("prob-hessian")
def hessian(answer: Any) -> Verdict:
    """Judge hessian(f, point), for functions written with + − * and sin."""
    find = function(answer)
    for f, point in ((_first, [2.0, -1.5]), (_second, [0.5, 3.0, 1.0])):
        at = torch.tensor(point, dtype=torch.float64)
        right = torch.func.jacrev(torch.func.grad(f))(at)
        gradient = torch.func.grad(f)(at)

        def ask(f: Callable[..., Any] = f, point: list[float] = point) -> list[list[float]]:
            return [[number(v) for v in row] for row in find(_by_engine(f), list(point))]

        got = call(ask)
        if got.shape != right.shape:
            raise Wrong(
                f"for {len(point)} variables there should be {len(point)} rows of {len(point)}, "
                f"got the shape {tuple(got.shape)}."
            )
        recognise(
            got,
            {
                "the rows pile up: clear the inner adjoints before each sweep.": right.cumsum(0),
                "this is the gradient, written into every row.": gradient.expand(right.shape),
                "this is its diagonal only.": torch.diag(torch.diag(right)),
            },
            tol=1e-9,
        )
        if not close(got, right, 1e-10):
            coarse(got, right, 1e-10)
            if close(got[0], right[0], 1e-10):
                raise Wrong(
                    "the first row is right and a later one not: does an inner number that is not "
                    "in the second graph keep the last row's entry?"
                )
            raise Wrong("sweep from outer[i].adjoint, and read the adjoints of the inner numbers.")
    return Verdict(True, "every row right, also for a variable that f doesn't use.")


def _by_engine(f: Callable[..., Any]) -> Callable[..., Any]:
    """Return f, which wants the numbers of the reader's engine."""

    def watched(w: Any) -> Any:
        entries = list(w)
        if any(isinstance(entry, int | float) for entry in entries):
            raise Wrong("f gets plain numbers: that is a difference quotient. Give it Numbers.")
        if any(isinstance(entry, Tensor) for entry in entries):
            raise Wrong("f gets tensors: that is torch's derivative. Let your own engine do it.")
        return f(w)

    return watched


class _Node:
    """What the reader's sweep may rely on."""

    def __init__(
        self, parents: tuple[_Node, ...] = (), slopes: tuple[float, ...] = (), adjoint: float = 0.0
    ) -> None:
        self.value, self.parents, self.slopes, self.adjoint = 0.0, parents, slopes, adjoint


@checker("prob-right-once")
def right_once(answer: Any) -> Verdict:
    """Judge a sweep that adds up at the leaves and begins with nothing inside."""
    backward = function(answer)
    a = _Node()
    b = _Node((a, a), (1.0, 1.0))
    c = _Node((b, b), (1.0, 1.0))
    found = []
    for _ in range(3):
        call(lambda: (backward(c), 0.0)[1])
        found.append(a.adjoint)
    got = torch.tensor(found, dtype=torch.float64)
    recognise(
        got,
        {
            "b still holds its old adjoint: 4, then 12.": torch.tensor([4.0, 12.0, 24.0]),
            "now the leaf is cleared as well: two calls should add up to 8.": torch.tensor(
                [4.0, 4.0, 4.0]
            ),
            "1 every time: one contribution of two is lost, = where += belongs.": torch.tensor(
                [1.0, 1.0, 1.0]
            ),
            "nothing arrives at the leaf. Was the root's adjoint set to 1 after the clearing?": (
                torch.zeros(3)
            ),
        },
        tol=1e-9,
    )
    if not close(got, torch.tensor([4.0, 8.0, 12.0]), 1e-9):
        raise Wrong(f"three calls on 4a should leave 4, 8, 12 in the leaf, not {found}.")
    x, y = _Node(), _Node(adjoint=5.0)
    p = _Node((x, y), (3.0, 2.0))
    q = _Node((p, x), (1.0, 1.0))
    d = _Node((q, p), (1.0, 1.0))
    call(lambda: (backward(d), 0.0)[1])
    if (x.adjoint, y.adjoint) != (7.0, 9.0):
        raise Wrong(
            "on a diamond it goes wrong: every node comes after all nodes that use it, and the "
            "leaf y, which held 5 before, should keep them."
        )
    return Verdict(True, "leaves add up, inner nodes begin with nothing.")


@checker("prob-bias")
def bias(answer: Any) -> Verdict:
    """Judge layer_back(G, X, W, b), the three adjoints of XW + b."""
    back = function(answer)
    X = torch.sin(torch.arange(20, dtype=torch.float64)).reshape(5, 4).requires_grad_()
    W = torch.cos(torch.arange(12, dtype=torch.float64)).reshape(4, 3).requires_grad_()
    b = torch.tensor([0.5, -1.0, 2.0], dtype=torch.float64, requires_grad=True)
    G = torch.sin(1 + torch.arange(15, dtype=torch.float64)).reshape(5, 3)
    right = torch.autograd.grad(X @ W + b, (X, W, b), G)
    given = run(back, G, X.detach(), W.detach(), b.detach())
    wanted = "the function should return three tensors, for X, W and b"
    try:
        made = [numbers(part).detach() for part in several(given, 3, wanted)]
    except (TypeError, ValueError):
        raise Wrong(f"{wanted}; it gave {kind(given)}.") from None
    for name, got, want in zip("XWb", made, right, strict=True):
        if got.shape != want.shape:
            if name == "b" and got.numel() == want.numel():
                raise Wrong(f"the adjoint of b has the shape {tuple(got.shape)}, and b has (3,).")
            raise Wrong(
                f"the adjoint of {name} has the shape {tuple(got.shape)}, "
                f"and {name} has {tuple(want.shape)}."
            )
        if name == "b":
            recognise(
                got,
                {
                    "that is the mean over the rows. The adjoints add.": want / 5,
                    "that is the first row of G only; all rows used b.": G[0],
                },
                tol=1e-9,
            )
        if not close(got, want, 1e-9):
            coarse(got, want, 1e-9)
            raise Wrong(f"the adjoint of {name} is wrong; for X and W nothing had to be changed.")
    return Verdict(True, "summed over the rows that used b, and in its shape.")
