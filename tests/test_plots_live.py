"""Live numbers: recorded operations against plain torch, what they refuse, what is exported."""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
import torch

from gdbook.plots import Dial, answering
from gdbook.plots.live import Answering, Page
from gdbook.plots.live.elements import in_words
from gdbook.plots.live.trace import BINARY, UNARY, Graph, Live

F64 = torch.float64


def number(value: float) -> Live:
    return Graph().number(value)


@pytest.mark.parametrize("name", sorted(UNARY))
@pytest.mark.parametrize("value", [0.7, 2.5, -1.3, 0.0])
def test_each_function_is_torch_s(name: str, value: float) -> None:
    function: Callable[[Any], Any] = UNARY[name]
    want = function(torch.tensor(value, dtype=F64)).double()
    for got in (function(number(value)), getattr(number(value), name)()):
        torch.testing.assert_close(got.value[0], want, rtol=0, atol=0, equal_nan=True)
        assert got.graph.nodes[got.node][0] == name


@pytest.mark.parametrize("name", sorted(BINARY))
def test_each_operation_is_torch_s(name: str) -> None:
    for a, b in ((0.7, 2.0), (2.0, 2.0), (3.0, -1.0)):
        x, y = torch.tensor(a, dtype=F64), torch.tensor(b, dtype=F64)
        function: Callable[..., Any] = BINARY[name]
        live = number(a)
        got = function(live, live.graph.number(b))
        torch.testing.assert_close(got.value[0], function(x, y).double(), rtol=0, atol=0)


def test_operators_on_both_sides() -> None:
    x = number(3.0)
    made = [2 + x, x + 2, 2 - x, x - 2, 2 * x, 2 / x, x / 2, x**2, 2**x, -x, abs(-x)]
    want = [5, 5, -1, 1, 6, 2 / 3, 1.5, 9, 8, -3, 3]
    assert [one.value.item() for one in made] == want
    assert [one.value.item() for one in (x < 4, x <= 3, x > 3, x <= 3)] == [1, 1, 0, 1]


def test_data_is_reduced() -> None:
    column = torch.tensor([1.0, -2.0, 4.0], dtype=F64)
    a = number(2.0)
    r = a * column - 1
    assert r.value.tolist() == [1, -5, 7]
    assert r.mean().value.item() == pytest.approx(1)
    assert r.sum().value.item() == 3
    assert r.abs().max().value.item() == 7
    spread = ((r - r.mean()) ** 2).mean()
    assert spread.value.item() == pytest.approx(24)
    assert spread.bound == frozenset()
    assert r.bound == {"n3"}


