"""Operations that multiply and add along axes: matmul, einsum and the linear layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gdbook.graph.algebra import add, bound, mul, num, total
from gdbook.graph.indices import Term, fresh
from gdbook.graph.rules.operation import Operand, Operation, element, refuse_unless
from gdbook.graph.rules.registry import rule

PRODUCT = "product rule for matrices"


@rule("matmul", "mm", "bmm", "mv", "dot", "vdot")
def _matmul(a: Operand, b: Operand) -> Operation:
    m, n = len(a.shape), len(b.shape)
    refuse_unless(m > 0 and n > 0, "matmul of numbers")
    shape: tuple[int, ...] = ()
    batch: tuple[Term, ...] = ()
    if m > 2 or n > 2:
        shape = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
        batch = fresh(shape)
    rows = fresh(a.shape[-2:-1])
    columns = fresh(b.shape[-1:] if n > 1 else ())
    (inner,) = fresh(a.shape[-1:])
    left = a.at((*_lead(a, batch), *rows, inner)) if m > 1 else a.at((inner,))
    right = b.at((*_lead(b, batch), inner, *columns)) if n > 1 else b.at((inner,))
    made = (*shape, *(a.shape[-2:-1] if m > 1 else ()), *(b.shape[-1:] if n > 1 else ()))
    indices = (*batch, *(rows if m > 1 else ()), *columns)
    short = r"#0^\top #1" if m == n == 1 else "#0 #1"
    return Operation(short, PRODUCT, (a, b), made, indices, total([inner], mul(left, right)))


@rule("rmatmul")
def _rmatmul(a: Operand, b: Operand) -> Operation:
    return _matmul(b, a)


@rule("inner")
def _inner(a: Operand, b: Operand) -> Operation:
    refuse_unless(len(a.shape) > 0 and len(b.shape) > 0, "inner of numbers")
    shape = (*a.shape[:-1], *b.shape[:-1])
    indices = fresh(shape)
    (inner,) = fresh(a.shape[-1:])
    split = len(a.shape) - 1
    body = mul(a.at((*indices[:split], inner)), b.at((*indices[split:], inner)))
    return Operation(r"#0 #1^\top", PRODUCT, (a, b), shape, indices, total([inner], body))


def _lead(x: Operand, batch: Sequence[Term]) -> tuple[Term, ...]:
    shape = x.shape[:-2]
    last = batch[len(batch) - len(shape) :] if shape else ()
    return tuple(0 if n == 1 else index for n, index in zip(shape, last, strict=True))


@rule("outer", "ger")
def _outer(a: Operand, b: Operand) -> Operation:
    indices = fresh((*a.shape, *b.shape))
    body = mul(a.at(indices[:1]), b.at(indices[1:]))
    return Operation(r"#0 #1^\top", "product rule", (a, b), (*a.shape, *b.shape), indices, body)


@rule("linear")
def _linear(input: Operand, weight: Operand, bias: Operand | None = None) -> Operation:  # noqa: A002
    refuse_unless(len(weight.shape) == 2, "linear with a vector of weights")
    shape = (*input.shape[:-1], weight.shape[0])
    indices = fresh(shape)
    (inner,) = fresh(input.shape[-1:])
    body = total([inner], mul(input.at((*indices[:-1], inner)), weight.at((indices[-1], inner))))
    operands, short = (input, weight), r"#0 #1^\top"
    if bias is not None:
        body = add(body, element(bias, indices))
        return Operation(f"{short} + #2", PRODUCT, (*operands, bias), shape, indices, body)
    return Operation(short, PRODUCT, operands, shape, indices, body)


@rule("addmm")
def _addmm(x: Operand, a: Operand, b: Operand, *, beta: float = 1, alpha: float = 1) -> Operation:
    product = _matmul(a, b)
    body = add(mul(num(beta), element(x, product.indices)), mul(num(alpha), product.formula))
    plain = beta == alpha == 1
    short = "#0 + #1 #2" if plain else r"\operatorname{addmm}(#0, #1, #2)"
    return Operation(short, PRODUCT, (x, a, b), product.shape, product.indices, body)


@rule("einsum")
def _einsum(equation: str, *given: Operand | list[Operand]) -> Operation:
    operands = tuple(given[0]) if isinstance(given[0], list | tuple) else given
    left, arrow, right = equation.replace(" ", "").partition("->")
    refuse_unless("." not in equation, "einsum with an ellipsis")
    inputs = left.split(",")
    letters = sorted(set("".join(inputs)))
    if not arrow:
        right = "".join(c for c in letters if left.count(c) == 1)
    extents: dict[str, int] = {}
    for names, operand in zip(inputs, operands, strict=True):
        assert isinstance(operand, Operand)
        for name, extent in zip(names, operand.shape, strict=True):
            extents[name] = max(extent, extents.get(name, 1))
    terms = dict(zip(letters, fresh([extents[c] for c in letters]), strict=True))
    factors = []
    for names, operand in zip(inputs, operands, strict=True):
        assert isinstance(operand, Operand)
        at = [0 if n == 1 else terms[c] for c, n in zip(names, operand.shape, strict=True)]
        factors.append(operand.at(at))
    summed = bound([terms[c] for c in letters if c not in right])
    places = r",\ ".join(f"#{k}" for k in range(len(operands)))
    return Operation(
        rf"\operatorname{{einsum}}({places})",
        f"product rule, einsum {equation}",
        tuple(operands),  # type: ignore[arg-type]
        tuple(extents[c] for c in right),
        tuple(terms[c] for c in right),
        total(summed, mul(*factors)),
    )
