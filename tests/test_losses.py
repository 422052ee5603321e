"""The losses against ``torch.nn.functional``: value, gradient, Hessian–vector product."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import pytest
import scipy.optimize
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as torch_losses

from gdbook import losses

F64 = torch.float64
some = settings(max_examples=40, deadline=None)
Loss = Callable[..., Tensor]
#: The module for calls that a type checker refuses.
ANY: Any = losses

#: Ours, torch's, and what both take.
PAIRS: dict[str, tuple[Loss, Loss, dict[str, Any]]] = {
    "mse": (losses.mse, torch_losses.mse_loss, {}),
    "mae": (losses.mae, torch_losses.l1_loss, {}),
    "huber": (losses.huber, torch_losses.huber_loss, {}),
    "huber, δ = 0.3": (losses.huber, torch_losses.huber_loss, {"delta": 0.3}),
    "smooth L1": (losses.smooth_l1, torch_losses.smooth_l1_loss, {}),
    "smooth L1, β = 2.5": (losses.smooth_l1, torch_losses.smooth_l1_loss, {"beta": 2.5}),
    "binary": (losses.binary_cross_entropy, torch_losses.binary_cross_entropy_with_logits, {}),
}
shapes = st.sampled_from([(), (1,), (5,), (3, 3), (2, 1, 4), (0,), (3, 0)])
reductions = st.sampled_from(["mean", "sum", "none"])
seeds = st.integers(0, 2**32 - 1)


def draw(shape: tuple[int, ...], seed: int, dtype: torch.dtype, *, ties: bool) -> list[Tensor]:
    """Return predictions, targets in [0, 1], weights and a direction."""
    random = torch.Generator().manual_seed(seed)
    z = 3 * torch.randn(shape, generator=random, dtype=F64)
    y = torch.rand(shape, generator=random, dtype=F64)
    if ties:
        y = y.round()
        z = torch.where(torch.rand(shape, generator=random) < 0.5, y, z)
    w = torch.rand(shape, generator=random, dtype=F64)
    v = torch.randn(shape, generator=random, dtype=F64)
    return [t.to(dtype) for t in (z, y, w, v)]


def all_of(loss: Loss, z: Tensor, v: Tensor, *rest: Tensor, **options: Any) -> list[Tensor]:
    """Return a loss's value, gradient and Hessian times v; of an unreduced one, of its sum."""
    z = z.clone().requires_grad_()
    value = loss(z, *rest, **options)
    (g,) = torch.autograd.grad(value.sum(), z, create_graph=True)
    if not g.requires_grad:  # torch's l1_loss has no second derivative
        return [value.detach(), g, torch.zeros_like(v)]
    (h,) = torch.autograd.grad((g * v).sum(), z, allow_unused=True, materialize_grads=True)
    return [value.detach(), g.detach(), h]


def close(ours: list[Tensor], theirs: list[Tensor], dtype: torch.dtype) -> None:
    digits = 1e-12 if dtype == F64 else 2e-5
    for got, want in zip(ours, theirs, strict=True):
        assert got.dtype == want.dtype
        torch.testing.assert_close(got, want, rtol=digits, atol=digits, equal_nan=True)


@pytest.mark.parametrize("name", PAIRS)
def test_each_is_torch_s(name: str) -> None:
    ours, theirs, options = PAIRS[name]

    @some
    @given(shapes, seeds, reductions, st.booleans(), st.sampled_from([F64, torch.float32]))
    def holds(
        shape: tuple[int, ...], seed: int, reduction: str, ties: bool, dtype: torch.dtype
    ) -> None:
        z, y, w, v = draw(shape, seed, dtype, ties=ties)
        close(
            all_of(ours, z, v, y, reduction=reduction, **options),
            all_of(theirs, z, v, y, reduction=reduction, **options),
            dtype,
        )
        if "smooth" not in name:  # torch has no weights there
            close(
                all_of(ours, z, v, y, weight=w, reduction=reduction, **options),
                all_of(theirs, z, v, y, weight=w, reduction=reduction, **options),
                dtype,
            )

    holds()


