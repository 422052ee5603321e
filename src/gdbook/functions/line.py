"""Landscapes on a line: each acts on every number of a tensor."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gdbook.functions.landscape import Landscape, Minimum

square = Landscape(
    name="square",
    title="the parabola",
    formula="x^2",
    variables=("x",),
    value_rule=lambda x: x**2,
    gradient_rule=lambda x: 2 * x,
    hessian_rule=lambda x: torch.full_like(x, 2),
    domain=((-4.5, 4.5),),
    minima=(Minimum((0.0,), 0.0),),
    smoothness=2.0,
    strong_convexity=2.0,
)

quartic = Landscape(
    name="quartic",
    title="two valleys and a hill between them",
    formula=r"x - 4x^2 + \tfrac{1}{4}x^4",
    variables=("x",),
    # (x²)², not x⁴: torch takes higher powers of complex numbers by way of the logarithm,
    # which the complex step does not survive.
    value_rule=lambda x: x - 4 * x**2 + (x**2) ** 2 / 4,
    gradient_rule=lambda x: 1 - 8 * x + x**3,
    hessian_rule=lambda x: 3 * x**2 - 8,
    domain=((-4.5, 4.5),),
    # The outer roots of 1 − 8x + x³; the middle one, near 0.125, is the top of the hill.
    minima=(
        Minimum((-2.888_969_400_889_307,), -18.859_015_449_216_422),
        Minimum((2.763_723_818_475_937,), -13.203_545_825_765_477, is_global=False),
    ),
    not_smooth="the second derivative 3x² − 8 grows without bound",
    not_strongly_convex="between −√(8/3) and √(8/3) the curve bends down",
)

absolute = Landscape(
    name="abs",
    title="the absolute value, with a kink at zero",
    formula="|x|",
    variables=("x",),
    value_rule=torch.abs,
    gradient_rule=lambda x: torch.where(x == 0, torch.nan, torch.sign(x)),
    hessian_rule=lambda x: torch.where(x == 0, torch.nan, torch.zeros_like(x)),
    domain=((-2.0, 2.0),),
    minima=(Minimum((0.0,), 0.0),),
    not_smooth="the slope jumps from −1 to 1 at zero",
    not_strongly_convex="on either side of zero the graph is a straight line",
    subgradient_rule=torch.sign,
)

cube = Landscape(
    name="cube",
    title="a slope that is level at zero and no minimum",
    formula="x^3",
    variables=("x",),
    value_rule=lambda x: x**3,
    gradient_rule=lambda x: 3 * x**2,
    hessian_rule=lambda x: 6 * x,
    domain=((-1.5, 1.5),),
    minima_note="there are none: at zero the slope is level, but the function goes on falling",
    not_smooth="the second derivative 6x grows without bound",
    not_strongly_convex="left of zero the curve bends down",
)


def _log_cosh(x: Tensor) -> Tensor:
    if x.is_complex():
        return torch.log(torch.cosh(x))
    # cosh overflows far out, and near zero ln(1 + tiny) loses its digits: two formulas.
    # The branch that `where` does not take still sends a gradient back, so it is kept finite.
    near = x.abs() < 1
    inner = torch.log1p(torch.sinh(torch.where(near, x, 0)) ** 2) / 2
    outer = x.abs() + torch.log1p(torch.exp(-2 * x.abs())) - math.log(2)
    return torch.where(near, inner, outer)


log_cosh = Landscape(
    name="log_cosh",
    title="a parabola in the middle, straight lines far out",
    formula=r"\ln(\cosh(x))",
    variables=("x",),
    value_rule=_log_cosh,
    gradient_rule=torch.tanh,
    hessian_rule=lambda x: 1 - torch.tanh(x) ** 2,
    domain=((-4.0, 4.0),),
    minima=(Minimum((0.0,), 0.0),),
    smoothness=1.0,
    not_strongly_convex="far from zero the curve straightens and the second derivative goes to 0",
)


def _wiggle(x: Tensor, power: int) -> Tensor:
    """Return xⁿ·sin(1/x), and 0 at 0, for n = 1 or 2."""
    at_zero = (1 / x).isinf()
    inside = torch.where(at_zero, 1, x)
    # The branch that `where` does not take still sends its gradient back, so sin(1/x)
    # must never see a zero. At zero x² has the true slope, 0; √x² has none: autograd
    # says nan there, as it should for x·sin(1/x).
    instead = (x**2).sqrt() if power == 1 else x**2
    return torch.where(at_zero, instead, inside**power * torch.sin(1 / inside))


def _wiggle_gradient(x: Tensor, power: int) -> Tensor:
    at_zero = (1 / x).isinf()
    u = 1 / torch.where(at_zero, 1, x)
    if power == 1:
        return torch.where(at_zero, torch.nan, torch.sin(u) - u * torch.cos(u))
    return torch.where(at_zero, 0, 2 * x * torch.sin(u) - torch.cos(u))


def _wiggle_hessian(x: Tensor, power: int) -> Tensor:
    at_zero = (1 / x).isinf()
    u = 1 / torch.where(at_zero, 1, x)
    sin, cos = torch.sin(u), torch.cos(u)
    bend = -(u**3) * sin if power == 1 else 2 * sin - 2 * u * cos - u**2 * sin
    return torch.where(at_zero, torch.nan, bend)


x_sin_inverse = Landscape(
    name="x_sin_inverse",
    title="continuous at zero, without a derivative there",
    formula=r"x\sin(1/x)",
    variables=("x",),
    value_rule=lambda x: _wiggle(x, 1),
    gradient_rule=lambda x: _wiggle_gradient(x, 1),
    hessian_rule=lambda x: _wiggle_hessian(x, 1),
    domain=((-0.5, 0.5),),
    # With u = 1/x they solve tan u = u; the first solution is the deepest.
    minima=(
        Minimum((-0.222_548_158_445_665_87,), -0.217_233_628_211_221_66),
        Minimum((0.222_548_158_445_665_87,), -0.217_233_628_211_221_66),
    ),
    minima_note="infinitely many crowd towards zero; these two are the deepest",
    not_smooth="near zero the second derivative grows without bound",
    not_strongly_convex="the curve bends up and down infinitely often",
    source="a standard example of analysis",
)

x2_sin_inverse = Landscape(
    name="x2_sin_inverse",
    title="a derivative everywhere, which jumps about near zero",
    formula=r"x^2\sin(1/x)",
    variables=("x",),
    value_rule=lambda x: _wiggle(x, 2),
    gradient_rule=lambda x: _wiggle_gradient(x, 2),
    hessian_rule=lambda x: _wiggle_hessian(x, 2),
    domain=((-0.3, 0.3),),
    # With u = 1/x they solve tan u = u/2; these are the deepest on either side of zero.
    minima=(
        Minimum((0.233_930_042_864_826_43,), -0.049_566_607_874_612_49, is_global=False),
        Minimum((-0.131_638_773_384_648_35,), -0.016_757_715_410_548_75, is_global=False),
    ),
    minima_note=(
        "infinitely many crowd towards zero; these are the deepest on its two sides, "
        "and to the far left the function falls for ever"
    ),
    not_smooth="near zero the second derivative grows without bound",
    not_strongly_convex="the curve bends up and down infinitely often",
    source="a standard example of analysis",
)
