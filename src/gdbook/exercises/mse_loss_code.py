"""Checkers of chapter 10: losses and an operation that the reader writes, held against torch."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.autograd import gradgradcheck
from torch.nn import functional

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
    recognise,
)

Loss = Callable[..., Tensor]


def random(*shape: int, seed: int = 10) -> Tensor:
    """Return the same random numbers each time, and leave torch's own generator alone."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


# --- losses -----------------------------------------------------------------------------------


@checker("prob-huber-loss")
def huber_loss(answer: Any) -> Verdict:
    """Judge huber(prediction, target, delta) by its value, gradient and refusal of shapes."""
    huber = function(answer)
    target = random(9)
    r = torch.tensor([-3, -1.5, -1, -0.2, 0, 0.5, 1.2, 2.5, 6], dtype=torch.float64)
    delta = 1.5

    def pieces(inner: Loss, outer: Loss) -> Loss:
        def loss(p: Tensor, t: Tensor, d: float) -> Tensor:
            size = (p - t).abs()
            return torch.where(size <= d, inner(size, d), outer(size, d)).mean()

        return loss

    def half(size: Tensor, d: float) -> Tensor:
        return size**2 / 2

    def line(size: Tensor, d: float) -> Tensor:
        return d * (size - d / 2)

    _same_loss(
        huber,
        lambda p, t, d: functional.huber_loss(p, t, delta=d),
        (target + r, target, delta),
        {
            "this is smooth L1, Huber's loss divided by δ.": lambda p, t, d: (
                functional.smooth_l1_loss(p, t, beta=d)
            ),
            "this is the sum; the loss is a mean.": lambda p, t, d: functional.huber_loss(
                p, t, delta=d, reduction="sum"
            ),
            "the ½ of the parabola is missing: it no longer meets its tangents.": pieces(
                lambda size, d: size**2, line
            ),
            "the lines have the slope δ, but begin too high: they don't meet the parabola. Take "
            "½δ² off.": pieces(half, lambda size, d: d * size),
            "the lines have the slope 1 instead of δ.": pieces(half, lambda size, d: size - d / 2),
            "the pieces have changed places: the parabola is in the middle.": pieces(line, half),
            "where the lines begin, r is compared without its sign being taken off: large negative "
            "residuals are left to the parabola.": lambda p, t, d: torch.where(
                p - t <= d, (p - t) ** 2 / 2, d * ((p - t).abs() - d / 2)
            ).mean(),
        },
    )
    _refuses_shapes(huber, delta)
    return Verdict(
        True, "value and gradient are those of torch, and it refuses shapes that differ."
    )


@checker("prob-learned-noise")
def learned_noise(answer: Any) -> Verdict:
    """Judge noise_loss(prediction, target, log_sigma), and its gradient for both."""
    loss = function(answer)
    prediction, target = random(7), random(7, seed=13)
    at = torch.tensor(-0.7, dtype=torch.float64)
    mistakes: Mapping[str, Loss] = {
        "log_sigma is taken for the logarithm of the variance: σ² is exp(2·log_sigma).": (
            lambda p, t, s: (0.5 * (p - t) ** 2 * torch.exp(-s) + 0.5 * s).mean()
        ),
        "the residual should be divided by σ², and this divides by σ.": lambda p, t, s: (
            0.5 * (p - t) ** 2 * torch.exp(-s) + s
        ).mean(),
        "log_sigma is used as σ itself.": lambda p, t, s: (
            0.5 * (p - t) ** 2 / s**2 + torch.log(s.abs())
        ).mean(),
        "the ½ in front of the squares is missing.": lambda p, t, s: (
            (p - t) ** 2 * torch.exp(-2 * s) + s
        ).mean(),
        "the term log σ is missing: σ could grow without limit, at no cost.": lambda p, t, s: (
            0.5 * (p - t) ** 2 * torch.exp(-2 * s)
        ).mean(),
        "this is the sum over the rows; the mean is asked for.": lambda p, t, s: (
            0.5 * (p - t) ** 2 * torch.exp(-2 * s) + s
        ).sum(),
        "log σ should be counted once for each row. Here the squares are added up, and it is "
        "counted once in all.": lambda p, t, s: (0.5 * (p - t) ** 2 * torch.exp(-2 * s)).sum() + s,
        "the constant ½ log 2π is in it, which the problem leaves out.": lambda p, t, s: (
            (0.5 * (p - t) ** 2 * torch.exp(-2 * s) + s).mean() + 0.5 * math.log(2 * math.pi)
        ),
        "this is the likelihood with its sign: descent would make it small.": lambda p, t, s: (
            -(0.5 * (p - t) ** 2 * torch.exp(-2 * s) + s).mean()
        ),
    }

    def right(p: Tensor, t: Tensor, s: Tensor) -> Tensor:
        return functional.gaussian_nll_loss(p, t, torch.exp(2 * s).expand_as(p))

    _same_loss(loss, right, (prediction, target, at), mistakes)
    _same_loss(
        lambda s, p, t: loss(p, t, s),
        lambda s, p, t: right(p, t, s),
        (at, prediction, target),
        {},
        of="log_sigma",
    )
    return Verdict(True, "value and both gradients are those of torch's GaussianNLLLoss.")


