"""Random programs, each made while torch runs it, so that every step is well posed."""

from __future__ import annotations

import random
import warnings
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import torch
from interpreter import run, step
from torch import Tensor

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
    used = {place for _, places, _ in made["steps"] for place in places}
    made["ends"] = [[i, choose(numbers)] for i in range(len(values)) if i not in used]
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
        SHAPED[name](choose, x),
    )


# Functions of one tensor, with the constants from which to choose.
PLAIN = """
    neg exp log sin cos tan tanh atan sigmoid sqrt square relu abs sum mean max T flatten
    squeeze detach var std norm prod
"""
ONE: dict[str, list[list[Any]]] = {
    **{name: [[]] for name in PLAIN.split()},
    "clamp": [[-0.5, 0.75], [0.25, 0.5]],
    "clamp_min": [[0.1]],
    "add_number": [[2], [-0.5]],
    "sub_number": [[1], [0.3]],
    "mul_number": [[3], [-1.25]],
    "div_number": [[2], [0.5]],
    "pow_number": [[2], [3], [0], [1], [-1], [0.5], [-1.5]],
    "number_pow": [[2], [0.5]],
    "remainder_number": [[2], [-0.75]],
    "mask": [[0.0], [-0.7]],
}
# Functions of two; the one that seldom fits is tried more often.
PAIRS = "add sub mul div pow maximum minimum where edit add mul matmul matmul matmul"
PAIRS += " remainder outer"
TWO = PAIRS.split()


def dims(x: Tensor) -> list[int]:
    """Return the numbers that name an axis."""
    return list(range(-x.ndim, x.ndim)) or [0]


def sizes(choose: Choose, x: Tensor) -> list[int]:
    """Choose sizes to which a tensor may be expanded."""
    return [choose([1, 2]), *[4 if n == 1 else choose([n, -1]) for n in x.shape]]


def key(choose: Choose) -> list[Any]:
    """Choose what stands in the brackets."""
    kinds = [["int", 0], ["int", -1], ["slice", None, None, None], ["slice", 1, None, None]]
    kinds += [["slice", None, -1, None], ["slice", None, None, 2], ["none"], ["dots"]]
    entries = [choose(kinds) for _ in range(choose([1, 1, 2, 3]))]
    return entries if entries.count(["dots"]) < 2 else [["dots"]]


# Operations whose constants depend on the shape.
SHAPED: dict[str, Callable[[Choose, Tensor], list[Any]]] = {
    "sum_dim": lambda choose, x: [choose(dims(x)), choose([True, False])],
    "mean_dim": lambda choose, x: [choose(dims(x)), choose([True, False])],
    "std_dim": lambda choose, x: [choose(dims(x)), choose([True, False])],
    "var_dim": lambda choose, x: [choose(dims(x)), choose([True, False])],
    "prod_dim": lambda choose, x: [choose(dims(x)), choose([True, False])],
    "cumsum": lambda choose, x: [choose(dims(x))],
    "softmax": lambda choose, x: [choose(dims(x))],
    "log_softmax": lambda choose, x: [choose(dims(x))],
    "amax": lambda choose, x: [choose(dims(x)), choose([True, False])],
    "amin": lambda choose, x: [choose(dims(x))],
    "cat": lambda choose, x: [choose(dims(x))],
    "stack": lambda choose, x: [choose(dims(x))],
    "transpose": lambda choose, x: [choose(dims(x)), choose(dims(x))],
    "permute": lambda choose, x: choose([list(range(x.ndim)), list(range(x.ndim))[::-1]]),
    "unsqueeze": lambda choose, x: [choose([*dims(x), x.ndim])],
    "expand": sizes,
    "pick": lambda choose, x: [choose(range(len(x))) for _ in range(3)] if x.ndim else [0],
    "index": lambda choose, x: key(choose),
    "assign": lambda choose, x: key(choose),
}


def away(x: Tensor, *numbers: float) -> bool:
    """Say whether all elements are far from some numbers."""
    return all(bool((x - number).abs().min() > FAR) for number in numbers)


def apart(x: Tensor, y: Tensor) -> bool:
    """Say whether two tensors differ everywhere by more than rounding, or are the same."""
    try:
        return x is y or away(x - y, 0)
    except RuntimeError:  # their shapes don't fit, which the step itself will say
        return True


def untied(x: Tensor) -> bool:
    """Say whether no two elements are as good as equal."""
    return x.numel() == 1 or away(x.flatten().sort().values.diff(), 0)


def smooth(x: Tensor, y: Tensor) -> bool:
    """Say whether no remainder of `x` by `y` is near a jump."""
    try:
        left = x % y
    except RuntimeError:
        return True
    return bool(y.abs().min() > 0.1) and away(left, 0) and away(left - y, 0)


def spread(x: Tensor, dim: int) -> bool:
    """Say whether along an axis the numbers differ."""
    return x.ndim > 0 and x.shape[dim] > 1 and bool(x.std(dim).min() > 0.1)


# When a step is well posed: arguments x and y, constants c.
CONDITIONS: dict[str, Callable[[Tensor, Tensor, list[Any]], bool]] = {
    **dict.fromkeys(["relu", "abs"], lambda x, y, c: away(x, 0)),
    **dict.fromkeys(["maximum", "minimum", "where"], lambda x, y, c: apart(x, y)),
    **dict.fromkeys(["clamp", "clamp_min", "mask"], lambda x, y, c: away(x, *c)),
    **dict.fromkeys(["amax", "amin", "max"], lambda x, y, c: untied(x)),
    **dict.fromkeys(["log", "sqrt"], lambda x, y, c: bool(x.min() > 0.1)),
    "pow": lambda x, y, c: bool(x.min() > 0.1) and bool(y.abs().max() < 4),
    "pow_number": lambda x, y, c: bool(x.min() > 0.1) or (c[0] % 1 == 0 and c[0] >= 0),
    "div": lambda x, y, c: bool(y.abs().min() > 0.1),
    "div_number": lambda x, y, c: bool(x.abs().min() > 0.1),
    "remainder": lambda x, y, c: smooth(x, y),
    "remainder_number": lambda x, y, c: smooth(x, torch.tensor(c[0])),
    "std_dim": lambda x, y, c: spread(x, c[0]),
    "tan": lambda x, y, c: bool(x.cos().abs().min() > 0.2),
}


def well_posed(name: str, args: list[Tensor], constants: list[Any]) -> bool:
    """Say whether the step is far from where rounding decides, or differentiation fails."""
    x, y = args[0].detach(), args[-1].detach()
    y = x if args[0] is args[-1] else y
    return x.numel() > 0 and (name not in CONDITIONS or CONDITIONS[name](x, y, constants))


COUNT = 1000


@cache
def programs() -> list[dict[str, Any]]:
    """Return a thousand programs, always the same ones."""
    source = random.Random(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch dislikes .T of what is no matrix
        return [program(source.choice) for _ in range(COUNT)]


@cache
def expected() -> list[dict[str, Any]]:
    """Return what torch makes of them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [run(torch, made) for made in programs()]
