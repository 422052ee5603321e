"""What is read has the value that arithmetic says: expressions made at random, and single forms."""

from __future__ import annotations

import functools
import math
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook.mathematics import (
    alias,
    coin,
    family,
    function,
    integers,
    judge,
    matrix,
    permutation,
    real,
    sample,
    sequence,
    vector,
)

Term = tuple[str, float]
"""LaTeX and its value."""


def _sum(a: Term, b: Term, sign: str) -> Term:
    return f"{a[0]} {sign} {_bracket(b)}", a[1] + b[1] if sign == "+" else a[1] - b[1]


def _bracket(a: Term) -> str:
    return f"\\left({a[0]}\\right)"


NUMBERS = st.integers(1, 9).map(lambda n: (str(n), float(n)))
TERMS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.builds(_sum, inner, inner, st.sampled_from("+-")),
        st.builds(lambda a, b: (f"{_bracket(a)}{_bracket(b)}", a[1] * b[1]), inner, inner),
        st.builds(lambda a, b: (f"{_bracket(a)} \\cdot {_bracket(b)}", a[1] * b[1]), inner, inner),
        st.builds(lambda a: (f"\\frac{{{a[0]}}}{{7}}", a[1] / 7), inner),
        st.builds(lambda a: (f"{_bracket(a)}^2", a[1] ** 2), inner),
        st.builds(lambda a: (f"\\sin{_bracket(a)}", math.sin(a[1])), inner),
        st.builds(lambda a: (f"\\left|{a[0]}\\right|", abs(a[1])), inner),
        st.builds(lambda a: (f"-{_bracket(a)}", -a[1]), inner),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(TERMS)
def test_arithmetic_is_read_as_arithmetic(term: Term) -> None:
    latex, value = term
    # A letter that is as large as the value stands for it: what is drawn is multiplied by 1.
    right = judge(f"{latex} = c", c=lambda: value)
    assert right.outcome == "true", right
    wrong = judge(f"{latex} = c", c=lambda: value + 1e-3 * (1 + abs(value)))
    assert wrong.outcome == "false", wrong


