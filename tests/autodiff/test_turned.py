"""Elements in reverse order, and differences of neighbours, as in torch."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import gdbook.autodiff as engine

CUBE = [[[1.0, 2.0, 4.0], [7.0, 3.0, 5.0]], [[0.5, 8.0, 6.0], [9.0, -1.0, 2.5]]]
USES = {
    "flip one": lambda t, x: x.flip(0),
    "flip last": lambda t, x: t.flip(x, (-1,)),
    "flip two": lambda t, x: x.flip([0, 2]),
    "flip none": lambda t, x: x.flip(()),
    "diff": lambda t, x: x.diff(),
    "diff rows": lambda t, x: t.diff(x, dim=1),
    "diff first": lambda t, x: x.diff(dim=0),
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_value_and_gradient_are_torch_s(use: Any) -> None:
    made = []
    for library in (engine, torch):
        x: Any = library.tensor(CUBE, dtype=library.float64, requires_grad=True)
        y = use(library, x)
        (y**2).sum().backward()
        made.append((y.tolist(), x.grad.tolist()))
    assert made[0] == made[1]


def test_what_has_no_meaning_is_refused() -> None:
    wrongs: list[Any] = [lambda x: x.flip(3), lambda x: x.flip(0, 0), lambda x: x.diff(dim=5)]
    for wrong in wrongs:
        for library in (engine, torch):
            with pytest.raises((IndexError, RuntimeError)):
                wrong(library.tensor(CUBE))
    with pytest.raises(RuntimeError, match="at least one-dimensional"):
        engine.tensor(1.0).diff()