def _same_loss(
    loss: Callable[..., Any],
    right: Loss,
    at: tuple[Any, ...],
    mistakes: Mapping[str, Loss],
    *,
    of: str = "prediction",
) -> None:
    """Raise what is wrong with a loss, in its value or in its gradient for the first argument."""
    first, *rest = at
    p = first.clone().requires_grad_()
    value = call(loss, p, *rest)
    if value.numel() != 1:
        raise Wrong(f"the loss should be one number, got {value.numel()} of them: take the mean.")
    if not value.requires_grad:
        raise Wrong(
            f"autograd finds no path from the loss to {of}. Compute it with torch's functions, "
            "without detach, item or NumPy."
        )
    value = value.reshape(())
    expected = right(p, *rest)
    if not close(value.detach(), expected.detach(), 1e-9):
        recognise(value.detach(), {m: f(first, *rest) for m, f in mistakes.items()}, 1e-6)
        coarse(value.detach(), expected.detach(), 1e-9)
        raise Wrong(f"the loss is {value.item():.6g}, where {expected.item():.6g} is expected.")
    (g,) = torch.autograd.grad(value, p)
    (wanted,) = torch.autograd.grad(expected, p)
    if bool(g.isnan().any()):
        raise Wrong(
            "the value is right, and the gradient is nan where the residual is 0: the root of a "
            "square has no slope there. Use abs()."
        )
    if not close(g, wanted, 1e-8):
        raise Wrong(
            f"the value is right, and the gradient with respect to {of} is not. Is a part of it "
            "detached, or computed outside of torch?"
        )


def _refuses_shapes(loss: Callable[..., Any], *rest: Any) -> None:
    """Raise what a loss does that accepts shapes which broadcast to (4, 4)."""
    for one, other, made in (((4, 1), (4,), 16), ((4, 1), (1, 4), 16), ((4, 3), (4, 1), 12)):
        try:
            with warnings.catch_warnings():  # torch's own about such shapes, perhaps made an error
                warnings.simplefilter("ignore")
                loss(random(*one), random(*other), *rest)
        except ValueError:
            continue
        except Exception as error:
            raise Wrong(
                f"for shapes {one} and {other} it stops with {failure(error)}; a ValueError is "
                "asked for."
            ) from None
        raise Wrong(
            f"value and gradient are right for equal shapes. Shapes {one} and {other} are accepted "
            f"too, and give a mean of {made} differences: raise a ValueError."
        )


# --- an operation -----------------------------------------------------------------------------


@checker("prob-log-cosh-function")
def log_cosh_function(answer: Any) -> Verdict:
    """Judge a class LogCosh(autograd.Function): value, gradients, second derivative."""
    if not (isinstance(answer, type) and issubclass(answer, torch.autograd.Function)):
        raise Wrong("hand in the class itself, one that inherits from torch.autograd.Function.")
    p, t = random(3, 2).requires_grad_(), random(3, 2, seed=14).requires_grad_()
    r = (p - t).detach()
    value = call(answer.apply, p, t)
    terms = torch.cosh(r).log()
    compare(
        value.detach(),
        terms.mean(),
        tol=1e-9,
        praise="",
        mistakes={
            "this is the sum; the loss is a mean.": terms.sum(),
            "log 2 is missing: |r| + log(1 + exp(−2|r|)) is log 2 too large.": (
                terms.mean() + math.log(2)
            ),
            "these are the terms; take their mean.": terms,
        },
        hint="the mean of log cosh(prediction − target) is asked for.",
    )
    far = call(answer.apply, torch.tensor([1000.0, -1000.0]).double(), torch.zeros(2).double())
    if not close(far.detach(), 1000 - math.log(2), 1e-9):
        raise Wrong(
            f"for residuals of ±1000 the value is {far.item():g}: cosh overflows. Use the form of "
            "the hint."
        )
    _gradients_of_log_cosh(answer.apply, p, t, r)
    _far_gradients_of_log_cosh(answer.apply)
    return Verdict(True, "the value, both gradients and the second derivative are right.")


