"""The book's central example: nine nodes, numbered once, and the chain rule to ω and t."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import sympy
import torch
from torch import Tensor

from gdbook.datasets import load
from gdbook.functions import sine_loss
from gdbook.graph import Graph, record

NODES = [
    r"v_0 = \tfrac{1}{2} \, v_1",
    r"v_1 = \operatorname{mean} v_2",
    r"v_2 = v_3 \cdot v_3",
    "v_3 = y - v_4",
    r"v_4 = \sin v_5",
    "v_5 = v_6 + v_7",
    r"v_6 = v_8 \cdot x",
    "v_7 = t",
    r"v_8 = \omega",
]

x, y = (load("sine_fit").train[name] for name in "xy")


def rows(latex: str) -> list[str]:
    """Return the lines of a derivation that say something, without their breaks."""
    return [line.removesuffix(r" \\") for line in latex.splitlines() if "&=" in line]


def squared(omega: Tensor, t: Tensor) -> Tensor:
    return 0.5 * ((y - torch.sin(omega * x + t)) ** 2).mean()


def multiplied(omega: Tensor, t: Tensor) -> Tensor:
    r = y - torch.sin(omega * x + t)
    return 0.5 * (r * r).mean()


@pytest.fixture(params=[squared, multiplied])
def graph(request: pytest.FixtureRequest) -> Graph:
    function: Callable[..., Tensor] = request.param
    return record(function, omega=3.0, t=1.0)


def test_nine_nodes_numbered_once(graph: Graph) -> None:
    assert [row[0] for row in graph.table(["node"]).rows()] == NODES
    assert graph.uses(graph[3]) == 2
    assert {constant.name for constant in graph.constants} == {"x", "y"}


def test_constants_may_be_named() -> None:
    def loss(w: Tensor, t: Tensor, inputs: Tensor, y: Tensor) -> Tensor:
        return 0.5 * ((y - torch.sin(w * inputs + t)) ** 2).mean()

    graph = record(loss, symbols={"w": r"\omega", "inputs": "x"}, w=3.0, t=1.0, inputs=x, y=y)
    assert [row[0] for row in graph.table(["node"]).rows()] == NODES


def test_the_derivation_to_the_letter(graph: Graph) -> None:
    lines = rows(graph.derivation(to="omega").latex)
    formulas = [text.partition(" &&")[0] for text in lines]
    assert formulas == [
        r"\bar v_0 &= 1",
        r"\bar v_1 &= \bar v_0 \, \frac{\partial v_0}{\partial v_1} = \tfrac{1}{2} \, \bar v_0",
        r"\bar v_{2,i} &= \bar v_1 \, \frac{\partial v_1}{\partial v_{2,i}} "
        r"= \frac{1}{50} \, \bar v_1",
        r"\bar v_{3,i} &= \sum_{j} \bar v_{2,j} \, \frac{\partial v_{2,j}}{\partial v_{3,i}} "
        r"= 2 \, \bar v_{2,i} \, v_{3,i}",
        r"\bar v_{4,i} &= \sum_{j} \bar v_{3,j} \, \frac{\partial v_{3,j}}{\partial v_{4,i}} "
        r"= -\bar v_{3,i}",
        r"\bar v_{5,i} &= \sum_{j} \bar v_{4,j} \, \frac{\partial v_{4,j}}{\partial v_{5,i}} "
        r"= \bar v_{4,i} \, \cos v_{5,i}",
        r"\bar v_{6,i} &= \sum_{j} \bar v_{5,j} \, \frac{\partial v_{5,j}}{\partial v_{6,i}} "
        r"= \bar v_{5,i}",
        r"\bar v_8 &= \sum_{i} \bar v_{6,i} \, \frac{\partial v_{6,i}}{\partial v_8} "
        r"= \sum_{i} \bar v_{6,i} \, x_i",
        r"\frac{\partial v_0}{\partial \omega} &= \bar v_8 = -\frac{1}{50} \sum_{i} x_i \, "
        r"\left(y_i - \sin \left(\omega \, x_i + t\right)\right) \, "
        r"\cos \left(\omega \, x_i + t\right)",
    ]
    rules = [text.partition(r"\text{")[2].partition("}")[0] for text in lines[1:-1]]
    assert rules[0] == "constant factor"
    assert rules[-1] == "product rule, summed over the broadcast"


def test_local_derivatives(graph: Graph) -> None:
    cells = [row[0] for row in graph.table(["derivatives"]).rows()]
    assert cells[2] == r"\frac{\partial v_{2,i}}{\partial v_{3,j}} = 2 \, v_{3,i} \, \delta_{ij}"
    assert cells[3] == r"\frac{\partial v_{3,i}}{\partial v_{4,j}} = -\delta_{ij}"
    assert cells[5] == (
        r"\frac{\partial v_{5,i}}{\partial v_{6,j}} = \delta_{ij},"
        r"\quad \frac{\partial v_{5,i}}{\partial v_7} = 1"
    )
    assert cells[7] == cells[8] == ""


def test_it_ends_at_the_gradient(graph: Graph) -> None:
    found = graph.derivation().evaluate()
    by_hand = sine_loss(x, y).gradient(torch.tensor([3.0, 1.0], dtype=torch.float64))
    assert np.allclose([found["omega"], found["t"]], by_hand.numpy(), rtol=1e-13)


def test_sympy_agrees() -> None:
    omega, t, a, b = sympy.symbols("omega t a b")
    loss = ((b - sympy.sin(omega * a + t)) ** 2 / 2).diff(omega)
    rows = zip(x.tolist(), y.tolist(), strict=True)
    exact = sum(loss.subs({omega: 3.0, t: 1.0, a: p, b: q}) for p, q in rows) / 50
    found = record(squared, omega=3.0, t=1.0).derivation(to="omega").evaluate()
    assert abs(float(exact) - found["omega"]) < 1e-13


def test_numbers_are_put_in_on_request(graph: Graph) -> None:
    plain, numbers = graph.derivation(to="t"), graph.derivation(to="t", numbers=True)
    value = f"{graph['t'].adjoint:.5g}"
    assert value not in plain.latex
    assert rows(numbers.latex)[-1].endswith(f"= {value}")
    assert r"= \tfrac{1}{2} \cdot 1 = 0.5 &&" in numbers.latex


def test_steps_show_how_the_deltas_go(graph: Graph) -> None:
    text = graph.derivation(to="t", steps=True).latex
    assert r"&= \sum_{j} \bar v_{4,j} \, \delta_{ji} \, \cos v_{5,j} &&" in text
    assert text.count("&=") > graph.derivation(to="t").latex.count("&=")


def test_the_walk_is_torchs_own(graph: Graph) -> None:
    walk = graph.walk()
    assert [stop.node for stop in walk] == [f"v{k}" for k in range(9)]
    assert [stop.function for stop in walk[:2]] == ["MulBackward0", "MeanBackward0"]
    assert walk[5].following == (6, 7)
    assert walk[8].function == "AccumulateGrad"
    assert str(walk).splitlines()[5].split() == ["5", "AddBackward0", "v5", "→", "6,", "7"]


def test_the_graph_in_words(graph: Graph) -> None:
    assert graph.alt.startswith("Computation graph of 9 nodes, from the output v0 at the top")
    for words in (
        "v0 = 1/2 v1;",
        "v2 = v3 times v3;",
        "v4 = sin v5;",
        "v8 = omega.",
        "v3 is used twice, by v2.",
        "Constants: x and y." if graph.constants[0].name == "x" else "Constants: y and x.",
    ):
        assert words in graph.alt
    assert str(graph.table()).splitlines()[4].startswith("v3 = y - v4")


def test_parts_for_slides(graph: Graph) -> None:
    derivation = graph.derivation(to="omega")
    first, last = derivation[:4].latex, derivation[4:].latex
    assert [*rows(first), *rows(last)] == rows(derivation.latex)
    assert r"\partial \omega" not in first
    assert r"\partial \omega" in last
    assert derivation[:4].evaluate() == derivation.evaluate()
    assert [row[0] for row in graph.table(["node"])[2:4].rows()] == NODES[2:4]
    assert len(str(graph.table()[:3]).splitlines()) == 4
    with pytest.raises(TypeError, match=r"take lines by a slice, as derivation\[:4\], got 2"):
        _ = derivation[2]  # type: ignore[index]
    with pytest.raises(TypeError, match=r"take rows by a slice, as table\[:4\], got 2"):
        _ = graph.table()[2]  # type: ignore[index]


def test_it_shows_itself_as_latex(graph: Graph) -> None:
    for shown in (graph.derivation(), graph.table()):
        text = shown._repr_latex_()
        assert text.startswith("$$\n\\begin{")
        assert text.endswith("}\n$$")
        assert text.count("{") == text.count("}")
