"""Least squares in rational numbers, and how many digits of other solutions are right."""

from __future__ import annotations

import math
from fractions import Fraction

from torch import Tensor

from gdbook._expect import shape
from gdbook.models._data import samples


def exact_least_squares(X: Tensor, y: Tensor) -> Tensor:
    """Return the least-squares solution without rounding, but for that of the result.

    Numbers of floating point are rational, so the normal equations can be solved in rational
    numbers. This is slow, and the referee of the others.

    Raises
    ------
    ValueError
        Also if the columns of X are dependent.

    Notes
    -----
    Derived in *QR, SVD and lost digits*.
    """
    from sympy import QQ
    from sympy.polys.matrices import DomainMatrix
    from sympy.polys.matrices.exceptions import DMNonInvertibleMatrixError

    X, y = samples(X, y)
    rows = [[QQ(*number.as_integer_ratio()) for number in row] for row in X.tolist()]
    A = DomainMatrix(rows, tuple(X.shape), QQ)
    b = DomainMatrix([[QQ(*t.as_integer_ratio())] for t in y.tolist()], (len(y), 1), QQ)
    At = A.transpose()
    try:
        w = (At * A).lu_solve(At * b)
    except DMNonInvertibleMatrixError:
        raise ValueError("the columns of X are dependent: there is no one solution") from None
    numbers = [float(Fraction(int(e.numerator), int(e.denominator))) for e in w.to_list_flat()]
    return X.new_tensor(numbers)


def correct_digits(computed: Tensor, exact: Tensor) -> float:
    """Return how many decimal digits are right: −log₁₀(‖computed − exact‖/‖exact‖).

    Infinite where both are equal, and negative where the error is longer than the answer.

    Raises
    ------
    ValueError
        If the shapes differ, or `exact` is 0 and `computed` is not.

    Notes
    -----
    Derived in *QR, SVD and lost digits*.
    """
    if computed.shape != exact.shape:
        raise ValueError(
            f"computed has shape {shape(computed)} and exact {shape(exact)}; they must be the same"
        )
    exact = exact.double()
    error, size = (computed.double() - exact).norm().item(), exact.norm().item()
    if error == 0:
        return math.inf
    if size == 0:
        raise ValueError("no digit of 0 can be right: exact must not be 0")
    return -math.log10(error / size)
