"""Checkers of chapter 4, autograd in PyTorch: numbers, derivatives, operations."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from gdbook.counting import NumbersComputed, NumbersKept
from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    call,
    checker,
    close,
    coarse,
    compare,
    failure,
    function,
    number,
    recognise,
)
from gdbook.exercises.watching import at_one_place


@checker("prob-three-steps")
def three_steps(answer: Any) -> Verdict:
    """Judge `w.grad` after three forgetful steps of 1/4 on w², from 2."""
    got = number(answer)
    return compare(
        got,
        5.0,
        tol=1e-6,
        praise="4 + 2 − 1: from 2 to 1 to −1/2, and past the bottom with speed.",
        mistakes={
            "1 is the third gradient of the loop that zeroes. Here nothing is ever removed "
            "from w.grad, and w moves by all of it.": 1.0,
            "−1 is the third gradient alone. What was in w.grad before it?": -1.0,
            "these are three gradients at 2. But w moves in between.": 12.0,
            "7 adds the gradients of the loop that zeroes. The second step uses 4 + 2, not 2.": 7.0,
            "that is where w ends; the question is about w.grad.": -1.75,
            "that is w.grad after two passes. A third follows.": 6.0,
        },
        hint="keep two columns, w and w.grad. Each pass adds 2w to the second.",
    )


_OPERATIONS = {"sin", "exp", "square", "tanh", "sqrt", "log"}
_RAISE = {"exp", "tanh", "sqrt"}


@checker("prob-survivors")
def survivors(answer: Any) -> Verdict:
    """Judge which operations fail if their result is changed before backward."""
    if isinstance(answer, str) or not isinstance(answer, set | list | tuple | frozenset):
        raise Wrong('the answer should be a set of names, as {"sin", "log"}.')
    got = {getattr(name, "__name__", str(name)).removeprefix("torch.") for name in answer}
    if strange := got - _OPERATIONS:
        raise Wrong(f"{', '.join(sorted(strange))} is none of {', '.join(sorted(_OPERATIONS))}.")
    if got == _RAISE:
        return Verdict(True, "those whose derivative torch computes from their result.")
    if got == _OPERATIONS - _RAISE:
        raise Wrong("these are the ones that survive; the question is which raise.")
    if got == _OPERATIONS:
        raise Wrong("not every in-place edit is an error: only if the old numbers were saved.")
    if not got:
        raise Wrong("some do: try exp. Its derivative is its own result.")
    if missing := _RAISE - got:
        name = sorted(missing)[0]
        raise Wrong(f"{name} belongs to them: write its derivative in terms of its result.")
    name = sorted(got - _RAISE)[0]
    raise Wrong(f"{name} survives: its derivative is a formula in its input.")


@checker("prob-box")
def box(answer: Any) -> Verdict:
    """Judge the ηλ below which the forgetful loop stays bounded."""
    got = number(answer)
    if math.isinf(got):
        raise Wrong("that it never settles does not mean that it stays. Try ηλ = 5 for ten steps.")
    return compare(
        got,
        4.0,
        tol=1e-9,
        praise="for 0 < ηλ < 4 it stays; plain descent needs ηλ < 2.",
        mistakes={
            "2 is the edge of plain descent. Forgetting makes the loop *more* patient.": 2.0,
            "at 1 plain descent begins to overshoot; the forgetful loop always does.": 1.0,
            "1/4 is the factor in the formula, not the edge: when is 1 − ηλ/4 positive?": 0.25,
            "8 would be right if the bracket were 1 − ηλ/8. Complete the square again.": 8.0,
        },
        hint="complete the square in Q. The factor of a² must be positive.",
    )


_MEAN = torch.tensor([0.3, 1.0, 2.5, 0.1, 6.0], dtype=torch.float64)
_ECCENTRIC = torch.tensor([0.1, 0.5, 0.6, 0.9, 0.0], dtype=torch.float64)
_WEIGHTS = torch.tensor([1.0, -2.0, 0.5, 3.0, -0.25], dtype=torch.float64)


def _anomaly() -> Tensor:
    """Solve E − k sin E = M by bisection, to the last digit: another way than Newton's."""
    low, high = _MEAN - 1.0, _MEAN + 1.0
    for _ in range(60):
        middle = (low + high) / 2
        below = middle - _ECCENTRIC * torch.sin(middle) < _MEAN
        low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    return (low + high) / 2


