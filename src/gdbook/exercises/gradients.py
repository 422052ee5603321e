"""Checkers of chapter 3, gradients in several dimensions."""

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
    call_each,
    call_for_one,
    checker,
    close,
    coarse,
    compare,
    function,
    number,
    recognise,
    run,
    several,
)
from gdbook.functions import wave


def _vector(*numbers: float) -> Tensor:
    return torch.tensor(numbers, dtype=torch.float64)


def _random(*shape: int) -> Tensor:
    """Return the same random numbers each time, and leave torch's own generator alone."""
    generator = torch.Generator().manual_seed(3)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


@checker("prob-on-the-ridge")
def on_the_ridge(answer: Any) -> Verdict:
    """Judge where x₁ is after 200 steps from the ridge of the wave."""
    got = number(answer)
    return compare(
        got,
        math.pi / 2,
        tol=1e-3,
        praise="each step along x₁ is rounded away: it never gets off the ridge.",
        mistakes={
            "that is where it would end if the error could grow. The first step is 3·10⁻¹⁷ long; "
            "is there a number that close to π/2?": -math.pi / 2,
            "that is the valley on the far side. The first step is 3·10⁻¹⁷ long; is there a "
            "number that close to π/2?": 3 * math.pi / 2,
            "0 is where x₀ ends. The question is about x₁.": 0.0,
            "2 is where x₀ starts. The question is about x₁.": 2.0,
        },
        hint="compare the length of the first step with the distance of neighbouring numbers.",
    )


@checker("prob-wrong-arrow")
def wrong_arrow(answer: Any) -> Verdict:
    """Judge angle(κ), the largest angle between −∇f and the way to the minimum, in degrees."""
    angle = function(answer)
    kappas = (1.5, 2.0, 20.0, 1000.0)
    got = call_each(angle, list(kappas))
    kappa = _vector(*kappas)
    cosine = 2 * kappa.sqrt() / (kappa + 1)
    right = torch.rad2deg(torch.acos(cosine))
    return compare(
        got,
        right,
        tol=1e-4,
        praise="for round contours it is 0, and for long ones nearly a right angle.",
        mistakes={
            "this is right, but in radians.": torch.acos(cosine),
            "this is the cosine of the angle.": cosine,
            "this is the angle whose sine is 2√κ/(κ + 1).": torch.rad2deg(torch.asin(cosine)),
            "this is the angle at (1, 1), where it is not the largest. Let the two terms "
            "μx₀² and Lx₁² vary against each other.": torch.rad2deg(
                torch.acos((kappa + 1) / (2 * (kappa**2 + 1)).sqrt())
            ),
            "the cosine is 2√κ/(κ + 1): a root is missing in the numerator.": torch.rad2deg(
                torch.acos((2 / (kappa + 1)).clamp(max=1))
            ),
        },
        hint="for κ = 20 the largest angle is a little under 65 degrees; test yours there.",
    )


@checker("prob-matrix-residual")
def matrix_residual(answer: Any) -> Verdict:
    """Judge gradient(W, X, Y) for ½ ‖XW − Y‖²."""
    draws = _random(5 * 3 + 3 * 3 + 5 * 3)
    X, W, Y = draws[:15].reshape(5, 3), draws[15:24].reshape(3, 3), draws[24:].reshape(5, 3)
    got = call(function(answer), W, X, Y)
    right = X.T @ (X @ W - Y)
    if close(got, right, 1e-10):
        flat = call(function(answer), W[:, :2], X, Y[:, :2])  # a W that is not square
        if close(flat, right[:, :2], 1e-10):
            return Verdict(True, "the sum over i is a matrix product with X transposed.")
        raise Wrong("right where W is square; for W of the shape (3, 2) it is not.")
    recognise(
        got,
        {
            "the ½ in front cancels the 2 of the square: yours is twice too large.": 2 * right,
            "the sign is reversed: the residual is XW − Y.": -right,
            "this is the transpose: entry (k, l) of the gradient belongs to w_kl.": right.T,
            "this is the residual itself. By the chain rule each entry of it is still to be "
            "multiplied by how it depends on W.": X @ W - Y,
            "this is the gradient of the mean over the rows; f is a sum.": right / len(X),
            "this is the gradient of the mean over all entries; f is a sum.": right / Y.numel(),
            "the part with Y is missing.": X.T @ X @ W,
        },
        tol=1e-9,
    )
    if got.shape != W.shape:
        raise Wrong(
            f"a gradient has the shape of what is varied, {tuple(W.shape)}; "
            f"yours has {tuple(got.shape)}."
        )
    coarse(got, right, 1e-10)
    raise Wrong("which entries of XW − Y contain w_kl, and with which factor? Sum over those.")


