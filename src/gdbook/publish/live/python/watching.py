"""In the page, the part of `gdbook.exercises.watching` that the engine can do."""

from gdbook.autodiff import Tensor
from gdbook.exercises.verdict import BY_AUTOGRAD, Wrong, call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gdbook.autodiff.operation import Operation


def by_hand(answer: "Callable[..., Any]", *arguments: "Any") -> "Any":
    """Call the reader's function, as `call` does; refuse it if it uses autograd."""
    plain = Tensor.apply

    def watched(self: Tensor, operation: "Operation", *others: "Any") -> Tensor:
        made = plain(self, operation, *others)
        if made.grad_fn is not None:
            raise Wrong(BY_AUTOGRAD)
        return made

    Tensor.apply = watched  # type: ignore[method-assign]
    try:
        return call(answer, *arguments)
    finally:
        Tensor.apply = plain  # type: ignore[method-assign]