@checker("prob-kepler")
def kepler(answer: Any) -> Verdict:
    """Judge kepler(M, k), which solves Kepler's equation and knows its derivatives."""
    solve = function(answer)
    if isinstance(solve, type):
        raise Wrong("that is the class. Hand over its apply, without calling it.")
    mean = _MEAN.clone().requires_grad_()
    eccentric = _ECCENTRIC.clone().requires_grad_()
    with NumbersKept() as kept:
        got = call(solve, mean, eccentric)
        recorded = kept.numbers
    true = _anomaly()
    if not close(got.detach(), true, 1e-9):
        coarse(got.detach(), true, 1e-9)
        raise Wrong("the values do not solve E − k sin E = M; take a few more passes.")
    if not got.requires_grad:
        raise Wrong("no way leads back from the result: hand over Kepler.apply, not forward.")
    slope = 1 / (1 - _ECCENTRIC * torch.cos(true))
    ones = torch.ones_like(true)
    by_mean, by_eccentric = _backward(got, ones, mean, eccentric)
    recognise(
        by_mean,
        {
            "∂E/∂M has a plus where a minus belongs: d(E − k sin E) = (1 − k cos E) dE.": 1
            / (1 + _ECCENTRIC * torch.cos(true)),
            "∂E/∂M is upside down: dM = (1 − k cos E) dE, and you want dE/dM.": 1 / slope,
            "∂E/∂M is 1 only for k = 0. E stands on the left twice.": ones,
            "the two are exchanged: backward returns them in the order of forward's "
            "arguments, the one for M first.": slope * torch.sin(true),
        },
        tol=1e-8,
    )
    recognise(
        by_eccentric,
        {
            "∂E/∂k has the wrong sign: bring −sin E dk to the other side.": -slope
            * torch.sin(true),
            "∂E/∂k misses the factor 1/(1 − k cos E): E itself moves too.": torch.sin(true),
            "∂E/∂k misses the factor sin E.": slope,
            "∂E/∂k is 0 or None: backward must return one gradient for each input.": 0 * true,
        },
        tol=1e-8,
    )
    good = close(by_mean, slope, 1e-8) and close(by_eccentric, slope * torch.sin(true), 1e-8)
    if not good:
        raise Wrong("differentiate E − k sin E = M, once by M and once by k, with E moving.")
    weighed = _backward(got, _WEIGHTS, mean, eccentric)
    if not close(weighed[0], _WEIGHTS * slope, 1e-8) or not close(
        weighed[1], _WEIGHTS * slope * torch.sin(true), 1e-8
    ):
        raise Wrong(
            "the derivatives are right, but backward must multiply them by the adjoint that it is "
            "given. Here that was 1; in a longer program it is not."
        )
    if recorded > 10 * len(true):
        raise Wrong(
            f"the derivatives are right, but for {len(true)} numbers the record keeps {recorded}: "
            "it went through every pass of the solver. Write a Function."
        )
    return Verdict(True, "both derivatives are exact, whatever solver found E.")


def _backward(result: Tensor, adjoint: Tensor, *inputs: Tensor) -> list[Tensor]:
    """Return the adjoints of the inputs, 0 for None; or say how the reader's backward failed."""
    try:
        grads = torch.autograd.grad(result, inputs, adjoint, retain_graph=True, allow_unused=True)
    except Exception as error:
        raise Wrong(f"backward stopped with {failure(error)}.") from None
    return [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, grads, strict=True)]


def _valley(p: Tensor) -> Tensor:
    return (100 * (p[1:] - p[:-1] ** 2) ** 2 + (1 - p[:-1]) ** 2).sum()


