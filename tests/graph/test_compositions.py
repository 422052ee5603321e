"""Derivations of random functions, evaluated by NumPy, against torch's ``.grad``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch

from compositions import STEPS, Composition
from gdbook.graph import Graph, record
from gdbook.graph.arithmetic import evaluate
from gdbook.graph.calculus import derivative
from gdbook.graph.chain import local_derivative, value_of
from gdbook.graph.indices import Index, fresh
from gdbook.graph.rules import REINDEXING, RULES
from gdbook.graph.terms import Fold, Ref, walk

COUNT = 1000

# Their results are integers or do not depend on the input smoothly enough to be perturbed.
JUMPS = {"max", "min", "amax", "amin", "maximum", "minimum", "relu", "leaky_relu", "clamp"}
JUMPS |= {"sort", "topk", "cummax", "cummin"}
JUMPS |= {"abs", "floor", "ceil", "round", "sign", "where", "l1_loss", "masked_fill"}


def compositions(start: int, stop: int) -> Iterator[tuple[Composition, Graph]]:
    for seed in range(start, stop):
        function = Composition(seed)
        function(**function.inputs).backward()  # type: ignore[no-untyped-call]
        inputs: dict[str, Any] = dict(function.inputs)
        yield function, record(function, **inputs)


def close(mine: object, theirs: object) -> bool:
    scale = float(np.max(np.abs(theirs), initial=1.0))  # type: ignore[call-overload]
    return np.allclose(mine, theirs, rtol=1e-8, atol=1e-10 * scale)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_thousand_derivations_give_the_gradient() -> None:
    met: set[str] = set()
    for function, graph in compositions(0, COUNT):
        met.update(node.name for node in graph.nodes if not node.is_input)
        found = graph.derivation().evaluate()
        for name, x in function.inputs.items():
            assert x.grad is not None
            assert close(found[name], x.grad.numpy()), (function.seed, function.steps)
        for node in graph.inputs:  # parameters of modules too
            assert close(found[node.name], node.adjoint), (function.seed, function.steps)
    # No rule is left out: those that have several names are met under one of them.
    served = {RULES[name] for name in met if name in RULES}
    served |= {RULES[f"a{name}"] for name in met & {"max", "min"}}
    assert [name for name, rule in RULES.items() if rule not in served] == []
    assert len(met & REINDEXING.keys()) > 20


def test_each_way_of_writing_a_line_means_the_same() -> None:
    for function, graph in compositions(0, len(STEPS)):
        derivation = graph.derivation(steps=True)
        result = derivation.numbers_of("result")
        for stage in ("chain", "written"):
            found = derivation.numbers_of(stage)
            for key, values in result.items():
                assert close(found[key], values), (function.seed, function.steps, stage)


def test_the_closed_formula_means_the_same() -> None:
    closed = 0
    for function, graph in compositions(0, len(STEPS)):
        derivation = graph.derivation()
        known = {(c.uid, False): c.value for c in graph.constants}
        known |= {(node.uid, False): node.value for node in graph.inputs}
        for node in derivation.targets:
            formula = derivation.closed(node)
            if formula is not None and _small(formula):
                at = next(item.indices for item in derivation.lines if item.node is node)
                found = evaluate(formula, at, node.shape, known)
                assert close(found, node.adjoint), (function.seed, function.steps)
                closed += 1
    assert closed > 50


def _small(formula: object) -> bool:
    indices = {i for part in walk(formula) for i in getattr(part, "indices", ())}  # type: ignore[arg-type]
    return len([i for i in indices if isinstance(i, Index)]) <= 9


def test_local_derivatives_are_slopes_of_the_formulas() -> None:
    """Central differences of the very formula, no torch: a rule's own derivative is right."""
    tried = set()
    for _, graph in compositions(0, len(STEPS)):
        known = {(c.uid, False): c.value for c in graph.constants}
        known |= {(node.uid, False): node.value for node in graph.nodes}
        for node in graph.nodes:
            if node.is_input or node.name in JUMPS:
                continue
            at = fresh(node.shape)
            for parent in set(graph.parents(node)):
                j = fresh(parent.shape)
                local = local_derivative(node, parent, at, j)
                shape = (*node.shape, *parent.shape)
                mine = evaluate(local, (*at, *j), shape, known)
                theirs = np.zeros(shape)
                for place in np.ndindex(parent.shape):
                    ends = []
                    for h in (1e-6, -1e-6):
                        moved = parent.value.copy()
                        moved[place] += h
                        near = {**known, (parent.uid, False): moved}
                        ends.append(evaluate(value_of(node, at), at, node.shape, near))
                    theirs[(..., *place)] = (ends[0] - ends[1]) / 2e-6
                assert np.allclose(mine, theirs, rtol=1e-5, atol=1e-6), (node.name, graph)
                tried.add(node.name)
    assert len(tried) > 60


@pytest.mark.parametrize(
    "names",
    [
        ("softmax", lambda x: torch.softmax(x, 1)),
        ("var", lambda x: x.var(0)),
        ("logsumexp", lambda x: x.logsumexp(1)),
        ("tanh", torch.tanh),
        ("log_softmax", lambda x: torch.log_softmax(x, 1)),
    ],
    ids=lambda names: names[0],
)
def test_textbook_derivatives_equal_those_of_the_formula(names: tuple[str, object]) -> None:
    """Where a rule brings a derivative of its own, the formula's derivative is the same number."""
    _, function = names
    x = torch.randn(3, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    graph = record(lambda x: (function(x) ** 2).sum(), x=x.requires_grad_())  # type: ignore[operator]
    node = graph.users(graph["x"])[0]
    assert not any(isinstance(p, Fold) for p in walk(value_of(node, fresh(node.shape))))
    i, j = fresh(node.shape), fresh((3, 4))
    known = {(n.uid, False): n.value for n in graph.nodes}
    shape = (*node.shape, 3, 4)
    mine = evaluate(local_derivative(node, graph["x"], i, j), (*i, *j), shape, known)
    other = derivative(value_of(node, i), Ref(graph["x"].uid, j))
    assert np.allclose(mine, evaluate(other, (*i, *j), shape, known), atol=1e-12)
