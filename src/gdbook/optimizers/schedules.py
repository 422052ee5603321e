"""Learning rates that change: each schedule is a function of the number of steps taken.

`k` counts the steps that were taken before, so the first step has k = 0. The
formulas are those of ``torch.optim.lr_scheduler``, in closed form. They need
nothing but `math`, and run in MicroPython too; `k` is a number, not a tensor.

>>> from gdbook.optimizers import schedules
>>> [schedules.step_decay(k, 0.1, step_size=2, gamma=0.5) for k in range(5)]
[0.1, 0.1, 0.05, 0.05, 0.025]
"""

import math

__all__ = [
    "cosine",
    "exponential",
    "linear",
    "one_cycle",
    "one_cycle_between",
    "robbins_monro",
    "step_decay",
]


def step_decay(
    k: int, highest: float, *, step_size: int, gamma: float = 0.1
) -> float:
    """Return η₀·γ^⌊k/s⌋: the rate is multiplied by γ after every s steps.

    Parameters
    ----------
    k : int
        Steps taken before.
    highest : float
        η₀, the rate of the first step.
    step_size : int
        s.
    gamma : float
        γ.

    Notes
    -----
    Derived in *The last steps*.
    """
    return highest * gamma ** (k // step_size)


def exponential(k: int, highest: float, *, gamma: float) -> float:
    """Return η₀·γᵏ: the rate is multiplied by γ after every step.

    Notes
    -----
    Derived in *The last steps*.

    Examples
    --------
    >>> from gdbook.optimizers.schedules import exponential
    >>> [exponential(k, 0.8, gamma=0.5) for k in range(4)]
    [0.8, 0.4, 0.2, 0.1]
    """
    return highest * gamma**k


def linear(
    k: int,
    base: float,
    *,
    start_factor: float = 1 / 3,
    end_factor: float = 1.0,
    total: int = 5,
) -> float:
    """Return a rate on a straight line, from one share of η₀ to another.

    With the defaults it is a warm-up: small steps first, while the averages
    of an adaptive method are still young.

    Parameters
    ----------
    k : int
        Steps taken before; from `total` on the rate stays.
    base : float
        η₀.
    start_factor, end_factor : float
        The shares of η₀ for k = 0 and from k = `total` on.
    total : int
        How many steps the way takes.

    Notes
    -----
    Derived in *Clipping, warm-up, one cycle*.

    Examples
    --------
    >>> from gdbook.optimizers.schedules import linear
    >>> [linear(k, 1.0, start_factor=0.5, total=2) for k in range(4)]
    [0.5, 0.75, 1.0, 1.0]
    """
    share = min(k, total) / total
    return base * (start_factor + (end_factor - start_factor) * share)


def cosine(
    k: int, highest: float, *, total: int, lowest: float = 0.0
) -> float:
    """Return half a wave of the cosine, from the highest rate to the lowest.

    Notes
    -----
    Loshchilov & Hutter 2017, without restarts. After `total` steps the wave
    goes up again, as torch's does.
    Derived in *The last steps*.

    Examples
    --------
    >>> from gdbook.optimizers.schedules import cosine
    >>> [round(cosine(k, 1.0, total=4), 3) for k in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]
    """
    return (
        lowest + (highest - lowest) * (1 + math.cos(math.pi * k / total)) / 2
    )


def one_cycle(
    k: int,
    highest: float,
    *,
    total: int,
    rising: float = 0.3,
    div_factor: float = 25.0,
    final_div_factor: float = 1e4,
) -> float:
    """Return the rate of one cycle: up to the highest, then down to almost nothing.

    Parameters
    ----------
    k : int
        Steps taken before, at most `total`.
    highest : float
        The rate at the top.
    total : int
        The number of steps of the cycle.
    rising : float
        The share of the steps that goes up.
    div_factor, final_div_factor : float
        The first rate is ``highest / div_factor``; the last one is that
        divided by `final_div_factor`.

    Notes
    -----
    Smith & Topin 2019, with torch's two phases.
    Derived in *Clipping, warm-up, one cycle*.
    """
    first = highest / div_factor
    return one_cycle_between(
        k,
        first,
        highest,
        first / final_div_factor,
        total=total,
        rising=rising,
    )


def one_cycle_between(
    k: int,
    first: float,
    middle: float,
    last: float,
    *,
    total: int,
    rising: float = 0.3,
) -> float:
    """Return the value after k steps of a cycle through three values, along cosines.

    Raises
    ------
    ValueError
        If the cycle has fewer than k steps.
    """
    turn, end = rising * total - 1, total - 1
    if k > total:
        raise ValueError(
            f"the cycle has {total} steps; there is no rate for step {k}"
        )
    if k <= turn:
        return _along_a_cosine(first, middle, k / turn)
    return _along_a_cosine(middle, last, (k - turn) / (end - turn))


def _along_a_cosine(start: float, end: float, share: float) -> float:
    return end + (start - end) / 2 * (1 + math.cos(math.pi * share))


def robbins_monro(
    k: int, highest: float, *, shift: float = 1.0, power: float = 1.0
) -> float:
    """Return η₀/(1 + k/c)ᵖ: rates whose sum is infinite and whose squares have a finite sum.

    Both hold for ½ < p ≤ 1. With η₀ = 1, c = 1 and p = 1 it is 1/(k + 1): on
    the losses ½(w − cᵢ)² each iterate is then the mean of the numbers seen.

    Parameters
    ----------
    k : int
        Steps taken before.
    highest : float
        η₀, the rate of the first step.
    shift : float
        c, about how many steps the rate stays near η₀.
    power : float
        p.

    Raises
    ------
    ValueError
        If p is not above ½ and at most 1, or c is not positive.

    Notes
    -----
    Robbins & Monro 1951.
    Derived in *Rates that shrink*.

    Examples
    --------
    >>> from gdbook.optimizers.schedules import robbins_monro
    >>> [robbins_monro(k, 1.0) for k in (0, 1, 3)]
    [1.0, 0.5, 0.25]
    """
    if not 0.5 < power <= 1:
        raise ValueError(
            f"power must be above 0.5 and at most 1, got {power}: "
            "the steps would not reach far enough, or the noise would not die out"
        )
    if not shift > 0:
        raise ValueError(f"shift must be positive, got {shift}")
    rate: float = highest / (1 + k / shift) ** power
    return rate
