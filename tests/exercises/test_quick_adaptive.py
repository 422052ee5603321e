"""The quick questions of the chapter on adaptive methods: each answer computed once more."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from gdbook import quick

QUESTIONS = quick.catalogue()


def stepped(method: Any, gradients: list[list[float]], w: list[float], **options: Any) -> Any:
    """Return the points that torch's optimizer visits, the start among them."""
    p = torch.nn.Parameter(torch.tensor(w, dtype=torch.float64))
    optimizer = method([p], **options)
    points = [p.detach().clone()]
    for g in gradients:
        p.grad = torch.tensor(g, dtype=torch.float64)
        optimizer.step()
        points.append(p.detach().clone())
    return points


def answer(label: str) -> float:
    return quick.read(QUESTIONS[label].answer)


def test_the_second_step_of_adagrad() -> None:
    points = stepped(torch.optim.Adagrad, [[6.0], [8.0]], [0.0], lr=1.0)
    assert (points[1] - points[2]).item() == pytest.approx(answer("quick-adagrad-second"))


def test_the_first_step_of_rmsprop() -> None:
    points = stepped(torch.optim.RMSprop, [[3.0]], [0.0], lr=1.0)
    assert -points[1].item() == pytest.approx(answer("quick-rmsprop-first"), rel=1e-6)


def test_the_first_step_of_adam() -> None:
    _, first = stepped(torch.optim.Adam, [[-3000.0, 0.002]], [0.0, 0.0], lr=0.1)
    assert first.tolist() == pytest.approx([0.1, -0.1], rel=1e-4)
    assert QUESTIONS["quick-adam-first"].answer == "b"


def test_only_turning_the_axes_leaves_plain_descent_as_it_is() -> None:
    H = torch.tensor([[0.2, 0.0], [0.0, 4.0]], dtype=torch.float64)
    start = torch.tensor([4.0, 2.0], dtype=torch.float64)
    angle = torch.tensor(0.7, dtype=torch.float64)
    turn = torch.stack(
        [
            torch.stack([angle.cos(), -angle.sin()]),
            torch.stack([angle.sin(), angle.cos()]),
        ]
    )

    def run(to_new: torch.Tensor, factor: float = 1.0) -> Any:
        """Descend in new coordinates, and return the end in the old ones."""
        back = torch.linalg.inv(to_new)
        z = to_new @ start
        for _ in range(10):
            z = z - 0.1 * factor * back.T @ H @ back @ z
        return back @ z

    same = run(torch.eye(2, dtype=torch.float64))
    metres = torch.diag(torch.tensor([1.0, 1000.0], dtype=torch.float64))
    torch.testing.assert_close(run(turn), same)
    assert not torch.allclose(run(torch.eye(2, dtype=torch.float64), 10.0), same, rtol=1e-2)
    assert not torch.allclose(run(metres), same, rtol=1e-2)
    assert QUESTIONS["quick-invariant"].answer == "b"


def test_the_decay_of_a_weight_without_gradient() -> None:
    points = stepped(torch.optim.AdamW, [[0.0]], [2.0], lr=0.01, weight_decay=0.1)
    assert (points[1] / points[0]).item() == pytest.approx(answer("quick-decay"))
    coupled = stepped(torch.optim.Adam, [[0.0]], [2.0], lr=0.01, weight_decay=0.1)
    assert (coupled[1] / coupled[0]).item() == pytest.approx(0.995)
    assert "0.995" in [mistake.answer for mistake in QUESTIONS["quick-decay"].wrong]
