"""The least-squares problem, min ‖Xw − y‖, solved exactly in several ways.

All of them take a design matrix X of shape (N, d) and targets y of shape (N,), both float32 or
both float64, compute in that dtype, and return w of shape (d,). They differ in the digits that
rounding leaves: about κ² eps is lost by the normal equations, about κ eps by the others where the
residual is small. Here κ is the condition number of X with its columns scaled to length 1: the size
of a column costs no digits, a mean that is far from 0 beside the spread does (see `standardise`).

Each raises a TypeError or a ValueError for data that does not fit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor

from gdbook.models._data import penalties, samples
from gdbook.models.columns import column_basis, rank_tolerance


def normal_equations(X: Tensor, y: Tensor) -> Tensor:
    """Return the w with XᵀXw = Xᵀy, by Cholesky's factors of XᵀX.

    The condition number of XᵀX is the square of that of X.

    Raises
    ------
    ValueError
        Also if the columns of X are dependent, or so nearly that XᵀX has no Cholesky factor.

    Notes
    -----
    Gauss 1809. Derived in *The same line without descent*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import normal_equations
    >>> X = torch.tensor([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]], dtype=torch.float64)
    >>> y = torch.tensor([1.0, 3.0, 5.0], dtype=torch.float64)
    >>> normal_equations(X, y).round(decimals=6)
    tensor([1., 2.], dtype=torch.float64)
    """
    X, y = samples(X, y)
    _independent_columns(X)
    factor, failed = torch.linalg.cholesky_ex(X.T @ X)
    if bool(failed):
        raise ValueError(
            "rounding left XᵀX without a Cholesky factor: its condition number is the square of "
            "that of X; use qr_solution, or standardise the features"
        )
    return torch.cholesky_solve((X.T @ y)[:, None], factor)[:, 0]


def qr_solution(X: Tensor, y: Tensor) -> Tensor:
    """Return the w with Rw = Qᵀy, where X = QR, Q has orthonormal columns, R is triangular.

    Raises
    ------
    ValueError
        Also if the columns of X are dependent.

    Notes
    -----
    Golub 1965. Derived in *QR, SVD and lost digits*.
    """
    X, y = samples(X, y)
    _independent_columns(X)
    Q, R = torch.linalg.qr(X)
    w: Tensor = torch.linalg.solve_triangular(R, (Q.T @ y)[:, None], upper=True)[:, 0]
    return w


def svd_solution(X: Tensor, y: Tensor, *, tolerance: float | None = None) -> Tensor:
    """Return, of all least-squares solutions, the one of least norm: w = Σ (uᵢᵀy/σᵢ)vᵢ.

    The sum goes over the singular values that are not taken for 0. Where the columns of X are
    independent there is one solution only, and this is it.

    Parameters
    ----------
    X, y
        As everywhere in this module.
    tolerance : float, optional
        A singular value of at most `tolerance` times the largest is taken for 0. Usually
        max(N, d) eps, as in NumPy's ``matrix_rank``.

    Notes
    -----
    Penrose 1955. Derived in *QR, SVD and lost digits*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import svd_solution
    >>> same = torch.ones(3, 2, dtype=torch.float64)  # its columns are dependent
    >>> svd_solution(same, torch.full((3,), 4.0, dtype=torch.float64)).round(decimals=6)
    tensor([2., 2.], dtype=torch.float64)
    """
    X, y = samples(X, y)
    U, s, Vt = torch.linalg.svd(X, full_matrices=False)
    cut = rank_tolerance(X) if tolerance is None else tolerance
    kept = s > cut * s[0]
    w: Tensor = Vt[kept].T @ ((U[:, kept].T @ y) / s[kept])
    return w


def lstsq_solution(X: Tensor, y: Tensor) -> Tensor:
    """Return what `torch.linalg.lstsq` gives, with LAPACK's driver ``gelsd``.

    That driver uses the singular value decomposition too, so that dependent columns give the
    solution of least norm; torch's default, ``gelsy``, uses QR with exchanged columns.
    """
    X, y = samples(X, y)
    solved = torch.linalg.lstsq(X, y[:, None], rcond=rank_tolerance(X), driver="gelsd")
    solution: Tensor = solved.solution
    return solution[:, 0]


SOLVERS: Mapping[str, Callable[[Tensor, Tensor], Tensor]] = MappingProxyType(
    {
        "normal equations": normal_equations,
        "QR": qr_solution,
        "SVD": svd_solution,
        "lstsq": lstsq_solution,
    }
)
"""The four ways, by name."""


def ridge(X: Tensor, y: Tensor, penalty: float | Tensor) -> Tensor:
    """Return the w that minimises ‖Xw − y‖² + Σλⱼwⱼ²: (XᵀX + Λ)⁻¹Xᵀy.

    It is computed as the least-squares problem with the rows √λⱼeⱼ and targets 0 below those
    of X and y, which keeps the digits that XᵀX would lose. Where the penalty is 0, or too small
    to count beside X, it is the solution of least norm.

    Parameters
    ----------
    X, y
        As everywhere in this module.
    penalty : float or Tensor of shape (d,)
        λ ≥ 0. With one for each coefficient, 0 leaves that one free: usually the intercept.
        ½·mean(r²) + ½(λ/N)‖w‖² has the same minimum, so beside `gdbook.losses.half_mse`
        torch's ``weight_decay`` is λ/N, and beside the mean squared error 2λ/N.

    Raises
    ------
    ValueError
        Also if a penalty is negative.

    Notes
    -----
    Hoerl & Kennard 1970. With one λ for all, the eigenvalues σᵢ² of XᵀX become σᵢ² + λ.
    Derived in *Ridge: a shifted spectrum*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.models import ridge
    >>> X, y = torch.eye(2, dtype=torch.float64), torch.tensor([2.0, 4.0], dtype=torch.float64)
    >>> ridge(X, y, 1.0).round(decimals=6)
    tensor([1., 2.], dtype=torch.float64)
    """
    X, y = samples(X, y)
    below = penalties(penalty, X).sqrt().diag()
    return svd_solution(torch.cat([X, below]), torch.cat([y, y.new_zeros(len(below))]))


def _independent_columns(X: Tensor) -> None:
    rank = column_basis(X).shape[1]
    if rank < X.shape[1]:
        raise ValueError(
            f"X has {X.shape[1]} columns and only {rank} of them are independent, so the solution "
            "is not unique; svd_solution gives the one of least norm"
        )