@checker("prob-mixed")
def mixed(answer: Any) -> Verdict:
    """Judge the two mixed derivatives of Peano's function at the origin."""
    got = _vector(*map(number, several(answer, 2, "the answer should be a pair of numbers")))
    return compare(
        got,
        _vector(-1, 1),
        tol=1e-9,
        praise="the order matters, since the mixed derivatives are not continuous.",
        mistakes={
            "the two are exchanged: the first is the derivative of ∂₀p along x₁.": _vector(1, -1),
            "both are 0 along the axes only if ∂₀p is taken on its own axis. It is needed on "
            "the other: find ∂₀p(0, t).": _vector(0, 0),
            "the second is right. The first has the other sign: find ∂₀p(0, t).": _vector(1, 1),
            "the first is right. The second has the other sign: find ∂₁p(t, 0).": _vector(-1, -1),
        },
        mistakes_tol=1e-6,
        hint="for fixed t, let h → 0 in p(h, t)/h; then differentiate the result at t = 0.",
    )


@checker("prob-slope-along")
def slope_along(answer: Any) -> Verdict:
    """Judge slope(f, x, v), the slope of f at x in the direction of v."""
    x, v = _vector(-1.5, 0.5), _vector(3, -4)
    gradient = wave.gradient(x)
    got = call(function(answer), wave, x, v).detach()
    if got.numel() != 1:
        raise Wrong(f"a slope is one number; yours has the shape {tuple(got.shape)}.")
    got = got.reshape(())
    right = gradient @ v / v.norm()
    if close(got, right, 1e-4):
        return _slope_in_space(function(answer))
    return compare(
        got,
        right,
        tol=1e-4,
        praise="the gradient knows the slopes in all directions.",
        mistakes={
            "this is ∇f · v: a vector v twice as long gives twice the slope. Divide by the length "
            "of v.": gradient @ v,
            "this is the cosine of the angle: you divided by the length of the gradient too.": right
            / gradient.norm(),
            "this divides by the length of the gradient instead of that of v.": gradient
            @ v
            / gradient.norm(),
            "the sign is reversed.": -right,
            "this is the slope in the steepest direction, not in that of v.": gradient.norm(),
            "this divides by the square of the length of v.": gradient @ v / (v @ v),
            "this divides by the sum of the entries of v, which is no length.": gradient
            @ v
            / v.sum(),
            "this divides by the sum of the absolute entries of v; a direction has Euclidean "
            "length 1.": gradient @ v / v.abs().sum(),
        },
        hint="take the dot product of the gradient with v, divided by the length of v.",
    )


def _slope_in_space(slope: Callable[..., Any]) -> Verdict:
    """Judge slope(f, x, v) once more: in three dimensions, at another place, with a tiny v."""
    x, v = _vector(0.3, -2.0, 1.0), _vector(2e-7, 1e-7, -2e-7)
    got = call_for_one(slope, lambda p: p[0] * p[1] ** 2 + p[2] ** 3, x, v).detach()
    if not close(got, _vector(4.0, -1.2, 3.0) @ v / v.norm(), 1e-4):
        raise Wrong(
            "right on g at (−1.5, 0.5), but not for x₀x₁² + x₂³ at (0.3, −2, 1) in the direction "
            "of a very short v. Does it depend on f, on the place, on the length of v?"
        )
    return Verdict(True, "the gradient knows the slopes in all directions.")


