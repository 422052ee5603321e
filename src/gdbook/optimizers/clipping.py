"""Gradients that are cut to a length, as in ``torch.nn.utils``."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any


def clip_grad_norm_(
    parameters: "Iterable[Any]", max_norm: float, norm_type: float = 2.0
) -> "Any":
    """Shorten all gradients by one factor, so that together they are no longer than `max_norm`.

    The direction stays. The factor is ``max_norm / (norm + 1e-6)``, as torch
    has it, or 1 if that is smaller; so a gradient just as long as allowed is
    shortened by a millionth.

    Parameters
    ----------
    parameters : iterable of tensors
        Those without a gradient are passed over.
    max_norm : float
        The largest length allowed.
    norm_type : float
        p of the norm (Σ|g|ᵖ)^(1/p); infinity for the largest |g|.

    Returns
    -------
    tensor
        The length before, 0 if there is no gradient.

    Notes
    -----
    Pascanu, Mikolov & Bengio 2013.
    Derived in *Clipping, warm-up, one cycle*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.optimizers import clip_grad_norm_
    >>> w = torch.zeros(2, requires_grad=True)
    >>> w.grad = torch.tensor([3.0, 4.0])
    >>> clip_grad_norm_([w], max_norm=1.0), w.grad
    (tensor(5.), tensor([0.6000, 0.8000]))
    """
    gradients = _gradients(parameters)
    if not gradients:
        return 0.0
    lengths = [_norm(g, norm_type) for g in gradients]
    length = _norm_of_numbers(lengths, norm_type)
    factor = max_norm / (length + 1e-6)
    for g in gradients:
        g.mul_(factor * (factor < 1) + (factor >= 1))
    return length


def clip_grad_value_(parameters: "Iterable[Any]", clip_value: float) -> None:
    """Cut each coordinate of each gradient to the interval [−c, c], c being `clip_value`.

    The direction changes where coordinates are cut.

    Notes
    -----
    Derived in *Clipping, warm-up, one cycle*.
    """
    for g in _gradients(parameters):
        g.copy_(g.clamp(-clip_value, clip_value))


def _gradients(parameters: "Iterable[Any]") -> "list[Any]":
    if hasattr(parameters, "backward"):
        parameters = [parameters]
    return [p.grad.detach() for p in parameters if p.grad is not None]


def _norm(g: "Any", p: float) -> "Any":
    if p == float("inf"):
        return g.abs().max()
    return (g.abs() ** p).sum() ** (1 / p)


def _norm_of_numbers(lengths: "list[Any]", p: float) -> "Any":
    if p == float("inf"):
        largest = lengths[0]
        for length in lengths[1:]:
            largest = max(largest, length)
        return largest
    total = lengths[0] ** p
    for length in lengths[1:]:
        total = total + length**p
    return total ** (1 / p)
