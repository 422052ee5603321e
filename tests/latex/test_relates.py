"""Which displays say something, and so need a label."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdbook.latex.relates import relates

EXPRESSIONS = [
    r"\frac{a}{b}",
    r"\sum_{i=0}^{n} x_i",
    r"\lim_{x \to 0} f(x)",
    r"f(x=1)",
    r"\max_{x \in S} f(x)",
    r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
    r"A^\perp",
    r"\underset{x \in S}{\min} f(x)",
    r"\left(\frac{a}{b}\right)_{n=3}",
]
NAMES = r"""
= < > \le \leqslant \ge \ne \neq \approx \to \in \iff \equiv \propto := \coloneqq \Rightarrow
\mapsto \subset \subseteq \supset \ll \gg \sim \simeq \perp \leftarrow \gets \implies \cong
\lesssim \doteq \prec \succeq \notin \longrightarrow
"""
SIGNS = NAMES.split()


@given(st.sampled_from(EXPRESSIONS), st.sampled_from(SIGNS), st.sampled_from(EXPRESSIONS))
def test_a_sign_between_two_expressions_is_a_relation(left: str, sign: str, right: str) -> None:
    assert not relates(left)
    assert not relates(rf"{left} + {right}")
    assert relates(rf"{left} {sign} {right}")
    for name in ("align", "align*", "gather", "equation", "aligned", "split"):
        assert relates(rf"\begin{{{name}}} {left} &{sign} {right} \end{{{name}}}")
    assert relates(rf"\boxed{{{left} = {right}}}")


@pytest.mark.parametrize(
    "latex",
    [
        r"a \stackrel{!}{=} b",
        r"a \overset{\text{def}}{=} b",
        r"f(x) = \begin{cases} 1 & x > 0 \\ 0 \end{cases}",
        r"\left.\frac{df}{dx}\right|_{x=0} = 1",
        r"\lVert x \rVert < 1",
        r"x \in (0, 1]",
        r"\underbrace{a}_{b} = c",
        r"\operatorname*{argmin}_x f(x) = 0",
        r"\left\{ x : f(x) \le 1 \right\} = S",
        r"\begin{multline} a \\ = b \end{multline}",
    ],
)
def test_relations_in_company_are_seen(latex: str) -> None:
    assert relates(latex)
