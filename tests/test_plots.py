"""Plots against closed forms, SymPy and SciPy: what is drawn is what is meant."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.text import Text
from scipy.optimize import isotonic_regression
from torch import Tensor

from gdbook import plots, style
from gdbook.plots.base import spread, values
from gdbook.plots.regions import _inmost
from gdbook.plots.trajectories import paths

mpl.use("agg")

PHONE = 352.8  # px that a figure has on a page 390 px wide


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    plt.close("all")


def square(x: Tensor) -> Tensor:
    return x**2


def ravine(p: Tensor) -> Tensor:
    return 0.1 * p[..., 0] ** 2 + 2 * p[..., 1] ** 2


class Counted:
    """A function that counts its calls."""

    def __init__(self, f: Any) -> None:
        self.f, self.calls = f, 0

    def __call__(self, x: Tensor) -> Tensor:
        self.calls += 1
        result: Tensor = self.f(x)
        return result


def colours(ax: Axes) -> list[str]:
    return [to_hex(line.get_color()) for line in ax.get_lines()]


# Shared parts


@settings(deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), max_size=9), st.floats(0.1, 50))
def test_labels_move_apart_as_little_as_they_must(wanted: list[float], gap: float) -> None:
    at = np.array(wanted)
    placed = spread(at, gap, -1e6, 1e6)
    order = np.argsort(at, kind="stable")
    assert (np.diff(placed[order]) >= gap - 1e-9 * (1 + np.abs(at).max(initial=0))).all()
    steps = gap * np.arange(len(at))
    if len(at):
        best = isotonic_regression(at[order] - steps).x + steps
        np.testing.assert_allclose(placed[order], best, atol=1e-9)


def test_labels_stay_inside_where_there_is_room() -> None:
    placed = spread(np.array([0.0, 1.0, 99.0, 100.0]), 10, 0, 100)
    np.testing.assert_allclose(placed, [0, 10, 90, 100])


def test_a_function_of_the_wrong_shape_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"one value per point, of shape \(3,\), got \(1,\)"):
        values(lambda x: x[:1], torch.zeros(3))
    np.testing.assert_array_equal(values(lambda x: torch.tensor(2.0), torch.zeros(3)), [2, 2, 2])


def test_a_line_outside_the_axes_cannot_be_labelled() -> None:
    ax = plots.compare_curves([0.0, 1.0], {"here": [0, 1]})
    ax.plot([0, 1], [50, 60], label="away")
    with pytest.raises(ValueError, match="no point inside"):
        plots.label_lines(ax)


# One variable


def test_a_graph_is_torn_where_it_breaks() -> None:
    f = Counted(lambda x: torch.where(x < 0, 0.0, 1.0).to(x.dtype))
    ax = plots.show_function(f, -1, 1, breaks=[0], holes=[(0, 0)], points=[(0, 1)])
    assert f.calls == 1
    x, y = (np.asarray(v) for v in ax.get_lines()[0].get_data())
    jumps = np.flatnonzero(np.abs(np.diff(np.nan_to_num(y, nan=9))) > 0.5)
    assert np.isnan(y[x == 0]).all()
    assert len(jumps) == 2  # to the gap and back: no line from 0 to 1
    faces = [to_hex(line.get_markerfacecolor()) for line in ax.get_lines()[1:]]
    assert faces == [style.colour("paper"), style.role("function")]


@settings(deadline=None, max_examples=40)
@given(st.floats(0.05, 0.9), st.floats(0.02, 0.9))
def test_the_window_is_red_exactly_when_it_breaks_its_promise(epsilon: float, delta: float) -> None:
    # |x² − 1| < ε for all |x − 1| < δ if and only if δ ≤ √(1 + ε) − 1.
    edge = np.sqrt(1 + epsilon) - 1
    assume(abs(delta - edge) > 0.02)
    ax = plots.epsilon_delta(square, 1, 1, epsilon, delta)
    assert (style.role("error") in colours(ax)) == (delta > edge)
    plt.close("all")


def test_the_limit_never_asks_for_the_value_at_the_point() -> None:
    seen: list[Tensor] = []

    def f(x: Tensor) -> Tensor:
        seen.append(x)
        return x * torch.sin(1 / x)

    plots.epsilon_delta(f, 0, 0, 0.1, 0.1)
    assert not (torch.cat(seen) == 0).any()


def test_secants_have_the_slope_of_the_difference_quotient() -> None:
    hs = [1.0, 0.5, -0.25]
    ax = plots.secants(torch.exp, 0.5, hs)
    slopes = [line.get_slope() for line in ax.get_lines() if hasattr(line, "get_slope")]
    quotients = [(np.exp(0.5 + h) - np.exp(0.5)) / h for h in hs]
    np.testing.assert_allclose(slopes, [np.exp(0.5), *quotients], rtol=1e-12)


def test_the_tangent_has_sympys_slope() -> None:
    s = sympy.Symbol("x")
    expected = float(sympy.diff(sympy.sin(s**2), s).subs(s, 0.7))
    ax = plots.tangent(lambda x: torch.sin(x**2), 0.7)
    x, y = (np.asarray(v) for v in ax.get_lines()[1].get_data())
    assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(expected, rel=1e-12)


# Errors and losses


def test_guides_have_their_slope_and_dots_mark_the_lowest_point() -> None:
    h = np.logspace(-8, 0, 81)
    ax = plots.u_curve(h, {"e": 1e-16 / h + h**2}, slopes={"two": 2, "minus one": -1})
    lines = [line for line in ax.get_lines() if len(np.asarray(line.get_xdata())) == 2]
    found = [
        float(np.diff(np.log(ln.get_ydata()))[0] / np.diff(np.log(ln.get_xdata()))[0])
        for ln in lines
    ]
    np.testing.assert_allclose(found, [2, -1], rtol=1e-9)
    (dot,) = (line for line in ax.get_lines() if line.get_marker() == "o")
    # The minimum of u/h + h² is at (u/2)^(1/3).
    assert float(np.asarray(dot.get_xdata())[0]) == pytest.approx((1e-16 / 2) ** (1 / 3), rel=0.13)


def test_losses_of_a_diverged_run_end_where_they_cease() -> None:
    ax = plots.loss_curves({"a": [1, 10, np.inf, np.nan], "b": [4.0, 2, 1]}, log=True)
    y = np.asarray(ax.get_lines()[0].get_ydata())
    assert np.isfinite(y).tolist() == [True, True, False, False]
    assert ax.get_yscale() == "log"
    both = plots.loss_curves({"a": [3.0, 2, 1]}).get_figure()
    assert both is not None
    assert [axis.get_yscale() for axis in both.axes] == ["linear", "log"]


# Several variables


def test_contours_take_one_call_and_say_when_shapes_do_not_fit() -> None:
    f = Counted(ravine)
    ax = plots.show_contours(f, (-10, 10), (-3, 3), samples=50)
    assert f.calls == 1
    assert ax.collections[0].get_rasterized()
    with pytest.raises(ValueError, match=r"points of shape \(\.\.\., 2\)"):
        plots.show_contours(lambda p: p, (0, 1), (0, 1))
    with pytest.raises(ValueError, match="xlim must be finite and increasing, got 1 and 0"):
        plots.show_contours(ravine, (1, 0), (0, 1))
    with pytest.raises(ValueError, match="nowhere finite"):
        plots.show_contours(lambda p: p[..., 0] * torch.nan, (0, 1), (0, 1))


def test_log_levels_are_even_in_the_logarithm() -> None:
    ax = plots.show_contours(ravine, (-10, 10), (-3, 3), log=True, levels=9)
    filled: Any = ax.collections[1]
    ratios = np.diff(np.log(np.asarray(filled.levels)))  # the grid has the minimum, 0
    np.testing.assert_allclose(ratios, ratios[0], rtol=1e-9)


def test_arrows_are_the_gradient() -> None:
    ax = plots.quiver(ravine, (-1, 1), (-1, 1), arrows=5)
    arrows: Any = ax.collections[0]
    x, y = np.asarray(arrows.get_offsets()).T
    np.testing.assert_allclose(np.ravel(arrows.U), 0.2 * x, atol=1e-12)
    np.testing.assert_allclose(np.ravel(arrows.V), 4 * y, atol=1e-12)
    ax = plots.quiver(ravine, (-1, 1), (-1, 1), arrows=5, downhill=True, unit=True)
    arrows = ax.collections[0]
    u, v = np.ravel(arrows.U), np.ravel(arrows.V)
    length = np.hypot(u, v)
    assert ((np.abs(length - 1) < 1e-12) | (length == 0)).all()
    assert (u * x <= 0).all()


def test_paths_end_where_they_cease_to_be_finite() -> None:
    run = torch.tensor([[1.0, 2], [3, 4], [torch.inf, 0], [5, 6]])
    (path,) = paths(run)
    np.testing.assert_array_equal(path, [[1, 2], [3, 4]])
    assert len(paths(torch.zeros(5, 3, 2))) == 3
    with pytest.raises(ValueError, match=r"shape \(steps \+ 1, 2\)"):
        paths(torch.zeros(5, 3))


def test_a_path_leaves_the_limits_of_the_contours() -> None:
    ax = plots.show_contours(ravine, (-1, 1), (-1, 1), trajectory=torch.tensor([[0.0, 0], [9, 9]]))
    assert ax.get_xlim() == (-1, 1)


def test_the_staircase_visits_the_iterates() -> None:
    ax = plots.cobweb(lambda x: 0.5 * x + 1, 6.0, 3)
    x, y = (np.asarray(v) for v in ax.get_lines()[2].get_data())
    np.testing.assert_allclose(x, [6, 6, 4, 4, 3, 3, 2.5])
    np.testing.assert_allclose(y[1:], [4, 4, 3, 3, 2.5, 2.5])
    with pytest.raises(ValueError, match="steps must be a positive integer, got 0"):
        plots.cobweb(square, 1.0, 0)


def test_a_descent_runs_on_the_graph() -> None:
    ax = plots.descent_1d(square, torch.tensor([2.0, 1.0, 0.5, torch.nan]))
    x, y = (np.asarray(v) for v in ax.get_lines()[1].get_data())
    np.testing.assert_allclose(y, x**2)
    assert len(x) == 3


def test_names_stand_inside_their_basins() -> None:
    ends = torch.zeros(30, 40, dtype=torch.int64)
    ends[:, 25:] = 1
    ends[0, 0] = -1
    ax = plots.basins(torch.arange(40.0), torch.arange(30.0), ends, ["left", "right"])
    for text in ax.texts:
        x, y = (round(v) for v in text.get_position())
        assert text.get_text() == ["left", "right"][int(ends[y, x])]
    assert _inmost(np.zeros((9, 9), dtype=bool)) is None
    with pytest.raises(ValueError, match=r"labels must have the shape \(30, 40\), got \(40, 30\)"):
        plots.basins(torch.arange(40.0), torch.arange(30.0), ends.T, ["left", "right"])


def test_an_orbit_is_dark_exactly_where_it_comes_by() -> None:
    # x → 1 − ax² settles for a < 3/4 at the root of ax² + x = 1, and for 3/4 < a < 5/4 in the
    # two-cycle of the roots of a²x² − ax + 1 = a.
    a = torch.linspace(0.5, 1.2, 36, dtype=torch.float64)
    x = torch.full_like(a, 0.3)
    points = []
    for step in range(4000):
        x = 1 - a * x**2
        points += [x] if step >= 3900 else []
    orbit = torch.stack(points)
    orbit[:, -1] = torch.nan
    ax = plots.bifurcation(a, {"run": orbit})
    (image,) = ax.images
    shade = np.asarray(image.get_array())[..., 3]
    low, high = image.get_extent()[2:]
    centre = low + (np.arange(len(shade)) + 0.5) / len(shade) * (high - low)
    cell = (high - low) / len(shade)
    for column, rate in enumerate(a.tolist()[:-1]):
        if abs(rate - 0.75) < 0.03:
            continue  # it settles too slowly there
        roots = np.roots([rate, 1, -1]) if rate < 0.75 else np.roots([rate**2, -rate, 1 - rate])
        expected = roots[roots > 0] if rate < 0.75 else roots
        seen = centre[shade[:, column] > 0]
        assert len(seen) == len(expected)
        np.testing.assert_allclose(np.sort(seen), np.sort(expected), atol=cell)
    assert not shade[:, -1].any()


def test_a_darker_cell_is_met_more_often() -> None:
    orbit = np.repeat([0.0, 1.0], [970, 30])[:, None] * np.ones(2)
    shades = np.asarray(plots.bifurcation([1, 2], {"run": orbit}).images[0].get_array())[..., 3]
    dark = shades[shades[:, 0] > 0, 0]
    assert dark[0] > dark[1] > 0


def test_orbits_that_do_not_fit_get_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"'run' must have shape \(k, 3\), got \(3, 2\)"):
        plots.bifurcation([1, 2, 3], {"run": np.zeros((3, 2))})
    for bad in ([1.0, 1.0], [1.0, 2.0, 4.0], [3.0]):
        with pytest.raises(ValueError, match="evenly spaced, increasing"):
            plots.bifurcation(bad, {"run": np.zeros((3, len(bad)))})
    with pytest.raises(ValueError, match="no finite point"):
        plots.bifurcation([1, 2], {"run": np.full((3, 2), np.nan)})
    with pytest.raises(ValueError, match="at most 7 orbits"):
        plots.bifurcation([1, 2], {str(i): np.zeros((3, 2)) for i in range(8)})


# All of them


def every_figure() -> Iterator[Axes]:
    curve = torch.linspace(0, 1, 20)
    path = torch.stack([8 * 0.9 ** torch.arange(20), 1.5 * (-0.8) ** torch.arange(20)], dim=1)
    yield plots.show_function(square, -1, 1, label="f")
    yield plots.epsilon_delta(square, 1, 1, 0.2, 0.3)
    yield plots.secants(square, 1, [0.5, 0.1])
    yield plots.tangent(square, 1, show_gap=True)
    yield plots.u_curve(curve[1:], {"e": curve[1:]}, slopes={"h": 1})
    yield plots.compare_curves(curve, {"a": curve, "b": square})
    yield plots.loss_curves({"a": curve, "b": 2 * curve})
    yield plots.show_contours(ravine, (-10, 10), (-3, 3), trajectory=path, minima=[[0, 0]])
    yield plots.quiver(ravine, (-1, 1), (-1, 1))
    yield plots.surface(ravine, (-10, 10), (-3, 3), trajectory=path)
    yield plots.cobweb(lambda x: 0.5 * x, 1.0, 5)
    yield plots.descent_1d(square, path[:, 0])
    yield plots.basins(curve, curve, (curve > 0.5).long().expand(20, 20), ["a", "b"])
    yield plots.bifurcation(curve, {"a": torch.rand(9, 20), "b": torch.rand(9, 20)})


def test_text_is_eight_points_on_a_phone_and_lines_keep_to_the_palette() -> None:
    palette = {value.light for value in style.PALETTE.values()}
    for ax in every_figure():
        figure = ax.get_figure(root=True)
        assert figure is not None
        assert figure.get_figwidth() == style.WIDTH
        shrunk = PHONE / (96 * style.WIDTH)
        sizes = [float(t.get_fontsize()) for t in figure.findobj(Text) if t.get_text()]
        assert min(sizes) * shrunk >= 8
        assert set(colours(ax)) <= palette


@pytest.mark.slow
def test_two_runs_draw_the_same_bytes() -> None:
    code = (
        "import io, hashlib, torch; from gdbook import plots;"
        "ax = plots.show_contours(lambda p: (p**2).sum(-1), (-1, 1), (-1, 1));"
        "out = io.BytesIO(); ax.figure.savefig(out, format='svg', metadata={'Date': None});"
        "f = plots.slider(lambda ax, h: plots.secants(torch.sin, 1, [h], ax=ax), [1, .5],"
        " label='h');"
        "print(hashlib.sha256(out.getvalue() + f.svg.encode()).hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"MPLBACKEND": "agg", "PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        ).stdout
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]


def executed(cells: list[str]) -> Any:
    """Return a notebook of some cells, executed in a kernel of its own."""
    import nbformat
    from nbclient import NotebookClient

    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in cells])
    NotebookClient(book, timeout=120).execute()
    return book


def test_a_notebook_shows_svg_and_no_names_of_axes() -> None:
    cells = [
        "from gdbook import plots",
        "plots.show_function(lambda x: x, 0, 1)",
        "plots.microscope([(lambda x: x, 0.0, 'x')], [1.0])",
        "import numpy as np; np.arange(2)",
        "plots.slider(lambda ax, h: plots.secants(lambda x: x**2, 1, [h], ax=ax), [1], label='h')",
    ]
    book = executed(cells)
    told = [[sorted(out["data"]) for out in cell["outputs"]] for cell in book.cells]
    picture = ["image/svg+xml", "text/plain"]
    assert told == [[], [picture], [picture], [["text/plain"]], [picture]]
    svg = book.cells[1]["outputs"][0]["data"]["image/svg+xml"]
    assert f'width="{72 * style.WIDTH:g}pt"' in svg
    assert "dc:date" not in svg


@pytest.mark.parametrize(("styled", "drawings"), [(True, 0), (False, 2)])
def test_a_notebook_draws_a_figure_only_as_what_it_shows(styled: bool, drawings: int) -> None:
    count = """
