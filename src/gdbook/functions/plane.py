"""Landscapes over a plane that are no quadratics: each takes points of shape ``(..., 2)``."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from gdbook.functions.arrays import symmetric, vector
from gdbook.functions.landscape import Landscape, Minimum
from gdbook.functions.line import quartic


def _wave(p: Tensor) -> Tensor:
    x0, x1 = p.unbind(-1)
    return x0**2 / 4 + torch.sin(x1)


def _wave_gradient(p: Tensor) -> Tensor:
    x0, x1 = p.unbind(-1)
    return vector(x0 / 2, torch.cos(x1))


def _wave_hessian(p: Tensor) -> Tensor:
    x0, x1 = p.unbind(-1)
    return symmetric(torch.full_like(x0, 0.5), torch.zeros_like(x0), -torch.sin(x1))


wave = Landscape(
    name="wave",
    title="a parabola across, a sine along",
    formula=r"\tfrac{1}{4}x_0^2 + \sin(x_1)",
    variables=("x_0", "x_1"),
    value_rule=_wave,
    gradient_rule=_wave_gradient,
    hessian_rule=_wave_hessian,
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minima=(Minimum((0.0, -math.pi / 2), -1.0), Minimum((0.0, 3 * math.pi / 2), -1.0)),
    minima_note="there is another at every full turn of x₁; these two lie in the picture",
    smoothness=1.0,
    not_strongly_convex="along x₁ the sine bends down as often as up",
)


def _valleys(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    return quartic.value_rule(x) + 2 * y**2


def _valleys_gradient(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    return vector(quartic.gradient_rule(x), 4 * y)


def _valleys_hessian(p: Tensor) -> Tensor:
    x = p[..., 0]
    return symmetric(quartic.hessian_rule(x), torch.zeros_like(x), torch.full_like(x, 4))


valleys = Landscape(
    name="valleys",
    title="the quartic's two valleys, a parabola across",
    formula=r"x - 4x^2 + \tfrac{1}{4}x^4 + 2y^2",
    variables=("x", "y"),
    value_rule=_valleys,
    gradient_rule=_valleys_gradient,
    hessian_rule=_valleys_hessian,
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    minima=tuple(Minimum((*m.point, 0.0), m.value, m.is_global) for m in quartic.minima),
    not_smooth=quartic.not_smooth,
    not_strongly_convex=quartic.not_strongly_convex,
)


def _rosenbrock(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2


def _rosenbrock_gradient(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    above = y - x * x
    return vector(2 * (x - 1) - 400 * x * above, 200 * above)


def _rosenbrock_hessian(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    return symmetric(1200 * x**2 - 400 * y + 2, -400 * x, torch.full_like(x, 200))


rosenbrock = Landscape(
    name="rosenbrock",
    title="a curved, nearly level valley between steep walls",
    formula="(1 - x)^2 + 100(y - x^2)^2",
    variables=("x", "y"),
    value_rule=_rosenbrock,
    gradient_rule=_rosenbrock_gradient,
    hessian_rule=_rosenbrock_hessian,
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    minima=(Minimum((1.0, 1.0), 0.0),),
    not_smooth="along x the second derivative grows like 1200x²",
    not_strongly_convex="inside the bend of the valley it bends down",
    source="Rosenbrock 1960",
)


def _himmelblau(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    return (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2


def _himmelblau_gradient(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    first, second = x * x + y - 11, x + y * y - 7
    return vector(4 * x * first + 2 * second, 2 * first + 4 * y * second)


def _himmelblau_hessian(p: Tensor) -> Tensor:
    x, y = p.unbind(-1)
    return symmetric(12 * x**2 + 4 * y - 42, 4 * (x + y), 12 * y**2 + 4 * x - 26)


himmelblau = Landscape(
    name="himmelblau",
    title="four valleys, all equally deep",
    formula="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    variables=("x", "y"),
    value_rule=_himmelblau,
    gradient_rule=_himmelblau_gradient,
    hessian_rule=_himmelblau_hessian,
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    minima=(
        Minimum((3.0, 2.0), 0.0),
        Minimum((-2.805_118_086_952_745, 3.131_312_518_250_573), 0.0),
        Minimum((-3.779_310_253_377_747, -3.283_185_991_286_169_4), 0.0),
        Minimum((3.584_428_340_330_491_7, -1.848_126_526_964_403_6), 0.0),
    ),
    not_smooth="the second derivatives grow like 12x² and 12y²",
    not_strongly_convex="between the four valleys there is a hill, where it bends down",
    source="Himmelblau 1972",
)
