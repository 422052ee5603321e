"""How a display is tried: tolerance from conditioning, sharp bounds, orders, limits, conditions."""

from __future__ import annotations

from typing import Any

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook.mathematics import (
    function,
    hessian,
    integers,
    judge,
    least,
    matrix,
    positive,
    random,
    real,
    sequence,
    vector,
)

x, y, h = real(), real(), real()


def test_rounding_is_no_difference() -> None:
    # 10⁷ + x − 10⁷ loses half of its digits; the draw says so itself.
    assert judge("(10000000 + x) - 10000000 = x", x=x).outcome == "true"


@settings(deadline=None, max_examples=30)
@given(st.floats(1e-6, 10), st.integers(-3, 6))
def test_a_difference_is_no_rounding(off: float, power: int) -> None:
    latex = f"{10.0**power:.6f} x + c = {10.0**power:.6f} x"
    assert judge(latex, x=x, c=lambda: off).outcome == "false"


def test_a_badly_conditioned_inverse_is_still_one() -> None:
    code = lambda A: A @ torch.diag(torch.logspace(0, 5, A.shape[0], dtype=A.dtype))  # noqa: E731
    letters: dict[str, Any] = {"A": matrix("n", "n", positive=True), "M": matrix("n", "n", by=code)}
    assert judge("M M^{-1} x = x", x=vector("n"), **letters).outcome == "true"
    assert judge(r"M M^{-\top} x = x", x=vector("n"), **letters).outcome == "false"


def test_what_rounding_hides_is_not_decided() -> None:
    found = judge("N + x - N = y", N=lambda: 1e18, x=real(1, 2), y=real(1, 2))
    assert (found.outcome, found.reason) == ("refused", "undecided")


def test_a_loose_bound_is_told_and_may_be_allowed() -> None:
    found = judge(r"x^2 \ge -1", x=x)
    assert found.outcome == "false"
    assert "not sharp" in found.why
    assert judge(r"x^2 \ge -1", x=x, loose=True).outcome == "true"


def test_one_loose_term_among_sharp_ones_is_told() -> None:
    assert judge(r"|x + y| \le |x| + |y|", x=x, y=y).outcome == "true"
    found = judge(r"|x + y| \le |x| + |y| + |x|\,|y|", x=x, y=y)
    assert "not sharp" in found.why


def test_a_bound_that_is_reached_is_not_strict() -> None:
    assert judge(r"2 x y \le x^2 + y^2", x=x, y=y).outcome == "true"
    found = judge("2 x y < x^2 + y^2", x=x, y=y)
    assert "≤, not <" in found.why
    # Equality only where no draw falls, at η = 2 / (μ + L).
    latex = r"\max\left(|1 - \eta\mu|, |1 - \eta L|\right) \ge \frac{L - \mu}{L + \mu}"
    letters: dict[str, Any] = {"mu": real(0.01, 1), "L": real(1, 3), "eta": real(-1, 3)}
    assert judge(latex, **letters).outcome == "true"
    assert "≤, not <" in judge(latex.replace(r"\ge", ">"), **letters).why


def test_sides_that_come_near_without_meeting_are_no_equality() -> None:
    latex = r"\frac{\sin t}{t} < 1 \quad \text{for } 0 < t"
    assert judge(latex, t=real(-1, 3)).outcome == "true"
    assert judge(r"e^{-t} > 0", t=real(-3, 40), loose=True).outcome == "true"


def test_an_order_is_neither_more_nor_less() -> None:
    f = function()
    for order, outcome in ((1, "false"), (2, "true"), (3, "false")):
        latex = f"\\frac{{f(x + h) - f(x - h)}}{{2h}} = f'(x) + O(h^{order})"
        assert judge(latex, f=f, x=x, h=h).outcome == outcome
    assert judge("f(x + h) = f(x) + O(h)", f=f, x=x, h=h, at_least=True).outcome == "true"


def test_an_order_at_infinity() -> None:
    latex = r"\frac{1}{n + 1} = \frac1n - \frac{1}{n^2} + O(1/n^3) \quad (n \to \infty)"
    assert judge(latex, n=real(1, 2)).outcome == "true"
    assert judge(latex.replace("- \\frac", "+ \\frac"), n=real(1, 2)).outcome == "false"


def test_limits_from_both_sides_and_from_one() -> None:
    assert judge(r"\lim_{x \to 0} \frac{\sin x}{x} = 1").outcome == "true"
    assert judge(r"\lim_{x \to 0^+} \frac{|x|}{x} = 1").outcome == "true"
    assert judge(r"\lim_{x \to 0^-} \frac{|x|}{x} = 1").outcome == "false"
    found = judge(r"\lim_{x \to 0} \frac{|x|}{x} = 1")
    assert (found.outcome, "no value" in found.why) == ("false", True)
    assert judge(r"\lim_{n \to \infty} \left(1 + \frac{x}{n}\right)^n = e^x", x=x).outcome == "true"
    assert judge(r"\frac{e^h - 1}{h} \to 1 \quad (h \to 0)", h=h).outcome == "true"
    assert judge(r"\frac{e^h - 1}{h} \to 2 \quad (h \to 0)", h=h).outcome == "false"


