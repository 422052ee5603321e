"""Linear models and their exact answers, against which descent is held.

>>> import torch
>>> from gdbook.models import svd_solution, with_intercept
>>> x = torch.tensor([0.0, 1.0, 2.0])
>>> svd_solution(with_intercept(x), 3 * x + 2)  # intercept and slope
tensor([2.0000, 3.0000])

A model's predictions are Xw, with one row of the design matrix X for each of N samples and one
column for each of d coefficients. X and the targets y are both float32 or both float64, and the
result is too. Least squares is computed in their dtype, so that digits can be compared; linear
programs and Newton's method compute in float64.

`linear_objective` makes of a design matrix and a loss the function that `descend` takes.
"""

from __future__ import annotations

from gdbook.models.design import chebyshev_design, polynomial_design, with_intercept
from gdbook.models.diagnostics import leverage, r_squared, residuals
from gdbook.models.exact import correct_digits, exact_least_squares
from gdbook.models.least_squares import (
    SOLVERS,
    lstsq_solution,
    normal_equations,
    qr_solution,
    ridge,
    svd_solution,
)
from gdbook.models.logistic import LogisticFit, logistic_regression, separating_direction
from gdbook.models.objective import linear_objective, mae_lipschitz
from gdbook.models.quantiles import (
    QuantileFit,
    least_absolute_deviations,
    quantile_regression,
)
from gdbook.models.standardisation import Standardisation, standardise

__all__ = [
    "SOLVERS",
    "LogisticFit",
    "QuantileFit",
    "Standardisation",
    "chebyshev_design",
    "correct_digits",
    "exact_least_squares",
    "least_absolute_deviations",
    "leverage",
    "linear_objective",
    "logistic_regression",
    "lstsq_solution",
    "mae_lipschitz",
    "normal_equations",
    "polynomial_design",
    "qr_solution",
    "quantile_regression",
    "r_squared",
    "residuals",
    "ridge",
    "separating_direction",
    "standardise",
    "svd_solution",
    "with_intercept",
]
