"""The engine in MicroPython, as it runs in the reader's browser; here Node runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from edges import edges
from interpreter import difference, run
from micropython import HERE, micropython
from programs import COUNT, expected, programs
from training import networks, sine_fit

import gdbook.autodiff as engine
from gdbook import datasets
from gdbook.autodiff import dual

pytestmark = pytest.mark.slow

# What a reader may type: CPython prints the same, but for what is noted beside it.
LINES = [
    "torch.tensor([1.5, 2, -3e-7], requires_grad=True)",
    "torch.tensor([1, 2]), torch.tensor([True]), torch.arange(12).reshape(3, 4)",
    "torch.linspace(0, 1, 40)",
    "2 * torch.ones(2) - 1, 2.0 / torch.tensor([1.0, 0.0]), 0.5 ** torch.arange(3)",
    "torch.ones(2, requires_grad=True).exp().sum()",
    "torch.nn.Parameter(torch.zeros(2, 2))",
    "torch.tensor([0.0, -1.0]).log(), torch.tensor([-1.0, 800.0]).sqrt()",
    "torch.tensor([-1.0, 0.0, 800.0]).exp(), torch.tensor([float('inf')]).sin()",
    "torch.tensor([-8.0, 0.0]) ** 0.5, torch.tensor([-8.0, 0.0]) ** -1, 1e200 ** torch.tensor(2.0)",
    "torch.arange(5)[1:-1:2], torch.arange(6).reshape(2, 3)[..., 1], torch.arange(3)[[2, 0]]",
    "torch.tensor([-7, 7]) % 3, -7.5 % torch.tensor([2.0, 0.0]), torch.tensor([-4.0]) % 2",
    "torch.tensor([[1.0, 2.0], [3.0, 800.0]]).softmax(1), torch.ones(2).log_softmax(-1)",
    "torch.arange(1, 30).prod(), torch.arange(6.0).reshape(2, 3).cumsum(1), torch.ones(0).prod()",
    "torch.outer(torch.arange(3), torch.tensor([0.5, 2.0])), torch.full((3,), 0.1).std()",
    "torch.ones(2, requires_grad=True).prod(), torch.ones(2, requires_grad=True).cumsum(0)",
    "torch.tensor([1, 2]) % 0",
    "torch.ones(2, 2).outer(torch.ones(2))",
    "torch.tensor([1, 2]).softmax(0)",
    "torch.manual_seed(5), torch.rand(3), torch.randn(2, 2), torch.randperm(9)",
    "bool(torch.tensor(1.0) > 0), len(torch.ones(3)), [t.item() for t in torch.arange(3)]",
    "torch.ones(2, requires_grad=True).add_(1)",
    "torch.ones(2) + torch.ones(3)",
    "torch.ones(2, 3) @ torch.ones(2, 3)",
    "torch.tensor([1.0, 2.0], requires_grad=True).backward()",
    "torch.ones(3)[3]",
    "torch.sin(1.0)",
    "torch.optim.SGD([])",
    "torch.tensor([[1.0], [2.0, 3.0]])",
    "dual.gradient(lambda x: x[0] ** 2 * dual.exp(x[1]) / dual.tanh(x[0]), [3.0, 0.5])",
]


@pytest.fixture(scope="module")
def data() -> dict[str, list[float]]:
    table = datasets.load("sine_fit")
    rows = {name: table[name][:50].tolist() for name in ("x", "y")}
    return {name: [float(v) for v in values] for name, values in rows.items()}


@pytest.fixture(autouse=True)
def float64_everywhere() -> Iterator[None]:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(before)


@pytest.fixture(scope="module")
def answers(
    data: dict[str, list[float]],
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Any]:
    """What MicroPython answers, in one process: it has 64 MB, and starts in a fifth of a second."""
    question = tmp_path_factory.mktemp("question") / "question.json"
    question.write_text(
        json.dumps({"programs": programs(), "edges": edges(), "lines": LINES, **data})
    )
    files = {f"/{name}.py": HERE / f"{name}.py" for name in ("interpreter", "training")}
    done = micropython(HERE / "in_micropython.py", {"/question.json": question, **files})
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_thousand_programs(answers: list[Any]) -> None:
    for made, got, want in zip(programs(), answers[:COUNT], expected(), strict=True):
        assert difference(got, want) < 1e-12, made


def test_the_edges(answers: list[Any]) -> None:
    for made, got in zip(edges(), answers[COUNT:-4], strict=True):
        assert difference(got, run(torch, made)) < 1e-13, made


def test_training_runs(data: dict[str, list[float]], answers: list[Any]) -> None:
    """Whole trajectories: see `test_training` for the tolerances."""
    path, ends = answers[-4], answers[-3]
    want = torch.tensor(sine_fit(torch, data["x"], data["y"]))
    assert (torch.tensor(path) - want).abs().max() < 1e-12
    x, y = data["x"][:20], data["y"][:20]
    wanted = torch.tensor(networks(torch, torch.optim, x, y, 8))
    assert (torch.tensor(ends) - wanted).abs().max() < 1e-9


def test_a_long_chain_needs_no_recursion(answers: list[Any]) -> None:
    assert answers[-2] == pytest.approx(1.0001**5000, rel=1e-11)


def test_a_reader_sees_what_cpython_prints(answers: list[Any]) -> None:
    for line, got in zip(LINES, answers[-1], strict=True):
        try:
            want = repr(eval(line, {"torch": engine, "dual": dual}))
        except Exception as error:
            want = f"{type(error).__name__}: {error}"
        assert got == want, line
