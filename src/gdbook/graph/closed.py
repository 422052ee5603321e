"""Everything put in: an adjoint as one formula of inputs and constants."""

from __future__ import annotations

from collections.abc import Mapping

from gdbook.graph.algebra import placed, rebuild
from gdbook.graph.chain import Line, value_of
from gdbook.graph.model import Node, Recording
from gdbook.graph.terms import Expression, Ref, walk

#: Formulas of more parts than this are not for reading.
LONGEST = 80


def closed_form(recording: Recording, lines: Mapping[int, Line], node: Node) -> Expression | None:
    """Return a node's adjoint with all adjoints and values put in, or None if it gets long."""
    try:
        line = lines[node.uid]
        return _Putting(recording, lines).put(Ref(node.uid, line.indices, adjoint=True))
    except _TooLongError:
        return None


class _TooLongError(Exception):
    pass


class _Putting:
    def __init__(self, recording: Recording, lines: Mapping[int, Line]) -> None:
        self.recording, self.lines, self.left = recording, lines, LONGEST

    def put(self, expression: Expression) -> Expression:
        if not isinstance(expression, Ref):
            found = rebuild(expression, self.put)
        else:
            found = self._ref(expression)
        if sum(1 for _ in walk(found)) > LONGEST:
            raise _TooLongError
        return found

    def _ref(self, ref: Ref) -> Expression:
        self.left -= 1
        if self.left < 0:
            raise _TooLongError
        if ref.adjoint:
            line = self.lines[ref.node]
            return self.put(placed(line.result, line.indices, ref.indices))
        item = self.recording.item(ref.node)
        if isinstance(item, Node) and item.operation is not None:
            return self.put(value_of(item, ref.indices))
        return ref
