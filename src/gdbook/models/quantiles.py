"""Least absolute deviations and quantile regression, solved exactly as a linear program.

The loss is piecewise linear in the coefficients. A unique minimum lies at a corner, where the fit
passes through at least as many samples as there are independent columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gdbook.models._data import samples
from gdbook.models.columns import column_basis, shortest_preimage
from gdbook.models.uniqueness import AT_BOUND, flat_direction


@dataclass(frozen=True, eq=False)
class QuantileFit:
    """A fit of least loss, with the proof that no other has less.

    The loss is mean ρ(uᵢ) with u = y − Xw. Every vector a with Xᵀa = 0 whose numbers lie between
    the slopes of ρ, left and right of 0, is a lower bound: for all w,
    mean ρ(y − Xw) ≥ mean aᵢuᵢ = mean aᵢyᵢ. `dual` is the a for which both sides are equal.

    Attributes
    ----------
    coefficients : Tensor, shape (d,)
        w; if the minimum is not unique, one of the minima. Where the columns of X are
        dependent, of all w with these predictions the shortest.
    loss : float
        The loss there: that of `gdbook.losses.mae` or `gdbook.losses.quantile`.
    dual : Tensor of float64, shape (N,)
        a. It is at its upper bound where uᵢ > 0, and at its lower where uᵢ < 0.
    interpolated : Tensor of int64
        The samples that the fit passes through: uᵢ = 0, but for rounding.
    flat_direction : Tensor or None
        From w, a little way in this direction, the loss is the same; None if the minimum is
        unique.
    """

    coefficients: Tensor
    loss: float
    dual: Tensor
    interpolated: Tensor
    flat_direction: Tensor | None

    @property
    def unique(self) -> bool:
        """Whether no other coefficients have this loss."""
        return self.flat_direction is None


def least_absolute_deviations(X: Tensor, y: Tensor) -> QuantileFit:
    """Return the w that minimises mean |Xw − y|, by linear programming.

    Parameters
    ----------
    X : Tensor, shape (N, d)
    y : Tensor, shape (N,)
        Both float32 or both float64; computed in float64.

    Returns
    -------
    QuantileFit
        Its `dual` lies between −1 and 1.

    Raises
    ------
    TypeError, ValueError
        If the data do not fit.
    RuntimeError
        If HiGHS finds no solution that passes the test of optimality.

    Notes
    -----
    Edgeworth 1887; as a linear program Charnes, Cooper & Ferguson 1955. Derived in *A referee*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import least_absolute_deviations
    >>> X = torch.ones(3, 1, dtype=torch.float64)
    >>> fit = least_absolute_deviations(X, torch.tensor([0.0, 1.0, 9.0], dtype=torch.float64))
    >>> fit.coefficients, fit.loss
    (tensor([1.], dtype=torch.float64), 3.0)
    """
    half = quantile_regression(X, y, 0.5)
    return replace(half, loss=2 * half.loss, dual=2 * half.dual)


def quantile_regression(X: Tensor, y: Tensor, q: float = 0.5) -> QuantileFit:
    """Return the w that minimises mean ρ(y − Xw), where ρ(u) is qu above 0 and (q − 1)u below.

    Parameters
    ----------
    X : Tensor, shape (N, d)
    y : Tensor, shape (N,)
        Both float32 or both float64; computed in float64.
    q : float
        Between 0 and 1. With an intercept, at most a share q of the samples lies below the
        fit, and at most 1 − q above.

    Returns
    -------
    QuantileFit
        Its `dual` lies between q − 1 and q.

    Raises
    ------
    TypeError, ValueError
        If the data do not fit, or q is not between 0 and 1.
    RuntimeError
        If HiGHS finds no solution that passes the test of optimality.

    Notes
    -----
    Koenker & Bassett 1978. Written with u = u⁺ − u⁻, it is the linear program

        minimise  Σ qu⁺ᵢ + (1 − q)u⁻ᵢ  subject to  Xw + u⁺ − u⁻ = y,  u⁺, u⁻ ≥ 0.

    Solved is its dual, which has N variables and d equations only; w are its multipliers:

        maximise  yᵀa  subject to  Xᵀa = 0,  q − 1 ≤ a ≤ q.

    Derived in *Any quantile*.
    """
    X, y = samples(X, y)
    if not 0 < q < 1:
        raise ValueError(f"q must lie between 0 and 1, got {q}")
    kind, X, y = X.dtype, X.double(), y.double()
    basis = column_basis(X)
    a, touched, fitted = _solved(basis, y, q)
    w = _coefficients(X, basis, fitted, touched, y)
    u = y - X @ w
    loss = torch.where(u > 0, q * u, (q - 1) * u).mean().item()
    flat = flat_direction(basis, a, touched, q)
    direction = None
    if flat is not None:
        direction = shortest_preimage(X, basis @ flat).to(kind)
    elif basis.shape[1] < X.shape[1]:
        direction = torch.linalg.svd(X).Vh[-1].to(kind)
    return QuantileFit(w.to(kind), loss, a, touched.nonzero()[:, 0], direction)


def _solved(basis: Tensor, y: Tensor, q: float) -> tuple[Tensor, Tensor, Tensor]:
    """Return the dual vector, which samples are interpolated, and the predictions.

    HiGHS computes with an absolute tolerance. So it is given what the fit before leaves over, in
    units of its median, with what is far out brought nearer: how far off a sample lies does not
    matter, only on which side. Rounds follow until all signs are right.
    """
    c = y.new_zeros(basis.shape[1])
    for _ in range(10):
        left = y - basis @ c
        missed = left.abs()[left.abs() > _rounding(basis, y, c)]
        if not len(missed):  # all samples are interpolated
            return torch.zeros_like(y), torch.ones_like(y, dtype=torch.bool), basis @ c
        unit = missed.median()
        # HiGHS takes coefficients of 1e20 for infinite.
        a, step = _dual_program(basis, (left / unit).clamp(-1e4, 1e4), q)
        c = c + unit * step
        inside = (a > q - 1 + AT_BOUND) & (a < q - AT_BOUND)
        corner = inside | ((y - basis @ c).abs() <= 1e-9 * unit)
        if int(corner.sum()) and torch.linalg.matrix_rank(basis[corner]) == len(c):
            # The solver's digits are those of its tolerance; the corner's equations give all.
            miss = (y - basis @ c)[corner, None]
            c = c + torch.linalg.lstsq(basis[corner], miss, driver="gelsd").solution[:, 0]
        u, near = y - basis @ c, _rounding(basis, y, c, unit)
        right = torch.where(u > near, a >= q - AT_BOUND, (u >= -near) | (a <= q - 1 + AT_BOUND))
        if bool(right.all()) and (basis.T @ a).abs().amax() <= AT_BOUND * len(y):
            return a, u.abs() <= near, basis @ c
    raise RuntimeError(
        "the linear program was not solved to the digits of float64; are there numbers of very "
        "different size in X or y?"
    )


def _dual_program(basis: Tensor, y: Tensor, q: float) -> tuple[Tensor, Tensor]:
    """Return the a that maximises yᵀa, and the multipliers of basisᵀa = 0."""
    from scipy.optimize import linprog

    # Of the size of 1, as HiGHS expects.
    root = len(y) ** 0.5
    solved = linprog(
        -y.numpy(),
        A_eq=(root * basis.T).numpy(),
        b_eq=torch.zeros(basis.shape[1], dtype=torch.float64).numpy(),
        bounds=(q - 1, q),
        method="highs-ds",
    )
    if solved.status != 0:  # a = 0 is feasible, and the bounds bound all
        raise RuntimeError(f"HiGHS did not solve the linear program: {solved.message}")
    # A number may lie beyond its bound by the tolerance.
    a = torch.from_numpy(solved.x).clamp(q - 1, q)
    return a, -root * torch.from_numpy(solved.eqlin.marginals)


def _rounding(basis: Tensor, y: Tensor, c: Tensor, unit: float | Tensor = 0.0) -> Tensor:
    """Return how large a residual may be by rounding alone, one number for each sample.

    With a `unit`, the size of the other residuals, what is nothing beside it counts as rounding.
    """
    size = y.abs() + torch.linalg.vector_norm(basis, dim=1) * torch.linalg.vector_norm(c) + unit
    tolerance: Tensor = (len(c) + 2) * torch.finfo(y.dtype).eps * size
    return tolerance


def _coefficients(X: Tensor, basis: Tensor, fitted: Tensor, touched: Tensor, y: Tensor) -> Tensor:
    """Return the w with Xw = fitted; from the interpolated samples where they determine it."""
    d = X.shape[1]
    if basis.shape[1] == d and int(torch.linalg.matrix_rank(basis[touched])) == d:
        return shortest_preimage(X[touched], y[touched])
    return shortest_preimage(X, fitted)
