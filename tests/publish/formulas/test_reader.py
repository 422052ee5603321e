r"""The reader of displayed formulas, against the language of checks and against SymPy's printer."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from gdbook import expressions as ex
from gdbook.expressions import latex_reader

# What a page displays, and what it means.
NOTATION = [
    (r"\frac{(x+h)^2 - x^2}{h} = 2x + h", "((x+h)**2-x**2)/h = 2*x+h"),
    (r"|x^2-9| = |x-3||x+3| \le 7|x-3|", "abs(x**2-9) = abs(x-3)*abs(x+3) <= 7*abs(x-3)"),
    (
        r"\lvert x-3\rvert\,\lvert x+3\rvert \leq 7\,\left|x-3\right|,",
        "abs(x-3)*abs(x+3) <= 7*abs(x-3)",
    ),
    (r"||a| - |b|| \le |a-b|", "abs(abs(a)-abs(b)) <= abs(a-b)"),
    (r"\bigl| |a| - |b| \bigr| \le |a-b|", "abs(abs(a)-abs(b)) <= abs(a-b)"),
    (r"\lim_{x \to 0}\frac{\sin x}{x} = 1", "lim(sin(x)/x,x,0) = 1"),
    (r"\lim_{n \to \infty}\Bigl(1 + \frac1n\Bigr)^n = \mathrm{e}", "lim((1+1/n)**n,n,oo) = e"),
    (r"\lim_{h \to 0^+}\frac{|h|}{h} = 1", "lim(abs(h)/h,h,0,right) = 1"),
    (r"\lim_{h \to 0^{-}}\frac{|h|}{h} = -1", "lim(abs(h)/h,h,0,left) = -1"),
    (
        r"\lim_{h \to 0}\frac{f(a+h)g(a+h) - f(a)g(a)}{h} = f'(a)g(a)+f(a)g'(a)",
        "lim((f(a+h)*g(a+h)-f(a)*g(a))/h,h,0) = f'(a)*g(a)+f(a)*g'(a)",
    ),
    (
        r"\frac{f(x+h)-f(x)}{h} = f'(x) + \tfrac{h}{2} f''(x) + O(h^2)",
        "(f(x+h)-f(x))/h = f'(x)+h/2*f''(x)+O(h**2)",
    ),
    (r"(fg)'(a) = f'(a)\,g(a) + f(a)\,g'(a)", "diff(f(a)*g(a),a) = f'(a)*g(a)+f(a)*g'(a)"),
    (r"(f - 2g)''(a) = f''(a) - 2g''(a)", "diff(f(a)-2*g(a),a,2) = f''(a)-2*g''(a)"),
    (r"(g\circ f)'(a) = g'(f(a))\,f'(a)", "diff(g(f(a)),a) = g'(f(a))*f'(a)"),
    (r"(g\circ f)(x) = y", "g(f(x)) = y"),
    (
        r"\left(\frac{f}{g}\right)'(a) = \frac{f'(a)g(a) - f(a)g'(a)}{g(a)^2}",
        "diff(f(a)/g(a),a) = (f'(a)*g(a)-f(a)*g'(a))/g(a)**2",
    ),
    (r"f(x) - f(a) = \varphi(x)(x-a)", "f(x)-f(a) = phi(x)*(x-a)"),
    (r"h^* = 2\sqrt{\frac{u M_0}{M_2}}", "h_star = 2*sqrt(u*M_0/M_2)"),
    (r"h^{\star} = 2\sqrt{u M_0 / M_2}", "h_star = 2*sqrt(u*M_0/M_2)"),
    (r"\frac{4 D(h/2) - D(h)}{3} = f'(x)", "(4*D(h/2)-D(h))/3 = f'(x)"),
    (r"\frac{\operatorname{Im} f(x + \mathrm{i}h)}{h} = y", "im(f(x+I*h))/h = y"),
    (r"e^{\mathrm{i}t} = \cos t + \mathrm{i}\sin t", "e**(I*t) = cos(t)+I*sin(t)"),
    (
        r"\frac{d}{dx}\Bigl(x^2 \sin\frac1x\Bigr) = 2x\sin\frac1x - \cos\frac1x",
        "diff(x**2*sin(1/x),x) = 2*x*sin(1/x)-cos(1/x)",
    ),
    (
        r"\frac{\partial}{\partial t} \sin(\omega x + t) = \cos(\omega x+t)",
        "diff(sin(omega*x+t),t) = cos(omega*x+t)",
    ),
    (r"f^{(4)}(x) = \frac{d^4}{dx^4} f(x)", "diff(f(x),x,4) = diff(f(x),x,4)"),
    (r"\frac{\mathrm{d}^2}{\mathrm{d}x^2} x^3 = 6x", "diff(x**3,x,2) = 6*x"),
    (r"\frac{\partial f}{\partial x}(x, y) = y", "diff(f(x,y),x) = y"),
    (r"\frac{\partial}{\partial w_0} w_0^2 = 2w_0", "diff(w_0**2,w_0) = 2*w_0"),
    (r"\sum_{i=1}^n i = \frac{n(n+1)}{2}", "sum(i,i,1,n) = n*(n+1)/2"),
    (r"\sum_{i=1}^{n} w_i x_i = s", "sum(w[i]*x[i],i,1,n) = s"),
    (r"\prod_{k=1}^{3} (1 + x_k) = s", "prod(1+x[k],k,1,3) = s"),
    (r"\sin^2 x + \cos^2 2x = 1", "sin(x)**2+cos(2*x)**2 = 1"),
    (r"\max\{a, b\} = \frac{a + b + |a-b|}{2}", "max(a,b) = (a+b+abs(a-b))/2"),
    (r"\lfloor x \rfloor \le x", "floor(x) <= x"),
    (r"\binom{n}{2} = n(n-1)/2", "binomial(n,2) = n*(n-1)/2"),
    (r"n! = n\,(n-1)!", "factorial(n) = n*factorial(n-1)"),
    (r"x_{k+1} = x_k - \eta\, f'(x_k)", "x[k+1] = x[k]-eta*f'(x[k])"),
    (r"\hat{x} = \bar x_0 + \lambda_{\max}", "x_hat = x_bar_0 + lambda_max"),
    (r"\sqrt[3]{x^3} = x", "cbrt(x**3) = x"),
    (r"10^{-8} < 1.5\cdot 10^{-7}", "10**(-8) < 1.5*10**(-7)"),
    (r"\operatorname{error}(h) \ge -h", "error(h) >= -h"),
]
REFUSED = [
    (r"1/2x = y", "two ways"),
    (r"a/b/c = y", "two ways"),
    (r"\sin x/x = y", "where does the argument end"),
    (r"\sin x (1+x) = y", "where does the argument end"),
    (r"\sin(x)^2 = y", "two ways"),
    (r"\sin^{-1} x = y", "two ways"),
    (r"a \implies b", r"\\implies is not"),
    (r"f^2(x) = 1", "of what"),
    (r"f = g", "of what"),
    (r"x := 2", "a definition"),
    (r"\lim_{x \to 3} x^2 - x = 6", "reach the next term"),
    (r"\sum_{i=1}^3 i + i = 6", "reach the next term"),
    (r"(x^2)' = 2x", "derivative in what"),
    (r"f(x)' = 2x", "derivative in what"),
    (r"a^b^c = 1", "second exponent"),
    (r"\mathbf{x} = 1", r"\\mathbf"),
    (r"x_1, \dots, x_n = 1", r"\\dots"),
    (r"2 3 = 6", "two numbers"),
    (r"a \pm b = 1", r"\\pm"),
    (r"(a+b = 1", "not closed"),
    (r"(a+b] = 1", "closed by"),
    (r"\begin{pmatrix}a\end{pmatrix} = b", "pmatrix"),
    (r"\left. x\right|_{x=1} = 1", r"\\left\."),
    (r"a = = b", "without a side"),
    (r"\frac{df}{dx} = 1", "write it as"),
    (r"\frac{d^2}{dx^3} x = 1", "orders"),
    (r"a + - b = 1", "two signs"),
    (r"a \cdot -b = 1", "needs brackets"),
    (r"\max_x x = 1", "no index"),
    (r"\mathrm{d} = 1", "upright"),
    ("\\text{so it is}", "no formula"),
]


@pytest.mark.parametrize(("latex", "text"), NOTATION, ids=[n for n, _ in NOTATION])
def test_the_books_notation(latex: str, text: str) -> None:
    sides, relations = ex.read_chain(text)
    functions = {n for s in sides for n in ex.names(s)}
    (chain,) = latex_reader.read(latex, functions).chains
    assert chain.relations == relations
    for shown, meant in zip(chain.sides, sides, strict=True):
        assert ex.same(shown.value, meant) is None, (shown.value, meant)


@pytest.mark.parametrize(("latex", "why"), REFUSED, ids=[n for n, _ in REFUSED])
def test_what_can_be_read_in_two_ways_is_refused(latex: str, why: str) -> None:
    with pytest.raises(latex_reader.Unreadable, match=why):
        latex_reader.read(latex)


def test_a_name_before_a_bracket_is_a_function_only_if_it_is_said_to_be() -> None:
    x, h, n = (ex.symbol(c) for c in "xhn")
    assert latex_reader.read("n(n+1) = h(x)").chains[0].sides[0].value == n * (n + 1)
    assert latex_reader.read("h(x)").chains[0].sides[0].value == h * x
    assert latex_reader.read("h(x)", ["h"]).chains[0].sides[0].value == ex.unknown("h")(x)
    assert latex_reader.read("f(x)", names=["f"]).chains[0].sides[0].value == ex.symbol("f") * x


x, y = ex.symbol("x"), ex.symbol("y")
leaves = st.sampled_from([x, y, sp.Integer(2), sp.Rational(1, 3), sp.Integer(-1), sp.pi])
formula = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda t: t[0] + t[1]),
        st.tuples(inner, inner).map(lambda t: t[0] * t[1]),
        st.tuples(inner, inner).map(lambda t: t[0] / (2 + t[1] ** 2)),
        inner.map(sp.sin),
        inner.map(sp.exp),
        inner.map(sp.Abs),
        inner.map(lambda e: sp.sqrt(1 + e**2)),
        inner.map(lambda e: e**3),
    ),
    max_leaves=7,
)


@settings(deadline=None, max_examples=150)
@given(formula)
def test_what_sympy_prints_is_read_back(expression: sp.Expr) -> None:
    """SymPy's printer knows nothing of this reader; only its e^{x} and products matter."""
    (chain,) = latex_reader.read(sp.latex(expression, mul_symbol="dot")).chains
    assert ex.equal(chain.sides[0].value, expression) is None


