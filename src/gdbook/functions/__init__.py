"""The landscapes of the book: value, gradient, Hessian, domain, minima, L and μ.

Each is an object to be called on whole batches of tensors::

    from gdbook.functions import landscape, ravine
    ravine(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))  # two values
    landscape("quartic").minima                       # the same objects, by name

`quadratic` makes landscapes from matrices, `sine_loss` and `unit_loss` from data.
"""

from __future__ import annotations

from gdbook._expect import known_name
from gdbook.functions.landscape import Landscape, Minimum
from gdbook.functions.line import (
    absolute,
    cube,
    log_cosh,
    quartic,
    square,
    x2_sin_inverse,
    x_sin_inverse,
)
from gdbook.functions.network import unit_loss
from gdbook.functions.plane import himmelblau, rosenbrock, valleys, wave
from gdbook.functions.quadratics import bowl, quadratic, ravine, rotated_ravine, saddle, skewed
from gdbook.functions.sine import sine_loss

__all__ = [
    "LANDSCAPES",
    "Landscape",
    "Minimum",
    "absolute",
    "bowl",
    "cube",
    "himmelblau",
    "landscape",
    "log_cosh",
    "quadratic",
    "quartic",
    "ravine",
    "rosenbrock",
    "rotated_ravine",
    "saddle",
    "sine_loss",
    "skewed",
    "square",
    "unit_loss",
    "valleys",
    "wave",
    "x2_sin_inverse",
    "x_sin_inverse",
]

_LINE = (square, quartic, absolute, cube, log_cosh, x_sin_inverse, x2_sin_inverse)
_PLANE = (ravine, rotated_ravine, bowl, skewed, saddle, wave, valleys, rosenbrock, himmelblau)

#: All landscapes that need no data, by name.
LANDSCAPES: dict[str, Landscape] = {each.name: each for each in (*_LINE, *_PLANE)}


def landscape(name: str) -> Landscape:
    """Return the landscape of that name.

    Parameters
    ----------
    name : str
        One of the keys of `LANDSCAPES`, such as ``"quartic"`` or ``"ravine"``.

    Raises
    ------
    ValueError
        If there is none, with the nearest name and the list of all.

    Examples
    --------
    >>> from gdbook.functions import landscape
    >>> landscape("ravine").smoothness, landscape("ravine").condition_number
    (4.0, 20.0)
    """
    return LANDSCAPES[known_name(name, LANDSCAPES, "landscape")]
