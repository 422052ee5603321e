"""Holding a recording against torch: values, derivatives, and the edges of ``grad_fn``."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from gdbook.graph.arithmetic import Array, Key, evaluate
from gdbook.graph.chain import line, value_of
from gdbook.graph.indices import fresh
from gdbook.graph.model import Node, Recording
from gdbook.graph.recorder import Entry
from gdbook.graph.rules import RefusedError
from gdbook.graph.terms import Expression, all_indices

#: Relative to the largest number, for float64 and for less exact numbers.
TOLERANCE = {"float64": 1e-7, "float32": 1e-3}

# An explanation element by element visits every combination of its indices.
LARGEST = 30_000_000


def known_values(recording: Recording) -> dict[Key, Array]:
    """Return what torch computed: values and adjoints of nodes, values of constants."""
    known: dict[Key, Array] = {}
    for node in recording.nodes:
        known[node.uid, False], known[node.uid, True] = node.value, node.adjoint
    for constant in recording.constants:
        known[constant.uid, False] = constant.value
    return known


def hold(recording: Recording) -> None:
    """Compare each node's formula and each step of the chain rule with torch's numbers.

    Raises
    ------
    RefusedError
        Naming the operation whose rule does not give what torch gives.
    """
    known = known_values(recording)
    for node in recording.nodes:
        if node.operation is not None:
            at = fresh(node.shape)
            formula = value_of(node, at)
            _check_size(formula, node)
            found = evaluate(formula, at, node.shape, known)
            near = [operand.value for operand in node.operation.operands]
            _compare(found, node.value, near, f"{node.name} does not give torch's value", node)
        step = line(recording, node)
        _check_size(step.chain, node)
        users = recording.users(node)
        names = ", ".join(dict.fromkeys(user.name for user in users))
        found = evaluate(step.result, step.indices, node.shape, known)
        near = [user.adjoint for user in users]
        _compare(found, node.adjoint, near, f"{names} does not give torch's derivative", node)


def _check_size(expression: Expression, node: Node) -> None:
    size = math.prod(index.extent for index in all_indices(expression))
    if size > LARGEST:
        raise RefusedError(
            f"{node.label} = {node.name} has {size} products of elements to explain; "
            f"at most {LARGEST} can be, so record smaller tensors"
        )


def _compare(mine: Array, theirs: Array, near: Sequence[Any], fault: str, node: Node) -> None:
    tolerance = TOLERANCE.get(node.dtype, 5e-2)
    # What goes in counts too: a difference of equals is zero only up to their rounding.
    scale = max(_size(theirs), *map(_size, near), 1e-30)
    if not np.allclose(mine, theirs, rtol=tolerance, atol=tolerance * scale, equal_nan=True):
        raise RefusedError(f"the rule for {fault} at {node.label}, so there is no derivation")


def _size(values: Any) -> float:
    return float(np.max(np.abs(values), initial=0.0, where=np.isfinite(values)))


def hold_edges(entries: Mapping[int, Entry], used: Sequence[int]) -> None:
    """Compare the recorded edges with those of torch's own graph.

    Raises
    ------
    RefusedError
        If torch's backward pass leads from an operation to other tensors than were recorded.
    """
    places = {_place(entries[uid]): uid for uid in used}
    for uid in used:
        entry = entries[uid]
        if entry.operation is None:
            continue
        mine = {o.node for o in entry.operation.operands if o.node in entries}
        theirs = _next_recorded(entry.function, places, entry.name)
        if mine != theirs:
            raise RefusedError(
                f"no rule for this use of {entry.name}: torch's graph leads from it to other "
                "tensors than its arguments"
            )


def _place(entry: Entry) -> tuple[int, int]:
    """Return who a tensor is in torch's graph: its function, and which of its outputs."""
    if entry.operation is None:
        return id(entry.tensor), -1
    return id(entry.function), entry.tensor.output_nr


def _next_recorded(function: Any, places: Mapping[tuple[int, int], int], name: str) -> set[int]:
    found: set[int] = set()
    stack, seen = [function], {id(function)}
    while stack:
        for following, output in stack.pop().next_functions:
            if following is None:
                continue
            variable = getattr(following, "variable", None)
            key = (id(following), output) if variable is None else (id(variable), -1)
            if key in places:
                found.add(places[key])
            elif variable is not None:
                raise RefusedError(
                    f"{name} uses a tensor that requires a gradient and was not recorded"
                )
            elif id(following) not in seen:
                seen.add(id(following))
                stack.append(following)
    return found
