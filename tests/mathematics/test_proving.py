"""What algebra proves: texts are read as SymPy's own reader reads them, or refused."""

from __future__ import annotations

import contextlib
import random
import string

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook.mathematics import function, judge, real
from gdbook.mathematics.proving import ExpressionError, proved, read

NUMBERS = st.sampled_from(["1", "2", "3", "1/3", "0.25"])
NAMES = st.sampled_from(["x", "h", "y"])
REAL = {n: sp.Symbol(n, real=True) for n in "xhy"} | {"abs": sp.Abs}


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({''.join(t)})"),
        inner.map(lambda t: f"sin({t})"),
        inner.map(lambda t: f"exp({t})"),
        inner.map(lambda t: f"-{t}"),
        inner.map(lambda t: f"({t})**2"),
        inner.map(lambda t: f"abs({t})"),
    )


TEXTS = st.recursive(st.one_of(NUMBERS, NAMES), joined, max_leaves=6)


@settings(deadline=None)
@given(TEXTS)
def test_arithmetic_is_read_as_sympy_reads_it(text: str) -> None:
    assert read(text).equals(sp.sympify(text, locals=REAL, rational=True))


@pytest.mark.parametrize("name", ["N", "S", "Q", "O_", "beta", "gamma", "zeta", "lambda_", "E"])
def test_names_mean_numbers_whatever_sympy_means_by_them(name: str) -> None:
    assert read(f"2*{name}") == 2 * sp.Symbol(name, real=True)


@pytest.mark.parametrize(
    "text",
    [
        "", "2x", "f(", "x.y", "__import__(1)", "(lambda x: x)(2)", "[x for x in y]", "x ^ 2",
        "x if y else h", "f(x=1)", "f(*x)", "'a'", "True", "1j", "sin(1, 2)", "x; y", "Σ_i[x]",
        "lim(x, x, 0)", "max(x, y)", "x @ y", "x // y", "~x", "a == b", "x := 2", "f()",
    ],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        read(text)


def test_nothing_is_executed() -> None:
    rng = random.Random(1)
    for _ in range(300):
        text = "".join(rng.choice(string.printable) for _ in range(rng.randint(1, 12)))
        with contextlib.suppress(ExpressionError):
            assert isinstance(read(text), sp.Expr)


def test_what_is_equal_is_proved_and_nothing_else() -> None:
    assert proved(read("((x+h)**2 - x**2)/h"), read("2*x + h"))
    assert proved(read("(f(x) + f'(x))**2"), read("f(x)**2 + 2*f'(x)*f(x) + f'(x)**2"))
    assert not proved(read("2*x"), read("3*x"))
    assert not proved(read("f(x)"), read("f'(x)"))
    assert not proved(read("f(x)"), read("f(y)"))


def test_the_page_is_told_what_is_proved() -> None:
    x, y = real(), real()
    assert judge("(x + y)^2 = x^2 + 2 x y + y^2", x=x, y=y).tried.startswith("exactly (SymPy)")
    assert judge("f(x) + f(x) = 2 f(x)", f=function(), x=x).tried.startswith("exactly (SymPy)")
    # A letter that has another meaning elsewhere proves nothing.
    assert judge("e^2 = e e", e=x).tried.startswith("40 random")
    assert judge("x + c = x + 2", x=x, c=lambda: 2.0).tried.startswith("40 random")
