"""Checkers of chapter 13: a backward pass and a training step, held against torch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    checker,
    close,
    coarse,
    failure,
    function,
    number,
    numbers,
    several,
)
from gdbook.exercises.watching import by_hand

_NAMES = ("W1", "b1", "W2", "b2")


def random(*shape: int, seed: int) -> Tensor:
    """Return the same random numbers each time, and leave torch's own generator alone."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


# --- the backward pass --------------------------------------------------------------------------


@checker("prob-network-backward")
def network_backward(answer: Any) -> Verdict:
    """Judge gradients(X, y, W1, b1, W2, b2) at ten points of a run of descent."""
    give = function(answer)
    X, y = random(6, 3, seed=1), random(6, 1, seed=2)
    X[2] = 0.0  # with b1 = 0 its units are exactly on their kinks in the first step
    weights = [random(*s, seed=3 + i) for i, s in enumerate([(4, 3), (4,), (1, 4), (1,)])]
    weights[1] = torch.zeros(4, dtype=torch.float64)
    for step in range(10):
        right = _gradients(X, y, *weights)
        got = _handed_in(give, X, y, weights)
        mistakes = _wrong_gradients(X, y, weights, right)
        for place, (name, g) in enumerate(zip(_NAMES, got, strict=True)):
            if close(g, right[place], 1e-9):
                continue
            for sentence, wrong in mistakes.items():
                if close(g, wrong[place], 1e-9):
                    raise Wrong(f"the gradient of {name}: {sentence}")
            coarse(g, right[place], 1e-9)
            where = f" in step {step + 1}; in the steps before it was right" if step else ""
            raise Wrong(f"the gradient of {name} is not torch's{where}.")
        weights = [w - 0.05 * g for w, g in zip(weights, right, strict=True)]
    return Verdict(True, "all four gradients are torch's, at ten points of a run.")


def _gradients(X: Tensor, y: Tensor, *weights: Tensor) -> tuple[Tensor, ...]:
    """Return torch's gradients, the oracle."""
    leaves = [w.clone().requires_grad_() for w in weights]
    W1, b1, W2, b2 = leaves
    f = nn.functional.linear(torch.relu(nn.functional.linear(X, W1, b1)), W2, b2)
    return torch.autograd.grad(nn.functional.mse_loss(f, y), leaves)


def _handed_in(
    give: Callable[..., Any], X: Tensor, y: Tensor, weights: list[Tensor]
) -> list[Tensor]:
    kept: list[Any] = []

    def watched(*given: Any) -> Any:
        made = several(give(*given), 4, "the function should return four gradients")
        kept[:] = [numbers(part).detach() for part in made]
        return torch.cat([part.reshape(-1) for part in kept])

    by_hand(watched, X, y, *weights)
    for name, g, w in zip(_NAMES, kept, weights, strict=True):
        if g.shape != w.shape:
            turned = " It is transposed." if g.ndim == 2 and g.T.shape == w.shape else ""
            raise Wrong(
                f"the gradient of {name} should have its shape {tuple(w.shape)}, got "
                f"{tuple(g.shape)}.{turned}"
            )
    return kept


def _wrong_gradients(
    X: Tensor, y: Tensor, weights: list[Tensor], right: tuple[Tensor, ...]
) -> dict[str, tuple[Tensor, ...]]:
    """Return what the well-known mistakes lead to."""
    rows = len(X)
    W1, b1, W2, b2 = weights
    Z = X @ W1.T + b1
    A = torch.relu(Z)
    gf = 2 * (A @ W2.T + b2 - y) / rows

    def through(gZ: Tensor, A: Tensor) -> tuple[Tensor, ...]:
        return gZ.T @ X, gZ.sum(0), gf.T @ A, gf.sum(0)

    open_ = gf @ W2
    return {
        "the rule of ReLU is missing: where Z ≤ 0 no adjoint passes.": through(open_, Z),
        "the mask is the wrong way round: adjoints pass where Z > 0.": through(
            open_ * (Z <= 0), torch.relu(-Z)
        ),
        "right but on a kink: where Z = 0, torch lets no adjoint pass.": through(
            open_ * (Z >= 0), A
        ),
        "the adjoint is multiplied by the output of ReLU; its derivative is 1 or 0.": through(
            open_ * A, A
        ),
        "this is the gradient of half the mean: the 2 of the square is missing.": tuple(
            g / 2 for g in right
        ),
        "this is the gradient of the sum; the loss is a mean.": tuple(rows * g for g in right),
        "the adjoint of f is 2(f − y)/N, not f − y.": tuple(rows / 2 * g for g in right),
        "this is divided by N twice: the adjoint of f has the 1/N already.": tuple(
            g / rows if g.ndim == 2 else torch.full_like(g, torch.nan) for g in right
        ),
        "this points downhill: the residual is f − y.": tuple(-g for g in right),
        "a bias is used in every row: its gradient is the sum over the rows, not the mean.": tuple(
            g / rows for g in right
        ),
    }


# --- a training step ----------------------------------------------------------------------------

Step = Callable[[nn.Module, torch.optim.Optimizer, Tensor, Tensor], Any]


