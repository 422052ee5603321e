"""What is refused, and in torch's own words: both libraries run the same lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

import gdbook.autodiff as engine

SAME_WORDS = """
torch.tensor(10, requires_grad=True)
torch.tensor([1, 2]).requires_grad_()
torch.tensor([1., 2.], requires_grad=True).backward()
torch.tensor([1., 2.]).sum().backward()
w = torch.tensor(1., requires_grad=True); w += 1
w = torch.tensor(1., requires_grad=True); w -= 1
w = torch.tensor(1., requires_grad=True); w *= 2
w = torch.tensor(1., requires_grad=True); w.zero_()
w = torch.tensor(1., requires_grad=True); w.add_(1)
w = torch.tensor([1., 2.], requires_grad=True); w[0] = 3.
w = torch.ones(2, requires_grad=True); y = (w**2).sum(); y.backward(); y.backward()
w = torch.ones(2, requires_grad=True); y = w.exp().sum(); y.backward(); y.backward()
w = torch.ones(2, requires_grad=True); (w * w).backward(torch.ones(3))
w = torch.ones(2, requires_grad=True); y = w * 2; y.requires_grad_(False)
torch.ones(2).retain_grad()
torch.autograd.grad(torch.ones(1, requires_grad=True).sum(), torch.ones(1))
torch.autograd.grad(torch.ones(1, requires_grad=True).sum(), torch.ones(1, requires_grad=True))
torch.ones(2) + torch.ones(3)
torch.ones(2, 3) * torch.ones(2, 2)
torch.ones(2, 3) @ torch.ones(2, 3)
torch.ones(2, 3) @ torch.ones(2)
torch.ones(2) @ torch.ones(3)
torch.ones(2) @ torch.ones(3, 2)
torch.ones(2, 2, 3) @ torch.ones(2, 2, 3)
torch.tensor(1.) @ torch.ones(2)
torch.ones(3).dot(torch.ones(2, 2))
torch.ones(2, 2).outer(torch.ones(2))
torch.outer(torch.ones(2), torch.ones(()))
torch.ones(3).reshape(2, 2)
torch.ones(4).reshape(-1, -1)
torch.ones(2, 3).expand(2, 4)
torch.ones(2, 3).transpose(0, 2)
torch.ones(2, 3).squeeze(2)
torch.ones(3).item()
bool(torch.ones(3))
bool(torch.zeros(0))
len(torch.tensor(1.))
list(torch.tensor(1.))
torch.ones(3)[3]
torch.ones(2, 3)[0, -4]
torch.ones(3)[0, 0]
torch.ones(3)[::-1]
torch.ones(3)[1.5]
torch.ones(2)[torch.tensor([5])]
torch.ones(2)[torch.tensor([True, False, True])]
torch.ones(3).sum(1)
torch.ones(3).sum((0, 0))
torch.ones(2, 2).mean(-3)
torch.zeros(0).amax()
torch.zeros(0).max()
torch.tensor([1, 2]).mean()
torch.tensor([1, 2]).var()
torch.tensor([1, 2]).std(0)
torch.ones(2, 2).prod(2)
torch.ones(2, 2).cumsum(-3)
torch.ones(2, 2).softmax(2)
torch.tensor(1.).log_softmax(1)
torch.prod(2.0)
torch.tensor([1, 2]) % 0
torch.tensor([1, 2]) % torch.tensor([1, 0])
torch.tensor([True]).mean()
torch.tensor([1, 2]) ** -1
torch.ones(2).where(torch.ones(2), 0.)
torch.ones(2).clamp()
torch.sin(1.0)
torch.maximum(1.0, torch.ones(2))
x = torch.zeros(2); x += torch.ones(3)
x = torch.zeros(2); x += torch.ones(2, 2)
x = torch.tensor([1, 2]); x += 0.5
torch.tensor([[1., 2.], [3.]])
torch.linspace(0, 1, -1)
torch.arange(0, 5, -1)
torch.arange(0, 5, 0)
torch.stack([torch.ones(2), torch.ones(3)])
torch.stack([])
torch.cat([])
torch.cat([torch.tensor(1.)])
torch.nn.Module()(1)
torch.optim.SGD([], lr=0.1)
torch.optim.SGD([torch.ones(1, requires_grad=True) * 2], lr=0.1)
torch.optim.SGD([torch.ones(1, requires_grad=True)], lr=-1)
torch.optim.SGD([torch.ones(1, requires_grad=True)], momentum=-1)
torch.optim.SGD([torch.ones(1, requires_grad=True)], nesterov=True)
torch.optim.SGD([torch.ones(1, requires_grad=True)], weight_decay=-0.5)
torch.optim.Adam([torch.ones(1, requires_grad=True)], betas=(1.0, 0.9))
torch.optim.Adam([torch.ones(1, requires_grad=True)], eps=-1.0)
torch.optim.AdamW([torch.ones(1, requires_grad=True)], weight_decay=-1.0)
torch.optim.RMSprop([torch.ones(1, requires_grad=True)], alpha=-1.0)
torch.optim.Adagrad([torch.ones(1, requires_grad=True)], lr_decay=-1.0)
"""

OWN_WORDS = [
    ("torch.tensor('a')", TypeError, "expected a number or a Tensor, got str"),
    (
        "torch.tensor([1, 2]).softmax(0)",
        NotImplementedError,
        "softmax() needs floating-point numbers, got torch.int64",
    ),
    ("torch.ones(2) + 'a'", TypeError, "expected a number or a Tensor, got str"),
    ("torch.ones(2)['a']", IndexError, "are valid indices (got str)"),
    ("torch.zeros(-1)", RuntimeError, "sizes must not be negative, got [-1]"),
    ("torch.ones(2, 3).permute(0)", RuntimeError, "permute(): [0] is no order of 2 dimensions"),
    ("torch.nn.MSELoss(reduction='max')", ValueError, "max is not a valid value for reduction"),
    ("torch.tensor([1.0, [2.0]])", ValueError, "expected numbers or lists at dim 1, not both"),
    (
        "torch.optim.SGD(torch.ones(1, requires_grad=True))",
        TypeError,
        "iterable of Tensors or dicts, but got a single tensor: put it in a list",
    ),
    (
        "torch.ones(2, 2)[torch.arange(2), torch.tensor([0, 1, 1])]",
        IndexError,
        "index tensors side by side must have the same shape",
    ),
    (
        "torch.ones(2, 2, 2)[[0, 1], :, [0, 1]]",
        IndexError,
        "tensors and numbers that index must stand side by side",
    ),
]


@pytest.fixture(autouse=True)
def float64_everywhere() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


def raised(line: str, lib: Any) -> tuple[str, str]:
    """Return the kind of error that a line raises, and the first line of its message."""
    try:
        exec(line, {"torch": lib})
    except Exception as error:
        return type(error).__name__, str(error).splitlines()[0]
    return "nothing", ""


@pytest.mark.parametrize("line", SAME_WORDS.strip().splitlines())
def test_errors_are_torch_s(line: str) -> None:
    want = raised(line, torch)
    assert want[0] != "nothing"
    assert raised(line, engine) == want


@pytest.mark.parametrize(("line", "error", "words"), OWN_WORDS)
def test_errors_of_our_own(line: str, error: type[Exception], words: str) -> None:
    kind, said = raised(line, engine)
    assert kind == error.__name__
    assert words in said


@pytest.mark.parametrize(
    "lines",
    [
        "w = torch.tensor(2., requires_grad=True); y = w.exp(); y += 1; y.backward()",
        "w = torch.tensor(2., requires_grad=True); y = w**2\nwith torch.no_grad(): w += 1\n"
        "y.backward()",
        "w = torch.ones(2, requires_grad=True); x = torch.ones(2); y = (w * x).sum(); x += 1\n"
        "y.backward()",
        "w = torch.ones(2, requires_grad=True); y = w * 2; y *= y; y.sum().backward()",
        "w = torch.ones(2, requires_grad=True); y = w.exp(); y.detach().zero_()\n"
        "y.sum().backward()",
    ],
)
def test_what_was_edited_too_early_is_seen(lines: str) -> None:
    words = "one of the variables needed for gradient computation has been modified by an inplace"
    for lib in (torch, engine):
        kind, said = raised(lines, lib)
        assert kind == "RuntimeError"
        assert said.startswith(words)
        assert "is at version 1; expected version 0 instead" in said


@pytest.mark.parametrize(
    "lines",
    [
        # Nothing that the sweep back needs was edited.
        "w = torch.tensor(2., requires_grad=True); y = w + 1; y += 1; y.backward()",
        "w = torch.tensor(2., requires_grad=True); y = w * 3\nwith torch.no_grad(): w += 1\n"
        "y.backward()",
        "w = torch.tensor(2., requires_grad=True); y = w.sin(); y *= 2; y += w; y.backward()",
        "w = torch.tensor(2., requires_grad=True); y = torch.ones(()); y *= w; y /= w + 1\n"
        "y.backward()",
        # A sum remembers nothing, so that there is nothing to be used up.
        "w = torch.ones(2, requires_grad=True); y = w.sum(); y.backward(); y.backward()",
        "w = torch.ones(2, requires_grad=True); y = (w**2).sum()\n"
        "y.backward(retain_graph=True); y.backward()",
    ],
)
def test_what_is_harmless_is_let_be(lines: str) -> None:
    grads = []
    for lib in (torch, engine):
        names: dict[str, Any] = {"torch": lib}
        exec(lines, names)
        grads.append(names["w"].grad.tolist())
    assert grads[0] == grads[1]
