"""What an operation is: a value, and for each input a vector-Jacobian product."""

from gdbook.autodiff.dtypes import float64
from gdbook.autodiff.shapes import broadcast, numel, stretched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from gdbook.autodiff.dtypes import DType
    from gdbook.autodiff.node import Node
    from gdbook.autodiff.shapes import Shape
    from gdbook.autodiff.tensor import Tensor

    # Takes the adjoint g of the result, a tensor, and the node at which it
    # arrived; returns the adjoint of one input: the vector-Jacobian product
    # gᵀ ∂result/∂input. `Any`, since a type checker reads the tables of
    # operations before it knows a tensor's methods.
    VJP = Callable[[Any, Any], Any]


class Operation:
    """A function of tensors that can be differentiated.

    Attributes
    ----------
    name : str
        Its node in the graph is called ``<NAMEBackward0>``, as in torch.
    dtype : DType or None
        What kind of numbers the result holds; None for the kind of the
        inputs.
    vjps : tuple of callable
        One for each input, None where nothing flows back. They are written in
        operations on tensors, so that they can be differentiated in turn.
    """

    name = ""
    dtype: "DType | None" = None
    vjps: "Sequence[VJP | None]" = ()

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the numbers of the result, and its shape."""
        raise NotImplementedError

    def adjoint(self, k: int, g: "Tensor", at: "Node") -> "Tensor":
        """Return the adjoint of input number `k`."""
        vjp = self.vjps[k]
        assert vjp is not None
        result: Tensor = vjp(g, at)
        return result


def copied(x: "Tensor", shape: "Shape") -> "list[float]":
    """Return the numbers of `x`, copied along the axes of a larger shape."""
    if len(x.flat) == 1:
        return x.flat * numel(shape)
    return [x.flat[place] for place in stretched(x.shape, shape)]


class Elementwise(Operation):
    """A function of numbers, at each place of arrays that broadcast."""

    def __init__(
        self,
        name: str,
        value: "Callable[..., float]",
        *vjps: "VJP | None",
        dtype: "DType | None" = None,
    ) -> None:
        self.name, self.value = name, value
        self.vjps, self.dtype = vjps, dtype

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Stretch the inputs to one shape; apply the function at each place."""
        shape = broadcast([x.shape for x in inputs])
        rows = [
            x.flat if x.shape == shape else copied(x, shape) for x in inputs
        ]
        return list(map(self.value, *rows)), shape

    def adjoint(self, k: int, g: "Tensor", at: "Node") -> "Tensor":
        """Return the adjoint of input `k`, summed where that was copied."""
        return super().adjoint(k, g, at).sum_to(at.shapes[k])


class Function(Elementwise):
    """An elementary function of one number: its values are float64."""

    dtype = float64

    def __init__(
        self, name: str, value: "Callable[[float], float]", vjp: "VJP"
    ) -> None:
        self.name, self.value, self.vjps = name, value, (vjp,)
