"""The landscapes, held against SymPy (reading the displayed formula) and torch.autograd."""

# mypy: disable-error-code="no-untyped-call"
# SymPy's functions have no types.

from __future__ import annotations

import functools
import itertools
import math
import re
from collections.abc import Callable

import mpmath
import numpy as np
import pytest
import sympy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.parsing.sympy_parser import implicit_multiplication, parse_expr, standard_transformations
from torch import Tensor

from gdbook.functions import (
    LANDSCAPES,
    Landscape,
    Minimum,
    landscape,
    quadratic,
    sine_loss,
    unit_loss,
)

NAMES = sorted(LANDSCAPES)
PLANES = [name for name in NAMES if LANDSCAPES[name].dimension == 2]
WIGGLES = ("x_sin_inverse", "x2_sin_inverse")
few = settings(max_examples=25, deadline=None)
HALF = 1 / math.sqrt(2)


@functools.cache
def from_latex(name: str) -> tuple[sympy.Expr, list[sympy.Symbol]]:
    """Read the formula that the reader sees; only what the book's formulas use."""
    f = landscape(name)
    text = re.sub(r"\\tfrac\{(\d+)\}\{(\d+)\}", r"(\1/\2)", f.formula)
    text = re.sub(r"\|(\w+)\|", r"Abs(\1)", text).replace("^", "**").replace("xy", "x y")
    text = text.replace("\\ln", " log").replace("\\", " ")
    names = {name: sympy.Symbol(name, real=True) for name in f.variables}
    rules = (*standard_transformations, implicit_multiplication)
    return parse_expr(text, local_dict=names, transformations=rules), list(names.values())


@functools.cache
def by_sympy(name: str, *orders: int) -> Callable[..., float]:
    """Return the partial derivative by the variables of these numbers, as a function."""
    expression, symbols = from_latex(name)
    for i in orders:
        expression = sympy.diff(expression, symbols[i])
    function: Callable[..., float] = sympy.lambdify(symbols, expression, "math")
    return function


def points_of(f: Landscape, data: st.DataObject, count: int = 7) -> Tensor:
    """Draw points of the landscape's picture, of shape (count,) or (count, d)."""
    # Near zero sin(1/x) turns rounding errors of x into anything.
    smallest = 0.02 if f.name in WIGGLES else 0.0
    columns = []
    for low, high in f.domain:
        one = st.floats(low, high).filter(lambda x: abs(x) >= smallest)
        columns.append(data.draw(st.lists(one, min_size=count, max_size=count)))
    table = torch.tensor(columns, dtype=torch.float64).T
    return table[:, 0] if f.dimension == 1 else table


def numeric(function: Callable[..., float], points: Tensor) -> Tensor:
    rows = points.reshape(len(points), -1).tolist()
    return torch.tensor([function(*row) for row in rows], dtype=torch.float64)


