"""Problems that are judged in the page: the sentences of MicroPython are those of CPython."""

from __future__ import annotations

import ast
import gzip
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import torch

import gdbook.autodiff as engine
from gdbook.exercises import check, hints
from gdbook.publish.core.checked import labels
from gdbook.publish.live.checkers import checks
from gdbook.publish.live.offered import OFFERED
from gdbook.publish.live.pack import as_json
from gdbook.publish.live.python import checking_torch
from gdbook.publish.live.stripping import lowered
from gdbook.publish.myst.problem_directive import name_of, skeleton
from page_checks import Typed, catalogue, in_micropython

pytestmark = pytest.mark.slow

#: Of random data, which are others in the page.
_DRAWN = re.compile(r"\[[-−\d., ]*[\]…]")


def difference(typed: Typed, outcome: dict[str, Any]) -> str:
    """Return in which respect a page judges otherwise than CPython with torch; "" if in none.

    An answer may be refused in words: for an error in its own code, which may be what the page's
    Python lacks, for one that CPython's sentence tells, and for a number in quotes. What is wrong
    in torch only for being float32 is right in the page, which then says that.
    """
    hints.forget()
    verdict = check(typed.label, typed.answer)
    failure, told = outcome["failure"], outcome["verdict"]
    if told is None:
        in_answer = failure["cell"] == "answer" or "stopped with" in verdict.sentence
        quoted = isinstance(typed.answer, str) and "without quotes" in failure["text"]
        return "" if in_answer or quoted else f"refused: {failure}"
    if told["right"] and not verdict and "float32" in verdict.sentence:
        return "" if "float32" in told["note"] else "float32 is not told"
    one, other = (_DRAWN.sub("[…]", each) for each in (verdict.sentence, told["sentence"]))
    same = told["right"] == verdict.right and one == other
    return "" if same else f"{other!r} instead of {one!r}"


def judged(chosen: Sequence[str], folder: Path) -> dict[str, tuple[list[str], bool]]:
    """Return for each problem the differences in judging it, and if its main answers are judged.

    These are the first of the right ones, and three of the wrong ones or more.
    """
    answers = [each for label in chosen for each in catalogue()[label]]
    pairs = list(zip(answers, in_micropython(answers, folder), strict=True))
    found = {}
    for label in chosen:
        its = [(each, outcome) for each, outcome in pairs if each.label == label]
        first = next(o["verdict"] for each, o in its if each.right)
        wrongs = {o["verdict"]["sentence"] for each, o in its if o["verdict"] and not each.right}
        enough = first is not None and len(wrongs) >= 3
        found[label] = ([said for each, o in its if (said := difference(each, o))], enough)
    return found


@pytest.mark.parametrize("module", sorted({labels()[label] for label in OFFERED}))
def test_offered_problems_are_judged_as_by_check(module: str, tmp_path: Path) -> None:
    chosen = [label for label in OFFERED if labels()[label] == module]
    assert judged(chosen, tmp_path) == {label: ([], True) for label in chosen}


def test_other_problems_are_not_offered_for_a_reason(tmp_path: Path) -> None:
    """Derive the list: what is left out is left out because the page can't judge it."""
    for label in sorted(labels().keys() - set(OFFERED)):
        folder = tmp_path / label
        folder.mkdir()
        try:
            ((differences, enough),) = judged([label], folder).values()
        except AssertionError:  # its checker can't even be loaded there
            continue
        assert differences or not enough, f"{label} can be judged in the page: offer it"


def test_chapters_that_the_engine_reaches_have_problems_judged_in_the_page() -> None:
    modules = {labels()[label] for label in OFFERED}
    assert modules >= {
        "absolute_error",
        "autograd_repairs",
        "build_your_own",
        "build_your_own_code",
        "computation_graph",
        "descent_in_one_dimension",
        "gradients",
        "momentum_optimizers",
        "mse_loss",
    }


def test_hints_come_as_check_gives_them(tmp_path: Path) -> None:
    label = "prob-another-parabola"
    wrong = next(each for each in catalogue()[label] if not each.right)
    outcomes = in_micropython([wrong] * 6, tmp_path, {k: k for k in range(6)})
    hints.forget()
    for outcome in outcomes:
        hint, told = check(label, wrong.answer).hint, outcome["verdict"]
        assert told["hint"] == (None if hint is None else repr(hint))
        assert told["last"] == (hint is not None and hint.number == hint.of)
    assert [outcome["verdict"]["last"] for outcome in outcomes] == [False] * 3 + [True] * 3


