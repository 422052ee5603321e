"""Whether finitely many half-spaces through 0 meet in more than a point, by a linear program."""

from __future__ import annotations

import torch
from torch import Tensor

#: The smallest number that counts as positive, beside directions within [−1, 1].
SMALLEST = 1e-9


def direction_within(rows: Tensor) -> Tensor | None:
    """Return a c with rows @ c ≥ 0 and not all of it 0, or None where there is none.

    Parameters
    ----------
    rows : Tensor of float64, shape (m, k)
        Of independent columns, with numbers of the size of 1.

    Returns
    -------
    Tensor of float64, shape (k,), or None
        Of all such c in [−1, 1]ᵏ, the one with the largest sum of ``rows @ c``.

    Notes
    -----
    ``rows @ c`` counts as 0 within 1e-9, and up to this it may be negative.
    """
    from scipy.optimize import linprog

    solved = linprog(
        -rows.sum(0).numpy(),
        A_ub=-rows.numpy(),
        b_ub=torch.zeros(len(rows), dtype=torch.float64).numpy(),
        bounds=(-1, 1),
        method="highs-ds",
        options={"primal_feasibility_tolerance": 1e-10},
    )
    if solved.status != 0:  # 0 is feasible, and the box bounds all: a fault of the solver
        raise RuntimeError(f"HiGHS did not solve a linear program: {solved.message}")
    c = torch.from_numpy(solved.x)
    along = rows @ c
    return c if along.amax() > SMALLEST and along.amin() >= -SMALLEST else None
