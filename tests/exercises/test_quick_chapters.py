"""Quick questions of the chapters: each entry is used, and its answer is computed once more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import sympy
import torch

from gdbook import quick
from gdbook.descent import descend
from gdbook.functions import quartic

BOOK = Path(__file__).parents[2] / "book"
QUESTIONS = quick.catalogue()


def used() -> Iterator[tuple[str, str]]:
    """Yield each label that the book asks for, with its chapter's file."""
    for path in sorted(BOOK.rglob("*.md")):
        for label in re.findall(r"^:{3,}\{quick\} (\S+)$", path.read_text("utf-8"), re.MULTILINE):
            yield label, path.stem.replace("-", "_")


def test_each_entry_belongs_to_one_question_of_its_chapter() -> None:
    asked = list(used())
    assert len(asked) == len(set(asked))
    assert sorted(asked) == sorted((q.label, q.chapter) for q in QUESTIONS.values())


def answer(label: str) -> float:
    return quick.read(QUESTIONS[label].answer)


# ------------------------------------------------------------ the answers of chapter 1, computed


def test_delta_is_the_largest_that_answers() -> None:
    epsilon, delta = 1.0, answer("quick-delta")
    inside, outside = (abs(5 * (2 + f * delta) - 10) for f in (0.999, 1.001))
    assert inside < epsilon < outside


def test_the_secant_is_that_of_two_points() -> None:
    slope = (3.5**2 - 3**2) / (3.5 - 3)
    assert slope == pytest.approx(answer("quick-secant"))


def test_the_chain_rule_is_sympys() -> None:
    x = sympy.Symbol("x")
    options = {"a": 2 * sympy.sin(x), "b": 2 * sympy.sin(x) * sympy.cos(x)}
    options |= {"c": sympy.cos(x) ** 2, "d": 2 * sympy.cos(x)}
    slope = sympy.diff(sympy.sin(x) ** 2, x)
    right = [letter for letter, f in options.items() if sympy.simplify(f - slope) == 0]
    assert right == [QUESTIONS["quick-chain"].answer]


def test_the_best_step_is_the_lowest_point_of_the_bound() -> None:
    h = 10 ** torch.linspace(-7, -3, 400_001, dtype=torch.float64)
    lowest = h[(h / 2 + 2e-10 / h).argmin()]
    assert float(lowest) == pytest.approx(answer("quick-best-step"), rel=1e-4)


# ------------------------------------------------------------ the answers of chapter 2, computed


def test_the_factor_is_that_of_a_run() -> None:
    x = torch.tensor(7.0, dtype=torch.float64)
    run = descend(lambda x: 2 * (x - 3) ** 2 + 1, x, 0.2, 3)
    assert (run.points[2] - 3) / (run.points[1] - 3) == pytest.approx(answer("quick-factor"))


def test_the_stable_rate_is_the_border_between_runs() -> None:
    edge = answer("quick-stable-rate")
    start = torch.tensor(1.0, dtype=torch.float64)
    below, above = (descend(lambda x: 5 * x**2, start, edge * f, 3000) for f in (0.99, 1.01))
    assert abs(below.final) < 1e-9
    assert above.diverged or abs(above.final) > 1e9


def test_the_run_from_5_ends_in_the_left_valley() -> None:
    run = descend(quartic, torch.tensor(5.0, dtype=torch.float64), 0.1, 200)
    assert run.points[1] == pytest.approx(-3.6)
    assert run.final == pytest.approx(float(quartic.minimum_points()[0]), abs=1e-9)
    assert QUESTIONS["quick-which-valley"].answer == "b"


def test_the_guaranteed_gain_is_that_of_the_parabola_which_needs_it() -> None:
    def f(x: float) -> float:
        return 4 * x**2  # f'' = 8, and the slope at ½ is 4

    assert f(0.5) - f(0.5 - 4 / 8) == answer("quick-guaranteed-gain")


def test_how_far_is_reached_by_the_flattest_curve() -> None:
    x = answer("quick-how-far")  # on x²/20, which has f'' = 1/10 everywhere
    assert x / 10 == pytest.approx(1 / 1000)


