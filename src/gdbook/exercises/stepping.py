"""Optimizers that readers write, held step for step against torch's.

Both are fed the same gradients: trajectories would amplify the last bits in which two right
programs may differ.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import Unnamed, Verdict, Wrong, call, failure, function, kind

#: The gradients of one step, one for each parameter; None where a parameter had no part in it.
Row = Sequence[Tensor | None]
#: One step of a method: buffer (zeros at first), gradient → what the step goes along, buffer.
Rule = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]

STARTS = (
    torch.tensor([1.5, -2.0, 0.25], dtype=torch.float64),
    torch.tensor([[0.5], [-4.0]], dtype=torch.float64),
)
_ROUNDING = 1e-12  # of the numbers that are added up
_SINGLE = 3e-6  # what float32 leaves of some steps


def gradients(steps: int, missing: bool = True, seed: int = 7) -> list[Row]:
    """Return gradients for `STARTS`; with `missing`, one is None in step 3, the other in step 5."""
    source = torch.Generator().manual_seed(seed)
    rows: list[Row] = []
    for step in range(steps):
        row: list[Tensor | None] = [
            torch.randn(start.shape, generator=source, dtype=torch.float64) for start in STARTS
        ]
        if missing and step in (2, 4):
            row[step // 2 - 1] = None
        rows.append(row)
    return rows


def parameters(starts: Sequence[Tensor] = STARTS) -> list[Tensor]:
    """Return leaves with these values."""
    return [start.clone().requires_grad_() for start in starts]


def drive(
    optimizer: Any, params: Sequence[Tensor], rows: Sequence[Row], *, in_place: bool = False
) -> Tensor:
    """Return all parameters after each step, of shape (steps, numbers).

    Parameters
    ----------
    optimizer : object
        With a method ``step()``, as the reader's or torch's.
    params : sequence of Tensor
        What it moves.
    rows : sequence of rows of gradients
    in_place : bool
        Whether gradients are zeroed and added to in place, as after
        ``zero_grad(set_to_none=False)``, instead of being new tensors.
    """
    path = []
    for row in rows:
        for parameter, gradient in zip(params, row, strict=True):
            if in_place and parameter.grad is not None and gradient is not None:
                parameter.grad.zero_().add_(gradient)
            else:
                parameter.grad = None if gradient is None else gradient.clone()
        optimizer.step()
        for parameter, gradient in zip(params, row, strict=True):
            if (
                not in_place
                and gradient is not None
                and (parameter.grad is None or not torch.equal(parameter.grad, gradient))
            ):
                raise Wrong("step() changes .grad: the gradient must stay as backward() left it.")
        path.append(torch.cat([p.detach().reshape(-1) for p in params]))
    return torch.stack(path)


def by_rule(
    rule: Rule, rows: Sequence[Row], lr: float, starts: Sequence[Tensor] = STARTS
) -> Tensor:
    """Return what `drive` returns of a method that is written as a rule, one buffer each."""
    points = [start.clone() for start in starts[: len(rows[0])]]
    buffers = [torch.zeros_like(point) for point in points]
    path = []
    for row in rows:
        for i, gradient in enumerate(row):
            if gradient is not None:
                along, buffers[i] = rule(buffers[i], gradient)
                points[i] = points[i] - lr * along
        path.append(torch.cat([p.reshape(-1) for p in points]))
    return torch.stack(path)


def run_class(
    answer: Any,
    options: Sequence[Any],
    rows: Sequence[Row],
    *,
    in_place: bool = False,
    generator: bool = False,
) -> Tensor:
    """Make the reader's optimizer, drive it, and return the path; or say how that failed.

    With `generator` the parameters are handed over as ``model.parameters()`` hands them.
    """
    make = function(answer)
    params = parameters()
    try:
        optimizer = make((p for p in params) if generator else params, *options)
    except (Exception, SystemExit) as error:
        raise Wrong(f"making the optimizer stopped with {failure(error)}.") from None
    if not callable(getattr(optimizer, "step", None)):
        raise Wrong(
            f"calling the answer should make an optimizer with a method step(), it made "
            f"{kind(optimizer)}."
        )
    try:
        return drive(optimizer, params, rows, in_place=in_place)
    except Wrong:
        raise
    except (Exception, SystemExit) as error:
        raise Wrong(f"step() stopped with {failure(error)}.") from None


def run_step(answer: Any, rows: Sequence[Tensor], options: Sequence[Any], start: Tensor) -> Tensor:
    """Repeat the reader's function step(w, g, b, …) → (w, b), from b = 0."""
    step = function(answer)
    w, b, path = start.clone(), torch.zeros_like(start), []
    for gradient in rows:
        made = call(lambda *given: _pair(step(*given)), w, gradient, b, *options, steps=True)
        if made.shape != (2, *start.shape):
            raise Wrong("the function should return the next w and b, each of the shape of w.")
        w, b = made[0].detach(), made[1].detach()
        path.append(w)
    return torch.stack(path)


def _pair(made: Any) -> Tensor:
    if not isinstance(made, list | tuple) or len(made) != 2:
        raise Wrong(f"the function should return the pair (w, b), got {kind(made)}.")
    return torch.stack([torch.as_tensor(part, dtype=torch.float64) for part in made])


def same(got: Tensor, want: Tensor) -> bool:
    """Return whether two paths agree, up to rounding of what was added up."""
    size = want.abs().amax(0) + want.diff(dim=0).abs().sum(0) + 1
    return got.shape == want.shape and bool(((got - want).abs() <= _ROUNDING * size).all())


def compare_paths(
    got: Tensor, want: Tensor, mistakes: Mapping[str, Tensor], praise: str, hint: str
) -> Verdict:
    """Judge a path: torch's, that of a known mistake, or equal for some steps only."""
    if same(got, want):
        return Verdict(True, praise)
    for sentence, path in mistakes.items():
        if same(got, path):
            raise Wrong(sentence)
    if got.shape == want.shape and torch.allclose(got, want, rtol=_SINGLE, atol=_SINGLE):
        raise Wrong(
            "right to about six digits, where all are asked for: is a buffer in float32, as "
            "torch.zeros(p.shape) makes it? torch.zeros_like(p) has the parameter's dtype."
        )
    right = 0
    while right < len(want) and same(got[: right + 1], want[: right + 1]):
        right += 1
    if right:
        raise Unnamed(f"the first {right} steps are torch's, step {right + 1} is not: {hint}")
    raise Unnamed(f"the first step is not torch's: {hint}")