def _gradients_of_log_cosh(apply: Callable[..., Any], p: Tensor, t: Tensor, r: Tensor) -> None:
    right = torch.tanh(r) / r.numel()
    try:
        g, back = torch.autograd.grad(apply(p, t), (p, t), create_graph=True, allow_unused=True)
    except Exception as error:
        raise Wrong(f"backward stopped with {failure(error)}.") from None
    if g is None:
        raise Wrong("backward returns nothing for the prediction.")
    if not close(g.detach(), right, 1e-9):
        recognise(
            g.detach(),
            {
                "the gradient is that of the sum: divide by the number of entries.": (
                    r.numel() * right
                ),
                "for two columns the gradient is twice too long: the mean is over all entries, and "
                "len() counts the rows.": torch.tanh(r) / len(r),
                "the gradient has the wrong sign.": -right,
                "the gradient is r/N, that of half the mean square. The derivative of log cosh is "
                "tanh.": r / r.numel(),
            },
            1e-6,
        )
        raise Wrong("the gradient with respect to the prediction is not tanh(r)/N.")
    if back is None:
        raise Wrong(
            "backward gives no gradient for the target; it is minus that of the prediction."
        )
    if not close(back.detach(), -right, 1e-9):
        raise Wrong("the target's gradient is minus that of the prediction.")
    (three,) = torch.autograd.grad(3 * apply(p, t), p)
    if not close(three, 3 * right, 1e-9):
        raise Wrong(
            "3 · loss has the gradient of loss: backward must multiply by the adjoint that it "
            "receives."
        )
    _second_of_log_cosh(g, p, r)
    _all_seconds_of_log_cosh(apply, p, t)


def _far_gradients_of_log_cosh(apply: Callable[..., Any]) -> None:
    """Raise what happens to the gradient where cosh and sinh overflow."""
    far = torch.tensor([1000.0, -1000.0], dtype=torch.float64, requires_grad=True)
    (g,) = torch.autograd.grad(apply(far, torch.zeros_like(far)), far)
    if not close(g, torch.sign(far.detach()) / 2, 1e-9):
        raise Wrong(
            f"for residuals of ±1000 the gradient is {g.tolist()}, where ±1/N is expected: write "
            "it with torch.tanh, which does not overflow."
        )


def _all_seconds_of_log_cosh(apply: Callable[..., Any], p: Tensor, t: Tensor) -> None:
    """Raise that a second derivative is wrong which involves the target or the adjoint."""
    adjoint = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    if not gradgradcheck(apply, (p, t), (adjoint,), raise_exception=False):
        raise Wrong(
            "the second derivative with respect to the prediction is right, and gradgradcheck "
            "fails: one that involves the target, or the adjoint, is lost. Is a part of backward "
            "detached?"
        )


def _second_of_log_cosh(g: Tensor, p: Tensor, r: Tensor) -> None:
    lost = (
        "the second derivative is lost. What backward needs must be computed there from the saved "
        "arguments: a residual that forward saves is a constant to the second differentiation."
    )
    if not g.requires_grad:
        raise Wrong(lost)
    v = random(*p.shape, seed=15)
    try:
        (Hv,) = torch.autograd.grad(g, p, v, allow_unused=True)
    except Exception as error:
        raise Wrong(f"the second derivative stopped with {failure(error)}.") from None
    if Hv is None or not bool(Hv.any()):
        raise Wrong(lost)
    if not close(Hv, (1 - torch.tanh(r) ** 2) / r.numel() * v, 1e-8):
        raise Wrong("the second derivative is not (1 − tanh²r)/N.")