def test_the_last_halving_is_reached_and_never_passed() -> None:
    least = 1.0
    for curvature in (10, 9.99, 9, 8, 6, 5, 3):  # all are 10-smooth
        eta, x = 1.0, 1.0
        slope = curvature * x
        while curvature / 2 * (x - eta * slope) ** 2 > curvature / 2 * x**2 - eta * slope**2 / 2:
            eta /= 2
        least = min(least, eta)
    assert least == answer("quick-last-halving")


# ------------------------------------------------------------ the answers of chapter 3, computed


def test_the_slopes_are_a_dot_product_and_a_length() -> None:
    gradient = torch.tensor([3.0, -4.0])
    angles = torch.linspace(0, 2 * torch.pi, 100_001)
    slopes = torch.stack([angles.cos(), angles.sin()], 1) @ gradient
    assert float(slopes[0] + slopes.max()) == pytest.approx(answer("quick-direction"), rel=1e-6)


def test_the_kind_is_that_of_the_eigenvalues() -> None:
    low, high = torch.linalg.eigvalsh(torch.tensor([[1.0, 2.0], [2.0, 1.0]]))
    assert low < 0 < high
    assert QUESTIONS["quick-kind"].answer == "c"


def test_no_rate_has_a_smaller_factor() -> None:
    eta = torch.linspace(0, 0.3, 30_001, dtype=torch.float64)
    factors = torch.maximum((1 - eta).abs(), (1 - 9 * eta).abs())
    assert float(factors.min()) == pytest.approx(answer("quick-best-rate"))


# ------------------------------------------------------------ the answers of chapter 4, computed


def test_two_backward_calls_add_up() -> None:
    w = torch.tensor(3.0, requires_grad=True)
    for _ in range(2):
        torch.autograd.backward(w**2)
    assert w.grad is not None
    assert w.grad.item() == answer("quick-accumulated")


def test_backward_with_a_vector_weights_the_rows() -> None:
    jacobian = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    w = torch.zeros(2, requires_grad=True)
    torch.autograd.backward(jacobian @ w, torch.ones(2))
    assert w.grad is not None
    assert w.grad[0].item() == answer("quick-vector-jacobian")


# ------------------------------------------------------------ the answers of chapter 5, computed


def test_the_adjoint_of_a_product_that_is_used_twice_is_torchs() -> None:
    a, b = (torch.tensor(value, requires_grad=True) for value in (2.0, 5.0))
    p = a * b
    (adjoint,) = torch.autograd.grad(p + p * a, p)
    assert adjoint.item() == answer("quick-three-paths")


def test_four_uses_contribute_four_times() -> None:
    w = torch.tensor(3.0, requires_grad=True)
    (adjoint,) = torch.autograd.grad(((w - torch.arange(1.0, 5.0)) ** 2).sum() / 2, w)
    assert adjoint.item() == answer("quick-fan-out")


def test_an_adjoint_has_the_shape_of_its_node() -> None:
    made = torch.zeros(32, 10) @ torch.zeros(10, 4) + torch.zeros(4)
    options = {"a": (10, 4), "b": (32, 4), "c": (32, 10), "d": (4,)}
    assert options[QUESTIONS["quick-layer-shape"].answer] == made.shape


# ------------------------------------------------------------ the answers of chapter 6, computed


def test_the_adjoint_of_a_number_used_three_times_is_torchs() -> None:
    a = torch.tensor(2.0, requires_grad=True)
    (adjoint,) = torch.autograd.grad(a * a + 3 * a, a)
    assert adjoint.item() == answer("quick-square-adjoint")


def test_setting_keeps_the_last_of_two_contributions() -> None:
    value, adjoint = 5.0, 0.0
    for slope in (value, value):  # of p = a * a with respect to each factor
        adjoint = slope * 1.0
    assert adjoint == answer("quick-set-for-add")


def test_each_bias_receives_from_all_rows() -> None:
    b = torch.zeros(8, requires_grad=True)
    (adjoint,) = torch.autograd.grad(torch.randn(100, 8) + b, b, torch.ones(100, 8))
    assert adjoint.tolist() == [answer("quick-bias-shape")] * 8