def test_a_condition_is_met_and_tried() -> None:
    assert judge(r"\sqrt{x^2} = x \quad \text{for } x \ge 0", x=x).outcome == "true"
    assert judge(r"\sqrt{x^2} = x", x=x).outcome == "false"
    assert judge(r"\frac{x^2}{x} = x \quad \text{for } x \ne 0", x=x).outcome == "true"


def test_a_definition_in_words() -> None:
    latex = r"(q + 1)^2 = 4 \quad \text{with } q = \frac{x}{x}"
    assert judge(latex, x=x).outcome == "true"


def test_expectations_are_exact() -> None:
    letters: dict[str, Any] = {"X": random(vector("n")), "A": matrix("m", "n")}
    latex = r"\mathbb{E}[A X X^\top A^\top] = A\,\mathbb{E}[X X^\top]\,A^\top"
    assert judge(latex, **letters).outcome == "true"
    wrong = r"\mathbb{E}[X X^\top] = \mathbb{E}[X]\,\mathbb{E}[X]^\top"
    assert judge(wrong, X=random(vector("n"))).outcome == "false"


def test_definitions_of_the_page() -> None:
    wave = r"g(x_0, x_1) = \frac{x_0^2}{4} + \sin x_1"
    claim = r"\frac{\partial g}{\partial x_1}(a, b) = \cos b"
    letters: dict[str, Any] = {"a": real(), "b": real()}
    assert judge(claim, using=[wave], **letters).outcome == "true"
    assert judge(claim, using=[wave.replace("sin", "cos")], **letters).outcome == "false"

    entries = r"H_{ij} = \frac{\partial}{\partial x_j}\,\frac{\partial f}{\partial x_i}"
    letters = {"f": function(x=vector("n")), "x": vector("n"), "v": vector("n")}
    symmetric = r"v^\top H(x) = (H(x)\,v)^\top"
    assert judge(symmetric, using=[entries], **letters).outcome == "true"
    letters["H"] = hessian("f")
    assert "declared, and the page defines it" in judge(symmetric, using=[entries], **letters).why


def test_what_defines_nothing() -> None:
    letters: dict[str, Any] = {"x": x, "L": positive()}
    for definition, sentence in (
        (r"|f(x)| \le L", "no equation"),
        (r"f(x) + 1 = x", "defines nothing"),
        ("q = q + x", "what is q"),
        ("c(0, 0) = 0", "not at a letter"),
    ):
        found = judge("x = L", using=[definition], **letters)
        assert found.outcome == "refused"
        assert sentence in found.why


def test_coupled_iterates() -> None:
    steps = r"v_k = \beta v_{k-1} + x_k, \quad x_{k+1} = x_k - v_k"
    letters: dict[str, Any] = {
        "x": sequence(real()),
        "v": sequence(real(), first=-1, zero=True),
        "beta": real(),
    }
    claim = r"x_2 = x_0 - v_0 - v_1"
    assert (
        judge(claim, using=[steps], x=letters["x"], v=letters["v"], beta=real()).outcome == "true"
    )
    assert judge("x_1 = x_0", using=[steps], **letters).outcome == "false"


def test_where_something_is_least() -> None:
    code = lambda t, a, b: a * t + b / t  # noqa: E731
    letters: dict[str, Any] = {
        "a": positive(),
        "b": positive(),
        "t_star": least(code, positive=True),
    }
    assert judge(r"t^\star = \sqrt{\frac{b}{a}}", **letters).outcome == "true"
    assert judge(r"t^\star = \sqrt{\frac{a}{b}}", **letters).outcome == "false"


def test_every_draw_has_its_own_number_of_terms() -> None:
    latex = r"\sum_{i=1}^{k} i = \frac{k (k + 1)}{2}"
    assert judge(latex, k=integers(0, 9)).outcome == "true"
    assert judge(latex.replace("k + 1", "k - 1"), k=integers(0, 9)).outcome == "false"


def test_a_sum_without_end_does_not_stop_at_a_zero() -> None:
    latex = r"\sum_{k=0}^{\infty} k q^k = \frac{q}{(1 - q)^2}"
    assert judge(latex, q=real(-0.7, 0.7)).outcome == "true"


def test_it_says_what_was_tried_and_where_sides_differ() -> None:
    found = judge(r"A x = A^\top x", A=matrix("n", "n"), x=vector("n"))
    assert found.outcome == "false"
    assert "n = " in found.why
    assert "A = (" in found.why
    found = judge(r"(A x)^\top = x^\top A^\top", A=matrix("m", "n"), x=vector("n"))
    assert found.tried.startswith("4")
    assert "random matrices, 1 × 1 to " in found.tried


def test_the_same_draws_every_time() -> None:
    letters: dict[str, Any] = {"A": matrix("n", "n"), "x": vector("n")}
    first, second = (judge(r"A x = A^\top x", **letters).why for _ in range(2))
    assert first == second