@some
@given(
    st.tuples(st.integers(0, 6), st.integers(1, 5)),
    seeds,
    reductions,
    st.booleans(),
    st.sampled_from([F64, torch.float32]),
)
def test_cross_entropy_is_torch_s(
    size: tuple[int, int], seed: int, reduction: str, weighted: bool, dtype: torch.dtype
) -> None:
    n, classes = size
    random = torch.Generator().manual_seed(seed)
    z = 3 * torch.randn(n, classes, generator=random, dtype=F64).to(dtype)
    v = torch.randn(n, classes, generator=random, dtype=F64).to(dtype)
    y = torch.randint(classes, (n,), generator=random)
    options: dict[str, Any] = {"reduction": reduction}
    if weighted:
        options["weight"] = torch.rand(classes, generator=random, dtype=F64).to(dtype)
    close(
        all_of(losses.cross_entropy, z, v, y, **options),
        all_of(torch_losses.cross_entropy, z, v, y, **options),
        dtype,
    )


# --- those that torch has not ---------------------------------------------------------------


@some
@given(shapes, seeds, st.floats(0.01, 0.99), st.booleans())
def test_closed_forms(shape: tuple[int, ...], seed: int, q: float, ties: bool) -> None:
    z, y, w, v = draw(shape, seed, F64, ties=ties)
    r = z - y
    per = {"reduction": "none"}
    close(all_of(losses.half_mse, z, v, y, **per), [r**2 / 2, r, v], F64)
    close(
        all_of(losses.log_cosh, z, v, y, **per),
        [torch.cosh(r).log(), torch.tanh(r), v / torch.cosh(r) ** 2],
        F64,
    )
    pinball = torch.maximum(-q * r, (1 - q) * r)
    slope = (1 - q) * (r > 0).double() - q * (r < 0).double()
    close(all_of(losses.quantile, z, v, y, q=q, **per), [pinball, slope, 0 * v], F64)
    for loss, terms in ((losses.half_mse, r**2 / 2), (losses.log_cosh, torch.cosh(r).log())):
        mean = (w * terms).sum() / w.sum()
        torch.testing.assert_close(loss(z, y, weight=w), mean, equal_nan=True)


def test_log_cosh_near_and_far() -> None:
    r = torch.tensor([1e-8, -1e-5, 0.5, -1.0, 20.0, -800.0, 1e300], dtype=F64)
    got = losses.log_cosh(r, torch.zeros_like(r), reduction="none")
    log2 = math.log(2)
    want = [5e-17, 5e-11, math.log(math.cosh(0.5)), math.log(math.cosh(1)), 20 - log2, 800 - log2]
    assert got.tolist() == pytest.approx([*want, 1e300], rel=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=9), st.floats(0.05, 0.95))
@some
def test_the_quantile_loss_is_least_at_a_quantile(values: list[float], q: float) -> None:
    y = torch.tensor(values, dtype=F64)
    at = torch.quantile(y, q, interpolation="lower")
    best = losses.quantile(at.expand_as(y), y, q=q)
    if (q * len(values)) % 1 > 1e-9:  # else a whole interval is best
        at = y.sort().values[math.ceil(q * len(values)) - 1]
        best = losses.quantile(at.expand_as(y), y, q=q)
    for other in y:
        assert best <= losses.quantile(other.expand_as(y), y, q=q) + 1e-12
    found = scipy.optimize.minimize_scalar(
        lambda c: losses.quantile(torch.full_like(y, c), y, q=q).item(), bounds=(-11, 11)
    )
    assert best.item() <= found.fun + 1e-12


# --- edges ------------------------------------------------------------------------------------


