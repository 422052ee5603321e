"""What a recording refuses whatever the operation: overwriting, and torch's transforms."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

from gdbook.graph.rules import RefusedError

_SIGNS = {
    **{"add": "+", "sub": "-", "subtract": "-", "mul": "*", "multiply": "*", "matmul": "@"},
    **{"div": "/", "divide": "/", "truediv": "/", "true_divide": "/", "pow": "**"},
    **{"floordiv": "//", "floor_divide": "//", "mod": "%", "remainder": "%"},
}

# What to write where the name without its underscore is no operation, or another one.
_INSTEAD = {
    "setitem": "y = torch.where(…), or put the parts together by torch.cat or torch.stack",
    "index_put_": "y = torch.where(…), or y = y.index_put(…)",
    "copy_": "y = other.clone()",
    "data_": "y = …, a new tensor",
    "zero_": "y = torch.zeros_like(y)",
    "fill_": "y = torch.full_like(y, …)",
    "uniform_": "y = torch.rand_like(y)",
    "normal_": "y = torch.randn_like(y)",
    "random_": "y = torch.randint_like(y, …)",
    "bernoulli_": "y = torch.bernoulli(…)",
}

#: Changes of what a tensor is for, not of its numbers.
_HARMLESS = {"requires_grad_", "retain_grad_", "grad_", "grad_fn_"}

# Where functions run whose tensors are not ordinary ones, and cannot be recorded.
_TRANSFORMS = {f"torch._functorch.{part}" for part in ("eager_transforms", "vmap", "apis")}


def refuse_in_place(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
    """Refuse an operation that changes one of its arguments.

    Raises
    ------
    RefusedError
        With the form to write that makes a new tensor.
    """
    plain = name.removesuffix("_")
    operator = plain if plain in _SIGNS else plain.removeprefix("i")
    if kwargs.get("out") is not None:
        write = f"y = torch.{name}(…) without out="
    elif kwargs.get("inplace") is True:
        write = f"y = {name}(y), or the module, without inplace=True"
    elif operator in _SIGNS and operator != name:
        other = next((repr(a) for a in args[1:2] if isinstance(a, int | float)), "…")
        write = f"y = y {_SIGNS[operator]} {other}"
    elif name in _INSTEAD:
        write = _INSTEAD[name]
    elif plain != name and name not in _HARMLESS:
        call = f"y = y.{plain}({'…' if len(args) > 1 or kwargs else ''})"
        write = "its result to a new one" if name.startswith("_") else call
    else:
        return
    raise RefusedError(f"no rule for {name}: it overwrites a tensor in place; write {write}")


def refuse_transforms(name: str) -> None:
    """Refuse what runs inside of a transform of `torch.func`, whose tensors stand for others.

    Raises
    ------
    RefusedError
        If one of them is running.
    """
    if transform_runs():
        raise RefusedError(
            f"no rule for torch.func: {name} runs inside of grad, vmap or another transform; "
            "record the function itself, and take its derivatives from the graph"
        )


def transform_runs() -> bool:
    """Return whether a transform of `torch.func` is among the callers."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals.get("__name__") in _TRANSFORMS:
            return True
        frame = frame.f_back
    return False
