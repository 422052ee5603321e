"""A hundred identities of the literature: true ones hold, one slip in each is noticed."""

from __future__ import annotations

import pytest
from identities import CASES, Case

from gdbook.mathematics import judge

REFUSED = {"transposed product": "kinds"}
"""The slips that are no formula any more: their sides are of different kinds."""


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
@pytest.mark.parametrize("seed", [0, 1])
def test_what_is_true_holds(case: Case, seed: int) -> None:
    found = judge(case.latex, using=case.definitions, seed=seed, **case.letters)
    assert found.outcome == "true", found.why
    assert found.draws >= 4


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_slip_is_noticed(case: Case) -> None:
    found = judge(case.wrong, using=case.definitions, **case.letters)
    assert found.outcome == ("refused" if case.name in REFUSED else "false"), found.why
    assert found.reason == REFUSED.get(case.name, "")


def test_there_are_a_hundred() -> None:
    assert len({case.latex for case in CASES}) >= 100