def reverse_hessian(f: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    # torch.func.hessian goes forward over reverse, and torch 2.13 warns of itself there.
    hessian: Callable[[Tensor], Tensor] = torch.func.jacrev(torch.func.grad(f))
    return hessian


def close(left: Tensor, right: Tensor, digits: float = 1e-10) -> None:
    assert left.shape == right.shape
    scale = 1 + right.abs().max().item()
    torch.testing.assert_close(left, right, rtol=digits, atol=digits * scale)


@pytest.mark.parametrize("name", NAMES)
@few
@given(data=st.data())
def test_the_displayed_formula_is_the_function(name: str, data: st.DataObject) -> None:
    f = landscape(name)
    points = points_of(f, data)
    expected = numeric(by_sympy(name), points)
    close(f(points), expected)
    close(f(points.float()).double(), expected, digits=3e-4)


@pytest.mark.parametrize("name", [n for n in NAMES if n != "abs"])
@few
@given(data=st.data())
def test_gradient_and_hessian_are_sympys(name: str, data: st.DataObject) -> None:
    f = landscape(name)
    d = f.dimension
    points = points_of(f, data)
    first = [numeric(by_sympy(name, i), points) for i in range(d)]
    second = [numeric(by_sympy(name, i, j), points) for i in range(d) for j in range(d)]
    close(f.gradient(points), torch.stack(first, -1).reshape(points.shape))
    close(f.hessian(points), torch.stack(second, -1).reshape(*points.shape, *[d] * (d > 1)))


@pytest.mark.parametrize("name", NAMES)
@few
@given(data=st.data())
def test_gradient_and_hessian_are_autograds(name: str, data: st.DataObject) -> None:
    f = landscape(name)
    points = points_of(f, data)
    if name == "abs":
        points = points[points != 0]
    if not len(points):
        return
    batched = points.clone().requires_grad_()
    (gradient,) = torch.autograd.grad(f(batched).sum(), batched)
    close(f.gradient(points), gradient)
    close(f.subgradient(points), gradient)
    close(f.gradient(points), torch.func.vmap(torch.func.grad(f))(points))
    close(f.hessian(points), torch.func.vmap(reverse_hessian(f))(points))


@pytest.mark.parametrize("name", NAMES)
def test_dtype_and_shape_are_kept(name: str) -> None:
    f = landscape(name)
    tail = () if f.dimension == 1 else (f.dimension,)
    for dtype, runs in itertools.product(
        (torch.float32, torch.float64), ((), (3,), (2, 0), (2, 4))
    ):
        points = torch.full((*runs, *tail), 0.3, dtype=dtype)
        assert f(points).shape == runs
        assert f.gradient(points).shape == f.subgradient(points).shape == points.shape
        assert f.hessian(points).shape == (*runs, *tail, *tail)
        for result in (f(points), f.gradient(points), f.subgradient(points), f.hessian(points)):
            assert result.dtype == dtype


def test_a_surface_is_one_call() -> None:
    for name in PLANES:
        f = landscape(name)
        axes = [torch.linspace(low, high, 500, dtype=torch.float64) for low, high in f.domain]
        grid = torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1)
        assert f(grid).shape == (500, 500)
        torch.testing.assert_close(f(grid)[7, 400], f(grid[7, 400]))


# --- minima -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_minima_are_minima(name: str) -> None:
    f = landscape(name)
    assert bool(f.minima) or f.minima_note
    wide = [torch.linspace(4 * low, 4 * high, 321, dtype=torch.float64) for low, high in f.domain]
    everywhere = torch.stack(torch.meshgrid(*wide, indexing="ij"), dim=-1)
    lowest = f(everywhere[..., 0] if f.dimension == 1 else everywhere).min().item()
    points = f.minimum_points()
    assert points.shape == ((len(f.minima),) if f.dimension == 1 else (len(f.minima), 2))
    assert [m.value for m in f.minima] == sorted(m.value for m in f.minima)
    for minimum, point in zip(f.minima, points, strict=True):
        assert f(point).item() == pytest.approx(minimum.value, abs=1e-13, rel=1e-14)
        assert f.subgradient(point).abs().max() < 1e-12
        near = point + 1e-3 * torch.randn(200, *point.shape, dtype=torch.float64)
        assert bool((f(near) > minimum.value).all())
        assert minimum.is_global == (minimum.value <= lowest + 1e-12)


