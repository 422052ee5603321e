"""Whether operations are recorded: `no_grad` and its opposite."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self


class _Mode:
    recording = True


def is_grad_enabled() -> bool:
    """Return whether operations are recorded now."""
    return _Mode.recording


class set_grad_enabled:
    """Record operations inside a ``with`` block or a function, or do not."""

    def __init__(self, mode: bool) -> None:
        self.mode = mode
        self.before: list[bool] = []

    def __enter__(self) -> "Self":
        self.before.append(_Mode.recording)
        _Mode.recording = self.mode
        return self

    def __exit__(self, *exception: object) -> None:
        _Mode.recording = self.before.pop()

    def __call__(
        self, function: "Callable[..., Any]"
    ) -> "Callable[..., Any]":
        """Return the function with its calls inside such a block: ``@torch.no_grad()``."""

        def inside(*args: "Any", **options: "Any") -> "Any":
            with self:
                return function(*args, **options)

        return inside


class no_grad(set_grad_enabled):
    """Record nothing inside a ``with`` block."""

    def __init__(self) -> None:
        super().__init__(False)


class enable_grad(set_grad_enabled):
    """Record inside a ``with`` block, whatever holds outside."""

    def __init__(self) -> None:
        super().__init__(True)
