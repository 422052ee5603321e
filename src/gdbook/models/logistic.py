"""Logistic regression by Newton's method, and whether a maximum of the likelihood exists."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from gdbook._expect import positive_integer
from gdbook.losses import binary_cross_entropy
from gdbook.models._data import penalties, samples
from gdbook.models.columns import column_basis, shortest_preimage, sizes
from gdbook.models.cones import direction_within
from gdbook.models.least_squares import svd_solution


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """Where Newton's method arrived.

    Attributes
    ----------
    coefficients : Tensor, shape (d,)
        w. The probability of class 1 is σ(Xw).
    loss : float
        The mean cross-entropy there, without the penalty.
    losses : tuple of float
        What is minimised, the sum over all samples with the penalty, before each step of
        Newton's and after the last.
    """

    coefficients: Tensor
    loss: float
    losses: tuple[float, ...]

    @property
    def steps(self) -> int:
        """How many steps Newton's method took."""
        return len(self.losses) - 1


def logistic_regression(
    X: Tensor, y: Tensor, penalty: float | Tensor = 0.0, *, max_steps: int = 100
) -> LogisticFit:
    """Return the w that minimises Σ cross-entropy(σ(xᵢᵀw), yᵢ) + ½Σλⱼwⱼ², by Newton's method.

    Without a penalty this is the maximum of the likelihood, if there is one: where a direction
    separates the classes, the likelihood grows along it without end, and has no maximum.

    Parameters
    ----------
    X : Tensor, shape (N, d)
    y : Tensor, shape (N,)
        0 or 1. Both float32 or both float64; computed in float64.
    penalty : float or Tensor of shape (d,)
        λ ≥ 0, as in `ridge`. For the *mean* of the cross-entropy, torch's ``weight_decay`` is
        λ/N.
    max_steps : int
        How many steps Newton's method may take.

    Returns
    -------
    LogisticFit
        Where the columns of X are dependent, w is the minimiser of least norm.

    Raises
    ------
    TypeError
        If one is no tensor of float32 or float64.
    ValueError
        If the data do not fit, a target is neither 0 nor 1, a penalty is negative, or the
        likelihood has no maximum.
    RuntimeError
        If Newton's method has not arrived after `max_steps` steps.

    Notes
    -----
    Each step d solves (XᵀWX + Λ)d = −g with W = diag p(1 − p) and g = Xᵀ(p − y) + Λw, as a
    least-squares problem with √W·X and √Λ, so that no digits are lost in XᵀWX. It is halved
    until the loss falls enough (Armijo 1966). Derived in *A network without a hidden layer*.
    """
    X, y = samples(X, y)
    kind, X, y = X.dtype, X.double(), _labels(y.double())
    positive_integer(max_steps, "max_steps")
    lam = penalties(penalty, X)
    if bool((lam == 0).any()):
        _check_maximum(X, y, lam)

    def total(w: Tensor) -> Tensor:
        return binary_cross_entropy(X @ w, y, reduction="sum") + (lam * w**2).sum() / 2

    w = X.new_zeros(X.shape[1])
    losses = [total(w).item()]
    for _ in range(max_steps):
        step, slope = _newton_step(X, y, lam, w)
        # Close to the minimum a step doubles the right digits, and rounding hides what it gains.
        arriving = -slope <= 1e-10 * losses[-1]
        length = 1.0
        while not arriving and total(w + length * step) > losses[-1] + 1e-4 * length * slope:
            length /= 2
        w = w + length * step
        if arriving:
            w = w + _newton_step(X, y, lam, w)[0]
        losses.append(total(w).item())
        if arriving:
            mean = binary_cross_entropy(X @ w, y).item()
            return LogisticFit(w.to(kind), mean, tuple(losses))
    raise RuntimeError(
        f"Newton's method has not arrived after {max_steps} steps: the classes are nearly separated"
    )


def separating_direction(X: Tensor, y: Tensor) -> Tensor | None:
    """Return a w with Xw ≥ 0 in class 1 and Xw ≤ 0 in class 0, and not all of it 0.

    If there is one, the cross-entropy falls along it from every point without reaching a
    minimum; if there is none, and the columns of X are independent, there is one minimum.

    Parameters
    ----------
    X : Tensor, shape (N, d)
    y : Tensor, shape (N,)
        0 or 1.

    Returns
    -------
    Tensor, shape (d,), or None
        None if the classes overlap. Found by a linear program; what is 0 within 1e-9, beside
        features of the size of 1, counts as 0.

    Raises
    ------
    TypeError, ValueError
        If the data do not fit, or a target is neither 0 nor 1.

    Notes
    -----
    Albert & Anderson 1984.
    Derived in *A network without a hidden layer*.
    """
    X, y = samples(X, y)
    kind, X, y = X.dtype, X.double(), _labels(y.double())
    basis = column_basis(X)
    # Of the size of 1, as the linear program expects.
    c = direction_within(len(y) ** 0.5 * (2 * y - 1)[:, None] * basis)
    return None if c is None else shortest_preimage(X, basis @ c).to(kind)


def _newton_step(X: Tensor, y: Tensor, lam: Tensor, w: Tensor) -> tuple[Tensor, float]:
    """Return Newton's step, and the slope of the loss along it."""
    z = X @ w
    sign = 2 * y - 1
    gradient = lam * w - X.T @ (sign * torch.sigmoid(-sign * z))
    # √W = √(p(1 − p)) = 1/(2 cosh(z/2)), and (y − p)/√W = ±exp(∓z/2).
    rows = torch.cat([X / (2 * torch.cosh(z / 2))[:, None], lam.sqrt().diag()])
    targets = torch.cat([sign * torch.exp(-sign * z / 2), -lam.sqrt() * w])
    independent = column_basis(X).shape[1] == X.shape[1]
    size = sizes(rows) if independent else torch.ones_like(w)
    step = svd_solution(rows / size, targets) / size
    return step, (gradient @ step).item()


def _labels(y: Tensor) -> Tensor:
    if not bool(((y == 0) | (y == 1)).all()):
        wrong = y[(y != 0) & (y != 1)][0].item()
        raise ValueError(f"targets must be 0 or 1, got {wrong:g}")
    return y


def _check_maximum(X: Tensor, y: Tensor, lam: Tensor) -> None:
    # Along a direction that only penalty-free coefficients take part in, no penalty stops w.
    if separating_direction(X[:, lam == 0], y) is not None:
        raise ValueError(
            "the likelihood has no maximum: along separating_direction(X, y) it grows without "
            "end, since no sample lies on the wrong side; give a penalty above 0"
        )
