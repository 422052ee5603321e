"""How fast descent should be: predictions, and what a trajectory shows.

On a quadratic the coordinates of the Hessian's eigenbasis are independent, so what is predicted
there is said of one curvature λ, or of the range from μ to L. All functions take numbers or
tensors that broadcast, and compute in float64.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from gdbook._expect import finite, floating_tensor, positive_integer

__all__ = [
    "Tuning",
    "batch_mean_variance",
    "critical_momentum",
    "gradient_descent",
    "largest_stable_rate",
    "measured_rate",
    "nesterov",
    "noise_floor",
    "polyak",
    "reshuffled_floor",
    "spectral_radius",
    "subgradient_bound",
    "subgradient_floor",
]

Number = float | Tensor


class Tuning(NamedTuple):
    """Hyper-parameters of a method, and the rate that they promise.

    Parameters
    ----------
    learning_rate : Tensor
        η.
    momentum : Tensor
        β.
    rate : Tensor
        The factor by which the error shrinks in one step, in the long run.
    """

    learning_rate: Tensor
    momentum: Tensor
    rate: Tensor


# --- one curvature ----------------------------------------------------------------------


def spectral_radius(
    learning_rate: Number, curvature: Number, momentum: Number = 0.0, *, nesterov: bool = False
) -> Tensor:
    """Return the factor ρ by which one step shrinks the error, in the long run.

    The error obeys e₊ = (1 + β − ηλ)e − βe₋ for heavy ball, and
    e₊ = (1 − ηλ)((1 + β)e − βe₋) for Nesterov's method. ρ is the larger modulus of the two
    roots of that recursion; the method converges from every start exactly if ρ < 1.

    Parameters
    ----------
    learning_rate, curvature, momentum : float or Tensor
        η, λ and β ≥ 0, as in ``torch.optim.SGD``.
    nesterov : bool
        Whether the momentum is Nesterov's.

    Returns
    -------
    Tensor of float64

    Notes
    -----
    Polyak 1964; Lessard, Recht & Packard 2016. Derived in *One curvature, solved*.

    Examples
    --------
    >>> from gdbook.rates import spectral_radius
    >>> spectral_radius(0.25, 2.0)
    tensor(0.5000, dtype=torch.float64)
    >>> spectral_radius(0.25, 4.0, momentum=0.25)
    tensor(0.5000, dtype=torch.float64)
    """
    a, beta = _double(learning_rate) * _double(curvature), _double(momentum)
    if nesterov:
        middle, product = (1 + beta) * (1 - a), beta * (1 - a)
    else:
        middle, product = 1 + beta - a, beta
    # r² − middle·r + product = 0. Complex roots have the modulus √product.
    under = middle**2 - 4 * product
    real = (middle.abs() + under.clamp(min=0).sqrt()) / 2
    return torch.where(under >= 0, real, product.clamp(min=0).sqrt())


def largest_stable_rate(
    curvature: Number, momentum: Number = 0.0, *, nesterov: bool = False
) -> Tensor:
    """Return the η below which the method converges on curvature λ, for 0 ≤ β < 1.

    It is 2(1 + β)/λ for heavy ball, and 2(1 + β)/((1 + 2β)λ) for Nesterov's method, which
    allows less.

    Parameters
    ----------
    curvature, momentum, nesterov
        As in `spectral_radius`.

    Notes
    -----
    Derived in *One curvature, solved*.

    Examples
    --------
    >>> from gdbook.rates import largest_stable_rate
    >>> largest_stable_rate(4.0), largest_stable_rate(4.0, momentum=0.5)
    (tensor(0.5000, dtype=torch.float64), tensor(0.7500, dtype=torch.float64))
    """
    beta = _double(momentum)
    edge = 2 * (1 + beta) / _double(curvature)
    return edge / (1 + 2 * beta) if nesterov else edge


def critical_momentum(learning_rate: Number, curvature: Number) -> Tensor:
    """Return the β of heavy ball at which the roots meet: (1 − √(ηλ))².

    Below it the error shrinks without swinging, above it it swings. At this β the rate is
    best for the given η and λ, and the root is double.

    Notes
    -----
    Derived in *Momentum as a spring with friction*.

    Examples
    --------
    >>> from gdbook.rates import critical_momentum
    >>> critical_momentum(0.25, 1.0)
    tensor(0.2500, dtype=torch.float64)
    """
    a = _double(learning_rate) * _double(curvature)
    return (1 - a.sqrt()) ** 2


# --- curvatures from μ to L --------------------------------------------------------------


def gradient_descent(strong_convexity: Number, smoothness: Number) -> Tuning:
    """Return the best constant rate of plain descent, 2/(L + μ), and ρ = (κ − 1)/(κ + 1).

    Parameters
    ----------
    strong_convexity, smoothness : float or Tensor
        μ and L, the least and the largest curvature, 0 < μ ≤ L.

    Raises
    ------
    ValueError
        If μ is not positive, or greater than L.

    Notes
    -----
    Derived in *Two descents in one*.

    Examples
    --------
    >>> from gdbook.rates import gradient_descent
    >>> [float(it) for it in gradient_descent(1.0, 3.0)]
    [0.5, 0.0, 0.5]
    """
    mu, largest = _range(strong_convexity, smoothness)
    rate = 2 / (largest + mu)
    return Tuning(rate, torch.zeros_like(rate), (largest - mu) / (largest + mu))


def polyak(strong_convexity: Number, smoothness: Number) -> Tuning:
    """Return Polyak's tuning of heavy ball on quadratics, with ρ = (√κ − 1)/(√κ + 1).

    η = 4/(√L + √μ)² and β = ρ². At both ends of the range the roots are double, so the
    error runs like kρᵏ.

    Parameters
    ----------
    strong_convexity, smoothness
        As in `gradient_descent`.

    Notes
    -----
    Polyak 1964.
    Derived in *From μ to L*.

    Examples
    --------
    >>> from gdbook.rates import polyak
    >>> [float(it) for it in polyak(1.0, 9.0)]
    [0.25, 0.25, 0.5]
    """
    mu, largest = _range(strong_convexity, smoothness)
    root = (largest.sqrt() - mu.sqrt()) / (largest.sqrt() + mu.sqrt())
    return Tuning(4 / (largest.sqrt() + mu.sqrt()) ** 2, root**2, root)


def nesterov(strong_convexity: Number, smoothness: Number) -> Tuning:
    """Return the usual tuning of Nesterov's method: η = 1/L, β = (√κ − 1)/(√κ + 1).

    On quadratics ρ = 1 − 1/√κ. On every smooth, strongly convex function the values shrink
    by a factor of at most 1 − 1/√κ in each step, in the long run.

    Parameters
    ----------
    strong_convexity, smoothness
        As in `gradient_descent`.

    Notes
    -----
    Nesterov 2004, section 2.2.
    Derived in *Looking ahead*.

    Examples
    --------
    >>> from gdbook.rates import nesterov
    >>> nesterov(1.0, 9.0).rate
    tensor(0.6667, dtype=torch.float64)
    """
    mu, largest = _range(strong_convexity, smoothness)
    root = (largest / mu).sqrt()
    return Tuning(1 / largest, (root - 1) / (root + 1), 1 - 1 / root)


# --- noise -------------------------------------------------------------------------------


def batch_mean_variance(variance: Number, batch_size: int, samples: int | None = None) -> Tensor:
    """Return the variance of the mean of a batch of B.

    Parameters
    ----------
    variance : float or Tensor
        σ² of one sample, with divisor N.
    batch_size : int
        B.
    samples : int, optional
        N, if the batch is drawn without replacement: then the variance is
        (σ²/B)(N − B)/(N − 1). Without it, the draws are independent, and it is σ²/B.

    Raises
    ------
    ValueError
        If B is not a positive integer, or greater than N.

    Notes
    -----
    Derived in *How far off*.

    Examples
    --------
    >>> from gdbook.rates import batch_mean_variance
    >>> batch_mean_variance(4.0, 2), batch_mean_variance(4.0, 2, samples=5)
    (tensor(2., dtype=torch.float64), tensor(1.5000, dtype=torch.float64))
    """
    of_mean = _double(variance) / positive_integer(batch_size, "batch_size")
    if samples is None:
        return of_mean
    if positive_integer(samples, "samples") < batch_size:
        raise ValueError(f"batch_size must be at most {samples}, got {batch_size}")
    if samples == 1:
        return torch.zeros_like(of_mean)
    return of_mean * (samples - batch_size) / (samples - 1)


def noise_floor(
    learning_rate: Number, curvature: Number, noise: Number, momentum: Number = 0.0
) -> Tensor:
    """Return the variance of the point about the minimum, after many noisy steps.

    The loss is ½λw², and each gradient has independent noise of mean 0 added to it. With
    heavy ball the variance is ηs²(1 + β) / (λ(1 − β)(2(1 + β) − ηλ)), without momentum
    ηs²/(λ(2 − ηλ)); the mean loss is ½λ times it. Both grow with η.

    Parameters
    ----------
    learning_rate, curvature : float or Tensor
        η and λ, with 0 < ηλ < 2(1 + β).
    noise : float or Tensor
        s², the variance of the noise: σ²/B for batches of B drawn with replacement.
    momentum : float or Tensor
        β.

    Notes
    -----
    Derived in *The noise ball*.

    Examples
    --------
    >>> from gdbook.rates import noise_floor
    >>> noise_floor(0.5, 2.0, 1.0)
    tensor(0.2500, dtype=torch.float64)
    """
    eta, lam, beta = _double(learning_rate), _double(curvature), _double(momentum)
    below = lam * (1 - beta) * (2 * (1 + beta) - eta * lam)
    return eta * _double(noise) * (1 + beta) / below


def reshuffled_floor(
    learning_rate: Number,
    curvature: Number,
    variance: Number,
    samples: int,
    batch_size: int = 1,
) -> Tensor:
    """Return the variance of the point at the ends of epochs, when each is a new shuffle.

    The losses are ½λ(w − cᵢ)², i = 1 … N, whose cᵢ have mean 0; B divides N. A step multiplies
    the error by q = 1 − ηλ and adds ηλ times the mean c of its batch. The last sample of an
    epoch weighs most, but the weights of all are nearly equal when ηλN/B is small, and the
    sum of all c is 0: so the floor lies far below that of independent draws.

    Parameters
    ----------
    learning_rate, curvature : float or Tensor
        η and λ, with 0 < ηλ < 2.
    variance : float or Tensor
        The variance of the cᵢ, with divisor N.
    samples, batch_size : int
        N and B.

    Raises
    ------
    ValueError
        If N or B is not a positive integer, or B does not divide N.

    Notes
    -----
    The weighted sum Σvᵢc_π(i) of a random permutation π has the variance
    N/(N − 1) · Var(c) · Σ(vᵢ − v̄)². Derived in *The reshuffled floor*.
    """
    positive_integer(samples, "samples")
    if samples % positive_integer(batch_size, "batch_size"):
        raise ValueError(f"batch_size must divide {samples}, got {batch_size}")
    q = 1 - _double(learning_rate) * _double(curvature)
    steps = samples // batch_size
    powers = q.unsqueeze(-1) ** torch.arange(steps, dtype=torch.float64)
    weights = (1 - q).unsqueeze(-1) * powers / batch_size
    spread = batch_size * ((weights - weights.mean(-1, keepdim=True)) ** 2).sum(-1)
    of_an_epoch = _double(variance) * spread * samples / max(samples - 1, 1)
    return of_an_epoch / (1 - q ** (2 * steps))


# --- kinks --------------------------------------------------------------------------------


def subgradient_bound(
    learning_rate: Number, steps: int, distance: Number, lipschitz: Number
) -> Tensor:
    """Return how far the best of the first K points is above the minimum, at most.

    For convex f, x₊ = x − ηg with subgradients no longer than G, a constant η and a minimum at
    distance R from the start, min f(xₖ) − f* ≤ R²/(2ηK) + ηG²/2, over k = 0 … K − 1. The value at
    the mean of these points obeys the same bound; the value at the last point need not.

    Parameters
    ----------
    learning_rate : float or Tensor
        η > 0.
    steps : int
        K.
    distance : float or Tensor
        R.
    lipschitz : float or Tensor
        G.

    Returns
    -------
    Tensor of float64

    Raises
    ------
    ValueError
        If K is not a positive integer.

    Notes
    -----
    Shor 1985; Nesterov 2004, section 3.2.3. Proof: ‖x₊ − x*‖² = ‖x − x*‖² − 2ηgᵀ(x − x*) +
    η²‖g‖² ≤ ‖x − x*‖² − 2η(f(x) − f*) + η²G². Add this up over the K steps, drop ‖x_K − x*‖² ≥ 0,
    and divide by 2ηK: so much is the mean of f(xₖ) − f*, at most. Derived in *A
    guarantee for every set of points*.

    Examples
    --------
    >>> from gdbook.rates import subgradient_bound
    >>> subgradient_bound(0.5, 8, 2.0, 1.0)
    tensor(0.7500, dtype=torch.float64)
    """
    eta, K = _double(learning_rate), positive_integer(steps, "steps")
    return _double(distance) ** 2 / (2 * eta * K) + subgradient_floor(eta, lipschitz)


def subgradient_floor(learning_rate: Number, lipschitz: Number) -> Tensor:
    """Return ηG²/2, what is left of `subgradient_bound` after many steps.

    To get nearer to the minimum than this, η must fall. The floor bounds the best point and the
    mean of the points: on the way the value may rise above it, again and again.

    Parameters
    ----------
    learning_rate, lipschitz : float or Tensor
        η and G: for the mean absolute error of a linear model, `gdbook.models.mae_lipschitz`.

    Notes
    -----
    Derived in *How near a constant rate comes*.
    """
    return _double(learning_rate) * _double(lipschitz) ** 2 / 2


# --- measured ----------------------------------------------------------------------------


def measured_rate(errors: Tensor, *, double_root: bool = False, skip: float = 0.5) -> Tensor:
    """Return the factor ρ that a run's errors show, by a straight line through log eₖ.

    Parameters
    ----------
    errors : Tensor, shape (steps + 1, *runs)
        Distances to the minimum, logged before each step: positive numbers. A swinging
        error passes through zero; give it the length of the pair (eₖ, eₖ₋₁) instead.
    double_root : bool
        Whether the errors run like kρᵏ, as they do where the two roots meet: then log k is
        subtracted first. Without it the measured ρ is too large, by about 1/k.
    skip : float
        The share of the steps, from the start, that is left out.

    Returns
    -------
    Tensor of float64, shape (*runs)

    Raises
    ------
    ValueError
        If fewer than two errors are left, or one of them is not a positive number.

    Notes
    -----
    Derived in *Why a measured rate is too large*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.rates import measured_rate
    >>> measured_rate(0.5 ** torch.arange(20, dtype=torch.float64))
    tensor(0.5000, dtype=torch.float64)
    """
    e = finite(floating_tensor(errors, "errors"), "errors").double()
    if not 0 <= skip < 1:
        raise ValueError(f"skip must be at least 0 and below 1, got {skip}")
    first = max(int(skip * len(e)), 1 if double_root else 0)
    k = torch.arange(len(e), dtype=torch.float64)[first:]
    e = e[first:]
    if len(e) < 2:
        raise ValueError(f"two errors or more are needed, got {len(e)}")
    if not bool((e > 0).all()):
        raise ValueError("errors must be positive; a run that has arrived shows no rate")
    logs = e.log()
    across = [1] * (e.ndim - 1)
    if double_root:
        logs = logs - k.log().reshape(-1, *across)
    from_mean = (k - k.mean()).reshape(-1, *across)
    slope = (from_mean * logs).sum(0) / (from_mean**2).sum()
    return slope.exp()


def _double(value: Number) -> Tensor:
    return torch.as_tensor(value, dtype=torch.float64)


def _range(strong_convexity: Number, smoothness: Number) -> tuple[Tensor, Tensor]:
    mu, largest = _double(strong_convexity), _double(smoothness)
    if not bool(((mu > 0) & (mu <= largest) & largest.isfinite()).all()):
        raise ValueError(
            f"0 < strong_convexity ≤ smoothness must hold, got {strong_convexity} and {smoothness}"
        )
    return mu, largest
