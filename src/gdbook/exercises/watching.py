"""Functions that are watched while they run: how they compute is part of what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from gdbook.exercises.verdict import BY_AUTOGRAD, Wrong, call
from gdbook.graph.refusals import transform_runs


class _ByHand(TorchFunctionMode):
    """Stops a function that makes use of autograd."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if transform_runs() or func.__name__ in ("_make_dual", "backward", "_enter_dual_level"):
            raise Wrong(BY_AUTOGRAD)
        made = func(*args, **(kwargs or {}))
        # A leaf, as an `nn.Parameter` is, has no history: nothing is differentiated yet.
        parts = tree_flatten(made)[0]
        if any(isinstance(part, Tensor) and part.grad_fn is not None for part in parts):
            raise Wrong(BY_AUTOGRAD)
        return made


def by_hand(answer: Callable[..., Any], *arguments: Any) -> Tensor:
    """Call the reader's function, as `call` does; refuse it if it uses autograd."""

    def watched(*given: Any) -> Any:
        with _ByHand():
            return answer(*given)

    return call(watched, *arguments)


class _Counted(float):
    """A number that counts how often it is computed with."""

    work = 0


def _counting(name: str) -> Callable[..., Any]:
    plain = getattr(float, name)

    def count(self: _Counted, *others: Any) -> Any:
        _Counted.work += 1
        made = plain(self, *others)
        return _Counted(made) if isinstance(made, float) else made

    return count


for _name in ("add", "sub", "mul", "truediv", "pow"):
    for _side in ("", "r"):
        setattr(_Counted, f"__{_side}{_name}__", _counting(f"__{_side}{_name}__"))


class _Row(list[Any]):
    """A list whose slices count as many numbers as they copy."""

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        if isinstance(place, slice):
            _Counted.work += len(found)
            return _Row(found)
        return found


class _Leaving(TorchFunctionMode):
    """Lets numbers leave torch only in a form in which they can be counted on."""

    def __torch_function__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func.__name__ in ("numpy", "__array__", "__float__"):
            raise Wrong(
                "the checker counts multiplications, and cannot count NumPy's or those of "
                "float(x[k]). Stay in torch, or work with x.tolist()."
            )
        made = func(*args, **(kwargs or {}))
        if func.__name__ in ("tolist", "item"):
            return _counted(made)
        return made


def _counted(made: Any) -> Any:
    if isinstance(made, list):
        return _Row(_counted(part) for part in made)
    return _Counted(made) if isinstance(made, float) else made


class _NumbersRead(TorchDispatchMode):
    """Counts the numbers that operations take in: a product of n numbers counts as n."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.numbers = 0

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if not func.is_view:
            flat = tree_flatten((args, kwargs))[0]
            self.numbers += sum(part.numel() for part in flat if isinstance(part, Tensor))
        return func(*args, **(kwargs or {}))


def numbers_read(answer: Callable[..., Any], *arguments: Any) -> int:
    """Return how many numbers the operations of a function take in, torch's and Python's."""
    _Counted.work = 0
    with _NumbersRead() as read:

        def watched(*given: Any) -> Any:
            with _Leaving():
                return answer(*given)

        call(watched, *arguments)
    found: int = read.numbers + _Counted.work
    return found


def at_one_place(f: Callable[[Tensor], Tensor], x: Tensor) -> Callable[[Tensor], Tensor]:
    """Return f, which refuses to be asked anywhere but at x: a difference quotient asks beside it.

    Tangents and adjoints are taken at x itself, whatever carries them.
    """
    here = set(_digits(x))

    def watched(p: Tensor) -> Tensor:
        asked = _digits(p)
        if asked and not here.issuperset(asked):
            raise Wrong(
                "f is asked beside x, and not only at x: that is a difference of gradients, right "
                "to a few digits. Be exact."
            )
        return f(p)

    return watched


def _digits(tensor: Any) -> tuple[float, ...]:
    """Return a tensor's numbers, without what a transform of torch has wrapped around them."""
    functorch = torch._C._functorch
    while isinstance(tensor, Tensor) and functorch.is_functorch_wrapped_tensor(tensor):
        tensor = functorch.get_unwrapped(tensor)
    found: Iterator[Any] = iter(tensor.detach().reshape(-1).tolist())
    return tuple(found)
