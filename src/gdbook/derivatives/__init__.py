"""Numerical derivatives: the rules, and how good they are.

>>> import torch
>>> from gdbook.derivatives import central_difference
>>> central_difference(torch.sin, torch.tensor([0.0], dtype=torch.float64), 1e-5).item()
0.9999999999833332
"""

from __future__ import annotations

from gdbook.derivatives.accuracy import Rule, best_step, error_curve, order
from gdbook.derivatives.quotients import (
    Function,
    backward_difference,
    central_difference,
    complex_step,
    forward_difference,
    numerical_gradient,
    richardson,
)

__all__ = [
    "Function",
    "Rule",
    "backward_difference",
    "best_step",
    "central_difference",
    "complex_step",
    "error_curve",
    "forward_difference",
    "numerical_gradient",
    "order",
    "richardson",
]