@pytest.mark.parametrize("name", ["quartic", "himmelblau", "rosenbrock", "skewed", "square"])
def test_no_minimum_is_missing(name: str) -> None:
    f = landscape(name)
    expression, symbols = from_latex(name)
    expression = sympy.nsimplify(expression)
    slopes = [sympy.diff(expression, s) for s in symbols]
    if len(symbols) == 1:
        level: list[tuple[sympy.Expr, ...]] = [
            (root,) for root in sympy.Poly(slopes[0], symbols[0]).nroots(n=30)
        ]
    else:
        # A Gröbner basis: the last polynomial has one variable, the others then follow.
        basis = sympy.groebner(slopes, *symbols, order="lex")
        level = []
        for y in sympy.Poly(basis.exprs[-1], symbols[1]).nroots(n=40, maxsteps=200):
            rest = sympy.Poly(basis.exprs[0].subs(symbols[1], y), symbols[0])
            level += [(x, y) for x in rest.nroots(n=30)]
    hessian = sympy.lambdify(symbols, sympy.hessian(expression, symbols), "numpy")
    found = [
        tuple(float(sympy.re(c)) for c in point)
        for point in level
        if all(abs(sympy.im(c)) < 1e-15 for c in point)
    ]
    minima = [p for p in found if np.linalg.eigvalsh(hessian(*p))[0] > 0]
    expected = sorted(m.point for m in f.minima)
    assert len(minima) == len(expected)
    np.testing.assert_allclose(sorted(minima), expected, atol=1e-14)


def test_the_deepest_of_infinitely_many() -> None:
    wave = landscape("wave").minimum_points()
    torch.testing.assert_close(wave[:, 1], torch.tensor([-0.5, 1.5], dtype=torch.float64) * math.pi)
    for name in WIGGLES:
        f = landscape(name)
        x = torch.linspace(-1.5, 1.5, 1_000_001, dtype=torch.float64)
        for minimum in f.minima:
            side = x[(x > 0) == (minimum.point[0] > 0)]
            # On the left x²·sin(1/x) falls for ever: look only where it waves.
            side = side[side > -0.2] if name == "x2_sin_inverse" else side
            deepest = side[f(side).argmin()].item()
            assert deepest == pytest.approx(minimum.point[0], abs=1e-5)


# --- smoothness and strong convexity ------------------------------------------------------


def slopes_between(f: Landscape) -> tuple[float, float]:
    """Return the extremes of ‖∇f(u) − ∇f(v)‖/‖u − v‖ and of ⟨∇f(u) − ∇f(v), u − v⟩/‖u − v‖²."""
    size = torch.logspace(-8, 3, 4000, dtype=torch.float64)
    if f.dimension == 1:
        u = torch.cat([-size.flip(0), size]).unsqueeze(-1)
        step = u.diff(dim=0)
        change = f.gradient(u[:, 0]).diff().unsqueeze(-1)
    else:
        torch.manual_seed(0)
        angle = torch.linspace(0, math.pi, 720, dtype=torch.float64)
        u = torch.randn(400, 1, 2, dtype=torch.float64) * torch.logspace(-2, 3, 400)[:, None, None]
        step = 1e-3 * torch.stack([angle.cos(), angle.sin()], -1)
        change = f.gradient(u + step) - f.gradient(u)
        step = step.expand(change.shape)
    length = torch.linalg.vector_norm(step, dim=-1)
    ratio = torch.linalg.vector_norm(change, dim=-1) / length
    along = (change * step).sum(-1) / length**2
    return ratio.max().item(), along.min().item()


@pytest.mark.parametrize("name", NAMES)
def test_smoothness_and_strong_convexity(name: str) -> None:
    f = landscape(name)
    steepest, flattest = slopes_between(f)
    if f.smoothness is None:
        assert steepest > 1000
        assert f.not_smooth
    else:
        assert steepest == pytest.approx(f.smoothness, rel=1e-3)
        assert not f.not_smooth
    if f.strong_convexity is None:
        assert flattest < 1e-6
        assert f.not_strongly_convex
        assert f.condition_number is None
    else:
        assert f.smoothness is not None
        assert flattest == pytest.approx(f.strong_convexity, rel=1e-3)
        assert f.condition_number == f.smoothness / f.strong_convexity


