"""Every method of a tensor and every function of `torch.nn.functional`: right, or refused."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from gdbook.graph import RefusedError, record

x0 = 0.1 + 0.8 * torch.rand(3, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
OTHERS: tuple[tuple[Any, ...], ...] = ((), (0,), (x0 + 0.3,), (1, 0))

# The first are about objects, not numbers; `float` rounds, and so does what follows it.
LEFT_OUT = {"__class__", "__init_subclass__", "__new__", "__init__", "__setattr__", "__delattr__"}
LEFT_OUT |= {"__torch_function__", "__torch_dispatch__", "backward", "retain_grad", "float"}


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for space in (Tensor, F):
        for name in sorted(set(dir(space)) - LEFT_OUT):
            function = getattr(space, name)
            private = name.startswith("_") and not name.startswith("__")
            if callable(function) and not isinstance(function, type) and not private:
                yield name, function


def one_number(made: Any) -> Tensor:
    """Return a number that depends on every tensor that a call made."""
    parts = made if isinstance(made, tuple | list) else [made]
    wanted = [t for t in parts if isinstance(t, Tensor) and t.requires_grad]
    found = (wanted[0] * 1.0).sin().sum()
    for part in wanted[1:]:
        found = found + (part * 1.0).sin().sum()
    return found


def gradient(function: Callable[[Tensor], Tensor]) -> Tensor | None:
    """Return torch's gradient, or None where the call fails or is random."""
    found = []
    for _ in range(2):
        x = x0.clone().requires_grad_()
        try:
            found.append(torch.autograd.grad(function(x), x)[0])
        except Exception:  # most functions don't take these arguments
            return None
    return found[0] if torch.equal(*found) else None


def test_every_function_is_right_or_refused() -> None:
    outcomes: Counter[str] = Counter()
    explained = set()
    for name, function in functions():
        for others in OTHERS:

            def run(
                x: Tensor, function: Any = function, others: tuple[Any, ...] = others
            ) -> Tensor:
                return one_number(function(x, *others))

            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                theirs = gradient(run)
                if theirs is None:
                    continue
                try:
                    graph = record(run, x=x0.clone().requires_grad_())
                except RefusedError as error:
                    named = re.match("(no|the) rule for .", str(error)) is not None
                    outcomes["refused" if named else f"{name}: {error}"] += 1
                    continue
            mine = graph.derivation().evaluate()["x"]
            close = np.allclose(
                mine, theirs.numpy(force=True), rtol=1e-8, atol=1e-11, equal_nan=True
            )
            assert close, (name, others)
            assert graph.derivation().latex
            assert str(graph.table())
            outcomes["right"] += 1
            explained.add(name)
    assert set(outcomes) == {"right", "refused"}
    assert outcomes["right"] > 150
    assert outcomes["refused"] > 100
    assert len(explained) > 90
