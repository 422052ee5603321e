"""The problems that a page can judge itself: those with a checker, but for some.

`tests/exercises/test_in_the_page.py` derives them: a problem is offered if, and only if, its
checker, run by MicroPython on the engine, says of each catalogued answer what it says in CPython
with torch.
"""

from __future__ import annotations

from gdbook.publish.core.checked import labels

#: By chapter, the problems whose checkers or answers need more than the page's Python has.
LEFT_OUT = {
    "limits and derivatives": ("prob-reciprocal-limit", "prob-half-a-step"),
    "gradients": ("prob-slope-along", "prob-make-it-round"),
    "autograd": ("prob-survivors", "prob-kepler", "prob-hvp", "prob-stuck"),
    "computation graph": ("prob-count-ways", "prob-speelpenning"),
    "momentum": ("prob-own-checkpoint",),
    "adaptive": ("prob-diagonal", "prob-adamw"),
    "stochastic": (
        "prob-evaluate", "prob-averaged-sgd", "prob-epoch-batches", "prob-accumulate",
    ),
    "mse loss": (
        "prob-batch-rmse", "prob-huber-loss", "prob-learned-noise", "prob-log-cosh-function",
    ),
    "linear regression": (
        "prob-weighted-fit", "prob-left-out", "prob-own-fit", "prob-standardised-run",
        "prob-ridge-step", "prob-own-scale",
    ),
    "absolute error": (
        "prob-best-slope", "prob-shrinking-sgd", "prob-huber-step", "prob-exact-fit",
        "prob-never-stops",
    ),
    "relu network": (
        "prob-through-points", "prob-unregistered", "prob-network-backward", "prob-training-step",
    ),
}  # fmt: skip

OFFERED = tuple(sorted(labels().keys() - {one for them in LEFT_OUT.values() for one in them}))
