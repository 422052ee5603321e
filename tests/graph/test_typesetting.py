r"""What a graph writes can be typeset, on the page and in print, and is worth what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from latex_reader import Reader
from torch import Tensor, nn

from compositions import STEPS, Composition
from gdbook.graph import Derivation, Graph, record
from gdbook.graph.latex import Writer, symbol_of
from gdbook.publish.math.html_renderer import displayed
from gdbook.publish.math.temml import Typesetter
from skeletons import mathml_of_typst, skeleton

torch.manual_seed(0)
KEPT = torch.randn(3, 4, dtype=torch.float64)


def t(*shape: int) -> Tensor:
    generator = torch.Generator().manual_seed(sum(shape) + len(shape))
    return torch.randn(shape, dtype=torch.float64, generator=generator).requires_grad_()


def two_layers(W1: Tensor, b1: Tensor, W2: Tensor, b_2: Tensor) -> Tensor:
    h_1 = torch.tanh(KEPT @ W1 + b1)
    return ((h_1 @ W2 + b_2) ** 2).mean()


class Residual(nn.Module):
    """Layers of names that are none of LaTeX's."""

    def __init__(self) -> None:
        super().__init__()
        self.fc_in = nn.Linear(4, 3, dtype=torch.float64)
        self.fc_out = nn.Linear(3, 4, dtype=torch.float64)
        self.scale_1 = nn.Parameter(torch.ones(4, dtype=torch.float64))
        self.running_mean: Tensor
        self.register_buffer("running_mean", torch.zeros(4, dtype=torch.float64))

    def forward(self, x: Tensor) -> Tensor:
        deep: Tensor = self.fc_out(F.relu(self.fc_in(x - self.running_mean)))
        return (x + self.scale_1 * deep).square().mean()


class Frozen(nn.Module):
    """A layer whose weight is a constant, and is transposed and raised."""

    def __init__(self) -> None:
        super().__init__()
        self.fc = nn.Linear(4, 3, dtype=torch.float64).requires_grad_(requires_grad=False)

    def forward(self, x1: Tensor) -> Tensor:
        made: Tensor = (self.fc(x1) ** 2).sum() + ((self.fc.weight**2 + 1) ** x1[0]).sum()
        return made


#: Of name to a function and its inputs: names and operations that have gone wrong, or might.
NETWORKS: dict[str, tuple[Callable[..., Tensor], dict[str, Any]]] = {
    "two layers": (two_layers, {"W1": t(4, 3), "b1": t(3), "W2": t(3, 2), "b_2": t(2)}),
    "x1 twice": (lambda x1, x_1: (x1[0] * x_1).sum(), {"x1": t(3), "x_1": t(3)}),
    "x and x1": (lambda x, x1: x[1] * x1, {"x": t(3), "x1": 2.0}),
    "greek": (
        lambda theta_1, β2: (theta_1[:, 0] ** 3 @ β2).sin(),  # noqa: PLC2401
        {"theta_1": t(2, 3), "β2": t(2)},
    ),
    "reserved": (
        lambda v, e, delta, v1: ((v[1] + e**3).exp() * delta[0] * v1).sum(),
        {"v": t(3), "e": 1.5, "delta": t(3), "v1": t(3)},
    ),
    "indices": (lambda i, j, k: torch.einsum("a,b,c->", i, j, k).sin(), dict.fromkeys("ijk", t(3))),
    "odd": (lambda _, a__b, x1y: (_ * a__b * x1y).sum(), dict.fromkeys(("_", "a__b", "x1y"), t(3))),
    "unnamed": (lambda w: (w * torch.arange(3.0) ** 2 + torch.ones(2, 3)).sum(), {"w": t(3)}),
    "residual": (Residual(), {"x": t(2, 4)}),
    "frozen": (Frozen(), {"x1": t(2, 4)}),
    "powers": (lambda a: (a.exp() ** 2).sum() + ((a**2 + 1) ** 1.5) ** a @ a, {"a": t(3)}),
    "small": (lambda a: (1e-7**a + 0.1**a + (-a) ** 3 * 1e-9 + (1e-5 + a) ** 2).sum(), {"a": t(3)}),
    "tiny": (lambda a, b: (a**2 * b).sin(), {"a": -3e-9, "b": 2e-7}),
    "prod": (lambda w1: w1.prod() + (w1 * 2).cumsum(0).prod() ** 2, {"w1": t(4)}),
    "sort": (lambda w1: (w1.sort().values * KEPT[0]).sum() + w1.topk(2)[0].prod(), {"w1": t(4)}),
    "reshaped": (lambda x0: (x0.reshape(4, 6)[1:, ::2] ** 3).sum(), {"x0": t(2, 3, 4)}),
    "rolled": (lambda x0: (x0.roll(1).reshape(3, 2)[:, 0] * KEPT[:, 0]).sum(), {"x0": t(2, 3)}),
    "folds": (
        lambda x, y: (x.amax() * y.sum() * x.prod()) / (x.amin() * y.amax() * x.square().sum()),
        {"x": t(3), "y": t(4)},
    ),
    "where": (lambda a: torch.where(a > 0, a.sqrt(), 0.0).sum(), {"a": t(4)}),
    "nan": (
        lambda a: torch.where(a > 0, a.sqrt(), 0.0).sum() + a.prod(),
        {"a": torch.tensor([0.0, 2.0], dtype=torch.float64, requires_grad=True)},
    ),
    "ties": (lambda a: torch.minimum(a, a.detach() * 1.0).sum(), {"a": t(3)}),
    "a tie": (lambda a: torch.minimum(a, torch.tensor(0.123456789).double()), {"a": 0.123456789}),
}  # fmt: skip


