"""Quadratics: a maker for any, and those that run through the book."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from gdbook._expect import finite, shape
from gdbook.functions.landscape import Landscape, Minimum

Numbers = Tensor | float | Sequence[float]
Matrix = Tensor | float | Sequence[Sequence[float]]


def quadratic(
    H: Matrix,
    b: Numbers | None = None,
    *,
    name: str = "quadratic",
    title: str = "a quadratic",
    formula: str | None = None,
    variables: Sequence[str] | None = None,
    half_width: float = 4.0,
) -> Landscape:
    """Return the landscape ½ xᵀHx + bᵀx.

    Of an H that is not symmetric only the symmetric part ½(H + Hᵀ) acts: xᵀHx does not
    see the rest. Everything that the landscape knows is computed from it: its Hessian is
    ½(H + Hᵀ), L the largest absolute eigenvalue, μ the smallest eigenvalue if that is positive.

    Parameters
    ----------
    H : Tensor or nested sequence of float, shape (d, d), d > 1; or a number
        A number makes a landscape on a line, which acts on every number of a tensor.
    b : Tensor or sequence of float, shape (d,); or a number; optional
        The linear part; zero if it is not given.
    name, title, formula : str, optional
        What the landscape says about itself.
    variables : sequence of str, optional
        The variables' names; x on a line, else x_0, x_1, … if they are not given.
    half_width : float
        The picture goes this far to each side of the minimum (of 0 where there is none).

    Raises
    ------
    ValueError
        If the shapes do not fit, or a number is not finite.

    Notes
    -----
    Horn & Johnson 2013, section 4.1, on the symmetric part. Derived in *Quadratics with a
    matrix that is not symmetric*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.functions import quadratic
    >>> f = quadratic([[2.0, 0.0], [0.0, 8.0]])
    >>> f(torch.tensor([1.0, 1.0], dtype=torch.float64)), f.condition_number
    (tensor(5., dtype=torch.float64), 4.0)
    """
    matrix, linear = _coefficients(H, b)
    on_line = matrix.ndim == 0
    d = 1 if on_line else len(matrix)
    names = tuple(variables or (["x"] if on_line else [f"x_{i}" for i in range(d)]))
    if len(names) != d:
        raise ValueError(f"variables must have {d} names, got {len(names)}")

    def gradient(x: Tensor) -> Tensor:
        S, c = matrix.to(x), linear.to(x)
        return (S * x if on_line else x @ S) + c

    def value(x: Tensor) -> Tensor:
        # ½ xᵀSx + bᵀx = ½ xᵀ(Sx + 2b), and Sx + 2b is the gradient + b.
        products = x * (gradient(x) + linear.to(x))
        return products / 2 if on_line else products.sum(-1) / 2

    def hessian(x: Tensor) -> Tensor:
        return matrix.to(x).expand(x.shape if on_line else (*x.shape[:-1], d, d))

    if formula is None:
        formula = r"\tfrac{1}{2}" + ("Hx^2" if on_line else r"x^\top H x")
        formula += "" if b is None else " + " + ("bx" if on_line else r"b^\top x")
    low, high, reason = _curvatures(matrix.reshape(d, d))
    minima: tuple[Minimum, ...] = ()
    lowest = [0.0] * d
    if not reason:
        at = torch.linalg.solve(matrix.reshape(d, d), -linear.reshape(d)) + 0.0  # no −0.0
        lowest = at.tolist()
        minima = (Minimum(tuple(lowest), (linear.reshape(d) @ at).item() / 2),)
    return Landscape(
        name=name,
        title=title,
        formula=formula,
        variables=names,
        value_rule=value,
        gradient_rule=gradient,
        hessian_rule=hessian,
        domain=tuple((m - half_width, m + half_width) for m in lowest),
        minima=minima,
        minima_note=reason and f"there is no minimum that stands alone: {reason}",
        smoothness=max(abs(low), abs(high)),
        strong_convexity=None if reason else low,
        not_strongly_convex=reason,
    )


def _coefficients(H: Matrix, b: Numbers | None) -> tuple[Tensor, Tensor]:
    """Return the symmetric part of H, and b, once they are known to fit."""
    matrix = finite(torch.as_tensor(H, dtype=torch.float64).detach().clone(), "H")
    if matrix.ndim and (matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or len(matrix) < 2):
        raise ValueError(
            f"H must be a square matrix of at least 2 rows, or a number, got {shape(matrix)}"
        )
    expected = matrix.shape[:-1]
    if b is None:
        linear = torch.zeros(expected, dtype=torch.float64)
    else:
        linear = finite(torch.as_tensor(b, dtype=torch.float64).detach().clone(), "b")
    if linear.shape != expected:
        raise ValueError(
            f"b must have shape {tuple(expected)} to fit H {shape(matrix)}, got {shape(linear)}"
        )
    return (matrix + matrix.mT) / 2 if matrix.ndim else matrix, linear


def _curvatures(S: Tensor) -> tuple[float, float, str]:
    """Return the extreme eigenvalues, and why the lowest is not positive if it is not."""
    eigenvalues = torch.linalg.eigvalsh(S)
    low, high = eigenvalues[0].item(), eigenvalues[-1].item()
    # An eigenvalue that is zero on paper comes out at the size of the rounding errors.
    rounding = len(S) * torch.finfo(S.dtype).eps * max(abs(low), abs(high))
    if low > rounding:
        return low, high, ""
    return low, high, f"in one direction it {'bends down' if low < -rounding else 'does not bend'}"


ravine = quadratic(
    [[0.2, 0.0], [0.0, 4.0]],
    name="ravine",
    title="a long valley, twenty times as steep across as along",
    formula="0.1x^2 + 2y^2",
    variables=("x", "y"),
    half_width=5.0,
)

rotated_ravine = quadratic(
    [[2.1, -1.9], [-1.9, 2.1]],
    name="rotated_ravine",
    title="the ravine, turned by 45°",
    formula="1.05x^2 - 1.9xy + 1.05y^2",
    variables=("x", "y"),
    half_width=5.0,
)

bowl = quadratic(
    [[20.0, 0.0], [0.0, 20.0]],
    name="bowl",
    title="a round bowl, equally steep on all sides",
    formula="10(x^2 + y^2)",
    variables=("x", "y"),
    half_width=10.0,
)

# 10·vᵀGv with G = [[1, −1], [1, 1]]·diag(1, 4) = [[1, −4], [1, 4]], which is not symmetric.
skewed = quadratic(
    [[20.0, -80.0], [20.0, 80.0]],
    name="skewed",
    title="a skewed bowl: ten times a matrix that is not symmetric",
    formula="10x^2 - 30xy + 40y^2",
    variables=("x", "y"),
    half_width=10.0,
)

saddle = quadratic(
    [[2.0, 0.0], [0.0, -2.0]],
    name="saddle",
    title="a pass between two hills, level in the middle",
    formula="x^2 - y^2",
    variables=("x", "y"),
    half_width=2.0,
)
