"""The problems that a page can judge itself, by chapter.

`tests/exercises/test_in_the_page.py` derives them: every problem is here whose checker, run by
MicroPython on the engine, says of each catalogued answer what it says in CPython with torch.
"""

from __future__ import annotations

OFFERED = (
    # limits and derivatives
    "prob-last-line",
    "prob-second-difference",
    "prob-richardson",
    "prob-edge",
    "prob-weierstrass",
    "prob-forty-two",
    # descent in one dimension
    "prob-another-parabola",
    "prob-cube",
    "prob-one-rate",
    "prob-flat-bottom",
    "prob-sublevel",
    "prob-polyak",
    "prob-two-slopes",
    "prob-too-early",
    "prob-feigenbaum",
    "prob-waves",
    # gradients
    "prob-on-the-ridge",
    "prob-wrong-arrow",
    "prob-matrix-residual",
    "prob-mixed",
    "prob-steepest-step",
    "prob-one-after-the-other",
    "prob-loss-goes-up",
    "prob-exact-line-search",
    "prob-edge-of-stability",
    # autograd
    "prob-three-steps",
    "prob-box",
    "prob-rows",
    "prob-time-scale",
    "prob-half-forgotten",
    "prob-touching",
    # computation graph
    "prob-five-boxes",
    "prob-how-many-ways",
    "prob-by-x",
    "prob-centring",
    "prob-four",
    "prob-tangents",
    "prob-lost-way",
    "prob-bottleneck",
    "prob-deeper",
    # build your own
    "prob-wrong-engines",
    "prob-luck",
    "prob-dual-quotient",
    "prob-cumsum",
    "prob-logsumexp",
    "prob-sum-to",
    "prob-golden",
    "prob-last-bits-sum",
    "prob-tanh",
    "prob-hessian",
    "prob-right-once",
    "prob-bias",
    # momentum
    "prob-six-digits",
    "prob-middle",
    "prob-mean-form",
    "prob-critical",
    "prob-cycle-edge",
    "prob-own-momentum",
    "prob-aliased-buffer",
    "prob-own-nesterov",
    # adaptive
    "prob-degrees",
    "prob-hover",
    "prob-rare",
    "prob-felt",
    "prob-warm-cosine",
    "prob-left",
    "prob-rmsprop",
    "prob-a-third",
    # stochastic
    "prob-two-balls",
    "prob-one-epoch",
    "prob-mean-square",
    "prob-interpolate",
    "prob-too-timid",
    # mse loss
    "prob-third-step",
    "prob-two-batches",
    "prob-centimetres",
    "prob-line-gradient",
    "prob-same-run",
    "prob-rmse-descent",
    # linear regression
    "prob-noisy-slope",
    "prob-other-way-round",
    "prob-through-origin",
    "prob-noise-columns",
    # absolute error
    "prob-two-cycle",
    "prob-all-up",
    "prob-huber-constant",
    "prob-constant-floor",
    "prob-geometric",
    # relu network
    "prob-count-parameters",
    "prob-dead-share",
    "prob-leaky-variance",
    "prob-balanced",
    "prob-xor",
)
