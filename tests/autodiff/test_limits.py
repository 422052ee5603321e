"""Where the engine differs from torch, as chapter 6 says, and where it must not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

import gdbook.autodiff as engine


@pytest.fixture(autouse=True)
def float64_everywhere() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def after(line: str, lib: Any) -> Any:
    """Return the numbers of `a` after a line, or the kind of error."""
    names = {"torch": lib, "a": lib.arange(6.0).reshape(2, 3)}
    try:
        exec(line, names)
    except Exception as error:
        return type(error).__name__
    a: Any = names["a"]
    return a.tolist()


@pytest.mark.parametrize(
    "line",
    [
        "b = a[1:]; b[0] = 9",
        "a[0].zero_()",
        "for row in a: row += 1",
        "a.T[0] = 9",
        "a.view(-1)[0] = 9",
        "a.unsqueeze(0).add_(1)",
    ],
)
def test_parts_are_copies_here_and_views_in_torch(line: str) -> None:
    whole = engine.arange(6.0).reshape(2, 3).tolist()
    assert after(line, engine) == whole
    assert after(line, torch) != whole


@pytest.mark.parametrize(
    "line",
    [
        "a[1:] = 9",
        "a[0, 1] += 5",
        "a.detach().zero_()",
        "a[a > 2] = 0",
        "a[[True, False]] = 7",
        "a[[1, 0], [True, False, True]] = 7",
        "a[:, [True, False, True]] = 7",
        "a = a[[1, 1, 0]]",
        "a = torch.where(a > 2, 1, 0)",
        "a = torch.where(a > 2, 1, 0.5)",
        "a = torch.arange(5) & 3",
        "a = torch.arange(5) | 6",
        "a = ~torch.arange(5)",
        "a = ~(a > 2) | (a < 1)",
        "a = torch.tensor([1.0, float('nan'), 3.0]).argmax()",
        "a = torch.tensor([[1.0, float('nan')], [3.0, 2.0]]).argmin(1)",
        "a = a & 1",
        "a[1.0] = 0",
    ],
)
def test_edits_and_masks_are_as_in_torch(line: str) -> None:
    got, want = after(line, engine), after(line, torch)
    errors = ("TypeError", "IndexError", "NotImplementedError", "RuntimeError")
    assert got == want or (got in errors and want in errors)


def test_integers_do_not_overflow() -> None:
    assert engine.tensor([2**62]).sum().item() * 2 == 2**63
    assert (engine.tensor([2**62]) * 2).item() == 2**63
    assert (torch.tensor([2**62]) * 2).item() == -(2**63)


def test_what_is_missing_raises() -> None:
    with pytest.raises(AttributeError):
        _ = engine.tensor([1.0]).sort  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = engine.float32  # type: ignore[attr-defined]
    with pytest.raises(IndexError, match=r"are valid indices \(got bool\)"):
        _ = engine.ones(2)[True]
    with pytest.raises(TypeError):
        engine.ones(2).norm(1)  # type: ignore[call-arg]