@pytest.mark.parametrize("name", ["ravine", "rotated_ravine", "bowl", "skewed", "saddle"])
def test_quadratics_have_sympys_eigenvalues(name: str) -> None:
    f = landscape(name)
    expression, symbols = from_latex(name)
    eigenvalues = sympy.hessian(sympy.nsimplify(expression), symbols).eigenvals()
    low, high = min(eigenvalues), max(eigenvalues)
    assert f.smoothness == pytest.approx(float(max(abs(low), abs(high))), rel=1e-15)
    if low > 0:
        assert f.strong_convexity == pytest.approx(float(low), rel=1e-14)
        assert f.condition_number == pytest.approx(float(high / low), rel=1e-14)
    else:
        assert f.strong_convexity is None


def test_the_skewed_quadratic_is_the_one_of_the_text() -> None:
    f = landscape("skewed")
    one = torch.float64
    G = torch.tensor([[1, -1], [1, 1]], dtype=one) @ torch.diag(torch.tensor([1, 4], dtype=one))
    assert bool(torch.linalg.eigvals(G).imag.abs().min() > 0)
    v = torch.randn(50, 2, dtype=one)
    torch.testing.assert_close(f(v), 10 * torch.einsum("ni,ij,nj->n", v, G, v))
    assert f.hessian(v[0]).tolist() == [[20, -30], [-30, 80]]
    assert f.condition_number == pytest.approx((50 + 1800**0.5) / (50 - 1800**0.5), rel=1e-13)


def test_the_rotated_ravine_is_the_ravine_rotated() -> None:
    v = torch.randn(50, 2, dtype=torch.float64)
    turn = torch.tensor([[HALF, -HALF], [HALF, HALF]], dtype=torch.float64)
    torch.testing.assert_close(landscape("rotated_ravine")(v), landscape("ravine")(v @ turn))


# --- kinks, overflow, what is special ----------------------------------------------------


def test_at_zero() -> None:
    for dtype in (torch.float32, torch.float64):
        zero = torch.zeros(2, dtype=dtype, requires_grad=True)
        for name, slope, bend in (
            ("abs", math.nan, math.nan),
            ("x_sin_inverse", math.nan, math.nan),
            ("x2_sin_inverse", 0.0, math.nan),
        ):
            f = landscape(name)
            assert f(zero).tolist() == [0, 0]
            assert f.gradient(zero).tolist() == pytest.approx([slope] * 2, nan_ok=True)
            assert f.hessian(zero).tolist() == pytest.approx([bend] * 2, nan_ok=True)
            by_torch = torch.autograd.grad(f(zero).sum(), zero)[0]
            torch.testing.assert_close(f.subgradient(zero), by_torch, equal_nan=True)
    assert landscape("abs").subgradient(torch.tensor([0.0, -3.0])).tolist() == [0, -1]


def test_where_one_over_x_overflows() -> None:
    tiny = torch.tensor([5e-324, -1e-310], dtype=torch.float64)
    for name in WIGGLES:
        assert bool((landscape(name)(tiny).abs() <= tiny.abs()).all())


@few
@given(st.one_of(st.floats(-1e300, 1e300), st.floats(-3, 3)).filter(lambda x: abs(x) > 1e-12))
def test_log_cosh_keeps_its_digits(x: float) -> None:
    f = landscape("log_cosh")
    point = torch.tensor(x, dtype=torch.float64)
    with mpmath.workdps(40):
        far = abs(mpmath.mpf(x)) - mpmath.log(2)
        exact = mpmath.log(mpmath.cosh(x)) if abs(x) < 100 else far
    assert f(point).item() == pytest.approx(float(exact), rel=2e-15, abs=1e-300)
    assert torch.func.grad(f)(point).item() == pytest.approx(math.tanh(x), rel=1e-14)


# --- makers -----------------------------------------------------------------------------