SEEN: list[tuple[str, dict[str, Any]]] = [
    # the same twice: as the book writes it, and by what it means in code
    (r"x_1 + x_2 = s", {"x": vector(2, first=1), "s": lambda x: x[0] + x[1]}),
    (
        r"\sum_{i=1}^{k} i^2 = s",
        {"k": integers(0, 6), "s": lambda k: sum(i * i for i in range(1, k + 1))},
    ),
    (r"s_i = \sum_{j \ne i} v_j", {"v": vector("n"), "s": vector("n", by=lambda v: v.sum() - v)}),
    (r"\prod_{i} v_i = s", {"v": vector("n"), "s": lambda v: v.prod()}),
    (r"\max_i |v_i| = s", {"v": vector("n"), "s": lambda v: v.abs().max()}),
    (r"\min(a, b) = s", {"a": real(), "b": real(), "s": lambda a, b: torch.stack([a, b]).min()}),
    (
        r"a_{ji} = S_{ij}",
        {"A": matrix("m", "n"), "a": alias("A"), "S": matrix("n", "m", by=lambda A: A.T)},
    ),
    (r"q_{i,j} = S_{ij}", {"q": family("m", vector("n")), "S": matrix("m", "n", by=lambda q: q)}),
    (r"f'''(x) = s", {"f": function(code=lambda x: x**5), "x": real(), "s": lambda x: 60 * x**2}),
    (r"f^{(2)}(x) = s", {"f": function(code=torch.exp), "x": real(), "s": lambda x: x.exp()}),
    (r"\frac{d^2}{dx^2} \sin(2 x) = s", {"x": real(), "s": lambda x: -4 * torch.sin(2 * x)}),
    (
        r"\frac{\partial^2 f}{\partial x \partial y}(a, b) = s",
        {
            "f": function(x=real(), y=real(), code=lambda x, y: x**2 * y**3),
            "a": real(),
            "b": real(),
            "s": lambda a, b: 6 * a * b**2,
        },
    ),
    (r"\int_0^b x^2 \, dx = s", {"b": real(), "s": lambda b: b**3 / 3}),
    (
        r"|x| = \begin{cases} x & \text{if } x > 0 \\ -x & \text{otherwise} \end{cases}",
        {"x": real()},
    ),
    (r"\bar v = s", {"v_bar": vector("n"), "s": vector("n", by=lambda v_bar: v_bar)}),
    (
        r"M_{\min} + x^\star = s",
        {"M_min": real(), "x_star": real(), "s": lambda M_min, x_star: M_min + x_star},
    ),
    (
        r"A^{-\top} = S",
        {"A": matrix("n", "n"), "S": matrix("n", "n", by=lambda A: torch.linalg.inv(A).T)},
    ),
    (
        r"\ln x^2 + \tfrac12 \sqrt[3]{x} = s",
        {"x": real(0.1, 2), "s": lambda x: 2 * x.log() + x ** (1 / 3) / 2},
    ),
    (
        r"f_1(w) + f_n(w) = s(f(w))",  # f_i beside f: the components of one, the other itself
        {
            "f_i": function("d", to="n", first=1),
            "f": function("d", by=lambda f_i: lambda w: f_i(w)[0] + f_i(w)[-1]),
            "w": vector("d"),
            "s": function(code=lambda x: x),
        },
    ),
    (
        r"\operatorname{least} v + 1 = s",
        {
            "v": vector("n"),
            "least": function("n", code=lambda v: v.amin()),
            "s": lambda v: v.amin() + 1,
        },
    ),
    (
        r"p(x \mid y) = s",
        {
            "p": function(real(), real(), code=lambda x, y: x - 2 * y),
            "x": real(),
            "y": real(),
            "s": lambda x, y: x - 2 * y,
        },
    ),
    (
        r"(c v_1)^2 + \cdots + (c v_k)^2 - c = s",
        {
            "v": vector(5, first=1),
            "c": real(),
            "k": integers(1, 5),
            "s": lambda v, c, k: (c * v[: int(k)]).square().sum() - c,
        },
    ),
    (r"x \beta_1 = s \quad (\beta_1 = 0.5)", {"x": real(), "s": lambda x: x / 2}),
    (
        r"-a \le |a| \quad\text{and}\quad a \le |a|",
        {"a": real()},
    ),
    (
        r"x_k = c^k x_0",
        {"x": sequence(real(), lambda x, c: c * x), "k": integers(0, 6), "c": real()},
    ),
]


@pytest.mark.parametrize(("latex", "letters"), SEEN)
def test_notation_means_what_code_says(latex: str, letters: dict[str, Any]) -> None:
    found = judge(latex, **letters)
    assert found.outcome == "true", found


@pytest.mark.parametrize(("latex", "letters"), [one for one in SEEN if callable(one[1].get("s"))])
def test_it_means_nothing_else(latex: str, letters: dict[str, Any]) -> None:
    code = letters["s"]

    @functools.wraps(code)
    def off(*given: Any) -> Any:
        return code(*given) + 1e-4

    assert judge(latex, **{**letters, "s": off}).outcome == "false"


