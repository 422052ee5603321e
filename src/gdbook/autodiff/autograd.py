"""Gradients: added to ``grad`` by `backward`, or returned as values by `grad`."""

from gdbook.autodiff.dtypes import float64
from gdbook.autodiff.node import Node, sweep

__all__ = [
    "backward",
    "grad",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gdbook.autodiff.tensor import Tensor


def backward(
    x: "Tensor",
    gradient: "Tensor | None" = None,
    retain_graph: "bool | None" = None,
    create_graph: bool = False,
) -> None:
    """Add to the ``grad`` of every leaf the gradient of `x`.

    Parameters
    ----------
    x : Tensor
        What is differentiated.
    gradient : Tensor, optional
        The adjoint v to begin with: what arrives is vᵀJ. Needed unless `x` is
        one number.
    retain_graph : bool, optional
        Keep what the graph remembers, for a second sweep; if not given, as
        `create_graph`.
    create_graph : bool
        Record the sweep itself, for derivatives of the gradient.

    Raises
    ------
    RuntimeError
        If no gradient flows from `x`, `gradient` is missing or has another
        shape, the graph was already used up, or a number it needs was edited
        in place.

    Notes
    -----
    Derived in *The backward pass in eight lines*.

    Examples
    --------
    >>> import gdbook.autodiff as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).backward(torch.tensor([1.0, 10.0]))
    >>> x.grad
    tensor([ 2., 40.])
    """
    root, v = _start(x, gradient)

    def receive(node: Node, g: "Tensor") -> None:
        if node.tensor is not None:
            _accumulate(node.tensor, g, recorded=create_graph)

    keep = create_graph if retain_graph is None else retain_graph
    sweep(root, v, receive, retain_graph=keep, create_graph=create_graph)


def grad(
    outputs: "Tensor",
    inputs: "Tensor | list[Tensor] | tuple[Tensor, ...]",
    grad_outputs: "Tensor | None" = None,
    *,
    retain_graph: "bool | None" = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> "tuple[Any, ...]":
    """Return the gradient of `outputs` with respect to each input.

    No tensor's ``grad`` is touched.

    Parameters
    ----------
    outputs : Tensor
        What is differentiated.
    inputs : Tensor, or list or tuple of Tensor
        Leaves or tensors in between.
    grad_outputs : Tensor, optional
        The adjoint v to begin with: vᵀJ is returned. Needed unless `outputs`
        is one number.
    retain_graph, create_graph
        As in `backward`; with `create_graph` the results can be
        differentiated again.
    allow_unused : bool
        Return None for an input that no gradient reaches, instead of raising.

    Raises
    ------
    RuntimeError
        If no gradient flows from `outputs`, or none to some input.

    Notes
    -----
    Derived in *The backward pass in eight lines*.

    Examples
    --------
    >>> import gdbook.autodiff as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> torch.autograd.grad(x**2, x)
    (tensor(6.),)
    """
    wanted = inputs if isinstance(inputs, (list, tuple)) else [inputs]
    root, v = _start(outputs, grad_outputs)
    found: dict[int, Tensor] = {}
    nodes = [x.node for x in wanted]
    if any([node is None for node in nodes]):
        raise RuntimeError(
            "One of the differentiated Tensors does not require grad"
        )

    def receive(node: Node, g: "Tensor") -> None:
        if any([node is other for other in nodes]):
            found[id(node)] = g

    keep = create_graph if retain_graph is None else retain_graph
    sweep(root, v, receive, retain_graph=keep, create_graph=create_graph)
    for i, node in enumerate(nodes):
        if id(node) not in found and not allow_unused:
            raise RuntimeError(
                f"The differentiated Tensor at index {i} appears to not have been used in the "
                "graph. Set allow_unused=True if this is the desired behavior."
            )
    return tuple([found.get(id(node)) for node in nodes])


def requires_grad_(x: "Tensor", requires_grad: bool = True) -> "Tensor":
    """Say whether gradients are wanted at `x`; return it.

    Raises
    ------
    RuntimeError
        For integers and booleans, and for no when the tensor was computed
        from others.
    """
    if requires_grad and x.dtype is not float64:
        raise RuntimeError(
            "only Tensors of floating point dtype can require gradients"
        )
    if not x.is_leaf and not requires_grad:
        raise RuntimeError(
            "you can only change requires_grad flags of leaf variables. If you want to use a "
            "computed variable in a subgraph that doesn't require differentiation use "
            "var_no_grad = var.detach()."
        )
    if requires_grad and x.node is None:
        x.node = Node(None, [])
        x.node.tensor = x
    if not requires_grad:
        x.node = None
    return x


def retain_grad(x: "Tensor") -> None:
    """Ask for a gradient at `x` too, though it is not a leaf."""
    if x.node is None:
        raise RuntimeError(
            "can't retain_grad on Tensor that has requires_grad=False"
        )
    x.node.tensor = x


def _start(x: "Tensor", gradient: "Tensor | None") -> "tuple[Node, Tensor]":
    """Return the node where a sweep begins, and the adjoint it begins with."""
    if x.node is None:
        raise RuntimeError(
            "element 0 of tensors does not require grad and does not have a grad_fn"
        )
    if gradient is None:
        if len(x.flat) != 1:
            raise RuntimeError(
                "grad can be implicitly created only for scalar outputs"
            )
        gradient = x.new([1.0], x.shape, float64)
    if gradient.shape != x.shape:
        raise RuntimeError(
            "Mismatch in shape: grad_output[0] has a shape of "
            f"torch.Size({list(gradient.shape)}) and output[0] has a shape of "
            f"torch.Size({list(x.shape)})."
        )
    return x.node, gradient


def _accumulate(x: "Tensor", g: "Tensor", *, recorded: bool) -> None:
    """Add `g` to ``x.grad``: in place, so that all who hold that tensor see it grow."""
    if recorded:
        x.grad = g if x.grad is None else x.grad + g
    elif x.grad is None:
        x.grad = g.detach().clone()
    else:
        x.grad += g
