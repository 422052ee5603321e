"""Gradients as values, without touching any ``grad``."""

from gdbook.autodiff.node import Node, sweep
from gdbook.autodiff.tensor import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


def grad(
    outputs: Tensor,
    inputs: "Tensor | Sequence[Tensor]",
    grad_outputs: "Tensor | None" = None,
    *,
    retain_graph: "bool | None" = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> "tuple[Any, ...]":
    """Return the gradient of `outputs` with respect to each input.

    Parameters
    ----------
    outputs : Tensor
        What is differentiated.
    inputs : Tensor or sequence of Tensor
        Leaves or tensors in between.
    grad_outputs : Tensor, optional
        The adjoint v to begin with: vᵀJ is returned. Needed unless `outputs`
        is one number.
    retain_graph, create_graph
        As in `Tensor.backward`; with `create_graph` the results can be
        differentiated again.
    allow_unused : bool
        Return None for an input that no gradient reaches, instead of raising.

    Raises
    ------
    RuntimeError
        If no gradient flows from `outputs`, or none to some input.
    """
    wanted = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    root, seed = outputs.seed(grad_outputs)
    found: dict[int, Tensor] = {}
    nodes = [x.node for x in wanted]
    if any(node is None for node in nodes):
        raise RuntimeError(
            "One of the differentiated Tensors does not require grad"
        )

    def receive(node: Node, g: Tensor) -> None:
        if any(node is other for other in nodes):
            found[id(node)] = g

    keep = create_graph if retain_graph is None else retain_graph
    sweep(root, seed, receive, retain_graph=keep, create_graph=create_graph)
    for i, node in enumerate(nodes):
        if id(node) not in found and not allow_unused:
            raise RuntimeError(
                f"The differentiated Tensor at index {i} appears to not have been used in the "
                "graph. Set allow_unused=True if this is the desired behavior."
            )
    return tuple([found.get(id(node)) for node in nodes])
