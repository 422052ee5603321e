"""Differentiating an expression in index notation by an element of a node."""

from __future__ import annotations

from gdbook.graph.algebra import ONE, ZERO, add, deltas, minus, mul, power, rebuild, total
from gdbook.graph.elementary import ELEMENTARY
from gdbook.graph.terms import (
    Bracket,
    Call,
    Delta,
    Expression,
    Fold,
    Num,
    Partial,
    Place,
    Power,
    Product,
    Ref,
    Sum,
    Total,
    walk,
)


def derivative(expression: Expression, by: Ref) -> Expression:  # noqa: PLR0911
    r"""Return the derivative of an expression by one element of a node.

    Parameters
    ----------
    expression : Expression
    by : Ref
        With indices that the expression doesn't use: :math:`\partial v_i/\partial v_j` is
        :math:`\delta_{ij}`.

    Raises
    ------
    TypeError
        For a largest or smallest value, whose rule has to say how ties count, and for a
        product over indices, whose rule has to do without dividing.
    """
    if not any(isinstance(e, Ref) and same_node(e, by) for e in walk(expression)):
        return ZERO
    match expression:
        case Num() | Delta() | Bracket():
            return ZERO
        case Ref(_, at, _):
            return deltas(at, by.indices) if same_node(expression, by) else ZERO
        case Sum(terms):
            return add(*(derivative(term, by) for term in terms))
        case Product(factors):
            return add(
                *(
                    mul(*factors[:k], derivative(factor, by), *factors[k + 1 :])
                    for k, factor in enumerate(factors)
                )
            )
        case Power(base, exponent):
            outer = mul(exponent, power(base, minus(exponent, ONE)), derivative(base, by))
            inner = derivative(exponent, by)
            return add(outer, mul(expression, Call("log", base), inner))
        case Call(function, argument):
            slope = ELEMENTARY[function].derivative(argument, expression)
            return mul(slope, derivative(argument, by))
        case Total(indices, body):
            return total(indices, derivative(body, by))
        case Fold() | Partial() | Place():
            raise TypeError(f"{type(expression).__name__} has no derivative of its own")


def same_node(one: Ref, other: Ref) -> bool:
    """Say whether both are elements of the same tensor."""
    return one.node == other.node and one.adjoint == other.adjoint


def written_out(expression: Expression) -> Expression:
    """Return the expression with every ∂v/∂v replaced by what it is."""
    if isinstance(expression, Partial):
        return expression.meaning
    return rebuild(expression, written_out)
