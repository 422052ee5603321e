"""What autograd costs, counted and not timed: numbers computed, numbers kept.

>>> import torch
>>> from gdbook.counting import NumbersComputed
>>> w = torch.ones(3, requires_grad=True)
>>> with NumbersComputed() as cost:
...     loss = (w**2).sum()
>>> cost.numbers
4
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Self

import torch
from torch import Tag, Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.utils._python_dispatch import TorchDispatchMode

__all__ = ["NumbersComputed", "NumbersKept"]


class NumbersComputed(TorchDispatchMode):
    """Counts the numbers that torch writes while the ``with`` block runs, backward too.

    Every operation counts as many as its result holds. A view, such as a slice or a
    transpose, writes nothing, nor does a tangent that is known to be 0. A sum of n numbers
    counts as one, so this is no count of floating-point operations; it is proportional to it
    where operations are elementwise.

    Attributes
    ----------
    numbers : int
        How many so far.

    Notes
    -----
    Derived in *What does a gradient cost?*.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.numbers = 0

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run one operation, and count what it wrote."""
        result = func(*args, **(kwargs or {}))
        if Tag.inplace_view in func.tags or func is torch.ops.aten._unsafe_view.default:
            return result
        parts = result if isinstance(result, tuple | list) else (result,)
        for part, declared in zip(parts, func._schema.returns, strict=False):
            alias = declared.alias_info
            writes = alias is None or alias.is_write
            if isinstance(part, Tensor) and writes and not part._is_zerotensor():
                self.numbers += part.numel()
        return result


class NumbersKept(saved_tensors_hooks):
    """Counts the numbers that graphs recorded in the ``with`` block keep for backward.

    What several operations keep is counted once, and no longer than it is kept: the count
    falls when a graph has been used or has gone.

    Attributes
    ----------
    numbers : int
        How many are kept now. A view keeps all of the tensor that it looks into.
    most : int
        The largest that `numbers` has been.

    Notes
    -----
    Derived in *Store, or compute again*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.counting import NumbersKept
    >>> w = torch.ones(5, requires_grad=True)
    >>> with NumbersKept() as kept:
    ...     loss = (w**2).sum()
    >>> kept.numbers
    5
    """

    def __init__(self) -> None:
        self.numbers = self.most = 0
        self._holders: Counter[int] = Counter()
        super().__init__(self._keep, _Kept.give)

    def __enter__(self) -> Self:  # type: ignore[override]
        """Begin to count."""
        super().__enter__()
        return self

    def _keep(self, tensor: Tensor) -> _Kept:
        memory = tensor.untyped_storage()
        place, size = memory.data_ptr(), memory.nbytes() // tensor.element_size()
        self._holders[place] += 1
        if self._holders[place] == 1:
            self.numbers += size
            self.most = max(self.most, self.numbers)
        # An operation that keeps its own result would else hold itself alive, in a circle.
        return _Kept(tensor.detach(), lambda: self._let_go(place, size))

    def _let_go(self, place: int, size: int) -> None:
        self._holders[place] -= 1
        if not self._holders[place]:
            self.numbers -= size


class _Kept:
    """A saved tensor, which says when it is let go."""

    def __init__(self, tensor: Tensor, let_go: Callable[[], None]) -> None:
        self.tensor, self.let_go = tensor, let_go

    def __del__(self) -> None:
        self.let_go()

    def give(self) -> Tensor:
        return self.tensor
