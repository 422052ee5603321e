"""The graph: a node for each recorded operation, and the sweep back."""

from gdbook.autodiff.grad_mode import is_grad_enabled, set_grad_enabled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from gdbook.autodiff.operation import Operation
    from gdbook.autodiff.tensor import Tensor


class Node:
    """An operation that was applied, or a leaf.

    Attributes
    ----------
    operation : Operation or None
        What was applied; None at a leaf.
    parents : list of Node or None
        For each input, the node it came from; None if nothing flows back to
        it.
    shapes : list of tuple of int
        The shapes of the inputs.
    tensor : Tensor or None
        The one whose ``grad`` receives the adjoint: at a leaf, or after
        ``retain_grad()``.
    """

    def __init__(
        self, operation: "Operation | None", inputs: "list[Tensor]"
    ) -> None:
        self.operation: Any = operation
        differentiable = operation.vjps if operation is not None else ()
        self.parents = [
            x.node if vjp is not None else None
            for x, vjp in zip(inputs, differentiable)
        ]
        self.shapes = [x.shape for x in inputs]
        self.tensor: Tensor | None = None
        self._saved: list[tuple[Tensor, int]] | None = None

    def save(self, tensors: "list[Tensor]") -> None:
        """Remember tensors, and how often they had been edited."""
        self._saved = [(x, x.edits[0]) for x in tensors]

    def release(self) -> None:
        """Forget inputs and result."""
        self._saved = None

    def _value(self, k: int) -> "Tensor":
        if self._saved is None:
            raise RuntimeError(
                "Trying to backward through the graph a second time (or directly access saved "
                "tensors after they have already been freed). Saved intermediate values of the "
                "graph are freed when you call .backward() or autograd.grad(). Specify "
                "retain_graph=True if you need to backward through the graph a second time or "
                "if you need to access saved tensors after calling backward."
            )
        tensor, version = self._saved[k]
        if tensor.edits[0] != version:
            raise RuntimeError(
                "one of the variables needed for gradient computation has been modified by an "
                f"inplace operation: [torch.DoubleTensor {list(tensor.shape)}], which "
                f"{self.name()} needs, is at version {tensor.edits[0]}; "
                f"expected version {version} instead."
            )
        return tensor

    @property
    def a(self) -> "Tensor":
        """The first input."""
        return self._value(0)

    x = a

    @property
    def b(self) -> "Tensor":
        """The second input."""
        return self._value(1)

    @property
    def c(self) -> "Tensor":
        """The third input."""
        return self._value(2)

    @property
    def y(self) -> "Tensor":
        """The result."""
        result = self._value(-1).detach()
        result.node = self
        return result

    @property
    def next_functions(self) -> "tuple[tuple[Node | None, int], ...]":
        """The parents, in torch's form."""
        return tuple([(parent, 0) for parent in self.parents])

    def name(self) -> str:
        """Return the name that torch would print."""
        if self.operation is None:
            return "torch::autograd::AccumulateGrad"
        return f"{self.operation.name}Backward0"

    def __repr__(self) -> str:
        return "<" + self.name().split("::")[-1] + ">"


def recorded(
    operation: "Operation", inputs: "list[Tensor]", result: "Tensor"
) -> "Tensor":
    """Return the result of an operation, with its place in the graph.

    It gets one if operations are recorded now and a gradient of some input is
    wanted.
    """
    if operation.vjps and is_grad_enabled():
        node = Node(operation, inputs)
        if any([parent is not None for parent in node.parents]):
            # Without its own node: what holds itself is freed late.
            node.save(inputs + [result.detach()])
            result.node = node
    return result


def topological_order(root: Node) -> "list[Node]":
    """Return the nodes below `root`, every one before its parents.

    No recursion: a loop of ten thousand steps makes a graph ten thousand
    nodes deep.
    """
    finished: list[Node] = []
    seen: set[int] = set()
    stack = [(root, False)]
    while stack:
        node, parents_are_done = stack.pop()
        if parents_are_done:
            finished.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack += [
                (parent, False)
                for parent in node.parents
                if parent is not None
            ]
    return finished[::-1]


def sweep(
    root: Node,
    gradient: "Tensor",
    receive: "Callable[[Node, Tensor], None]",
    *,
    retain_graph: bool,
    create_graph: bool,
) -> None:
    """Carry `gradient` from `root` to the leaves, adding up where paths meet.

    Parameters
    ----------
    root : Node
        Where to begin.
    gradient : Tensor
        The adjoint there.
    receive : callable
        Is told every node and its adjoint, when that is complete.
    retain_graph, create_graph : bool
        Whether the nodes keep what they remember, and whether the sweep is
        itself recorded.
    """
    adjoints = {id(root): gradient}
    with set_grad_enabled(create_graph):
        for node in topological_order(root):
            g = adjoints.pop(id(node))
            receive(node, g)
            if node.operation is None:
                continue
            for k, parent in enumerate(node.parents):
                if parent is not None:
                    term = node.operation.adjoint(k, g, node)
                    if id(parent) in adjoints:
                        term = adjoints[id(parent)] + term
                    adjoints[id(parent)] = term
            if not retain_graph:
                node.release()
