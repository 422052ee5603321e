"""The losses of the book, written by hand: each equals its like in ``torch.nn.functional``.

>>> import torch
>>> from gdbook.losses import half_mse, mse
>>> prediction, target = torch.tensor([1.0, 2.0]), torch.tensor([0.0, 4.0])
>>> mse(prediction, target), half_mse(prediction, target)
(tensor(2.5000), tensor(1.2500))

Prediction and target must have the same shape. torch itself spreads one of shape (N,) against
one of shape (N, 1) to N × N differences, and the value is wrong: here that is an error.

In all of them `reduction` is ``"mean"``, ``"sum"`` or ``"none"``, as in torch, and a `weight`
multiplies each term. r stands for prediction − target, and N for the number of terms.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from gdbook._expect import floating_tensor, positive_number, shape

__all__ = [
    "binary_cross_entropy",
    "cross_entropy",
    "half_mse",
    "huber",
    "log_cosh",
    "mae",
    "mse",
    "quantile",
    "smooth_l1",
]

Reduction = Literal["mean", "sum", "none"]

# --- regression ---------------------------------------------------------------------------


def mse(
    prediction: Tensor,
    target: Tensor,
    *,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the mean of r², as `torch.nn.functional.mse_loss` does.

    Parameters
    ----------
    prediction, target : Tensor, of the same shape
        Floating-point numbers.
    weight : Tensor, optional, of that shape
        The mean is then Σwr²/Σw.
    reduction : {"mean", "sum", "none"}

    Returns
    -------
    Tensor
        A number, or of the shape of `prediction` without reduction.

    Raises
    ------
    TypeError
        If one of them is no tensor of floating-point numbers.
    ValueError
        If the shapes are not the same, or there is no such reduction.

    Notes
    -----
    Legendre 1805. Derived in *Why squares?*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import mse
    >>> mse(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 4.0]))
    tensor(2.5000)
    """
    return _reduced(_residual(prediction, target) ** 2, weight, reduction)


def half_mse(
    prediction: Tensor,
    target: Tensor,
    *,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return half the mean of r²: the factor that the derivative brings down is gone.

    Its gradient is half that of `mse`. Parameters and errors are those of `mse`.

    Notes
    -----
    Derived in *Two names for one loss*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import half_mse
    >>> half_mse(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 4.0]))
    tensor(1.2500)
    """
    return _reduced(_residual(prediction, target) ** 2 / 2, weight, reduction)


def mae(
    prediction: Tensor,
    target: Tensor,
    *,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the mean of |r|, as `torch.nn.functional.l1_loss` does.

    Where r = 0 the gradient is 0, the subgradient of least norm. Parameters and errors are
    those of `mse`.

    Notes
    -----
    Edgeworth 1887. Derived in *A mean of signs*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import mae
    >>> mae(torch.tensor([1.0, 2.0]), torch.tensor([0.0, 4.0]))
    tensor(1.5000)
    """
    return _reduced(_residual(prediction, target).abs(), weight, reduction)


