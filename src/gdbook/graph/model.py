"""What a recording holds: numbered nodes, constants, and the modules that were called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdbook.graph.latex import Symbol, subscripted, symbol_of
from gdbook.graph.rules import Operation

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Node:
    """One value on the way from the inputs to the output.

    Attributes
    ----------
    number : int
        k in the name vₖ: 0 is the output, and no node comes before what uses it.
    name : str
        An operation's name as torch has it, or an input's.
    operation : Operation or None
        How it was computed; None for an input.
    value, adjoint : numpy.ndarray, float64
        What torch computed: the value, and the derivative of the output by it.
    function : str
        The name of torch's ``grad_fn``, ``AccumulateGrad`` for an input.
    dtype : str
        As ``float64``.
    modules : tuple of int
        The calls of modules it was computed in, outermost first: keys of `Graph.modules`.
    """

    uid: int
    number: int
    name: str
    symbol: str
    operation: Operation | None
    value: Array
    adjoint: Array
    function: str
    dtype: str
    modules: tuple[int, ...] = ()

    @property
    def is_input(self) -> bool:
        """Whether the output is differentiated by it."""
        return self.operation is None

    @property
    def shape(self) -> tuple[int, ...]:
        """The value's shape."""
        return self.value.shape

    @property
    def label(self) -> str:
        """The name in plain text, as ``v3``."""
        return f"v{self.number}"

    def __repr__(self) -> str:
        return f"<Node {self.label}: {self.name}, shape {self.shape}>"


@dataclass(frozen=True, eq=False)
class Constant:
    """A tensor that the output is not differentiated by."""

    uid: int
    name: str
    symbol: str
    value: NDArray[Any]


@dataclass(frozen=True)
class ModuleCall:
    """One call of an `nn.Module`: its class and where it sits in its model."""

    kind: str
    path: str

    @property
    def title(self) -> str:
        """The class, and the path if it has one: ``Linear 0``."""
        return f"{self.kind} {self.path}".strip()


class Recording:
    """The nodes of a run, found by number, by name and by identity.

    Attributes
    ----------
    nodes : tuple of Node
        v₀, v₁, … in order.
    constants : tuple of Constant
        In the order in which the run met them.
    modules : mapping of int to ModuleCall
    cache : dict
        The lines of its derivations, once they were asked for.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        constants: Sequence[Constant],
        modules: Mapping[int, ModuleCall],
    ) -> None:
        self.nodes = tuple(nodes)
        self.constants = tuple(constants)
        self.modules = dict(modules)
        self.cache: dict[int, Any] = {}
        self._by_uid: dict[int, Node | Constant] = {node.uid: node for node in self.nodes}
        self._by_uid.update({constant.uid: constant for constant in self.constants})

    def __len__(self) -> int:
        return len(self.nodes)

    def __getitem__(self, key: int | str) -> Node:
        """Return vₖ by k, or an input by its name."""
        if isinstance(key, int):
            if not 0 <= key < len(self.nodes):
                raise ValueError(f"there is no v{key}; the nodes are v0 to v{len(self) - 1}")
            return self.nodes[key]
        found = [node for node in self.inputs if node.name == key]
        if not found:
            names = ", ".join(node.name for node in self.inputs)
            raise ValueError(f"no input is called {key!r}; there are: {names}")
        return found[0]

    @property
    def output(self) -> Node:
        """The node v₀."""
        return self.nodes[0]

    @property
    def inputs(self) -> tuple[Node, ...]:
        """The nodes that the output is differentiated by."""
        return tuple(node for node in self.nodes if node.is_input)

    def item(self, uid: int) -> Node | Constant:
        """Return a node or constant by its identity."""
        return self._by_uid[uid]

    def parents(self, node: Node) -> tuple[Node, ...]:
        """Return the nodes that a node was computed from; one used twice comes twice."""
        operands = node.operation.operands if node.operation else ()
        found = (self._by_uid[operand.node] for operand in operands)
        return tuple(item for item in found if isinstance(item, Node))

    def users(self, node: Node) -> tuple[Node, ...]:
        """Return the nodes computed from a node, each once, in order of their numbers."""
        return tuple(other for other in self.nodes if node in self.parents(other))

    def uses(self, node: Node) -> int:
        """Return how often a node is used: v₃·v₃ uses v₃ twice."""
        return sum(self.parents(other).count(node) for other in self.nodes)

    def symbol(self, uid: int) -> Symbol:
        """Return the letter of a node or constant and what stands below it."""
        item = self._by_uid[uid]
        if isinstance(item, Node):
            return "v", str(item.number)
        return symbol_of(item.symbol)

    def short(self, node: Node) -> str:
        r"""Return how a node was computed, whole tensors at once: ``\sin v_5``, or ``\omega``."""
        if node.operation is None:
            return node.symbol
        operands = node.operation.operands

        def put(match: re.Match[str]) -> str:
            symbol = self.symbol(operands[int(match[1])].node)
            text = subscripted(symbol, "")
            raised_twice = match[2] and any(mark in symbol[0] for mark in "^'")
            return (f"({text})" if raised_twice else text) + match[2]

        return re.sub(r"#(\d+)(\^?)", put, node.operation.short)