@few
@given(st.integers(2, 5), st.integers(0, 2**32 - 1), st.booleans())
def test_any_quadratic(d: int, seed: int, with_linear_part: bool) -> None:
    random = torch.Generator().manual_seed(seed)
    H = torch.randn(d, d, dtype=torch.float64, generator=random)
    if seed % 2:
        H = H @ H.T + torch.eye(d)
    b = torch.randn(d, dtype=torch.float64, generator=random) if with_linear_part else None
    x = torch.randn(9, d, dtype=torch.float64, generator=random)
    f = quadratic(H, b)

    def written_out(v: Tensor) -> Tensor:
        return v @ H @ v / 2 + (v @ b if b is not None else 0)

    close(f(x), torch.stack([written_out(v) for v in x]))
    close(f.gradient(x), torch.func.vmap(torch.func.grad(written_out))(x))
    close(f.hessian(x), torch.func.vmap(reverse_hessian(written_out))(x))
    eigenvalues = np.linalg.eigvalsh((H + H.T).numpy() / 2)
    assert f.smoothness == pytest.approx(np.abs(eigenvalues).max(), rel=1e-12)
    if eigenvalues[0] > 0:
        assert f.strong_convexity == pytest.approx(eigenvalues[0], rel=1e-9)
        (minimum,) = f.minima
        at = torch.tensor(minimum.point, dtype=torch.float64)
        torch.testing.assert_close(f.gradient(at), torch.zeros(d, dtype=torch.float64))
        assert minimum.value == pytest.approx(f(at).item(), rel=1e-12, abs=1e-12)
        assert bool((f(x) >= minimum.value).all())
    else:
        assert f.minima == ()
        assert f.not_strongly_convex == "in one direction it bends down"


def test_a_quadratic_on_a_line_and_a_flat_one() -> None:
    f = quadratic(3.0, -6.0)
    x = torch.linspace(-2, 2, 12, dtype=torch.float64).reshape(3, 4)
    torch.testing.assert_close(f(x), 1.5 * x**2 - 6 * x)
    torch.testing.assert_close(f.gradient(x), 3 * x - 6)
    torch.testing.assert_close(f.hessian(x), torch.full_like(x, 3))
    assert f.minima == (Minimum((2.0,), -6.0),)
    assert (f.smoothness, f.strong_convexity, f.condition_number) == (3, 3, 1)
    flat = quadratic([[1.0, 2.0], [2.0, 4.0]])
    assert flat.minima == ()
    assert flat.not_strongly_convex == "in one direction it does not bend"