def huber(
    prediction: Tensor,
    target: Tensor,
    *,
    delta: float = 1.0,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the mean of ½r² where |r| < δ, and of δ(|r| − ½δ) elsewhere.

    As `torch.nn.functional.huber_loss`: with a weight the mean is Σwl/N, not Σwl/Σw.

    Parameters
    ----------
    delta : float
        δ > 0, where the parabola goes over into its tangents.
    prediction, target, weight, reduction
        As in `mse`.

    Notes
    -----
    Huber 1964.
    Derived in *Between the two*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import huber
    >>> huber(torch.tensor([0.5, 3.0]), torch.zeros(2), reduction="none")
    tensor([0.1250, 2.5000])
    """
    positive_number(delta, "delta")
    r = _residual(prediction, target)
    terms = torch.where(r.abs() < delta, r**2 / 2, delta * (r.abs() - delta / 2))
    return _reduced(terms, weight, reduction, by_count=True)


def smooth_l1(
    prediction: Tensor,
    target: Tensor,
    *,
    beta: float = 1.0,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the mean of ½r²/β where |r| < β, and of |r| − ½β elsewhere: Huber's loss over β.

    As `torch.nn.functional.smooth_l1_loss`, where β may be 0 too: that is `mae`.

    Parameters
    ----------
    beta : float
        β > 0.
    prediction, target, weight, reduction
        As in `mse`.

    Notes
    -----
    Derived in *Between the two*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import smooth_l1
    >>> smooth_l1(torch.tensor([0.5, 3.0]), torch.zeros(2), beta=2.0, reduction="none")
    tensor([0.0625, 2.0000])
    """
    positive_number(beta, "beta")
    r = _residual(prediction, target)
    terms = torch.where(r.abs() < beta, r**2 / (2 * beta), r.abs() - beta / 2)
    return _reduced(terms, weight, reduction)


def log_cosh(
    prediction: Tensor,
    target: Tensor,
    *,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the mean of log cosh r: near 0 like ½r², far out like |r| − log 2.

    Its gradient is tanh r, and its curvature at most 1. Parameters and errors are those of
    `mse`.

    Notes
    -----
    Derived in *Between the two*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import log_cosh
    >>> log_cosh(torch.tensor([0.1, 10.0]), torch.zeros(2), reduction="none")
    tensor([4.9917e-03, 9.3069e+00])
    """
    r = _residual(prediction, target)
    # log cosh r = log(1 + 2 sinh²(r/2)) keeps its digits near 0, and overflows far out; the
    # other form is r − log σ(2r) − log 2.
    near = r.abs() < 1
    small = torch.where(near, r, 0)
    far = r - logsigmoid(2 * r) - math.log(2)
    return _reduced(
        torch.where(near, torch.log1p(2 * torch.sinh(small / 2) ** 2), far), weight, reduction
    )


def quantile(
    prediction: Tensor,
    target: Tensor,
    *,
    q: float = 0.5,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the mean of q·u where u = target − prediction is positive, and of (q − 1)·u elsewhere.

    A constant prediction is best at the q-quantile of the targets; with q = ½ the loss is half
    of `mae`. Where u = 0 the gradient is 0.

    Parameters
    ----------
    q : float
        Between 0 and 1.
    prediction, target, weight, reduction
        As in `mse`.

    Raises
    ------
    ValueError
        Also if q is not between 0 and 1.

    Notes
    -----
    Koenker & Bassett 1978.
    Derived in *Any quantile*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import quantile
    >>> quantile(torch.tensor([0.0, 0.0]), torch.tensor([1.0, -1.0]), q=0.9, reduction="none")
    tensor([0.9000, 0.1000])
    """
    if not 0 < q < 1:
        raise ValueError(f"q must lie between 0 and 1, got {q}")
    u = -_residual(prediction, target)
    slope = q * (u > 0).to(u) + (q - 1) * (u < 0).to(u)
    # Where u is nan both are 0, and nan must stay.
    return _reduced(slope * u, weight, reduction)


# --- classification -----------------------------------------------------------------------


def binary_cross_entropy(
    logits: Tensor, target: Tensor, *, weight: Tensor | None = None, reduction: Reduction = "mean"
) -> Tensor:
    """Return the mean of −y log σ(z) − (1 − y) log(1 − σ(z)), from the logits z.

    As `torch.nn.functional.binary_cross_entropy_with_logits`, where a weighted mean is Σwl/N.
    At infinite logits torch gives nan; this is the limit: 0 where the class is certain and
    right, infinite where it is certain and wrong.

    Parameters
    ----------
    logits : Tensor
        z, any real numbers; σ(z) is the probability of class 1.
    target : Tensor, of the same shape
        y, from 0 to 1.
    weight, reduction
        As in `mse`.

    Raises
    ------
    TypeError, ValueError
        As in `mse`; also if a target lies outside [0, 1].

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import binary_cross_entropy
    >>> binary_cross_entropy(torch.tensor([0.0]), torch.tensor([1.0])).exp()
    tensor(2.)
    """
    _same_shape(logits, target)
    if not bool(((target >= 0) & (target <= 1) | target.isnan()).all()):
        raise ValueError("targets must lie between 0 and 1")
    one = torch.where(target == 0, 0, -target * logsigmoid(logits))
    zero = torch.where(target == 1, 0, -(1 - target) * logsigmoid(-logits))
    return _reduced(one + zero, weight, reduction, by_count=True)


def cross_entropy(
    logits: Tensor,
    target: Tensor,
    *,
    weight: Tensor | None = None,
    reduction: Reduction = "mean",
) -> Tensor:
    """Return the mean of −log p(y), where p is the softmax of the logits.

    As `torch.nn.functional.cross_entropy` with the numbers of classes as targets. Where a logit
    is +∞ torch gives nan; this is the limit, in which several infinite logits share alike.

    Parameters
    ----------
    logits : Tensor, shape (N, C)
        One row for each sample, one column for each class.
    target : Tensor of int64, shape (N,)
        The class of each sample, from 0 to C − 1.
    weight : Tensor, optional, shape (C,)
        One for each class; the mean is then Σw(y)l/Σw(y).
    reduction : {"mean", "sum", "none"}

    Raises
    ------
    TypeError
        If the logits are no floating-point numbers, or the targets no integers.
    ValueError
        If the shapes do not fit, a class does not exist, or there is no such reduction.

    Examples
    --------
    >>> import torch
    >>> from gdbook.losses import cross_entropy
    >>> cross_entropy(torch.zeros(1, 4), torch.tensor([2])).exp()
    tensor(4.)
    """
    floating_tensor(logits, "logits")
    if not isinstance(target, Tensor) or target.dtype != torch.int64:
        kind = str(target.dtype).removeprefix("torch.") if isinstance(target, Tensor) else ""
        raise TypeError(f"target must hold int64 numbers of classes, got {kind or type(target)}")
    if logits.ndim != 2 or target.shape != logits.shape[:1]:
        raise ValueError(
            "logits must have shape (N, C) and target shape (N,), "
            f"got {shape(logits)} and {shape(target)}"
        )
    classes = logits.shape[1]
    if not bool(((target >= 0) & (target < classes)).all()):
        raise ValueError(f"targets must be classes from 0 to {classes - 1}")
    if weight is not None and weight.shape != (classes,):
        raise ValueError(f"weight must have shape ({classes},), got {shape(weight)}")
    top = logits == torch.inf
    limit = torch.where(top, 0, -torch.inf).to(logits)
    logits = torch.where(top.any(-1, keepdim=True), limit, logits)
    terms = -logits.log_softmax(-1).gather(-1, target[:, None])[:, 0]
    return _reduced(terms, None if weight is None else weight[target], reduction)


# --- what all of them share -----------------------------------------------------------------


def _residual(prediction: Tensor, target: Tensor) -> Tensor:
    _same_shape(prediction, target)
    return prediction - target


def _same_shape(prediction: Tensor, target: Tensor) -> None:
    floating_tensor(prediction, "prediction")
    floating_tensor(target, "target")
    if prediction.shape == target.shape:
        return
    try:
        spread = tuple((prediction.detach() - target.detach()).shape)
    except RuntimeError:
        then = "they do not fit"
    else:
        then = f"their difference would have shape {spread}"
    raise ValueError(
        f"prediction has shape {shape(prediction)} and target {shape(target)}: {then}; "
        "give both the same shape, for example with .reshape(-1)"
    )


def _reduced(
    terms: Tensor, weight: Tensor | None, reduction: Reduction, *, by_count: bool = False
) -> Tensor:
    if reduction not in get_args(Reduction):
        raise ValueError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
    if weight is not None:
        if weight.shape != terms.shape:
            raise ValueError(f"weight must have shape {shape(terms)}, got {shape(weight)}")
        # 0 · inf is nan: a term of weight 0 counts for nothing, whatever it is.
        terms = torch.where(weight == 0, 0, weight * terms)
    if reduction == "none":
        return terms
    if reduction == "sum":
        return terms.sum()
    return terms.mean() if weight is None or by_count else terms.sum() / weight.sum()