def recorded() -> dict[str, Graph]:
    found = {name: record(function, **inputs) for name, (function, inputs) in NETWORKS.items()}
    for seed in range(len(STEPS)):
        composition = Composition(seed)
        inputs: dict[str, Any] = dict(composition.inputs)
        found[f"composition {seed}"] = record(composition, **inputs)
    return found


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    return recorded()


@pytest.fixture(scope="module")
def temml() -> Iterator[Typesetter]:
    made = Typesetter()
    yield made
    made.close()


@pytest.fixture(scope="module")
def shown(graphs: dict[str, Graph]) -> dict[str, str]:
    """Return every derivation, in one of its four forms, and every table, as LaTeX."""
    found = {}
    for k, (name, graph) in enumerate(graphs.items()):
        derivation = graph.derivation(steps=k % 2 == 0, numbers=k % 4 < 2)
        found[name] = displayed(derivation._repr_latex_().strip("$\n"))
        found[f"{name}, table"] = displayed(graph.table()._repr_latex_().strip("$\n"))
    return found


def closed_forms(derivation: Derivation) -> Iterator[tuple[Any, str, Writer]]:
    """Yield each input whose last line ends in a formula of inputs, and that formula."""
    last = derivation.latex.split("\\begin{aligned}\n")[-1].partition("\n\\end{aligned}")[0]
    for node, row in zip(derivation.targets, last.split(" \\\\\n"), strict=True):
        item = next(item for item in derivation.lines if item.node is node)
        _, _, text = row.partition("&= ")[2].partition(" = ")
        closed = derivation.closed(node)
        writer = Writer(derivation._input_symbol, item.indices, derivation._letters())
        if text:
            assert closed is not None
            assert writer.write(closed) == text
            yield item, text, writer


def test_each_is_typeset_on_the_page(shown: dict[str, str], temml: Typesetter) -> None:
    for tex in shown.values():
        assert "<math" in temml.mathml(tex, display=True)


def test_each_is_typeset_in_print(shown: dict[str, str], temml: Typesetter, tmp_path: Path) -> None:
    formulas = list(shown.values())
    # Typst stops at what it does not understand. An array may hold formulas of its own.
    assert len(mathml_of_typst(formulas, temml, tmp_path)) >= len(formulas)


def test_page_and_print_say_the_same(
    graphs: dict[str, Graph], temml: Typesetter, tmp_path: Path
) -> None:
    formulas = [
        text for graph in graphs.values() for _, text, _ in closed_forms(graph.derivation())
    ]
    assert len(formulas) > 150
    for tex, printed in zip(formulas, mathml_of_typst(formulas, temml, tmp_path), strict=True):
        assert skeleton(printed) == skeleton(temml.mathml(tex, display=True)), tex


def worth(derivation: Derivation, item: Any, text: str, writer: Writer, refs: Any) -> Any:
    """Return what a printed formula is worth to a reader who knows the tensors."""
    extents = {letter: index.extent for index, letter in writer._letters.items()}
    tables = {letter: positions.array for positions, letter in writer.tables.items()}
    free = [writer._letters[i] for i in item.indices if not isinstance(i, int)]
    return Reader(refs, extents, tables).value(text, free).reshape(item.node.shape)


def test_the_last_line_is_worth_what_evaluate_says(graphs: dict[str, Graph]) -> None:
    tried = 0
    for name, graph in graphs.items():
        derivation = graph.derivation()
        found = derivation.evaluate()
        tensors = {symbol_of(node.symbol): np.asarray(node.value) for node in graph.inputs}
        tensors |= {symbol_of(c.symbol): np.asarray(c.value) for c in graph.constants}
        assert len(tensors) == len(graph.inputs) + len(graph.constants)
        for item, text, writer in closed_forms(derivation):
            value, said = worth(derivation, item, text, writer, tensors), found[item.node.name]
            # Numbers are printed with six digits.
            scale = float(np.max(np.abs(said), initial=1.0, where=np.isfinite(said)))
            close = np.allclose(value, said, rtol=1e-4, atol=1e-4 * scale, equal_nan=True)
            assert close, (name, text, value, said)
            tried += 1
    assert tried > 150


