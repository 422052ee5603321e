"""Gradients as values, without touching any ``grad``."""

from gdbook.autodiff.node import Node, sweep
from gdbook.autodiff.tensor import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


def grad(
    outputs: Tensor,
    inputs: "Tensor | Sequence[Tensor]",
    grad_outputs: "Tensor | None" = None,
    retain_graph: "bool | None" = None,
    create_graph: bool = False,
) -> "tuple[Tensor, ...]":
    """Return the gradient of `outputs` with respect to each input.

    Parameters
    ----------
    outputs : Tensor
        What is differentiated.
    inputs : Tensor or sequence of Tensor
        Leaves or tensors in between.
    grad_outputs : Tensor, optional
        The adjoint v to begin with: vᵀJ is returned. Needed unless `outputs` is one number.
    retain_graph, create_graph
        As in `Tensor.backward`; with `create_graph` the results can be differentiated again.

    Raises
    ------
    RuntimeError
        If no gradient flows from `outputs`, or none to some input.
    """
    wanted = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    root, seed = outputs.seed(grad_outputs)
    found: dict[int, Tensor] = {}
    nodes = [x.node for x in wanted]
    if None in nodes:
        raise RuntimeError("One of the differentiated Tensors does not require grad")

    def receive(node: Node, g: Tensor) -> None:
        if any(node is other for other in nodes):
            found[id(node)] = g

    keep = create_graph if retain_graph is None else retain_graph
    sweep(root, seed, receive, retain_graph=keep, create_graph=create_graph)
    if not all(id(node) in found for node in nodes):
        raise RuntimeError(
            "One of the differentiated Tensors appears to not have been used in the graph."
        )
    return tuple([found[id(node)] for node in nodes])
