"""The recorded graph, and what can be had from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gdbook.graph.derivation import Derivation, derive
from gdbook.graph.model import Constant, ModuleCall, Node, Recording
from gdbook.graph.table import NodeTable, table
from gdbook.graph.walk import Walk
from gdbook.graph.words import describe


class Graph(Recording):
    """A computation graph, recorded while torch ran; `gdbook.graph.record` makes one.

    ``graph[3]`` is the node v₃, ``graph["t"]`` the input t. `gdbook.plots.show_graph` and
    `gdbook.plots.animate_graph` draw it.
    """

    def __init__(
        self,
        nodes: Sequence[Node],
        constants: Sequence[Constant],
        modules: Mapping[int, ModuleCall],
        walk: Walk,
    ) -> None:
        super().__init__(nodes, constants, modules)
        self._walk = walk

    def __repr__(self) -> str:
        names = ", ".join(node.name for node in self.inputs)
        return f"<Graph of {len(self)} nodes, inputs {names}>"

    @property
    def alt(self) -> str:
        """The graph in words, for the alt text of its drawing."""
        return describe(self)

    def derivation(
        self,
        to: str | Sequence[str] | None = None,
        *,
        steps: bool = False,
        numbers: bool = False,
    ) -> Derivation:
        """Return the chain rule of this expression, from v₀ to one, some or all inputs.

        Parameters
        ----------
        to : str or sequence of str, optional
            Names of inputs; all by default.
        steps : bool
            Give each rewriting a line: chain rule, local derivative, sums over δ done.
        numbers : bool
            Put the run's numbers in.

        Raises
        ------
        ValueError
            If no input has that name.
        """
        names = [to] if isinstance(to, str) else to
        targets = self.inputs if names is None else [self[name] for name in names]
        return derive(self, targets, steps=steps, numbers=numbers)

    def table(self, columns: Sequence[str] | None = None) -> NodeTable:
        """Return the table of nodes.

        Parameters
        ----------
        columns : sequence of str, optional
            Of ``node``, ``shape``, ``derivatives``, ``value``, ``adjoint``.
        """
        return table(self, columns)

    def walk(self) -> Walk:
        """Return the walk along ``grad_fn.next_functions``, from the output to the inputs."""
        return self._walk
