"""The picture of a product of matrices: what is drawn is what NumPy multiplies."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.patches import Rectangle

from gdbook import plots

mpl.use("agg")


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=3, max_size=5), st.integers(0, 99))
def test_every_partial_product_is_drawn(sizes: list[int], seed: int) -> None:
    draw = np.random.default_rng(seed)
    factors = [draw.integers(-2, 3, size=pair).astype(float) for pair in pairwise(sizes)]
    ax = plots.matrix_chain([torch.from_numpy(f) for f in factors], ["a"] * len(factors))
    n = len(factors)
    shown = [*factors]
    shown += [np.linalg.multi_dot(factors[: k + 1]) if k else factors[0] for k in range(n)]
    shown += [np.linalg.multi_dot(factors[k:]) if k < n - 1 else factors[-1] for k in range(n)]
    boxes = [p for p in ax.patches if isinstance(p, Rectangle)]
    frames = [p for p in boxes if not p.get_fill()]
    assert [(p.get_height(), p.get_width()) for p in frames] == [m.shape for m in shown]
    entries = [p for p in boxes if p.get_fill()]
    assert len(entries) == sum(np.count_nonzero(m) for m in shown)
    assert all((p.get_width(), p.get_height()) == (1, 1) for p in entries)
    plt.close("all")


def test_matrices_must_fit() -> None:
    a, b = torch.ones(2, 3), torch.ones(2, 3)
    with pytest.raises(ValueError, match=r"\(2, 3\) and \(2, 3\) can't be multiplied"):
        plots.matrix_chain([a, b], ["a", "b"])
    with pytest.raises(ValueError, match="a name for each, got 2 and 1"):
        plots.matrix_chain([a, b.T], ["a"])
    with pytest.raises(ValueError, match=r"must be a matrix, got shape \(3,\)"):
        plots.matrix_chain([a, b[0]], ["a", "b"])
    with pytest.raises(ValueError, match="finite"):
        plots.matrix_chain([a, b.T / 0], ["a", "b"])
    with pytest.raises(TypeError, match="floating-point"):
        plots.matrix_chain([a, b.T.long()], ["a", "b"])
