"""Tensors put together along an axis, old or new."""

from __future__ import annotations

from collections.abc import Sequence

from gdbook.graph.algebra import ONE, add, delta, mul, total
from gdbook.graph.indices import Term, affine, fresh
from gdbook.graph.rules.operation import Operand, Operation, refuse_unless
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Expression


def _written(name: str, count: int) -> str:
    shown = [f"#{k}" for k in range(count)]
    if count > 4:
        shown[1:-1] = [r"\ldots"]
    places = ", ".join(shown)
    return rf"\operatorname{{{name}}}({places})"


@rule("cat", "concat", "concatenate")
def _cat(operands: Sequence[Operand], dim: int = 0) -> Operation:
    refuse_unless(all(x.shape for x in operands), "cat of numbers")
    axis = dim % len(operands[0].shape)
    lengths = [x.shape[axis] for x in operands]
    shape = list(operands[0].shape)
    shape[axis] = sum(lengths)
    indices = fresh(shape)
    terms = []
    for x, start in zip(operands, _starts(lengths), strict=True):
        (j,) = fresh([x.shape[axis]])
        at = [*indices[:axis], j, *indices[axis + 1 :]]
        here = delta(indices[axis], affine(start, [(1, j)])) if len(operands) > 1 else ONE
        body: Expression = x.at(at if len(operands) > 1 else indices)
        terms.append(total([j], mul(here, body)) if len(operands) > 1 else body)
    short = _written("cat", len(operands))
    return Operation(short, "its own part", tuple(operands), tuple(shape), indices, add(*terms))


def _starts(lengths: Sequence[int]) -> list[int]:
    return [sum(lengths[:k]) for k in range(len(lengths))]


@rule("stack")
def _stack(operands: Sequence[Operand], dim: int = 0) -> Operation:
    axis = dim % (len(operands[0].shape) + 1)
    shape = [*operands[0].shape]
    shape.insert(axis, len(operands))
    indices = fresh(shape)
    rest: tuple[Term, ...] = (*indices[:axis], *indices[axis + 1 :])
    body = add(*(mul(delta(indices[axis], k), x.at(rest)) for k, x in enumerate(operands)))
    return Operation(
        _written("stack", len(operands)),
        "its own part",
        tuple(operands),
        tuple(shape),
        indices,
        body,
    )