@checker("prob-training-step")
def training_step(answer: Any) -> Verdict:
    """Judge training_step(network, optimizer, rows, labels), step for step."""
    step = function(answer)
    for make in (_with_momentum, _with_adam):
        got, losses = _driven(step, make)
        want, wanted = _driven(_right_step, make)
        if len(got) != len(want) or not all(map(_same, got, want)):
            raise Wrong(_step_mistake(got, want, make))
        for k, (value, right) in enumerate(zip(losses, wanted, strict=True)):
            _returned(value, right, wanted[k + 1] if k + 1 < len(wanted) else None)
    return Verdict(True, "eight steps of each optimizer are torch's, and so are the losses.")


def _with_momentum(network: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(network.parameters(), lr=0.3, momentum=0.9)


def _with_adam(network: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.Adam(network.parameters(), lr=0.1)


def _right_step(
    network: nn.Module, optimizer: torch.optim.Optimizer, rows: Tensor, labels: Tensor
) -> float:
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(network(rows), labels)
    loss.backward()  # type: ignore[no-untyped-call]
    optimizer.step()
    return loss.item()


def _network() -> nn.Module:
    layers = nn.Sequential(nn.Linear(2, 5), nn.ReLU(), nn.Linear(5, 3)).double()
    with torch.no_grad():
        for seed, parameter in enumerate(layers.parameters()):
            parameter.copy_(random(*parameter.shape, seed=20 + seed))
    return layers


def _driven(
    step: Step, make: Callable[[nn.Module], torch.optim.Optimizer]
) -> tuple[list[Tensor], list[Any]]:
    """Return all parameters after each of eight steps, and what the steps returned."""
    network = _network()
    optimizer = make(network)
    path, losses = [], []
    for k in range(8):
        rows = random(7, 2, seed=40)  # the same rows, so that a loss after a step is known
        labels = torch.tensor([0, 1, 2, 0, 1, 2, 1])
        try:
            losses.append(step(network, optimizer, rows, labels))
        except (Exception, SystemExit) as error:
            if "modified by an inplace operation" in str(error):
                raise Wrong(
                    "step() changes the parameters before backward() has used them: call "
                    "backward() first."
                ) from None
            raise Wrong(f"step {k + 1} stopped with {failure(error)}.") from None
        path.append(torch.cat([p.detach().reshape(-1).clone() for p in network.parameters()]))
    return path, losses


def _same(got: Tensor, want: Tensor) -> bool:
    return close(got, want, 1e-9)


def _step_mistake(
    got: list[Tensor], want: list[Tensor], make: Callable[[nn.Module], torch.optim.Optimizer]
) -> str:
    if all(torch.equal(got[0], point) for point in got):
        return (
            "the parameters do not move: is optimizer.step() called, and is the gradient zeroed "
            "between backward() and step()?"
        )
    for sentence, wrong in _WRONG_STEPS.items():
        if all(map(_same, got, _driven(wrong, make)[0])):
            return sentence
    right = next(k for k, pair in enumerate(zip(got, want, strict=True)) if not _same(*pair))
    optimizer = type(make(_network())).__name__
    return f"with {optimizer}, the parameters after step {right + 1} are not torch's."


def _variant(loss_of: Callable[[Tensor, Tensor], Tensor], *, zero: bool = True) -> Step:
    def step(
        network: nn.Module, optimizer: torch.optim.Optimizer, rows: Tensor, labels: Tensor
    ) -> None:
        if zero:
            optimizer.zero_grad()
        loss_of(network(rows), labels).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    return step


def _entropy(logits: Tensor, labels: Tensor) -> Tensor:
    return nn.functional.cross_entropy(logits, labels)


_WRONG_STEPS: dict[str, Step] = {
    "the gradients are never zeroed: they add up from step to step.": _variant(
        _entropy, zero=False
    ),
    "softmax is applied twice: cross_entropy takes logits and applies it itself.": _variant(
        lambda z, y: _entropy(z.softmax(1), y)
    ),
    "this is the sum over the rows; the mean is asked for.": _variant(
        lambda z, y: nn.functional.cross_entropy(z, y, reduction="sum")
    ),
    "this minimises squares: the loss should be the cross-entropy.": _variant(
        lambda z, y: nn.functional.mse_loss(z, nn.functional.one_hot(y, z.shape[1]).to(z))
    ),
    "a sigmoid is applied to the logits: cross_entropy takes them as they are.": _variant(
        lambda z, y: _entropy(z.sigmoid(), y)
    ),
}


def _returned(value: Any, right: float, after: float | None) -> None:
    if isinstance(value, Tensor):
        raise Wrong(
            "the steps are right. The function returns a tensor"
            + (", which keeps its graph alive" if value.requires_grad else "")
            + ": return loss.item()."
        )
    if value is None:
        raise Wrong("the steps are right. Return the loss before the step, as a Python number.")
    if close(number(value), right, 1e-9):
        return
    if after is not None and close(number(value), after, 1e-9):
        raise Wrong("the steps are right. What is returned is the loss after the step.")
    raise Wrong(f"the steps are right. The loss before the step is {right:.6g}, got {value:.6g}.")