CHANCES: list[tuple[str, str, dict[str, Any]]] = [
    # what is true, what a slip makes of it, and the letters
    (
        r"\operatorname{E}\left[\frac{1}{B} \sum_{i \in I} v_i\right] = m",
        r"\operatorname{E}\left[\frac{1}{B} \sum_{i \in I} v_i\right] = 2 m",
        {"v": vector(4), "I": sample(4, "B"), "B": integers(1, 4), "m": lambda v: v.mean()},
    ),
    (
        r"\operatorname{Var}\left[\frac{1}{B} \sum_{i \in I} v_i\right] = \frac{s}{B}",
        r"\operatorname{Var}\left[\frac{1}{B} \sum_{i \in I} v_i\right] = \frac{s}{B + 1}",
        {
            "v": vector(3),
            "I": sample(3, "B", repeated=True),
            "B": integers(1, 3),
            "s": lambda v: v.var(correction=0),
        },
    ),
    (
        r"\operatorname{Var}\left[\sum_{i \in I} v_i\right] = s B \frac{4 - B}{3}",
        r"\operatorname{Var}\left[\sum_{i \in I} v_i\right] = s B",
        {
            "v": vector(4),
            "I": sample(4, "B"),
            "B": integers(1, 4),
            "s": lambda v: v.var(correction=0),
        },
    ),
    (
        r"\operatorname{E}[u_{\pi(2)}] = m",
        r"\operatorname{E}[u_{\pi(2)}] = -m",
        {"u": vector(3, first=1), "pi": permutation(3, first=1), "m": lambda u: u.mean()},
    ),
    (
        r"\operatorname{E}[(a + \xi b)^2] = a^2 + b^2",
        r"\operatorname{E}[(a + \xi b)^2] = a^2 - b^2",
        {"a": real(), "b": real(), "xi": coin()},
    ),
    (
        r"\operatorname{E}\Bigl[\Bigl(\sum_{i=1}^{n} \xi_i v_i\Bigr)^2\Bigr] = \lVert v \rVert^2",
        r"\operatorname{E}\Bigl[\Bigl(\sum_{i=1}^{n} \xi_i v_i\Bigr)^2\Bigr] = 2 \lVert v \rVert^2",
        {"v": vector("n", first=1), "xi": coin("n", first=1)},
    ),
    (
        r"\operatorname{E}[\xi_1 \xi_2 \xi_3 + \xi_2^2] = 1",
        r"\operatorname{E}[\xi_1 \xi_2 \xi_3 + \xi_2^2] = 2",
        {"xi": coin(3, first=1)},
    ),
]


@pytest.mark.parametrize(("true", "false", "letters"), CHANCES)
def test_all_outcomes_are_counted(true: str, false: str, letters: dict[str, Any]) -> None:
    assert judge(true, **letters).outcome == "true"
    assert judge(false, **letters).outcome == "false"


def test_a_limit_binds_the_letter_before_the_arrow_alone() -> None:
    letters: dict[str, Any] = {"f": function(), "v": vector(3)}
    claim = r"\lim_{x \to v_j^+} f'(x) + \lim_{x \to v_j^-} f(x) = f'(v_j) + f(v_j)"
    assert judge(claim, **letters).outcome == "true"
    assert judge(claim.replace("= f'", "= 2 f'"), **letters).outcome == "false"
    after = judge(r"\lim_{x \to v_j} f(x) + x = f(v_j)", **letters)
    assert after.outcome == "refused"


def test_words_define_a_letter_by_a_sum() -> None:
    letters: dict[str, Any] = {"v": vector("n", first=1)}
    claim = r"2 s = \sum_{i=1}^{n} 2 v_i \quad \text{with } s = \sum_{i=1}^{n} v_i"
    assert judge(claim, **letters).outcome == "true"
    assert judge(claim.replace("2 v_i", "3 v_i"), **letters).outcome == "false"


def test_dots_add_what_a_sum_adds() -> None:
    letters: dict[str, Any] = {"v": vector(5, first=1), "k": integers(1, 5)}
    assert judge(r"v_1 + \cdots + v_k = \sum_{i=1}^{k} v_i", **letters).outcome == "true"
    more: dict[str, Any] = {**letters, "k": integers(2, 5)}
    assert judge(r"v_1 + v_2 + \cdots + v_k = \sum_{i=1}^{k} v_i", **more).outcome == "true"
    assert judge(r"v_2 + \cdots + v_k = \sum_{i=1}^{k} v_i", **more).outcome == "false"


@pytest.mark.parametrize(
    ("definition", "claim", "letters"),
    [
        (r"q_c(w) = c\, w \cdot w", r"\nabla q_c(w) = 2 c w", {"w": vector("n"), "c": real()}),
        (r"s^2 = \sum_i v_i^2", r"s = \lVert v \rVert", {"v": vector("n")}),
    ],
)
def test_a_definition_gives_a_name_its_meaning(
    definition: str, claim: str, letters: dict[str, Any]
) -> None:
    assert judge(claim, using=[definition], **letters).outcome == "true"
    wrong = claim.replace("=", "= -")
    assert judge(wrong, using=[definition], **letters).outcome == "false"
