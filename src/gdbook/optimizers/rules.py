"""One step of each method: point, gradient and state in, point and state out.

Nothing but arithmetic stands in a rule, so it serves numbers, tensors of
torch and tensors of `gdbook.autodiff` alike, and whole batches of runs:
hyper-parameters may be tensors too. The state is a dictionary, empty before
the first step; it is never changed, but returned anew. Conventions and
defaults are those of ``torch.optim``.

In every rule `x` is the point and `g` the gradient there, of the same shape.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    # A number or a tensor: what counts is that it has arithmetic.
    Value = Any
    State = dict[str, Any]


def sgd(
    x: "Value",
    g: "Value",
    state: "State",
    *,
    lr: "Value" = 1e-3,
    momentum: "Value" = 0.0,
    dampening: "Value" = 0.0,
    weight_decay: "Value" = 0.0,
    nesterov: bool = False,
) -> "tuple[Value, State]":
    """Take one step of gradient descent, with momentum if that is not 0.

    b ← βb + (1 − d)g and x ← x − ηb, where b is the momentum buffer and the
    first b is g alone, without dampening d; without momentum, leave d at 0.
    In Nesterov's form, as torch has it, the step is along g + βb.

    Notes
    -----
    Polyak 1964, Nesterov 1983, Sutskever et al. 2013. Derived in
    *A step that remembers*.

    Examples
    --------
    >>> from gdbook.optimizers import sgd
    >>> x, state = sgd(4.0, 8.0, {}, lr=0.25, momentum=0.5)
    >>> x
    2.0
    >>> sgd(x, 4.0, state, lr=0.25, momentum=0.5)
    (0.0, {'b': 8.0})
    """
    g = g + weight_decay * x
    b = momentum * state["b"] + (1 - dampening) * g if state else g
    step = g + momentum * b if nesterov else b
    return x - lr * step, {"b": b}


def adagrad(
    x: "Value",
    g: "Value",
    state: "State",
    *,
    lr: "Value" = 1e-2,
    lr_decay: "Value" = 0.0,
    weight_decay: "Value" = 0.0,
    initial_accumulator_value: "Value" = 0.0,
    eps: "Value" = 1e-10,
) -> "tuple[Value, State]":
    """Take one step of AdaGrad: rates fall with all past gradients.

    s ← s + g² and x ← x − ηg/(√s + ε), where η falls as 1/(1 + td) after t
    steps, d being `lr_decay`.

    Notes
    -----
    Duchi, Hazan & Singer 2011. Derived in *Divide by the size of the gradient*.

    Examples
    --------
    >>> from gdbook.optimizers import adagrad
    >>> x, state = adagrad(1.0, 100.0, {}, lr=0.5)
    >>> round(x, 9)
    0.5
    """
    g = g + weight_decay * x
    t = state.get("t", 0)
    s = state.get("s", initial_accumulator_value) + g * g
    rate = lr / (1 + t * lr_decay)
    return x - rate * g / (s**0.5 + eps), {"t": t + 1, "s": s}


def rmsprop(
    x: "Value",
    g: "Value",
    state: "State",
    *,
    lr: "Value" = 1e-2,
    alpha: "Value" = 0.99,
    eps: "Value" = 1e-8,
    weight_decay: "Value" = 0.0,
    momentum: "Value" = 0.0,
    centered: bool = False,
) -> "tuple[Value, State]":
    """Take one step of RMSprop: the gradient over the root of its mean square.

    s ← αs + (1 − α)g², b ← βb + g/(√s + ε) and x ← x − ηb: ε is outside the
    root. Centred, s gives way to s − m², where m is the running mean of g.

    Notes
    -----
    Tieleman & Hinton 2012; centred by Graves 2013. Derived in *Forget the old gradients*.

    Examples
    --------
    >>> from gdbook.optimizers import rmsprop
    >>> x, state = rmsprop(1.0, 100.0, {}, lr=0.5, alpha=0.75)
    >>> round(x, 9)
    0.0
    """
    g = g + weight_decay * x
    t = state.get("t", 0) + 1
    s = alpha * state.get("s", 0.0) + (1 - alpha) * g * g
    m = alpha * state.get("m", 0.0) + (1 - alpha) * g if centered else 0.0
    b = momentum * state.get("b", 0.0) + g / ((s - m * m) ** 0.5 + eps)
    return x - lr * b, {"t": t, "s": s, "m": m, "b": b}


def adam(
    x: "Value",
    g: "Value",
    state: "State",
    *,
    lr: "Value" = 1e-3,
    betas: "tuple[Value, Value]" = (0.9, 0.999),
    eps: "Value" = 1e-8,
    weight_decay: "Value" = 0.0,
    amsgrad: bool = False,
) -> "tuple[Value, State]":
    """Take one step of Adam; `weight_decay` is part of the gradient.

    m ← β₁m + (1 − β₁)g and v ← β₂v + (1 − β₂)g², both corrected for their
    start at zero, m̂ = m/(1 − β₁ᵗ) and v̂ = v/(1 − β₂ᵗ); then
    x ← x − ηm̂/(√v̂ + ε). With `amsgrad`, the largest v so far takes the place
    of v.

    Notes
    -----
    Kingma & Ba 2015; AMSGrad: Reddi, Kale & Kumar 2018.
    Derived in *Adam: momentum, size, and a correction*.

    Examples
    --------
    >>> from gdbook.optimizers import adam
    >>> x, state = adam(1.0, 100.0, {}, lr=0.5)
    >>> round(x, 9)
    0.5
    """
    g = g + weight_decay * x
    beta1, beta2 = betas
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * g
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * g * g
    top = state.get("top", v)
    top = v * (v >= top) + top * (v < top) if amsgrad else v
    mean, square = m / (1 - beta1**t), top / (1 - beta2**t)
    state = {"t": t, "m": m, "v": v, "top": top}
    return x - lr * mean / (square**0.5 + eps), state


def adamw(
    x: "Value",
    g: "Value",
    state: "State",
    *,
    lr: "Value" = 1e-3,
    betas: "tuple[Value, Value]" = (0.9, 0.999),
    eps: "Value" = 1e-8,
    weight_decay: "Value" = 1e-2,
    amsgrad: bool = False,
) -> "tuple[Value, State]":
    """Take one step of AdamW: the decay of x by ηλ is no part of the gradient.

    Notes
    -----
    Loshchilov & Hutter 2019. Derived in *Weight decay in two places*.

    Examples
    --------
    >>> from gdbook.optimizers import adamw
    >>> x, state = adamw(1.0, 100.0, {}, lr=0.5, weight_decay=0.5)
    >>> round(x, 9)
    0.25
    """
    decayed = x - lr * weight_decay * x
    return adam(
        decayed, g, state, lr=lr, betas=betas, eps=eps, amsgrad=amsgrad
    )
