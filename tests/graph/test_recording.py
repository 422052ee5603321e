"""What a recording knows: names, constants, modules, dtypes, the walk, indices as written."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
import torch
from torch import Tensor, nn

import gdbook.graph
from gdbook.graph import Graph, record
from gdbook.graph.latex import decimal, number
from gdbook.graph.names import latex_name


def ones(*shape: int) -> Tensor:
    return torch.ones(shape, dtype=torch.float64, requires_grad=True)


def rows(graph: Graph) -> list[str]:
    """Return the lines of the derivation, without rules."""
    lines = graph.derivation().latex.splitlines()
    return [line.partition(" &&")[0] for line in lines if "&=" in line]


def test_the_example_in_the_docstring() -> None:
    assert doctest.testmod(gdbook.graph).failed == 0


@pytest.mark.parametrize(
    ("function", "shape", "text"),
    [
        (lambda x: x.T.sin().sum(), (2, 3), r"\bar v_{2,ji}"),
        (lambda x: (x[1:] ** 3).sum(), (3,), r"\sum_{j} \bar v_{2,j} \, \delta_{j+1,i}"),
        (lambda x: x.flip(0).sin().sum(), (3,), r"\bar v_{2,2-i}"),
        (lambda x: x.reshape(6).sin().sum(), (2, 3), r"\bar v_{2,3i+j}"),
        (
            lambda x: x.view(2, 3).sin().sum(),
            (6,),
            r"\bar v_{2,\lfloor i/3\rfloor,i \bmod 3}",
        ),
        (lambda x: x[[0, 2, 2]].sin().sum(), (3,), r"\sum_{j} \bar v_{2,j} \, \delta_{\pi(j),i}"),
        (lambda x: x[1].sin(), (3,), r"\bar v_1 \, \delta_{1,i}"),
        (lambda x: x.expand(4, 3).sin().sum(), (3,), r"\sum_{j} \bar v_{2,ji}"),
        (
            lambda x: torch.softmax(x, 0)[0],
            (3,),
            r"\bar v_{1,i} \, v_{1,i} - v_{1,i} \sum_{j} \bar v_{1,j} \, v_{1,j}",
        ),
        (lambda x: x.mean(), (2, 3), r"\tfrac{1}{6} \, \bar v_0"),
        (torch.linalg.norm, (3,), r"\frac{\bar v_0 \, v_{1,i}}{v_0}"),
        (lambda x: torch.relu(x).sum(), (3,), r"\bar v_{1,i} \, [v_{2,i} > 0]"),
    ],
)
def test_adjoints_as_they_are_written(function: object, shape: tuple[int, ...], text: str) -> None:
    x = torch.linspace(0.5, 2, int(np.prod(shape)), dtype=torch.float64).reshape(shape)
    graph = record(function, x=x.requires_grad_())  # type: ignore[arg-type]
    name = rf"\bar v_{{{graph['x'].number}" if shape else rf"\bar v_{graph['x'].number}"
    (line,) = (row for row in rows(graph) if row.startswith(name))
    assert line.split(" = ")[-1] == text


def test_matrices() -> None:
    a, b = ones(2, 3), ones(3, 4)
    lines = rows(record(lambda a, b: (a @ b).sum(), a=a, b=b))
    assert lines[2].endswith(r" = \sum_{l} \bar v_{1,il} \, v_{3,jl}")
    assert lines[3].endswith(r" = \sum_{k} \bar v_{1,kj} \, v_{2,ki}")


def test_fan_out_is_added_and_said() -> None:
    graph = record(lambda a: a.sin() * a, a=2.0)
    line = graph.derivation().latex.splitlines()[4]
    assert r"\frac{\partial v_0}{\partial v_2} + \bar v_1" in line
    assert "used twice, adjoints add: product rule; sin}'\\text{ = cos}" in line
    assert "v2 is used twice, by v0 and v1." in graph.alt


def test_names_are_those_of_the_variables() -> None:
    slope = torch.tensor([1.0, 2.0], dtype=torch.float64)
    graph = record(lambda β, w_1: (β * slope + w_1 * torch.ones(2)).sum(), β=1.0, w_1=2.0)  # noqa: PLC2401
    assert {node.name: node.symbol for node in graph.inputs} == {"β": r"\beta", "w_1": "w_{1}"}
    assert [constant.name for constant in graph.constants] == ["slope", "c_1"]


@pytest.mark.parametrize(
    ("name", "latex"),
    [
        ("t", "t"),
        ("omega", r"\omega"),
        ("ω", r"\omega"),
        ("x0", "x_{0}"),
        ("net.2.weight", "W^{(2)}"),
        ("bias", "b"),
        ("layer.bias", r"b^{(\mathrm{layer})}"),
        ("step_size", r"\mathrm{step\_size}"),
    ],
)
def test_latex_names(name: str, latex: str) -> None:
    assert latex_name(name) == latex


def test_numbers_as_latex() -> None:
    assert number(num := 3) == str(num)
    assert [decimal(v) for v in (0.12345, -2.0, 3e-7, 1.5e12)] == [
        "0.123",
        "-2",
        r"3 \times 10^{-7}",
        r"1.5 \times 10^{12}",
    ]
    graph = record(lambda a: 0.1 * a + 2.188 * a + a / 3, a=1.0)
    shorts = " ".join(graph.short(node) for node in graph.nodes)
    assert r"\frac{1}{10} \, v_" in shorts
    assert r"2.188 \, v_" in shorts


def test_modules_and_their_parameters() -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 3), nn.Tanh(), nn.Linear(3, 1)).double()
    data = torch.linspace(-1, 1, 5, dtype=torch.float64)[:, None]
    graph = record(lambda: net(data).square().mean())
    assert {node.name for node in graph.inputs} == {
        f"net.{layer}.{kind}" for layer in (0, 2) for kind in ("weight", "bias")
    }
    (linear,) = [
        n for n in graph.nodes if n.name == "linear" and graph.parents(n)[0].name == "tanh"
    ]
    titles = [graph.modules[call].title for call in linear.modules]
    assert titles == ["Sequential net", "Linear net.2"]
    net(data).square().mean().backward()
    found = graph.derivation().evaluate()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None
        assert np.allclose(found[f"net.{name}"], parameter.grad.numpy(), rtol=1e-12, atol=1e-15)


def test_a_module_is_a_function_too() -> None:
    layer = nn.Linear(2, 1, dtype=torch.float64)
    graph = record(nn.Sequential(layer, nn.Flatten(0), nn.Softplus(), Sum()), input=ones(3, 2))
    assert {node.name for node in graph.inputs} == {"input", "0.weight", "0.bias"}


class Sum(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.sum()


def test_single_precision_is_explained_in_double() -> None:
    x = torch.linspace(0, 1, 7, requires_grad=True)
    (x.sin() * x).mean().backward()  # type: ignore[no-untyped-call]
    found = record(lambda x: (x.sin() * x).mean(), x=x).derivation().evaluate()["x"]
    assert x.grad is not None
    assert found.dtype == np.float64
    assert np.allclose(found, x.grad.numpy(), rtol=1e-6)


def test_branches_and_loops_are_recorded_as_they_ran() -> None:
    def function(x: Tensor) -> Tensor:
        total = x[0] * 0
        for row in x:
            total = total + row**3 if row > 0 else total - row
        return total

    x = torch.tensor([1.5, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
    function(x).backward()  # type: ignore[no-untyped-call]
    assert x.grad is not None
    assert np.allclose(record(function, x=x).derivation().evaluate()["x"], x.grad.numpy())


def test_what_is_detached_is_constant() -> None:
    graph = record(lambda a: a * a.detach().sin() + a, a=2.0)
    assert np.isclose(graph.derivation().evaluate()["a"], np.sin(2.0) + 1)


@pytest.mark.parametrize("at", [0.0, -0.0])
@pytest.mark.parametrize(
    ("function", "slope"),
    [
        (torch.relu, 0.0),
        (torch.abs, 0.0),
        (lambda a: torch.maximum(a, a * 0), 0.5),
        (lambda a: a.clamp(min=0), 1.0),
        (lambda a: torch.relu(a) - torch.relu(-a), 0.0),
        (lambda a: torch.stack([a, a * 2, a]).amax(), 4 / 3),
    ],
)
def test_torchs_conventions_at_kinks(function: object, slope: float, at: float) -> None:
    def run(a: Tensor) -> Tensor:
        made: Tensor = function(a)  # type: ignore[operator]
        return made

    graph = record(run, a=at)
    assert np.isclose(graph.derivation().evaluate()["a"], slope)


def test_nan_gradients_are_torchs_too() -> None:
    x = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    graph = record(lambda x: torch.where(x > 0, x.sqrt(), x).sum(), x=x)
    assert np.isnan(graph.derivation().evaluate()["x"]).all()
    assert np.isnan(graph["x"].adjoint).all()


def test_the_walk_visits_what_next_functions_reach() -> None:
    a = torch.tensor(1.0, dtype=torch.float64, requires_grad=True)
    out = torch.nn.functional.linear(a.exp().expand(1, 2), torch.ones(1, 2).double()).sum() + a
    seen, stack = set(), [out.grad_fn]
    while stack:
        function = stack.pop()
        if function is not None and function not in seen:
            seen.add(function)
            stack.extend(following for following, _ in function.next_functions)
    graph = record(
        lambda a: (
            torch.nn.functional.linear(a.exp().expand(1, 2), torch.ones(1, 2).double()).sum() + a
        ),
        a=a,
    )
    walk = graph.walk()
    assert sorted(stop.function for stop in walk) == sorted(type(f).__name__ for f in seen)
    for place, stop in enumerate(walk):
        assert all(to is None or to > place for to in stop.following)