@checker("prob-steepest-step")
def steepest_step(answer: Any) -> Verdict:
    """Judge steepest(g, norm) for three norms."""
    g = _vector(1.0, -3.0, 2.0)
    steepest = function(answer)
    euclidean = g / g.norm()
    got = call(steepest, g, "euclidean")
    recognise(
        got,
        {
            "with 'euclidean' this is the gradient itself; its length should be 1.": g,
            "with 'euclidean' this goes down: the largest g · u is asked for.": -euclidean,
        },
        tol=1e-9,
    )
    if not close(got, euclidean, 1e-9):
        raise Wrong("with 'euclidean' the step should be g, divided by its length.")
    got = call(steepest, g, "largest")
    recognise(
        got,
        {
            "with 'largest' this has the direction of g. Its largest entry is 1, but the others "
            "are smaller than they may be.": g / g.abs().max(),
            "with 'largest' the signs are right, but an entry may be as large as 1.": g.sign()
            / 3**0.5,
            "that is the answer for 'sum'; with 'largest' every entry may be 1.": _vector(0, -1, 0),
        },
        tol=1e-9,
    )
    if not close(got, g.sign(), 1e-9):
        raise Wrong("with 'largest', choose each entry by itself, between −1 and 1.")
    got = call(steepest, g, "sum")
    recognise(
        got,
        {
            "with 'sum' this has the direction of g. The same length, spent along the axis with "
            "the largest |g_i|, climbs farther.": g / g.abs().sum(),
            "with 'sum' the axis is right, but there g is negative: mind the sign.": _vector(
                0, 1, 0
            ),
            "with 'sum' this takes the largest entry; the largest in size is "
            "negative here.": _vector(0, 0, 1),
        },
        tol=1e-9,
    )
    if not close(got, _vector(0, -1, 0), 1e-9):
        raise Wrong("with 'sum', where does a unit of length earn most? Spend all of it there.")
    small = 1e-9 * _vector(-0.2, 0.1, -0.005, 0.3, 0.7)
    steps = {
        "euclidean": small / small.norm(),
        "largest": small.sign(),
        "sum": _vector(0, 0, 0, 0, 1),
    }
    for norm, want in steps.items():
        if not close(call(steepest, small, norm), want, 1e-9):
            raise Wrong(
                f"with {norm!r} it is right for (1, −3, 2), and not for five entries of the size "
                "of 10⁻⁹. The length of the step is 1, however small g is."
            )
    return Verdict(True, "three lengths, three directions, one gradient.")


@checker("prob-make-it-round")
def make_it_round(answer: Any) -> Verdict:
    """Judge rounding(H), a matrix S with SᵀHS = I."""
    # Three axes: the eigenvectors that torch finds in the plane are their own transpose.
    A = _random(3, 3)
    H = A @ A.T + torch.diag(_vector(0.5, 2.0, 5.0))
    S = _shaped(call(function(answer), H), H)
    unit = torch.eye(3, dtype=torch.float64)
    if torch.allclose(S.T @ H @ S, unit, atol=1e-9):
        small = 1e-6 * torch.kron(torch.diag(_vector(1.0, 3.0)), H)
        S = _shaped(call(function(answer), small), small)
        if torch.allclose(S.T @ small @ S, torch.eye(6, dtype=torch.float64), atol=1e-6):
            return Verdict(True, "in the coordinates z the contours are round: one step of η = 1.")
        raise Wrong("right for one 3 × 3 matrix, but not for a 6 × 6 one with tiny entries.")
    eigenvalues, factor = torch.linalg.eigvalsh(H), torch.linalg.cholesky(H)
    rows = torch.linalg.eigh(H)[1].T / eigenvalues.sqrt()
    mistakes = {
        "this is H⁻¹, which is SSᵀ. One factor of it is asked for.": torch.linalg.inv(H),
        "these are the eigenvectors: the axes are right, but the units along them are "
        "still the old ones.": torch.diag(eigenvalues),
        "eigh returns the eigenvectors as the columns of Q. With Qᵀ they are taken for rows: in "
        "the plane that may happen to be the same, in space it is not.": rows.T @ H @ rows,
        "this is the way from x to z; x = Sz goes the other way, so invert it.": H @ H,
        "this is the factor L of H = LLᵀ. From xᵀLLᵀx one sees z = Lᵀx; x = Sz goes the other "
        "way.": factor.T @ H @ factor,
        "Lᵀ, with H = LLᵀ, leads from x to z; x = Sz goes the other way, so invert it.": factor
        @ H
        @ factor.T,
        "you divided by the eigenvalues; their roots are needed, since S stands on both "
        "sides of H.": torch.diag(1 / eigenvalues),
        "the diagonal is 1 now, but the mixed terms are left: a diagonal S can't turn the axes.": H
        / H.diagonal().outer(H.diagonal()).sqrt(),
    }
    for sentence, product in mistakes.items():
        # Zeros off the diagonal come out at the size of the rounding errors.
        if torch.allclose(S.T @ H @ S, product, rtol=1e-9, atol=1e-9):
            raise Wrong(sentence)
    if torch.allclose(S @ H @ S.T, unit, atol=1e-9):
        raise Wrong("SHSᵀ is the identity, but x = Sz makes it SᵀHS: transpose your S.")
    raise Wrong("SᵀHS is not the identity. Start from the eigenvectors as columns.")