@few
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_sine_loss_is_the_loss(n: int, seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    x = 6 * torch.rand(n, dtype=torch.float64, generator=random) - 3
    y = 2 * torch.randn(n, dtype=torch.float64, generator=random)
    p = 5 * torch.randn(4, 3, 2, dtype=torch.float64, generator=random)
    f = sine_loss(x, y)

    def written_out(point: Tensor) -> Tensor:
        return 0.5 * torch.mean((y - torch.sin(point[0] * x + point[1])) ** 2)

    for index in np.ndindex(4, 3):
        close(f(p)[index], written_out(p[index]))
    flat = p.reshape(-1, 2)
    hessians = torch.func.vmap(reverse_hessian(written_out))(flat)
    close(f.gradient(flat), torch.func.vmap(torch.func.grad(written_out))(flat))
    close(f.hessian(flat), hessians)
    close(f(p.float()).double(), f(p), digits=1e-4)
    assert f.smoothness is not None
    assert torch.linalg.eigvalsh(hessians).abs().max().item() <= f.smoothness * (1 + 1e-12)


@few
@given(st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_unit_loss_is_the_loss(n: int, seed: int) -> None:
    random = torch.Generator().manual_seed(seed)
    x = 4 * torch.rand(n, dtype=torch.float64, generator=random) - 2
    y = torch.randn(n, dtype=torch.float64, generator=random)
    p = 2 * torch.randn(12, 2, dtype=torch.float64, generator=random)
    f = unit_loss(x, y)

    def written_out(point: Tensor) -> Tensor:
        return 0.5 * torch.mean((y - point[1] * torch.tanh(point[0] * x)) ** 2)

    close(f(p), torch.func.vmap(written_out)(p))
    close(f(p.reshape(4, 3, 2)).reshape(12), f(p))
    close(f.gradient(p), torch.func.vmap(torch.func.grad(written_out))(p))
    close(f.hessian(p), torch.func.vmap(reverse_hessian(written_out))(p))
    close(f(-p), f(p))  # the twin


# --- bad input --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ravin", "no landscape is called 'ravin'; did you mean 'ravine'? There are: abs, bowl"),
        ("Quartic", "did you mean 'quartic'?"),
        ("zzz", "no landscape is called 'zzz'; There are: abs, bowl"),
        (3, "no landscape is called 3; There are:"),
    ],
)
def test_unknown_names(name: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        landscape(name)


def test_points_that_do_not_fit() -> None:
    ravine, square = landscape("ravine"), landscape("square")
    for rule in (ravine, ravine.gradient, ravine.subgradient, ravine.hessian):
        with pytest.raises(ValueError, match=re.escape("shape (..., 2), got (2, 3)")):
            rule(torch.ones(2, 3))
    with pytest.raises(ValueError, match=re.escape("shape (..., 2), got ()")):
        ravine(torch.tensor(1.0))
    with pytest.raises(TypeError, match="square takes floating-point numbers, got int64"):
        square(torch.tensor([1]))
    with pytest.raises(TypeError, match=re.escape("square takes a torch.Tensor, got float")):
        square(1.0)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("H", "b", "sentence"),
    [
        (torch.ones(2, 3), None, "H must be a square matrix of at least 2 rows, or a number"),
        ([[1.0]], None, "got (1, 1)"),
        ([[1.0, math.inf], [0.0, 1.0]], None, "H must be finite, got inf"),
        (torch.eye(2), [1.0], "b must have shape (2,) to fit H (2, 2), got (1,)"),
        (1.0, [1.0], "b must have shape () to fit H (), got (1,)"),
        (torch.eye(2), [1.0, math.nan], "b must be finite, got nan"),
    ],
)
def test_quadratics_that_do_not_fit(H: Tensor, b: list[float] | None, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        quadratic(H, b)


def test_quadratics_name_their_variables() -> None:
    assert quadratic(torch.eye(3)).variables == ("x_0", "x_1", "x_2")
    with pytest.raises(ValueError, match="variables must have 2 names, got 1"):
        quadratic(torch.eye(2), variables=("x",))


def test_sine_data_that_does_not_fit() -> None:
    ones = torch.ones(3)
    with pytest.raises(ValueError, match=re.escape("shape (n,), n > 0, got (3,) and (2,)")):
        sine_loss(ones, torch.ones(2))
    with pytest.raises(ValueError, match=re.escape("got (0,) and (0,)")):
        sine_loss(torch.ones(0), torch.ones(0))
    with pytest.raises(ValueError, match="y must be finite, got nan"):
        sine_loss(ones, ones * math.nan)
    with pytest.raises(TypeError, match="x must hold floating-point numbers, got int64"):
        sine_loss(torch.tensor([1, 2, 3]), ones)


def test_a_network_s_data_that_do_not_fit() -> None:
    ones = torch.ones(3)
    with pytest.raises(ValueError, match=re.escape("shape (n,), n > 0, got (3,) and (2,)")):
        unit_loss(ones, torch.ones(2))
    with pytest.raises(ValueError, match="x must be finite, got inf"):
        unit_loss(ones * math.inf, ones)


def test_a_landscape_gives_a_constant_or_its_reason() -> None:
    f = landscape("square")
    facts = {name: getattr(f, name) for name in f.__dataclass_fields__}
    with pytest.raises(ValueError, match="a constant that is missing needs its reason"):
        Landscape(**(facts | {"smoothness": None}))
    with pytest.raises(ValueError, match="domain needs one interval for each variable"):
        Landscape(**(facts | {"variables": ("x", "y")}))
    assert repr(f) == "<Landscape square(x) = x^2>"