def chains(latex: str) -> tuple[list[str], list[str]]:
    display = latex_reader.read(latex)
    return [str(c) for c in display.chains], [str(c) for c in display.conditions]


def test_rows_go_on_with_a_chain_or_begin_a_new_one() -> None:
    assert chains(r"\begin{aligned} a &= b \\[2pt] &= c \\ &\quad + d \end{aligned}") == (
        ["a = b = c+d"],
        [],
    )
    assert chains(r"\begin{aligned} a &= b \\ c &= d & e &\le -x \end{aligned}") == (
        ["a = b", "c = d", "e ≤ -x"],
        [],
    )


def test_remarks_are_left_out_and_conditions_kept() -> None:
    rows = r"a &= b && \text{divide by } h \text{, which is not } 0 \\ &= c && \text{as } h > 0"
    assert chains(rf"\begin{{aligned}}{rows}\end{{aligned}}") == (["a = b = c"], ["h > 0"])
    assert chains(r"a = b, \qquad c = d \quad (h \to 0)") == (["a = b", "c = d"], ["h → 0"])
    assert chains(r"a = b \quad\text{and}\quad c = d") == (["a = b", "c = d"], [])
    assert chains(r"a = b \text{ for } y \in [-1, 1).") == (["a = b"], ["-1 ≤ y < 1"])
    assert chains(r"a = b \qquad x \in \mathbb{R}, \; x \ne 0") == (["a = b"], ["x ≠ 0"])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (r"2x + h", r" 2x+h. "),
        (r"\cos x \le \sin  x", "\\cos x\n\\le \\sin x"),
        (r"a % a remark" + "\n = b", "a = b,"),
    ],
)
def test_spaces_do_not_show(a: str, b: str) -> None:
    assert latex_reader.normalise(a) == latex_reader.normalise(b)


def test_what_shows_is_told_apart() -> None:
    assert latex_reader.normalise(r"\cos x") != latex_reader.normalise(r"\cosx")
    assert latex_reader.normalise("2x + h") != latex_reader.normalise("2x - h")