def test_every_line_is_worth_its_adjoint(graphs: dict[str, Graph]) -> None:
    tried = 0
    for name, graph in graphs.items():
        derivation = graph.derivation()
        known = derivation.numbers_of()
        refs = {symbol_of(c.symbol): np.asarray(c.value) for c in graph.constants}
        for node in graph.nodes:
            refs["v", str(node.number)] = known[node.uid, False]
            refs[r"\bar v", str(node.number)] = known[node.uid, True]
        for item in derivation.lines[1:]:
            writer = derivation._writer(item)
            text = writer.write(item.result)
            value = worth(derivation, item, text, writer, refs)
            said = known[item.node.uid, True]
            scale = float(np.max(np.abs(said), initial=1.0, where=np.isfinite(said)))
            close = np.allclose(value, said, rtol=1e-4, atol=1e-4 * scale, equal_nan=True)
            assert close, (name, item.node, text)
            tried += 1
    assert tried > 700


def test_a_masked_slope_that_is_infinite_has_no_closed_formula() -> None:
    """Torch gives NaN, as do the lines; in one formula the bracket would make it 0."""
    graph = record(lambda a: torch.where(a > 0, a.sqrt(), 0.0), a=0.0)
    assert np.isnan(graph.derivation().evaluate()["a"])
    assert list(closed_forms(graph.derivation())) == []
    graph = record(lambda a: torch.where(a > 0, a.sqrt(), 0.0), a=4.0)
    ((_, text, _),) = closed_forms(graph.derivation())
    assert text == r"\frac{[1]}{2 \, \sqrt{a}}"


@pytest.mark.parametrize(
    ("function", "inputs", "text"),
    [
        (lambda x1: (x1**3).sum(), {"x1": t(3)}, r"3 \, x_{1,i}^{2}"),
        (lambda W1: (W1 @ KEPT).sum(), {"W1": t(2, 3)}, r"\sum_{k} \mathrm{KEPT}_{jk}"),
        (lambda a: (a.exp() ** 3).sum(), {"a": t(3)}, r"3 \, \left(e^{a_i}\right)^{3}"),
        (lambda i: (i**3).sum(), {"i": t(3)}, r"3 \, i_j^{2}"),
        (lambda a: (2 * a).prod(), {"a": t(3)}, None),
    ],
)
def test_formulas_as_they_are_written(
    function: Any, inputs: dict[str, Any], text: str | None
) -> None:
    found = [text for _, text, _ in closed_forms(record(function, **inputs).derivation())]
    assert found == [text] if text else found


@pytest.mark.parametrize(
    ("names", "symbols"),
    [
        (("W1", "b1", "W2", "h_1"), ("W_{1}", "b_{1}", "W_{2}", "h_{1}")),
        (("x1", "x_1"), (r"\mathrm{x1}", r"\mathrm{x\_1}")),
        (("x", "x1"), ("x", r"\mathrm{x1}")),  # x_1 is an element of x
        (("theta_0", "ω2"), (r"\theta_{0}", r"\omega_{2}")),
        (("v", "e", "pi"), (r"\mathrm{v}", r"\mathrm{e}", r"\mathrm{pi}")),
    ],
)
def test_no_two_tensors_look_alike(names: tuple[str, ...], symbols: tuple[str, ...]) -> None:
    shapes = {"x": (3,)}
    inputs: dict[str, Any] = {name: t(*shapes.get(name, ())) for name in names}
    source = f"lambda {', '.join(names)}: ({' + '.join(names)}).sin().sum()"
    graph = record(eval(source), **inputs)
    assert {node.name: node.symbol for node in graph.inputs} == dict(
        zip(names, symbols, strict=True)
    )


@pytest.mark.parametrize("symbol", ["", "w_", "w_1_2", "w^2^3", "{w", "w}"])
def test_a_symbol_that_is_no_latex_is_said(symbol: str) -> None:
    with pytest.raises(ValueError, match="cannot be the symbol of a tensor"):
        record(lambda w: w.sin(), symbols={"w": symbol}, w=1.0)


def test_a_symbol_of_the_callers_takes_an_index() -> None:
    graph = record(lambda w: (w**3).sum(), symbols={"w": r"\hat w_0^*"}, w=t(2))
    ((_, text, _),) = closed_forms(graph.derivation())
    assert text == r"3 \, \left(\hat w^*_{0,i}\right)^{2}"
