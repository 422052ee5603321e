"""Random programs, each made while torch runs it, so that every step is well posed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import torch
from autodiff.interpreter import step
from torch import Tensor

T = TypeVar("T")
Choose = Callable[[Sequence[Any]], Any]

SHAPES = [(), (1,), (3,), (2, 3), (3, 1), (1, 3), (3, 3), (2, 1, 3), (2, 3, 2), (2, 0)]
FAR = 1e-6  # a kink nearer than that may be on the other side after rounding


def program(choose: Choose, *, inputs: int = 3, steps: int = 9) -> dict[str, Any]:
    """Make a program; `choose` picks one of a sequence."""
    numbers = [i / 64 + 1 / 1024 for i in range(-128, 128)]
    values: list[Tensor] = []
    for _ in range(inputs):
        shape = choose(SHAPES[:-1])
        flat = [choose(numbers) for _ in range(torch.Size(shape).numel())]
        values.append(torch.tensor(flat, dtype=torch.float64).reshape(shape).requires_grad_())
    made: dict[str, Any] = {"inputs": [x.tolist() for x in values], "steps": []}
    for _ in range(steps):
        name, places, constants = suggestion(choose, values)
        if not well_posed(name, [values[i] for i in places], constants):
            continue
        try:
            value = step(torch, values, name, places, constants)
        except (RuntimeError, IndexError, TypeError):  # shapes that don't fit: take another step
            continue
        if 0 < value.numel() <= 64 and value.isfinite().all() and value.abs().max() < 100:
            values.append(value)
            made["steps"].append([name, places, constants])
    made["weights"] = [choose(numbers) for _ in values]
    return made


def suggestion(choose: Choose, values: list[Tensor]) -> tuple[str, list[int], list[Any]]:
    """Choose an operation, its arguments and its constants."""
    places = [choose(range(len(values))) for _ in range(2)]
    x = values[places[0]]
    name = choose([*ONE, *TWO, *SHAPED])
    if name in ONE:
        return name, places[:1], choose(ONE[name])
    if name in TWO:
        return name, places, []
    return (
        name,
        places if name in ("stack", "cat", "assign") else places[:1],
        constants_for(choose, name, x),
    )


# Functions of one tensor, with the constants from which to choose.
ONE: dict[str, list[list[Any]]] = {
    **{
        name: [[]]
        for name in (
            "neg exp log sin cos tan tanh atan sigmoid sqrt square relu abs sum mean max T "
            "flatten squeeze detach"
        ).split()
    },
    "clamp": [[-0.5, 0.75], [0.25, 0.5]],
    "clamp_min": [[0.1]],
    "add_number": [[2], [-0.5]],
    "sub_number": [[1], [0.3]],
    "mul_number": [[3], [-1.25]],
    "div_number": [[2], [0.5]],
    "pow_number": [[2], [3], [0], [1], [-1], [0.5], [-1.5]],
    "number_pow": [[2], [0.5]],
    "mask": [[0.0], [-0.7]],
}
TWO = "add sub mul div pow maximum minimum where matmul matmul matmul edit add mul".split()
SHAPED = (
    "sum_dim mean_dim amax amin transpose permute unsqueeze expand index pick stack cat assign"
).split()


def constants_for(choose: Choose, name: str, x: Tensor) -> list[Any]:
    """Choose the constants of an operation that depends on the shape."""
    dims = list(range(-x.ndim, x.ndim)) or [0]
    if name in ("sum_dim", "mean_dim", "amax"):
        return [choose(dims), choose([True, False])]
    if name in ("amin", "cat", "stack"):
        return [choose(dims)]
    if name == "transpose":
        return [choose(dims), choose(dims)]
    if name == "permute":
        return [int(i) for i in choose([sorted(range(x.ndim)), list(reversed(range(x.ndim)))])]
    if name == "unsqueeze":
        return [choose([*dims, x.ndim])]
    if name == "expand":
        return [choose([1, 2]), *[4 if n == 1 else choose([n, -1]) for n in x.shape]]
    if name == "pick":
        return [choose(range(len(x))) for _ in range(choose([1, 2, 4]))] if x.ndim else [0]
    kinds = [["int", 0], ["int", -1], ["slice", None, None, None], ["slice", 1, None, None]]
    kinds += [["slice", None, -1, None], ["slice", None, None, 2], ["none"], ["dots"]]
    entries = [choose(kinds) for _ in range(choose([1, 1, 2, 3]))]
    return entries if entries.count(["dots"]) < 2 else [["dots"]]


def well_posed(name: str, args: list[Tensor], constants: list[Any]) -> bool:
    """Say whether the step is far from where rounding decides, or differentiation fails."""
    x = args[0].detach()
    if not x.numel():
        return False
    y = args[1].detach() if len(args) > 1 else x
    try:
        gap = (x - y).abs()
    except RuntimeError:
        gap = torch.ones(1)
    if name in ("relu", "abs"):
        return bool(x.abs().min() > FAR)
    if name in ("maximum", "minimum", "where"):
        return bool(gap.min() > FAR) or args[0] is args[1]
    if name in ("clamp", "clamp_min", "mask"):
        return all(bool((x - c).abs().min() > FAR) for c in constants)
    if name in ("amax", "amin", "max"):
        ordered = x.flatten().sort().values
        return x.numel() == 1 or bool(ordered.diff().min() > FAR)
    if name in ("log", "sqrt") or (name == "pow_number" and constants[0] % 1):
        return bool(x.min() > 0.1)
    if name == "pow":
        return bool(x.min() > 0.1) and bool(y.abs().max() < 4)
    if name in ("div", "div_number") or (name == "pow_number" and constants[0] < 0):
        return bool((y if name == "div" else x).abs().min() > 0.1)
    if name == "tan":
        return bool(x.cos().abs().min() > 0.2)
    return True


def batch(count: int, seed: int) -> list[dict[str, Any]]:
    """Return so many programs, the same ones for the same seed."""
    source = random.Random(seed)
    return [program(source.choice) for _ in range(count)]
