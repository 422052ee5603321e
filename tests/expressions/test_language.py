"""The little language, against SymPy's own reader and against what must be refused."""

import contextlib
import random
import string

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook import expressions as ex

numbers = st.sampled_from(["1", "2", "3", "1/3", "0.25"])
names = st.sampled_from(["x", "h", "y"])


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({''.join(t)})"),
        inner.map(lambda t: f"sin({t})"),
        inner.map(lambda t: f"exp({t})"),
        inner.map(lambda t: f"-{t}"),
        inner.map(lambda t: f"({t})**2"),
        inner.map(lambda t: f"abs({t})"),
    )


texts = st.recursive(st.one_of(numbers, names), joined, max_leaves=6)
REAL = {n: sp.Symbol(n, real=True) for n in "xhy"} | {"abs": sp.Abs}


@settings(deadline=None)
@given(texts)
def test_arithmetic_reads_as_sympy_reads_it(text: str) -> None:
    expected = sp.sympify(text, locals=REAL, rational=True)
    assert ex.read(text).equals(expected)


@pytest.mark.parametrize("name", ["N", "S", "Q", "O_", "beta", "gamma", "zeta", "lambda", "E", "i"])
def test_names_mean_numbers_whatever_sympy_means_by_them(name: str) -> None:
    assert ex.read(f"2*{name}") == 2 * sp.Symbol(name, real=True)


def test_constants_and_decimals_are_exact() -> None:
    assert ex.read("e**(I*pi)") == -1
    assert ex.read("0.1 + 0.2") == sp.Rational(3, 10)
    assert ex.read("1e-3") == sp.Rational(1, 1000)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("diff(f(x)*g(x), x)", "f'(x)*g(x) + f(x)*g'(x)"),
        ("diff(g(f(a)), a)", "g'(f(a))*f'(a)"),
        ("diff(f(x)/g(x), x)", "(f'(x)*g(x) - f(x)*g'(x))/g(x)**2"),
        ("diff(f(2*x), x, 3)", "8*f'''(2*x)"),
        ("at(diff(x**3, x), x, a)", "3*a**2"),
        ("diff(sum(w[i]*x**i, i, 1, 3), x)", "w[1] + 2*w[2]*x + 3*w[3]*x**2"),
    ],
)
def test_rules_of_calculus_hold_for_unknown_functions(left: str, right: str) -> None:
    a, b = ex.read(left), ex.read(right)
    if "sum" in left:  # bound indices make w a function, free ones a name
        a = a.doit()
        b = b.subs({sp.Symbol(f"w_{i}", real=True): ex.unknown("w_")(i) for i in (1, 2, 3)})
    assert sp.expand(sp.simplify(a - b)) == 0


def test_equal_and_chains() -> None:
    sides, relations = ex.read_chain("a = b <= c")
    assert [str(s) for s in sides] == ["a", "b", "c"]
    assert relations == ["=", "≤"]


@pytest.mark.parametrize(
    "text",
    [
        "", "2x", "x^2", "f(", "x.y", "__import__(1)", "_x", "(lambda x: x)(2)", "[x for x in y]",
        "x if y else h", "f(x=1)", "f(*x)", "'a'", "True", "1j", "sin", "sin(1, 2)", "1/0", "e(2)",
        "diff(x, 2)", "diff(x, x, 0)", "lim(x, x)", "lim(x, x, 0, up)", "sum(x, x, 1)", "x; y",
        "x\ny", "f'(x, y)", "x @ y", "x // y", "~x", "a == b", "x := 2",
    ],
)  # fmt: skip
def test_anything_else_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(ex.ExpressionError) as caught:
        ex.read(text)
    assert "\n" not in str(caught.value).replace(repr(text), "")


def test_the_message_names_the_place() -> None:
    with pytest.raises(ex.ExpressionError, match=r"at character 3 \(2\): a power is written"):
        ex.read("x^2")
    with pytest.raises(ex.ExpressionError, match=r"a product is written with \*"):
        ex.read("2x + 1")


def test_nothing_is_executed() -> None:
    rng = random.Random(1)
    for _ in range(300):
        text = "".join(rng.choice(string.printable) for _ in range(rng.randint(1, 12)))
        with contextlib.suppress(ex.ExpressionError):
            assert isinstance(ex.read(text), sp.Expr)


def test_it_reads_as_in_print() -> None:
    assert ex.pretty("((x + h)**2 - x**2)/h = 2*x + h") == "((x + h)² − x²)/h = 2x + h"
    assert ex.pretty("abs(x**2 - 9) <= 7*abs(x - 3)") == "|x² − 9| ≤ 7|x − 3|"
    assert ex.pretty("h/2*f''(x) + 2*sqrt(u*M_0)") == "h/2·f''(x) + 2√(u·M₀)"
    assert ex.pretty("lambda*h_star - pi") == "λ·h* − π"
