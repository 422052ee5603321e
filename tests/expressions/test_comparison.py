"""Equality of formulas, against SymPy and against perturbations that must be seen."""

import mpmath
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook import expressions as ex


def differ(a: str, b: str, **where: tuple[float, float]) -> ex.Difference | None:
    return ex.equal(ex.read(a), ex.read(b), where)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("((x + h)**2 - x**2)/h", "2*x + h"),
        ("abs(x**2 - 9)", "abs(x - 3)*abs(x + 3)"),
        ("sqrt(x**2)", "abs(x)"),
        ("sin(x)**2 + cos(x)**2", "1"),
        ("sum(i, i, 1, n)", "n*(n + 1)/2"),
        ("max(a, b)", "(a + b + abs(a - b))/2"),
        ("lim(sin(x)/x, x, 0)", "1"),
        ("lim((1 + 1/n)**n, n, oo)", "e"),
        ("lim(abs(h)/h, h, 0, left)", "-1"),
        ("lim((f(a + h)*g(a + h) - f(a)*g(a))/h, h, 0)", "f'(a)*g(a) + f(a)*g'(a)"),
        ("im(exp(I*x))", "sin(x)"),
        ("2*x + O(h**2)", "2*x + O(3*h**2)"),
    ],
)
def test_what_is_equal_is_equal(a: str, b: str) -> None:
    assert differ(a, b) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("sqrt(x**2)", "x"),  # true for half of all x
        ("f(x)", "g(x)"),
        ("f'(x)", "f(x)"),
        ("f(x + h)", "f(x) + h*f'(x)"),
        ("log(x*y)", "log(x) + log(y)"),  # not on the left of 0
        ("lim(1/h, h, 0)", "0"),
        ("lim(sin(1/h), h, 0)", "0"),
        ("2*x + O(h**2)", "2*x + O(h)"),
        ("2*x + O(h**2)", "2*x"),
        ("sum(w[i]*x[i], i, 1, n)", "sum(w[i], i, 1, n)*sum(x[i], i, 1, n)"),
        ("x + 1e-12", "x"),
    ],
)
def test_what_is_not_equal_is_told_apart(a: str, b: str) -> None:
    assert differ(a, b) is not None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.integers(-3, 3), min_size=4, max_size=4),
    st.integers(0, 3),
    st.sampled_from([-1, 1, 2]),
)
def test_a_wrong_coefficient_is_seen(c: list[int], at: int, by: int) -> None:
    wrong = [k + by * (i == at) for i, k in enumerate(c)]

    def text(k: list[int]) -> str:
        return f"({k[0]})*sin(x*y) + ({k[1]})*x*f(y) + ({k[2]})*f'(x) + ({k[3]})"

    assert differ(text(c), f"{text(c)} + (x + y)**2 - x**2 - 2*x*y - y**2") is None
    assert differ(text(c), text(wrong)) is not None


def test_a_difference_comes_with_a_point_and_both_values() -> None:
    found = differ("2*x + h", "2*x - h", x=(1, 2), h=(0.5, 0.6))
    assert found is not None
    assert 1 <= found.point["x"] <= 2
    assert 0.5 <= found.point["h"] <= 0.6
    left, right = found.values
    assert abs(left - right - 2 * mpmath.mpf(found.point["h"])) < 1e-12
    assert "the sides are" in str(found)


def test_ranges_say_where_it_is_meant() -> None:
    assert differ("log(x*y)", "log(x) + log(y)", x=(0.1, 3), y=(0.1, 3)) is None
    assert differ("sqrt(x**2)", "x", x=(0, 3)) is None


def test_what_has_no_value_anywhere_is_undecided() -> None:
    with pytest.raises(ex.UndecidedError):
        differ("lim(1/h, h, 0)", "lim(2/h, h, 0)")


def test_samples_are_functions_with_their_own_derivatives() -> None:
    """The derivative that stands for f'' is the second derivative of what stands for f."""
    x = sp.Symbol("x", real=True)
    f = ex.Evaluator(ex.unknown("f")(x), ["x"], digits=240)
    for k in (1, 2, 3):
        value = ex.Evaluator(ex.unknown("f", (k,))(x), ["x"])({"x": mpmath.mpf("0.7")})
        with mpmath.workdps(30):
            expected = mpmath.diff(lambda t: f({"x": t}), mpmath.mpf("0.7"), k)
        assert abs(value - expected) < 1e-15


def test_limits_are_the_same_only_if_they_are_taken_alike() -> None:
    def same(a: str, b: str) -> bool:
        return ex.same(ex.read(a), ex.read(b)) is None

    assert same("lim(f(x + h), h, 0)", "lim(f(x + t), t, 0)")
    assert same("2*lim(abs(h), h, 0)", "lim(abs(h), h, 0) + lim(abs(h), h, 0)")
    assert not same("lim(abs(h), h, 0)", "lim(abs(h), h, 0, right)")
    assert not same("lim(h*x, h, 0)", "lim(h*x, x, 0)")
    assert not same("lim(x**2, x, 1)", "lim(x**2, x, -1)")
    assert not same("lim(sin(x)/x, x, 0)", "1")


def test_sympy_proves_what_it_can() -> None:
    assert ex.proved(ex.read("((x+h)**2 - x**2)/h"), ex.read("2*x + h"))
    assert ex.proved(ex.read("diff(f(x)*g(x), x)"), ex.read("f'(x)*g(x) + g'(x)*f(x)"))
    assert not ex.proved(ex.read("2*x"), ex.read("3*x"))


@pytest.mark.parametrize(
    "where",
    [{"x": (1, 0)}, {"x": (1, 1)}, {"x": []}, {"x": (0, float("inf"))}, {"x": 3}, {"x": (True, 2)}],
)
def test_ranges_that_are_none(where: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="x"):
        ex.check_where(where)