from matplotlib.backends.backend_agg import FigureCanvasAgg
drawn, draw = [], FigureCanvasAgg.draw
FigureCanvasAgg.draw = lambda canvas: (drawn.append(canvas), draw(canvas))
"""
    cells = [
        "from gdbook import style\n" + styled * "style.use_style()",
        "import matplotlib.pyplot as plt",
        "%config InlineBackend.figure_formats = ['svg']",
        "plt.plot([1, 2]);",
        count,
        "plt.plot([1, 2]);",
        "%matplotlib inline",
        "plt.plot([2, 1]);",
        "print(len(drawn))",
    ]
    book = executed(cells)
    told = [[out.get("text", "figure") for out in cell["outputs"]] for cell in book.cells]
    shown = ["figure"]
    assert told == [[], [], [], shown, [], shown, [], shown, [f"{drawings}\n"]]


@pytest.mark.slow
def test_a_notebook_s_figure_is_the_one_that_savefig_writes_drawn_once() -> None:
    line = "axes[0].loglog([1, 20, 300], label='$x_0$')"
    make = f"fig, axes = figure(1, 2); _ = {line}; _ = fig.legend()"
    cells = [
        "import io\nimport matplotlib.pyplot as plt\nfrom gdbook.plots import figure",
        "from matplotlib.figure import Figure\ndraws, draw = [], Figure.draw\n"
        "Figure.draw = lambda *args: (draws.append(1), draw(*args))",
        make,
        "print(len(draws))",
        f"{make}\nout = io.StringIO()\n"
        "fig.savefig(out, format='svg', metadata={'Date': None})\n"
        "plt.close()\nprint(out.getvalue(), end='')",
        f"%config InlineBackend.print_figure_kwargs = {{'bbox_inches': 'tight'}}\n{make}",
        f"%config InlineBackend.figure_formats = ['png']\n{make}",
    ]
    outputs = [cell["outputs"] for cell in executed(cells).cells]
    shown, tight, png = (outputs[at][0]["data"] for at in (2, 5, 6))
    assert outputs[3][0]["text"] == "1\n"
    assert shown["image/svg+xml"] == outputs[4][0]["text"]
    width = f'width="{72 * style.WIDTH:g}pt"'
    assert width in shown["image/svg+xml"]
    assert width not in tight["image/svg+xml"]
    assert sorted(png) == ["image/png", "text/plain"]
