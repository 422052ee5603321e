"""Whatever JSON an answer is, it is judged: points within bounds, a sentence for each fault."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import labs
from gdbook.grading.feedback import comment, feedback
from gdbook.grading.judges import JUDGES
from gdbook.grading.marking import Mark, mark
from gdbook.grading.submission import Submission
from gdbook.lab.tasks import tasks

NUMBERS = st.one_of(st.floats(), st.integers(), st.sampled_from([1e308, -1e308, 1e-320, 2**63]))
LEAVES = st.one_of(NUMBERS, st.none(), st.booleans(), st.text(max_size=8))
KEYS = st.sampled_from(["__ndarray__", "dtype", "shape", "Corder", "__instance_type__", "x"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=6), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=30,
)
PAIRS = st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=195, max_size=205)
LISTS = st.lists(NUMBERS, min_size=499, max_size=501)
ANSWERS = st.fixed_dictionaries({}, optional=dict.fromkeys(JUDGES, VALUES))
ARRAYS = st.one_of(VALUES, st.lists(NUMBERS, max_size=5), PAIRS, LISTS)


def hold(answers: dict[str, Any], seed: int) -> None:
    given_in = json.loads(json.dumps(answers))
    made = mark(Submission("kim", seed, given_in), tasks())
    for task in tasks():
        assert 0 <= made.points[task.name] <= task.points
    assert all(finding.sentence.isprintable() for finding in made.findings)
    faulty = {finding.task for finding in made.findings}
    for task in tasks():
        assert (task.name in faulty) == (made.points[task.name] < task.points)
    assert Mark.from_dict(json.loads(json.dumps(made.as_dict()))) == made
    assert feedback(made, tasks()).endswith("\n")
    assert "\n" not in comment(made, tasks())


@given(ANSWERS, st.integers(0, 50))
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_json_is_judged(answers: dict[str, Any], seed: int) -> None:
    hold(answers, seed)


@given(st.sampled_from(sorted(JUDGES)), ARRAYS)
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_array_is_judged_in_every_place(name: str, value: Any) -> None:
    hold({**labs.plain_answers(labs.right(5)), name: value}, 5)


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("name", sorted(JUDGES))
def test_a_single_number_that_is_not_finite_is_judged(name: str, value: float) -> None:
    hold({**labs.plain_answers(labs.right(5)), name: value}, 5)