def test_infinite_logits_are_the_limit() -> None:
    z = torch.tensor([math.inf, math.inf, -math.inf, -math.inf, math.inf], dtype=F64)
    y = torch.tensor([1.0, 0.0, 0.0, 1.0, 0.5], dtype=F64)
    value, slope, _ = all_of(losses.binary_cross_entropy, z, z, y, reduction="none")
    assert value.tolist() == [0, math.inf, 0, math.inf, math.inf]
    assert slope.tolist() == [0, 1, 0, -1, 0.5]
    theirs = torch_losses.binary_cross_entropy_with_logits(z, y, reduction="none")
    assert theirs.isnan().tolist() == [True, False, True, True, False]
    rows = torch.tensor([[math.inf, 0, 1], [math.inf, 0, 1], [math.inf, math.inf, 5]], dtype=F64)
    kinds = torch.tensor([0, 1, 1])
    value, slope, _ = all_of(losses.cross_entropy, rows, rows, kinds, reduction="none")
    assert value.tolist() == [0, math.inf, pytest.approx(math.log(2))]
    assert slope.isfinite().all()
    assert torch_losses.cross_entropy(rows, kinds, reduction="none").isnan().all()
    # The limit is what large logits give.
    large = rows.clamp(max=1e4)
    assert losses.cross_entropy(large[:1], kinds[:1]).item() == 0


def test_nan_stays_nan() -> None:
    z, y = torch.tensor([math.nan, 1.0]), torch.tensor([0.0, 1.0])
    every: list[Loss] = [getattr(losses, name) for name in losses.__all__]
    for loss in every:
        if loss is not losses.cross_entropy:
            assert loss(z, y).isnan()
    assert losses.binary_cross_entropy(y, z).isnan()


def test_a_row_and_a_column_are_refused_where_torch_spreads_them() -> None:
    column, row = torch.arange(3.0)[:, None], torch.arange(3.0)
    said = (
        r"prediction has shape \(3, 1\) and target \(3,\): "
        r"their difference would have shape \(3, 3\)"
    )
    for loss in (losses.mse, losses.half_mse, losses.mae, losses.huber, losses.log_cosh):
        with pytest.raises(ValueError, match=said):
            loss(column, row)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert torch_losses.mse_loss(column, row).item() == pytest.approx(4 / 3)
    assert "different to the input size" in str(told[0].message)
    assert losses.mse(column[:, 0], row).item() == 0


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda _, b: ANY.mse(1.0, b), TypeError, "prediction must be a torch.Tensor"),
        (lambda a, b: losses.mse(a, b.long()), TypeError, "target must hold floating-point"),
        (lambda a, b: losses.mae(a, torch.ones(4)), ValueError, "they do not fit"),
        (lambda a, b: ANY.mse(a, b, reduction="avg"), ValueError, "reduction must be 'mean'"),
        (lambda a, b: losses.mse(a, b, weight=b[:1]), ValueError, "weight must have shape"),
        (lambda a, b: losses.huber(a, b, delta=0.0), ValueError, "delta must be a positive"),
        (lambda a, b: losses.smooth_l1(a, b, beta=-1.0), ValueError, "beta must be a positive"),
        (lambda a, b: losses.quantile(a, b, q=1.0), ValueError, "q must lie between 0 and 1"),
        (lambda a, b: losses.binary_cross_entropy(a, 2 * b), ValueError, "between 0 and 1"),
        (lambda a, b: losses.cross_entropy(a[:, None], b), TypeError, "int64 numbers of classes"),
        (lambda a, b: losses.cross_entropy(a, b.long()), ValueError, r"logits must have shape"),
        (
            lambda a, b: losses.cross_entropy(a[:, None], b.long()),
            ValueError,
            "classes from 0 to 0",
        ),
        (
            lambda a, b: losses.cross_entropy(a[:, None], 0 * b.long(), weight=b),
            ValueError,
            r"weight must have shape \(1,\), got \(3,\)",
        ),
    ],
)
def test_bad_input_is_refused(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call(torch.ones(3), torch.ones(3))
