"""The graph as a table: what each node is, its local derivatives, its value and adjoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from gdbook.graph.arithmetic import Array
from gdbook.graph.chain import local_derivative
from gdbook.graph.indices import fresh
from gdbook.graph.latex import Writer, subscripted, symbol_of
from gdbook.graph.model import Node, Recording
from gdbook.graph.numerals import plain, vector
from gdbook.graph.terms import Partial, Ref
from gdbook.graph.words import plain as plain_text

#: The columns there are, and what is written above them.
COLUMNS = {
    "node": r"\text{node}",
    "shape": r"\text{shape}",
    "derivatives": r"\text{local derivatives}",
    "value": r"\text{value}",
    "adjoint": r"\text{adjoint}",
}


@dataclass(frozen=True)
class NodeTable:
    """A table of all nodes, which shows itself as LaTeX in notebooks and on pages.

    Attributes
    ----------
    recording : Recording
    columns : tuple of str
        Names in `COLUMNS`.
    shown : slice
        Which rows.
    """

    recording: Recording
    columns: tuple[str, ...]
    shown: slice = field(default_factory=lambda: slice(None))

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes that have a row."""
        return self.recording.nodes[self.shown]

    def __getitem__(self, rows: slice) -> NodeTable:
        """Return the table with only some of its rows, as ``table[:4]`` for a slide."""
        if not isinstance(rows, slice):
            raise TypeError(f"take rows by a slice, as table[:4], got {rows!r}")
        return replace(self, shown=rows)

    def rows(self) -> list[list[str]]:
        """Return the cells as LaTeX, v₀ first."""
        return [[self._cell(node, c) for c in self.columns] for node in self.nodes]

    def _repr_latex_(self) -> str:
        head = " & ".join(COLUMNS[column] for column in self.columns)
        body = " \\\\\n".join(" & ".join(row) for row in self.rows())
        kind = "l" * len(self.columns)
        return f"$$\n\\begin{{array}}{{{kind}}}\n{head} \\\\ \\hline\n{body}\n\\end{{array}}\n$$"

    def __str__(self) -> str:
        cells = [
            list(self.columns),
            *([self._plain(n, c) for c in self.columns] for n in self.nodes),
        ]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        return "\n".join(
            "  ".join(text.ljust(w) for text, w in zip(row, widths, strict=True)).rstrip()
            for row in cells
        )

    __repr__ = __str__

    def _cell(self, node: Node, column: str) -> str:
        match column:
            case "node":
                symbol = subscripted(self.recording.symbol(node.uid), "")
                return f"{symbol} = {self.recording.short(node)}"
            case "shape":
                return rf"\text{{{node.shape}}}"
            case "derivatives":
                return r",\quad ".join(self.derivatives(node))
            case "value":
                return _few(node.value)
        return _few(node.adjoint)

    def _plain(self, node: Node, column: str) -> str:
        match column:
            case "node":
                return f"{node.label} = {plain_text(self.recording.short(node))}"
            case "shape":
                return str(node.shape)
            case "derivatives":
                return ", ".join(map(plain_text, self.derivatives(node)))
            case "value":
                return plain(node.value)
        return plain(node.adjoint)

    def derivatives(self, node: Node) -> list[str]:
        """Return the node's derivatives by the nodes it was computed from, as LaTeX."""
        found = []
        taken = {symbol_of(constant.symbol)[0] for constant in self.recording.constants}
        for parent in dict.fromkeys(self.recording.parents(node)):
            i, j = fresh(node.shape), fresh(parent.shape)
            local = local_derivative(node, parent, i, j)
            writer = Writer(self.recording.symbol, (*i, *j), taken)
            partial = Partial(Ref(node.uid, i), Ref(parent.uid, j), local)
            found.append(f"{writer.write(partial)} = {writer.write(local)}")
        return found


def _few(values: Array) -> str:
    return vector(values) if values.ndim == 0 else vector(values, digits=2, shown=2)


def table(recording: Recording, columns: Sequence[str] | None = None) -> NodeTable:
    """Return the table with some columns, all but the shapes if none are named."""
    chosen = tuple(columns) if columns else ("node", "derivatives", "value", "adjoint")
    for column in chosen:
        if column not in COLUMNS:
            raise ValueError(f"no column is called {column!r}; there are: {', '.join(COLUMNS)}")
    return NodeTable(recording, chosen)
