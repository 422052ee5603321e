"""Arrays that remember how they were computed."""

from gdbook.autodiff.array import Array
from gdbook.autodiff.dtypes import dtype_of, float64, promoted
from gdbook.autodiff.grad_mode import is_grad_enabled
from gdbook.autodiff.node import Node, sweep
from gdbook.autodiff.printing import text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from gdbook.autodiff.dtypes import DType
    from gdbook.autodiff.operation import Operation
    from gdbook.autodiff.shapes import Shape
    from gdbook.autodiff.tensor import Operand, Tensor


class Recorded(Array):
    """An array with a place in the graph.

    Attributes
    ----------
    grad : Tensor or None
        The sum of all gradients that arrived here; None until the first one
        does.
    node : Node or None
        Where the array stands in the graph; None if no gradient flows to it.
    """

    def __init__(
        self, flat: "list[float]", shape: "Shape", dtype: "DType" = float64
    ) -> None:
        super().__init__(flat, shape, dtype)
        self.grad: Tensor | None = None
        self.node: Node | None = None

    def _new(
        self, flat: "list[float]", shape: "Shape", dtype: "DType"
    ) -> "Tensor":
        raise NotImplementedError

    def apply(self, operation: "Operation", *others: "Operand") -> "Tensor":
        """Return the result of an operation, recorded if need be."""
        inputs: list[Tensor] = [self]  # type: ignore[list-item]
        for other in others:
            if isinstance(other, Recorded):
                inputs.append(other)
            else:
                dtype = dtype_of(other)
                number = other
                if self.dtype is float64:
                    number, dtype = float(number), float64
                inputs.append(self._new([number], (), dtype))
        flat, shape = operation.forward(*inputs)
        kind = operation.dtype
        if kind is None:
            kind = self.dtype
            if any([x.dtype is not float64 for x in inputs]):
                kind = promoted([x.dtype for x in inputs])
                flat = [kind.kind(value) for value in flat]
        result = self._new(flat, shape, kind)
        if operation.vjps and is_grad_enabled():
            node = Node(operation, inputs)
            if node.receives():
                result.node = node
                node.remember(result)
        return result

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to this tensor."""
        return self.node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    def requires_grad_(self, requires_grad: bool = True) -> "Self":
        """Say whether gradients are wanted here; return the tensor.

        Raises
        ------
        RuntimeError
            For integers and booleans, and for no when the tensor was computed
            from others.
        """
        if requires_grad and self.dtype is not float64:
            raise RuntimeError(
                "only Tensors of floating point dtype can require gradients"
            )
        if not self.is_leaf and not requires_grad:
            raise RuntimeError(
                "you can only change requires_grad flags of leaf variables. If you want to use a "
                "computed variable in a subgraph that doesn't require differentiation use "
                "var_no_grad = var.detach()."
            )
        if requires_grad and self.node is None:
            self.node = Node(None, [])
            self.node.tensor = self  # type: ignore[assignment]
        if not requires_grad:
            self.node = None
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether it was made, not computed from what requires gradients."""
        return self.node is None or self.node.operation is None

    @property
    def grad_fn(self) -> "Node | None":
        """The node of the operation that made it; None at a leaf."""
        return None if self.is_leaf else self.node

    def retain_grad(self) -> None:
        """Ask for a gradient here too, though the tensor is not a leaf."""
        if self.node is None:
            raise RuntimeError(
                "can't retain_grad on Tensor that has requires_grad=False"
            )
        self.node.tensor = self  # type: ignore[assignment]

    def detach(self) -> "Tensor":
        """Return the same numbers without their history; both see all edits."""
        alone = self._new(self.flat, self.shape, self.dtype)
        alone.edits = self.edits
        return alone

    def backward(
        self,
        gradient: "Tensor | None" = None,
        retain_graph: "bool | None" = None,
        create_graph: bool = False,
    ) -> None:
        """Add to the ``grad`` of every leaf the gradient of this tensor.

        Parameters
        ----------
        gradient : Tensor, optional
            The adjoint v to begin with: what arrives is vᵀJ. Needed unless
            this is one number.
        retain_graph : bool, optional
            Keep what the graph remembers, for a second sweep; if not given,
            as `create_graph`.
        create_graph : bool
            Record the sweep itself, for derivatives of the gradient.

        Raises
        ------
        RuntimeError
            If no gradient flows from here, `gradient` is missing or has
            another shape, the graph was already used up, or a number it needs
            was edited in place.
        """
        root, seed = self.seed(gradient)

        def receive(node: Node, g: "Tensor") -> None:
            if node.tensor is not None:
                accumulate(node.tensor, g, recorded=create_graph)

        keep = create_graph if retain_graph is None else retain_graph
        sweep(
            root, seed, receive, retain_graph=keep, create_graph=create_graph
        )

    def seed(self, gradient: "Tensor | None") -> "tuple[Node, Tensor]":
        """Return the node where a sweep begins, and the adjoint it begins with."""
        if self.node is None:
            raise RuntimeError(
                "element 0 of tensors does not require grad and does not have a grad_fn"
            )
        if gradient is None:
            if len(self.flat) != 1:
                raise RuntimeError(
                    "grad can be implicitly created only for scalar outputs"
                )
            gradient = self._new([1.0], self.shape, float64)
        if gradient.shape != self.shape:
            raise RuntimeError(
                "Mismatch in shape: grad_output[0] has a shape of "
                f"torch.Size({list(gradient.shape)}) and output[0] has a shape of "
                f"torch.Size({list(self.shape)})."
            )
        return self.node, gradient

    def __repr__(self) -> str:
        notes = []
        if self.grad_fn is not None:
            notes = [f"grad_fn={self.grad_fn!r}"]
        elif self.requires_grad:
            notes = ["requires_grad=True"]
        return text(self.flat, self.shape, self.dtype, notes)


def accumulate(tensor: "Tensor", g: "Tensor", *, recorded: bool) -> None:
    """Add `g` to ``tensor.grad``: in place, so that who holds it sees it grow."""
    if recorded:
        tensor.grad = g if tensor.grad is None else tensor.grad + g
    elif tensor.grad is None:
        tensor.grad = g.detach().clone()
    else:
        tensor.grad += g
