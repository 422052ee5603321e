"""Losses of `torch.nn.functional`, as the one formula that each of them is."""

from __future__ import annotations

from typing import Any

from gdbook.graph.algebra import bound, minus, num, over, power, total
from gdbook.graph.indices import Index, Lookup, Positions, Term, fresh
from gdbook.graph.rules.operation import (
    Operand,
    Operation,
    broadcast,
    element,
    refuse_unless,
)
from gdbook.graph.rules.registry import rule
from gdbook.graph.terms import Call, Expression


def _reduced(
    name: str,
    said: str,
    operands: tuple[Operand, ...],
    *,
    shape: tuple[int, ...],
    indices: tuple[Term, ...],
    body: Expression,
    reduction: str,
) -> Operation:
    short = rf"\operatorname{{{name}}}(#0, #1)"
    if reduction == "none":
        return Operation(short, said, operands, shape, indices, body)
    whole = total(bound(indices), body)
    if reduction == "mean":
        count = 1
        for extent in shape:
            count *= extent
        whole = over(whole, num(count))
    return Operation(short, said, operands, (), (), whole)


@rule("mse_loss")
def _mse(  # noqa: PLR0917
    input: Operand,  # noqa: A002
    target: Operand,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Operation:
    refuse_unless(size_average is reduce is weight is None, "mse_loss with old arguments")
    shape, indices = broadcast(input, target)
    body = power(minus(element(input, indices), element(target, indices)), num(2))
    said = f"{reduction} of squares, power rule"
    return _reduced(
        "MSE",
        said,
        (input, target),
        shape=shape,
        indices=indices,
        body=body,
        reduction=reduction,
    )


@rule("l1_loss")
def _l1(  # noqa: PLR0917
    input: Operand,  # noqa: A002
    target: Operand,
    size_average: Any = None,
    reduce: Any = None,
    reduction: str = "mean",
    weight: Any = None,
) -> Operation:
    refuse_unless(size_average is reduce is weight is None, "l1_loss with old arguments")
    shape, indices = broadcast(input, target)
    body = Call("abs", minus(element(input, indices), element(target, indices)))
    said = f"{reduction} of absolute values"
    return _reduced(
        "MAE",
        said,
        (input, target),
        shape=shape,
        indices=indices,
        body=body,
        reduction=reduction,
    )


@rule("cross_entropy")
def _cross_entropy(  # noqa: PLR0917
    input: Operand,  # noqa: A002
    target: Operand,
    weight: Any = None,
    size_average: Any = None,
    ignore_index: int = -100,
    reduce: Any = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Operation:
    plain = weight is None and label_smoothing == 0.0 and len(input.shape) == 2
    plain = plain and target.value.dtype.kind == "i" and bool((target.value >= 0).all())
    refuse_unless(plain, "cross_entropy of other than rows of scores and their classes")
    indices = fresh(input.shape[:1])
    (k,) = fresh(input.shape[1:])
    chosen: Term = Lookup(Positions(target.value), indices)
    if not isinstance(indices[0], Index):
        chosen = int(target.value[0])
    scores = total([k], Call("exp", input.at((*indices, k))))
    body = minus(Call("log", scores), input.at((*indices, chosen)))
    made = _reduced(
        "CE",
        "softmax minus the truth",
        (input,),
        shape=input.shape[:1],
        indices=indices,
        body=body,
        reduction=reduction,
    )
    return Operation(
        r"\operatorname{CE} #0", made.rule, (input,), made.shape, made.indices, made.formula
    )