def test_the_same_operation_is_one_node() -> None:
    x = number(3.0)
    assert (x * x).node == (x * x).node
    before = len(x.graph.nodes)
    _ = x * x + 1
    assert len(x.graph.nodes) == before + 2


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: 1 if x > 2 else 0, TypeError, "write torch.where"),
        (math.sin, TypeError, "can't become a float"),
        (torch.erf, TypeError, "live numbers have no erf"),
        (lambda x: torch.sum(x, dim=0), TypeError, "without further arguments"),
        (lambda x: x.fft(), AttributeError, "live numbers have no fft"),
        (lambda x: x + "1", TypeError, "goes with numbers and columns of data, got '1'"),
        (lambda x: x + torch.ones(2, 2), TypeError, "goes with numbers and columns"),
        (lambda x: x.mean(), ValueError, "mean takes one column of data"),
        (lambda x: x * torch.ones(2) * torch.ones(3), ValueError, "columns of different lengths"),
    ],
)
def test_what_live_numbers_refuse(call: Any, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        call(number(3.0))


def draw(page: Page, **numbers: Any) -> None:
    page.panels[0].curve(lambda x: sum(numbers.values()) + x)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: answering(draw), "needs a dial"),
        (lambda: Dial(1, 0, 0.5, "a"), "low and high must be finite and increasing"),
        (lambda: Dial(0, 1, 2, "a"), "start must lie between 0 and 1"),
        (lambda: Dial(0, 1, 0.5, "a", log=True), "a logarithmic dial has positive ends"),
        (lambda: Dial(0, 1, 0.5, " "), "a dial needs a label"),
        (lambda: with_page(lambda p, a: p.value("v", a, form="g")), 'must be like ".2f"'),
        (lambda: with_page(lambda p, a: p.value("v", a * torch.ones(2))), "reduce data"),
        (lambda: with_page(two_values), "a value 'v' already"),
        (lambda: with_page(lambda p, a: p.iterate(lambda x: x, a, 401)), "at most 400 steps"),
        (lambda: with_page(lambda p, a: p.iterate(lambda x: x, a, 0)), "positive integer"),
        (
            lambda: with_page(lambda p, a: p.iterate(lambda x: (x, x), a, 3)),
            "the state has 1 numbers, the step 2",
        ),
        (
            lambda: with_page(lambda p, a: p.panels[0].handle(2 * a, 0)),
            "one coordinate of a handle must be a number that the reader moves",
        ),
        (
            lambda: with_page(lambda p, a: p.panels[0].dot(a * torch.ones(2), 0)),
            "data must be reduced",
        ),
        (
            lambda: with_page(lambda p, a: p.panels[0].levels(lambda x, y: x * torch.ones(2), [1])),
            "data must be reduced",
        ),
        (
            lambda: with_page(lambda p, a: p.panels[0].title("loss")),
            "there is no value 'loss': say it first",
        ),
    ],
)
def test_what_figures_refuse(make: Callable[[], object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        make()


def two_values(page: Page, a: Any) -> None:
    for _ in range(2):
        page.value("v", a)


def with_page(act: Callable[[Page, Any], object]) -> object:
    return answering(act, a=Dial(0, 1, 0.5, "a"))


def test_a_run_knows_its_ends() -> None:
    def look(page: Page, a: Any) -> None:
        run = page.iterate(lambda x: a * x, 8.0, steps=3)
        assert run[-1].value.item() == run[3].value.item() == 8 * a.value.item() ** 3
        with pytest.raises(IndexError, match="the points 0 to 3, not 4"):
            run[4]
        page.value("end", run[-1])

    assert answering(look, a=Dial(0, 1, 0.5, "a")).evaluate(a=1.0) == {"end": "8.00"}


def test_a_run_is_a_plain_loop_over_its_step() -> None:
    data = torch.tensor([1.0, -2.0, 4.0], dtype=F64)
    calls = []

    def step(x: Any, count: Any, rate: Any) -> Any:
        calls.append(x)
        slope = ((x - data) * 2).mean() + torch.sin(x * 0.7) ** 2
        return torch.where(x > 2, x / 2, x - rate * slope), count + (x < 0)

    def look(page: Page, a: Any) -> None:
        run = page.iterate(lambda x, n: step(x, n, a), (a * 16, 0.0), steps=30)
        x, count, rows = a.value * 16, torch.zeros(1, dtype=F64), []
        for _ in range(31):
            rows.append(torch.cat([x, count]))
            x, count = step(x, count, a.value)
        assert torch.equal(run.values, torch.stack(rows))
        page.value("end", run[-1][0])

    answering(look, a=Dial(0, 1, 0.5, "a"))
    assert sum(isinstance(x, Live) for x in calls) == 1


def spec_of(figure: Answering) -> dict[str, Any]:
    found = re.search(r'data-gd-live="([^"]*)"', figure.svg)
    assert found is not None
    made: dict[str, Any] = json.loads(html.unescape(found[1]))
    return made


def test_level_lines_of_a_circle_are_circles() -> None:
    """Their points are as far from the middle as the level says, all around."""

    def look(page: Page, a: Any) -> None:
        (panel,) = page.panels
        panel.limits((-2, 2), (-2, 2))
        panel.levels(lambda x, y: x**2 + (y - a) ** 2, [0.25, 1, 9])
        drawn.append(panel.ax.lines[0].get_xydata())

    drawn: list[Any] = []
    (element,) = spec_of(answering(look, a=Dial(-1, 1, 0, "a")))["elements"]
    assert element["levels"]["at"] == [0.25, 1, 9]  # the last is outside of the window
    points = torch.tensor(drawn[0])
    points = points[points.isfinite().all(1)]
    sizes = points.norm(dim=1)
    circles = torch.tensor([0.5, 1], dtype=F64)
    which = (sizes[:, None] - circles).abs()
    assert float(which.amin(1).max()) < 0.02
    for circle in (0, 1):
        own = points[which.argmin(1) == circle]
        angles = torch.atan2(own[:, 1], own[:, 0]).sort().values
        assert float(angles.diff().max()) < 0.5


def test_a_title_stands_where_it_is_drawn() -> None:
    def look(page: Page, a: Any) -> None:
        page.value("loss", 2 * a)
        page.panels[1].title("loss")
        page.panels[1].curve(lambda x: a * x)

    figure = answering(look, panels=2, a=Dial(0, 1, 0.5, "a"))
    spec = spec_of(figure)
    title = spec["elements"][0]["title"]
    assert title["value"] == 0
    written = re.search(r'data-live="0".*?translate\(([\d.]+) ([\d.]+)\)', figure.svg, re.DOTALL)
    assert written is not None
    assert title["x"] == pytest.approx(float(written[1]), abs=0.05)
    assert title["y"] == pytest.approx(float(written[2]), abs=0.05)


def test_what_stands_still_is_only_drawn() -> None:
    def look(page: Page, a: Any) -> None:
        page.panels[0].limits((0, 1), (0, 2))
        page.panels[0].curve(torch.square)
        page.panels[0].curve(lambda x: a * x)

    figure = answering(look, a=Dial(0, 1, 0.5, "a"))
    assert len(spec_of(figure)["elements"]) == 1
    assert figure.svg.count("data-live=") == 1


def test_two_times_the_same_bytes() -> None:
    made = [answering(draw, a=Dial(0, 1, 0.5, "a"), b=Dial(0, 1, 0.5, "b")).svg for _ in "ab"]
    assert made[0] == made[1]


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (0.125, ".2f", "0.12"),
        (-0.004, ".2f", "0.00"),
        (-1.5, ".1f", "−1.5"),
        (3.14e-9, ".1e", "3.1\u00a0×\u00a010⁻⁹"),
        (-12345.0, ".2e", "−1.23\u00a0×\u00a010⁴"),
        (math.inf, ".2f", "∞"),
        (-math.inf, ".1e", "−∞"),
        (math.nan, ".1e", "undefined"),
    ],
)
def test_numbers_in_words(value: float, form: str, text: str) -> None:
    assert in_words(value, form) == text


def test_digits_of_dials() -> None:
    assert Dial(0, 1, 0.5, "a").digits(0.5) == 2
    assert Dial(-6, 6, 0, "a").digits(1) == 1
    assert Dial(0, 500, 0, "a").digits(1) == 0
    assert Dial(0.001, 1, 0.1, "a", log=True).digits(0.001) == 5
    assert Dial(0.001, 1, 0.1, "a", log=True).digits(0.1) == 3
