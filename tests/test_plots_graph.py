"""The drawing of a graph: nothing overlaps, everything is there, and it is the graph's."""

from __future__ import annotations

import json
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.transforms import Bbox
from torch import Tensor, nn

from compositions import Composition
from gdbook import style
from gdbook.graph import Graph, record
from gdbook.plots import animate_graph, show_graph
from gdbook.plots.cards import FORMULA, NUMBER, cards
from gdbook.plots.layers import arrange, crossings

mpl.use("agg")

x = torch.linspace(-3, 3, 50, dtype=torch.float64)
y = torch.sin(2.188 * x + 1)


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def sine() -> Graph:
    return record(lambda ω, t: 0.5 * ((y - torch.sin(ω * x + t)) ** 2).mean(), ω=3.0, t=1.0)  # noqa: PLC2401


def network() -> Graph:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(1, 8), nn.Tanh(), nn.Linear(8, 1)).double()
    return record(lambda: nn.functional.mse_loss(net(x[:, None]), y[:, None]))


def composed(seed: int) -> Graph:
    function = Composition(seed)
    function(**function.inputs)
    return record(function, symbols=None, **function.inputs)


def texts(ax: Axes) -> dict[str, Bbox]:
    renderer = ax.figure.canvas.get_renderer()  # type: ignore[attr-defined]
    return {
        f"{k} {text.get_text()}": text.get_window_extent(renderer)
        for k, text in enumerate(ax.texts)
    }


def boxes(ax: Axes) -> list[Bbox]:
    return [p.get_window_extent() for p in ax.patches if isinstance(p, FancyBboxPatch)]


def overlap(a: Bbox, b: Bbox) -> bool:
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return bool(width > 0.5 and height > 0.5)


def inside(inner: Bbox, outer: Bbox) -> bool:
    return bool(
        outer.x0 - 0.5 <= inner.x0
        and inner.x1 <= outer.x1 + 0.5
        and outer.y0 - 0.5 <= inner.y0
        and inner.y1 <= outer.y1 + 0.5
    )


def assert_readable(ax: Axes) -> None:
    ax.figure.canvas.draw()
    written, drawn = texts(ax), boxes(ax)
    for k, (text, box) in enumerate(written.items()):
        assert inside(box, ax.get_window_extent()), f"{text} leaves the figure"
        for other, near in list(written.items())[k + 1 :]:
            assert not overlap(box, near), f"{text} overlaps {other}"
        if "v_{" in text:
            assert any(inside(box, frame) for frame in drawn), f"{text} leaves its box"
        else:
            assert not any(overlap(box, frame) for frame in drawn), f"{text} runs into a box"
    for path in (p for p in ax.patches if isinstance(p, PathPatch)):
        (line,) = path.get_path().to_polygons(closed_only=False)
        points = path.get_transform().transform(np.asarray(line))
        ends = np.linspace(points[:-1], points[1:], 12).reshape(-1, 2)
        for text, box in written.items():
            hit = (ends > (box.x0, box.y0)).all(1) & (ends < (box.x1, box.y1)).all(1)
            assert not hit.any(), f"an edge runs through {text}"


@pytest.mark.parametrize("fold", [False, True])
@pytest.mark.parametrize("make", [sine, network])
def test_nothing_overlaps(make: object, fold: bool) -> None:
    assert_readable(show_graph(make(), fold=fold))  # type: ignore[operator]


@pytest.mark.parametrize("seed", range(0, 88, 11))
def test_nothing_overlaps_in_graphs_nobody_has_seen(seed: int) -> None:
    graph = composed(seed)
    ax = show_graph(graph, fold=seed % 2 == 0)
    assert_readable(ax)
    drawn = sum(isinstance(p, PathPatch) for p in ax.patches)
    assert drawn == sum(len(card.uses) for card in cards(graph, fold=seed % 2 == 0))


def test_values_stand_below_and_adjoints_above() -> None:
    graph = sine()
    ax = show_graph(graph)
    places = {text.get_text(): text for text in ax.texts}
    value, adjoint = places["↑ 0.383"], places["↓ 0.711"]
    assert value.get_color() == style.role("function")
    assert adjoint.get_color() == style.role("derivative")
    for node in graph.nodes:
        (box,) = (t for t in ax.texts if t.get_text().startswith(f"$v_{{{node.number}}} ="))
        beside = [t for t in ax.texts if abs(t.get_position()[1] - box.get_position()[1]) < 8]
        arrows = {
            t.get_text()[0]: t.get_position()[1] - box.get_position()[1]
            for t in beside
            if t.get_position()[0] > box.get_position()[0]
        }
        assert arrows["↓"] > 0 > arrows["↑"]


def test_the_output_is_at_the_top_and_users_stand_above() -> None:
    graph = network()
    ax = show_graph(graph)
    height = {
        int(found[1]): text.get_position()[1]
        for text in ax.texts
        if (found := re.match(r"\$v_\{(\d+)\} =", text.get_text()))
    }
    assert set(height) == {node.number for node in graph.nodes}
    assert max(height, key=height.__getitem__) == 0
    for node in graph.nodes:
        for user in graph.users(node):
            assert height[user.number] > height[node.number]


