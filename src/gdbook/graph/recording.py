"""Recording a function of named tensors while torch runs it."""

from __future__ import annotations

import inspect
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from gdbook.graph.graph import Graph
from gdbook.graph.hold import hold, hold_edges
from gdbook.graph.model import Node
from gdbook.graph.names import Names, distinct
from gdbook.graph.recorder import Entry, Recorder, numbers
from gdbook.graph.rules import RefusedError
from gdbook.graph.walk import walk_from


def record(
    function: Callable[..., Tensor],
    /,
    *,
    symbols: Mapping[str, str] | None = None,
    **inputs: Tensor | float,
) -> Graph:
    r"""Run a function and return its computation graph, held against torch's own.

    Parameters
    ----------
    function : callable
        Takes the inputs by name and returns a tensor of shape (). What else it uses keeps
        the name of its variable: data are constants, parameters of modules are inputs.
    symbols : mapping of str to str, optional
        LaTeX for names, as ``{"w": r"\omega"}``; Greek letters need none.
    **inputs : Tensor or float
        The output is differentiated by those that require a gradient, and by plain numbers;
        the others are constants. They are copied: no ``.grad`` is touched.

    Returns
    -------
    Graph

    Raises
    ------
    RefusedError
        If the run did something that there is no rule for; the message names it.
    TypeError
        If an input is no tensor of real numbers, or the function does not take the inputs.
    ValueError
        If there is nothing to differentiate by, the output is no single number, or it does
        not depend on an input.

    Notes
    -----
    The run is watched by a `torch.overrides.TorchFunctionMode`, which sees what was
    written. Every value is compared with its rule's formula, every adjoint with the chain
    rule, and every edge with ``grad_fn.next_functions``.
    Derived in *A loss in nine steps*.

    Examples
    --------
    >>> import torch
    >>> from gdbook.graph import record
    >>> graph = record(lambda w, x: (w * x - 1) ** 2, w=2.0, x=torch.tensor(3.0))
    >>> graph
    <Graph of 4 nodes, inputs w>
    >>> graph["w"].adjoint
    array(30.)
    """
    names = Names(function)
    recorder = Recorder(names)
    given = {name: _copied(name, value) for name, value in inputs.items()}
    for name, tensor in given.items():
        names.give(tensor, name)
        if tensor.requires_grad:
            recorder.leaf(tensor, name)
    _check_signature(function, given)
    with torch.enable_grad(), recorder.watch_modules(), recorder:
        output = function(**given)
    recorder.unchanged()
    last = _check_output(output, recorder)
    used = _numbered(last, recorder.entries)
    missing = [e.name for e in recorder.entries.values() if e.name in given and e.uid not in used]
    if missing:
        raise ValueError(f"nothing that leads to the output uses the input {missing[0]!r}")
    hold_edges(recorder.entries, used)
    graph = _build(recorder, used, dict(symbols or {}), last)
    hold(graph)
    return graph


def _copied(name: str, value: object) -> Tensor:
    if isinstance(value, bool) or not isinstance(value, int | float | Tensor):
        raise TypeError(f"{name} must be a tensor or a number, got {type(value).__name__}")
    if not isinstance(value, Tensor):
        return torch.tensor(float(value), dtype=torch.float64, requires_grad=True)
    if value.is_complex():
        raise TypeError(f"{name} must hold real numbers, got complex ones")
    return value.detach().clone().requires_grad_(value.requires_grad)


def _check_signature(function: Callable[..., Any], given: Mapping[str, Tensor]) -> None:
    target = function.forward if isinstance(function, torch.nn.Module) else function
    try:
        signature = inspect.signature(target)
    except (TypeError, ValueError):
        return
    try:
        signature.bind(**given)
    except TypeError as error:
        got = ", ".join(given) or "nothing"
        raise TypeError(f"the function takes {signature}, got {got}: {error}") from None


def _check_output(output: object, recorder: Recorder) -> Entry:
    if not isinstance(output, Tensor):
        raise TypeError(f"the function must return a tensor, got {type(output).__name__}")
    if output.shape != ():
        raise ValueError(
            f"the output must be a single number, of shape (), got {tuple(output.shape)}; "
            "end with .mean() or .sum()"
        )
    entry = recorder.find(output)
    if entry is None and output.requires_grad:
        made = type(output.grad_fn).__name__
        raise RefusedError(f"no rule for {made.partition('Backward')[0]}, which made the output")
    if entry is not None and entry.operation is None:
        raise ValueError(f"the function returns its input {entry.name}, with nothing to derive")
    if entry is None:
        raise ValueError(
            "the output depends on no input that requires a gradient; set requires_grad=True, "
            "or give a plain number"
        )
    return entry


def _numbered(last: Entry, entries: Mapping[int, Entry]) -> list[int]:
    """Return the output and what it was computed from, no node before all that use it."""
    uses: dict[int, int] = {}
    stack, seen = [last.uid], {last.uid}
    while stack:
        for uid in _operands(entries[stack.pop()], entries):
            uses[uid] = uses.get(uid, 0) + 1
            if uid not in seen:
                seen.add(uid)
                stack.append(uid)
    order, ready = [], deque([last.uid])
    while ready:
        order.append(ready.popleft())
        for uid in _operands(entries[order[-1]], entries):
            uses[uid] -= 1
            if not uses[uid]:
                ready.append(uid)
    return order


def _operands(entry: Entry, entries: Mapping[int, Entry]) -> list[int]:
    operands = entry.operation.operands if entry.operation else ()
    return [operand.node for operand in operands if operand.node in entries]


def _build(
    recorder: Recorder, order: Sequence[int], symbols: Mapping[str, str], last: Entry
) -> Graph:
    entries = [recorder.entries[uid] for uid in order]
    adjoints = torch.autograd.grad(
        last.tensor, [entry.tensor for entry in entries], allow_unused=True
    )
    needed = {o.node for e in entries if e.operation for o in e.operation.operands}
    constants = [constant for constant in recorder.constants.values() if constant.uid in needed]
    tensors = {e.uid: (e.name, e.tensor.ndim) for e in entries if e.operation is None}
    tensors |= {constant.uid: (constant.name, constant.value.ndim) for constant in constants}
    named = distinct(tensors, symbols)
    nodes = []
    for number, (entry, adjoint) in enumerate(zip(entries, adjoints, strict=True)):
        value = numbers(entry.tensor)
        nodes.append(
            Node(
                uid=entry.uid,
                number=number,
                name=entry.name,
                symbol=named.get(entry.uid, ""),
                operation=entry.operation,
                value=value,
                adjoint=np.zeros_like(value) if adjoint is None else numbers(adjoint),
                function=_function(entry),
                dtype=str(entry.tensor.dtype).removeprefix("torch."),
                modules=entry.modules,
            )
        )
    constants = [replace(constant, symbol=named[constant.uid]) for constant in constants]
    labels: dict[int, str] = {}
    for node, entry in zip(nodes, entries, strict=True):
        labels.setdefault(id(entry.function or entry.tensor), node.label)
    walk = walk_from(last.function, labels)
    return Graph(nodes, constants, recorder.modules, walk)


def _function(entry: Entry) -> str:
    return "AccumulateGrad" if entry.operation is None else type(entry.function).__name__
