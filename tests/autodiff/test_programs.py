"""The engine against torch, on random programs and on gradients of gradients."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from interpreter import OPERATIONS, difference, run, run_twice
from programs import COUNT, expected, program, programs

import gdbook.autodiff as engine

# What was measured is 2e-15; a wrong rule is off by far more than this.
TOLERANCE = 1e-12

pytestmark = pytest.mark.filterwarnings("ignore:.*T.* is deprecated", "ignore:The use of `x.T`")


def test_every_operation_occurs() -> None:
    counts = dict.fromkeys(OPERATIONS, 0)
    for made in programs():
        for name, *_ in made["steps"]:
            counts[name] += 1
    assert min(counts.values()) >= 20, counts
    assert sum(counts.values()) > 6 * COUNT


def test_in_cpython() -> None:
    for made, want in zip(programs(), expected(), strict=True):
        assert difference(run(engine, made), want) < TOLERANCE, made


def test_gradients_of_gradients() -> None:
    for made in programs()[:80]:
        got, want = run_twice(engine, made), run_twice(torch, made)
        assert difference(got, want) < 1e-10, made


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_any_program(data: st.DataObject) -> None:
    made = program(lambda options: data.draw(st.sampled_from(list(options))), inputs=2, steps=5)
    assert difference(run(engine, made), run(torch, made)) < TOLERANCE


def test_a_wrong_rule_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from gdbook.autodiff import elementwise

    monkeypatch.setattr(elementwise.SIN, "vjps", (lambda g, at: -g * at.x.cos(),))
    wrong = [difference(run(engine, p), q) for p, q in zip(programs(), expected(), strict=True)]
    assert sum(gap > 1e-3 for gap in wrong) > 50