def test_an_answer_begins_with_the_signature_that_the_problem_asks_for() -> None:
    assert skeleton("the smallest rate") == skeleton("") == "answer = ..."
    assert name_of("the smallest rate") == "answer"
    assert name_of("fit(x, y, steps=50)") == "fit"
    for exactly in ("fit(x, y, steps=50)", "the class Momentum(params, lr)", "the class Sine"):
        module = ast.parse(skeleton(exactly))
        names = {node.name for node in module.body if isinstance(node, ast.FunctionDef)}
        names |= {
            ast.unparse(node.targets[0]) for node in module.body if isinstance(node, ast.Assign)
        }
        assert names == {name_of(exactly)}


def test_what_checkers_add_to_the_engine_is_torch_s() -> None:
    numbers = [0.3, -0.7, 0.95]
    ours, theirs = engine.tensor(numbers), torch.tensor(numbers, dtype=torch.float64)
    for name in ("cosh", "sinh", "acos", "asin", "rad2deg", "diag"):
        got = getattr(checking_torch, name)(ours).tolist()
        want = getattr(torch, name)(theirs)
        assert torch.allclose(torch.tensor(got, dtype=torch.float64), want, rtol=1e-14, atol=0)
    square = [[1.0, 2.0], [3.0, 4.0]]
    assert checking_torch.diag(engine.tensor(square)).tolist() == [1.0, 4.0]
    assert checking_torch.full_like(ours, 2.0).tolist() == torch.full_like(theirs, 2).tolist()
    assert checking_torch.as_tensor(ours) is ours
    assert checking_torch.as_tensor(1, dtype=engine.float64).tolist() == 1.0

    nan = float("nan")
    options: dict[str, Any]
    for one, two in (([1.0, nan], [1.0, nan]), ([1.0, nan], [nan, 1.0]), ([1.0, 2.0], [1.0, 2.5])):
        for options in ({}, {"equal_nan": True}, {"rtol": 0.3}):
            said = checking_torch.allclose(engine.tensor(one), engine.tensor(two), **options)
            assert said == torch.allclose(torch.tensor(one), torch.tensor(two), **options)

    def f(x: Any) -> Any:
        return (x**3).sum() * x[0]

    for made, wanted in (
        (checking_torch.func.grad(f)(ours), torch.func.grad(f)(theirs)),
        (
            checking_torch.func.jacrev(checking_torch.func.grad(f))(ours),
            torch.func.jacrev(torch.func.grad(f))(theirs),
        ),
    ):
        assert torch.allclose(torch.tensor(made.tolist(), dtype=torch.float64), wanted, rtol=1e-12)
    first, again = (
        checking_torch.randn((2, 3), generator=checking_torch.Generator().manual_seed(3))  # type: ignore[call-arg]
        for _ in range(2)
    )
    assert first.tolist() == again.tolist()


TODAY = """
from dataclasses import dataclass, replace

@dataclass(frozen=True)
class Pair:
    first: int
    second: float = 0.5

def f(a, /, *b: int) -> list[int]:
    '''Words.'''
    kinds = [isinstance(each, int | float | str) for each in (a, *b)]
    table = {"z": 1, **{k: 2 for k in "yx"}, "a": 3}
    rows = list(zip("ab", [1, 2], strict=True))
    said = f"{{{', '.join(f'{each:.1f}' for each in b)}}} {a!r:>4}"
    return [*b, kinds, list(table), (*rows, 0), said, replace(Pair(3), first=4).first]
"""


def test_today_s_python_means_the_same_when_it_is_lowered() -> None:
    before: dict[str, Any] = {"__name__": __name__}
    after: dict[str, Any] = {"__name__": __name__}
    exec(TODAY, before)
    text = ast.unparse(lowered(ast.parse(TODAY)))
    text = text.replace("from lowered", "from gdbook.publish.live.python.lowered")
    exec(text, after)
    for arguments in ((1, 2, 3.5), ("x",), (None, 1)):
        assert after["f"](*arguments) == before["f"](*arguments)
    for word in ("strict=", " | ", "[*", "**", "f'{", 'f"{', "@dataclass", ", /", "Words"):
        assert word not in text


def test_checkers_are_light_and_hold_what_is_offered_alone() -> None:
    packed = checks(OFFERED)
    assert set(packed) == {labels()[label] for label in OFFERED}
    for module, files in packed.items():
        assert len(gzip.compress(as_json(files).encode(), 9)) < 12_000
        own = {label for label in OFFERED if labels()[label] == module}
        assert set(json.loads(files[f"/hints-{module}.json"])) == own
        code = files[f"/gdbook/exercises/{module}.py"]
        assert {label for label in labels() if f"@checker('{label}')" in code} == own
    shared: dict[str, str] = {}
    for files in packed.values():
        assert all(shared.setdefault(path, text) == text for path, text in files.items())