def _shaped(S: Tensor, H: Tensor) -> Tensor:
    if S.shape != H.shape:
        raise Wrong(f"S should have the shape of H, {tuple(H.shape)}; it has {tuple(S.shape)}.")
    return S


@checker("prob-one-after-the-other")
def one_after_the_other(answer: Any) -> Verdict:
    """Judge step(x, y, eta), one step of descent on 10x² − 30xy + 40y²."""
    x, y, eta = 2.0, -0.7, 0.01
    made = run(function(answer), x, y, eta)
    new = map(number, several(made, 2, "the function should return x and y"))
    slope_x, slope_y = 20 * x - 30 * y, 80 * y - 30 * x
    x_new, y_new = x - eta * slope_x, y - eta * slope_y
    got = _vector(*new)
    return compare(
        got,
        _vector(x_new, y_new),
        tol=1e-9,
        praise="both partial derivatives are taken at the same point.",
        mistakes={
            "y still uses the new x.": _vector(x_new, y - eta * (80 * y - 30 * x_new)),
            "now x uses the new y: the same mistake, the other way round.": _vector(
                x - eta * (20 * x - 30 * y_new), y_new
            ),
            "this goes uphill.": _vector(x + eta * slope_x, y + eta * slope_y),
        },
        hint="compute both partial derivatives first, then change x and y.",
    )


@checker("prob-loss-goes-up")
def loss_goes_up(answer: Any) -> Verdict:
    """Judge gradient(v) of 10 vᵀGv for the G of the text."""
    G = torch.tensor([[1.0, -4.0], [1.0, 4.0]], dtype=torch.float64)
    v = torch.stack([_vector(8.0, 3.0), _vector(-1.0, 5.0)], dim=1)
    got = torch.stack([call(function(answer), column) for column in v.T], dim=1)
    right = 10 * (G + G.T) @ v
    return compare(
        got,
        right,
        tol=1e-9,
        praise="only the symmetric part acts.",
        mistakes={
            "this is still 2Gv: it takes G for symmetric.": 20 * G @ v,
            "this takes Gᵀ in place of G. The two are to be added.": 20 * G.T @ v,
            "G + Gᵀ is right; the 10 in front of the quadratic form is missing.": (G + G.T) @ v,
            "the symmetric part is half of G + Gᵀ, and the derivative of a square brings a 2: "
            "yours is half too small.": right / 2,
            "yours is twice too large: the 2 of the square and the ½ of the symmetric part "
            "cancel.": 2 * right,
            "the sign is reversed.": -right,
        },
        hint="multiply out: f = 10x² − 30xy + 40y². Differentiate that.",
    )


@checker("prob-exact-line-search")
def exact_line_search(answer: Any) -> Verdict:
    """Judge the ratio of successive losses under exact line search from (20, 1)."""
    got = number(answer)
    factor = 19 / 21
    return compare(
        got,
        factor**2,
        tol=2e-3,
        praise="((κ − 1)/(κ + 1))², the same as with the best constant rate.",
        mistakes={
            "that is the factor of the distance; the loss is a square.": factor,
            "that is the ratio upside down: divide each loss by the one before.": 1 / factor**2,
            "1 would mean that nothing falls.": 1.0,
            "0 would mean that one step reaches the minimum; does it?": 0.0,
        },
        hint="start at (20, 1), and divide the loss after a step by the loss before it.",
    )


@checker("prob-edge-of-stability")
def edge_of_stability(answer: Any) -> Verdict:
    """Judge η times the largest eigenvalue where a run on Rosenbrock's function settles."""
    got = number(answer)
    recognise(
        got,
        {
            "that is η·L at the minimum, for η = 0.0025. Where does the run settle?": 2.504,
            "that is η·L at the minimum, for η = 0.003. Where does the run settle?": 3.005,
            "1 is where a step along the steepest direction is best. Measure it where the run "
            "settles, at the mean of the last points.": 1.0,
        },
        tol=1e-2,
    )
    if 1.98 < got < 2.02:
        return Verdict(True, "2: the run settles where the step is at the edge of convergence.")
    if any(close(got, side, 1e-3) for side in (2.0899, 1.9122, 2.1307, 1.8743)):
        raise Wrong(
            "that is at one of the two points between which the run jumps in the end. Take the "
            "Hessian in the middle between them."
        )
    if 1.7 < got < 2.3:
        raise Wrong("near, but the run has not settled yet: take more steps, and the last points.")
    if 200 < got < 2000:
        raise Wrong("that is the eigenvalue; multiply it by η.")
    raise Wrong("take the mean of the last few hundred points and the Hessian there.")