def test_a_residual_used_twice_has_two_edges_and_a_plus() -> None:
    ax = show_graph(sine())
    circles = [p for p in ax.patches if type(p).__name__ == "Circle"]
    assert len(circles) == 1
    twice = cards(sine())[2]
    assert twice.uses == (3, 3)


def test_modules_fold_into_one_card_each() -> None:
    graph = network()
    folded = cards(graph, fold=True)
    modules = [card for card in folded if card.kind == "module"]
    assert [card.text for card in modules] == [
        r"$v_{1} = \mathrm{Linear}_{2}(v_2)$",
        r"$v_{5} = \mathrm{Linear}_{0}(c_1)$",
    ]
    numbers = sorted(k for card in folded for k in card.numbers)
    assert numbers == [node.number for node in graph.nodes]
    assert len(folded) == 4


def test_the_animation_brings_values_up_and_adjoints_down() -> None:
    graph = sine()
    frames = animate_graph(graph)
    assert frames.count == 2 * len(graph) + 2
    root = ET.fromstring(frames.svg)
    told = json.loads(root.get("data-gd-frames", ""))
    assert (told["kind"], told["still"]) == ("animation", frames.count - 1)
    written = {
        int(runs): ET.tostring(element, encoding="unicode")
        for element in root.iter()
        if (runs := element.get("data-frames", "")).isdigit()
    }
    n = len(graph)
    for k in range(1, frames.count):
        values, adjoints = (
            written[k].count(f"fill: {style.role(name)}") for name in ("function", "derivative")
        )
        assert (values, adjoints) == (min(k, n), min(max(0, k - n), n))


@pytest.mark.parametrize("seed", range(30))
def test_layers_keep_their_promises(seed: int) -> None:
    draw = random.Random(seed)
    n = draw.randrange(2, 25)
    reaches: dict[object, tuple[float, float]] = {
        k: (draw.uniform(10, 40), draw.uniform(10, 90)) for k in range(n)
    }
    edges: list[tuple[object, object]] = [
        (draw.randrange(max(0, k - 4), k), k) for k in range(1, n) for _ in range(2)
    ]
    found = arrange(reaches, edges, 389, 14)
    level = {slot.key: k for k, layer in enumerate(found.layers) for slot in layer}
    assert all(level[used] > level[user] for user, used in edges)
    for layer in found.layers:
        for one, other in pairwise(layer):
            assert other.x - other.left - (one.x + one.right) > 14 - 1e-6
    for (user, used), route in found.routes.items():
        assert [level[user], level[used]] == [level[route[0].key], level[route[-1].key]]
        assert len(route) == level[used] - level[user] + 1


def test_crossings_are_counted_and_avoided() -> None:
    reaches: dict[object, tuple[float, float]] = dict.fromkeys("rabcd", (10.0, 10.0))
    edges: list[tuple[object, object]] = [("r", "a"), ("r", "b"), ("a", "d"), ("b", "c")]
    assert crossings(arrange(reaches, edges, 389, 14).layers) == 0


@pytest.mark.parametrize(
    "function",
    [
        lambda a, b: ((a / b).abs().sqrt() + torch.linalg.norm(a) * a).sum(),
        lambda a, b: (torch.floor(a) * torch.sigmoid(b) + torch.exp(a[1:, None]).sum()).sum(),
        lambda a, b: torch.where(a > 0, a, 1.5).sum() + torch.einsum("i,i->", a, b),
        lambda a, b: torch.logaddexp(a, b).mean() + a @ b + torch.outer(a, b).trace(),
        lambda a, b: (a.clamp(-1, 1) ** 3 + a[[0, 1, 0]] + (-2.5 * b)).amax(),
        lambda a, b: torch.stack([a, b, a, b, a]).T.masked_fill(torch.eye(3, 5) > 0, 2.0).std(),
        lambda a, b: a.split(2)[0].sum() + b.unbind()[1] * b.view(1, 3).squeeze()[-1],
        lambda a, b: torch.cat([a, b])[..., ::2].softmax(0).logsumexp(0) - 2 ** b[0] / a[1],
    ],
)
def test_every_short_form_can_be_set(function: Callable[..., Tensor]) -> None:
    a = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64, requires_grad=True)
    b = torch.tensor([1.5, 0.3, 0.7], dtype=torch.float64, requires_grad=True)
    assert_readable(show_graph(record(function, a=a, b=b)))


def test_a_large_graph_is_drawn_smaller() -> None:
    def crowded(a: Tensor) -> Tensor:
        parts = [torch.sin(k * a) for k in range(1, 9)]
        return sum(p * q for p in parts[::2] for q in parts[1::2])  # type: ignore[return-value]

    graph = record(crowded, a=1.0)
    assert len(graph) > 40
    ax = show_graph(graph)
    assert_readable(ax)
    assert {text.get_fontsize() for text in ax.texts} != {FORMULA, NUMBER}
