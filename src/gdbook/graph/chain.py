"""The chain rule at one node: its adjoint is a sum over those who use it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gdbook.graph.algebra import ONE, add, bound, mul, placed, rebuild, total
from gdbook.graph.calculus import derivative
from gdbook.graph.indices import Term, fresh
from gdbook.graph.model import Node, Recording
from gdbook.graph.rules import SELF, Operation
from gdbook.graph.terms import Expression, Partial, Product, Ref, Sum, Total


@dataclass(frozen=True)
class Line:
    r"""The adjoint of one node, in three ways that are equal.

    Attributes
    ----------
    node : Node
    indices : tuple of Term
        The free indices, one an axis.
    chain : Expression
        The chain rule: users' adjoints times derivatives not yet written out.
    written : Expression
        The same with the local derivatives put in, and nothing simplified.
    result : Expression
        Simplified: the sums over :math:`\delta` are gone.
    rules : tuple of str
        The rules behind the local derivatives, one a user.
    """

    node: Node
    indices: tuple[Term, ...]
    chain: Expression
    written: Expression
    result: Expression
    rules: tuple[str, ...]

    @property
    def stages(self) -> tuple[Expression, ...]:
        """The ways, from the first to the last, that read differently."""
        return tuple(dict.fromkeys((self.chain, self.written, self.result)))


def renamed(expression: Expression, uid: int) -> Expression:
    """Return a rule's expression with the node that it makes put in its place."""
    if isinstance(expression, Ref):
        same = expression.node != SELF
        return expression if same else Ref(uid, expression.indices, expression.adjoint)
    return rebuild(expression, lambda part: renamed(part, uid))


def value_of(node: Node, at: Sequence[Term]) -> Expression:
    """Return the formula of a node's element, in terms of what it was computed from."""
    assert node.operation is not None
    return placed(node.operation.formula, node.operation.indices, at)


def local_derivative(user: Node, node: Node, i: Sequence[Term], j: Sequence[Term]) -> Expression:
    r"""Return :math:`\partial u_i/\partial v_j` for a node v that u was computed from."""
    operation = user.operation
    assert operation is not None
    by = Ref(node.uid, tuple(j))
    places = [k for k, operand in enumerate(operation.operands) if operand.node == node.uid]
    if all(place in operation.local for place in places):
        found = add(*(operation.local[place](i, j) for place in places))
        return renamed(found, user.uid)
    return derivative(value_of(user, i), by)


def line(recording: Recording, node: Node) -> Line:
    """Return the derivation of one node's adjoint from those of its users."""
    if node.uid not in recording.cache:
        recording.cache[node.uid] = _line(recording, node)
    found: Line = recording.cache[node.uid]
    return found


def _line(recording: Recording, node: Node) -> Line:
    j = fresh(node.shape)
    if node is recording.output:
        return Line(node, j, ONE, ONE, ONE, ())
    chain, written, result, rules = [], [], [], []
    for user in recording.users(node):
        i = fresh(user.shape)
        adjoint = Ref(user.uid, i, adjoint=True)
        local = local_derivative(user, node, i, j)
        partial = Partial(Ref(user.uid, i), Ref(node.uid, j), local)
        chain.append(_raw_total(i, mul(adjoint, partial)))
        written.append(_raw_total(i, mul(adjoint, local)))
        result.append(total(i, mul(adjoint, local)))
        rules.append(_said(user.operation, node.shape, user.shape))
    whole = add(*result)
    return Line(node, j, _raw_sum(chain), _raw_sum(written), whole, tuple(rules))


def _said(operation: Operation | None, shape: Sequence[int], user: Sequence[int]) -> str:
    assert operation is not None
    stretched = math.prod(user) > math.prod(shape) and operation.rule in _STRETCHED
    return f"{operation.rule}, summed over the broadcast" if stretched else operation.rule


_STRETCHED = ("sum rule", "difference rule", "product rule", "quotient rule")


def _raw_total(indices: Sequence[Term], body: Expression) -> Expression:
    runs = bound(indices)
    if not runs:
        return body
    parts = body.factors if isinstance(body, Product) else (body,)
    return Total(runs, body) if parts else body


def _raw_sum(terms: Sequence[Expression]) -> Expression:
    return terms[0] if len(terms) == 1 else Sum(tuple(terms))
