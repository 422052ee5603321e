"""Answers to the programming lab by torch, right ones and wrong ones: the oracle of its marker."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import json_tricks
import numpy as np
import torch
from scipy.optimize import least_squares
from torch import Tensor

from gdbook.lab.variants import Variant, variant


def leaf(numbers: Any, dtype: torch.dtype = torch.float64) -> Tensor:
    """Return a leaf."""
    return torch.tensor(numbers, dtype=dtype, requires_grad=True)


def backward(loss: Tensor) -> None:
    """Call backward, which torch has without types."""
    torch.autograd.backward(loss)


def parabola(mine: Variant, X: Tensor) -> Tensor:
    """Return C·(x₀² + x₁²)."""
    return mine.scale * (X**2).sum()


def skewed(mine: Variant, X: Tensor) -> Tensor:
    """Return 10·vᵀGv."""
    G = torch.tensor([[1.0, -1.0], [1.0, 1.0]]) @ torch.diag(torch.tensor([1.0, mine.stretch]))
    return 10 * (X @ G.to(X) @ X)


def hessian(mine: Variant) -> Tensor:
    """Return the Hessian of the skewed function, by torch."""
    X = leaf([1.0, 2.0])
    (slope,) = torch.autograd.grad(skewed(mine, X), X, create_graph=True)
    rows = [torch.autograd.grad(entry, X, retain_graph=True)[0] for entry in slope]
    return torch.stack(rows)


def history(
    function: Any,
    start: Any,
    steps: int,
    optimizer: Any = None,
    *,
    dtype: torch.dtype = torch.float64,
    zero: bool = True,
    after: bool = False,
    log_last: bool = False,
    copy: bool = True,
    logged: Any = None,
) -> tuple[Any, list[float]]:
    """Run the loop of the lab, with a mistake if one is asked for.

    Parameters
    ----------
    function : callable
    start : pair of float
    steps : int
    optimizer : callable, optional
        From a list of parameters to an optimizer; by default SGD with rate 0.001.
    dtype : torch.dtype
    zero : bool
        Whether gradients are zeroed.
    after : bool
        Whether the history is logged after the step.
    log_last : bool
        Whether the point after the last step is logged too.
    copy : bool
        Whether copies of the point are stored.
    logged : callable, optional
        What is logged as the loss, if not the function.
    """
    X = leaf(start, dtype)
    maker = optimizer or (lambda params: torch.optim.SGD(params, lr=0.001))
    stepper = maker([X])
    path: list[Tensor] = []
    losses: list[float] = []

    def log() -> None:
        path.append(X.detach().clone() if copy else X.detach())
        losses.append((logged or function)(X).item())

    for _ in range(steps):
        if zero:
            stepper.zero_grad()
        if not after:
            log()
        backward(function(X))
        stepper.step()
        if after:
            log()
    if log_last:
        log()
    return torch.stack(path), losses


def graph_names(mine: Variant) -> list[str]:
    """Return the functions that torch records for the line of task 3, from the result on."""
    X = leaf(mine.matrix)
    function = eval(mine.line, {"C": mine.scale, "X": X}).grad_fn
    names = []
    while function is not None:
        names.append(type(function).__name__)
        function = function.next_functions[0][0] if function.next_functions else None
    return names


def fit(mine: Variant) -> tuple[list[float], float]:
    """Return the parameters of the best fit to the hidden data, and their loss, by SciPy."""
    x, y = np.array(mine.blind_x), np.array(mine.blind_y)
    found = least_squares(
        lambda w: w[0] * np.sin(w[1] * x + w[2]) + w[3] - y, mine.blind_truth, xtol=1e-12
    )
    return found.x.tolist(), float(found.cost / len(x))


@cache
def right(seed: int, dtype: torch.dtype = torch.float64) -> dict[str, Any]:
    """Return the right answers of a seed: tensors, lists and numbers."""
    mine = variant(seed)
    point = leaf(mine.point, dtype)
    backward(point[0] ** 2 / mine.width + torch.sin(mine.frequency * point[1]))
    X = leaf(mine.matrix, dtype)
    backward(mine.scale * (X**2).sum())
    w = leaf(mine.sine_at, dtype)
    xs, ys = torch.tensor(mine.sine_x, dtype=dtype), torch.tensor(mine.sine_y, dtype=dtype)
    backward(0.5 * torch.nn.functional.mse_loss(torch.sin(w[0] * xs + w[1]), ys))
    round_path, round_loss = history(lambda X: parabola(mine, X), mine.start, 200, dtype=dtype)
    path, losses = history(lambda X: skewed(mine, X), mine.start, 500, dtype=dtype)
    far, far_loss = history(
        lambda X: skewed(mine, X),
        mine.start,
        200,
        lambda params: torch.optim.AdamW(params, lr=1.0),
        dtype=dtype,
    )
    parameters, loss = fit(mine)
    return {
        "gradient": point.grad,
        "matrix": X.grad,
        "graph": graph_names(mine),
        "sine": w.grad,
        "parabola_path": round_path,
        "parabola_loss": round_loss,
        "skewed_path": path,
        "skewed_loss": losses,
        "largest_rate": 2 / torch.linalg.eigvalsh(hessian(mine)).max().item(),
        "loss_factor": losses[-1] / losses[-2],
        "sgd_loss": losses,
        "adamw_path": far,
        "adamw_loss": far_loss,
        "blind_w": parameters,
        "blind_loss": loss,
    }


def plain(value: Any) -> Any:
    """Return lists of numbers, as the handout writes them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def tricky(value: Any) -> Any:
    """Return an answer as json_tricks writes arrays."""
    array = np.asarray(plain(value))
    if array.dtype.kind not in "fiu":
        return value
    return json.loads(json_tricks.dumps(array, allow_nan=True))


def file(student: Any, seed: int, answers: dict[str, Any]) -> dict[str, Any]:
    """Return what a submission's file holds."""
    return {"lab": "downhill-lab-1", "student": student, "seed": seed, "answers": answers}


def hand_in(folder: Path, student: str, seed: int, answers: dict[str, Any]) -> Path:
    """Write a submission and return its file."""
    path = folder / f"{student}.json"
    path.write_text(json.dumps(file(student, seed, plain_answers(answers))), "utf-8")
    return path


def plain_answers(answers: dict[str, Any]) -> dict[str, Any]:
    """Return answers as lists."""
    return {name: plain(value) for name, value in answers.items()}


def turned(w: list[float]) -> list[float]:
    """Return other parameters of the same sine."""
    return [-w[0], w[1], w[2] + 3 * math.pi, w[3]]