@checker("prob-hvp")
def hessian_vector(answer: Any) -> Verdict:
    """Judge hvp(f, x, v), the Hessian times a vector, and what it costs."""
    product = function(answer)
    x = torch.tensor([0.5, -1.0, 2.0, 0.3], dtype=torch.float64)
    v = torch.tensor([1.0, 2.0, -1.0, 0.5], dtype=torch.float64)

    def alone(f: Any, *arguments: Any) -> Any:
        made = product(f, *arguments)
        if isinstance(made, tuple):
            raise Wrong(
                f"the function should return Hv alone, got a tuple of {len(made)}. jvp returns "
                "the value first, then the product; take that one."
            )
        return made

    got = call(alone, at_one_place(_valley, x), x, v).detach()
    hessian = torch.func.jacrev(torch.func.grad(_valley))(x)
    slope = torch.func.grad(_valley)(x)
    recognise(
        got,
        {
            "this is the gradient.": slope,
            "this is ∇f·v, the slope along v. Differentiate it once more.": slope @ v,
            "this is vᵀHv, the curvature along v; the problem asks for the vector Hv.": v
            @ hessian
            @ v,
            "this is the diagonal of H times v. H has more to it.": hessian.diagonal() * v,
            "this is H times the vector of ones: v came in too late, or not at all.": hessian.sum(
                1
            ),
            "this is H itself; times v, please, and without building it.": hessian,
            "this is twice too large.": 2 * hessian @ v,
        },
        tol=1e-8,
    )
    right = hessian @ v
    if not close(got, right, 1e-8):
        coarse(got, right, 1e-8)
        raise Wrong("for the slope g = ∇f(x): the gradient of g·v, with v held fixed, is Hv.")
    d = 300
    with NumbersComputed() as cost:
        call(
            product, _valley, torch.linspace(-1, 1, d, dtype=torch.float64), torch.ones(d).double()
        )
    if cost.numbers > 200 * d:
        raise Wrong(
            f"the numbers are right, but for {d} variables you computed {cost.numbers:,} of them: "
            "the whole Hessian is in there. Multiply before you differentiate again."
        )
    return Verdict(
        True,
        f"no difference of gradients, and {cost.numbers:,} numbers for {d} variables: no Hessian "
        "built.",
    )


_X = torch.tensor([-1.0, 0.5, 2.0], dtype=torch.float64)
_Y = torch.tensor([0.3, -0.7, 1.1], dtype=torch.float64)


@checker("prob-rows")
def rows(answer: Any) -> Verdict:
    """Judge row_gradients(w, x, y), the gradient of ½(y − sin(ωx + t))² for each row."""
    got = call(function(answer), torch.tensor([1.5, 0.4], dtype=torch.float64), _X, _Y).detach()
    inner = 1.5 * _X + 0.4
    slope = (torch.sin(inner) - _Y) * torch.cos(inner)
    right = torch.stack([slope * _X, slope], dim=1)
    mean, total = right.mean(0), right.sum(0)
    return compare(
        got,
        right,
        tol=1e-9,
        praise="one gradient a row, and their mean is the gradient of the loss.",
        mistakes={
            "this is the gradient of the mean. The problem asks for one gradient a row.": mean,
            "this is the gradient of the sum. The problem asks for one gradient a row.": total,
            "rows and columns are exchanged: one row for each row of data.": right.T,
            "the ½ is missing: twice too large.": 2 * right,
            "these rows add up to the mean's gradient: each was divided by n. "
            "A row's own loss has no mean in it.": right / 3,
            "the sign is reversed: the derivative of −sin by ω is −x cos.": -right,
            "both columns are the same: the one for ω has the factor x.": torch.stack(
                [slope, slope], dim=1
            ),
        },
        hint="write the loss of one row as a function of (w, x, y), then vmap over x and y only.",
    )


@checker("prob-time-scale")
def time_scale(answer: Any) -> Verdict:
    """Judge by what the forgetful loop is slower if the learning rate is divided by four."""
    got = number(answer)
    recognise(
        got,
        {
            "4 is what happens to plain descent. The forgetful loop accelerates.": 4.0,
            "1/2 is the ratio upside down: with a smaller rate it takes more steps.": 0.5,
            "16 would be right if the time step were η². It is √η.": 16.0,
            "it does get slower: count the steps between the lowest points.": 1.0,
            "√2 belongs to half the learning rate; here it is a quarter.": math.sqrt(2),
        },
        tol=2e-2,
    )
    if 1.85 < got < 2.15:
        return Verdict(True, "near 2: one pass of the loop is a time of √η.")
    raise Wrong("count the passes between two low points, for η and for η/4, and divide.")
