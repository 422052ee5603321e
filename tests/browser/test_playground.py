"""The playground's arithmetic in Chromium: methods against torch, all else against gdbook."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playgrounds import example, write_page
from playwright.sync_api import Page

from gdbook.datasets import load
from gdbook.losses import half_mse
from gdbook.plots.play import GROUNDS, State, chance, runs, words
from gdbook.plots.play.grounds import for_browser, landscape_of
from gdbook.plots.play.state import METHODS
from gdbook.plots.play.still import bands

pytestmark = pytest.mark.browser

STEPS = 200
PARTS = "const { METHODS, landscape, run, runs, tuned, read, written, picture, brief } = \
customElements.get('gd-play').parts;"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("play")
    write_page(made)
    return made


@pytest.fixture
def page(folder: Path, watch: Any) -> Page:
    opened: Page = watch().go(f"file://{folder}/index.html")
    opened.wait_for_function("document.querySelector('#whole gd-play').playground")
    return opened


def in_browser(page: Page, body: str, given: Any = None) -> Any:
    """Run a function's body with the playground's parts."""
    return page.evaluate(f"(given) => {{ {PARTS} {body} }}", given)


# ------------------------------------------------------------------ methods against torch

Case = tuple[str, str, dict[str, Any]]


def cases() -> list[Case]:
    """Methods with random hyper-parameters; torch's name first, then the rule's row in the page."""
    chance = random.Random(2)
    made: list[Case] = []

    def some(**more: Any) -> dict[str, Any]:
        decay = chance.choice([0.0, chance.uniform(0, 0.3)])
        return {"lr": 10 ** chance.uniform(-4, 0.3), "weight_decay": decay, **more}

    for _ in range(6):
        beta = chance.uniform(0.01, 0.99)
        betas = [chance.uniform(0, 0.99), chance.uniform(0.5, 0.9999)]
        eps = 10 ** chance.uniform(-10, -1)
        made += [
            ("SGD", "sgd", some()),
            ("SGD", "momentum", some(momentum=beta, dampening=chance.uniform(0, 1))),
            ("SGD", "nesterov", some(momentum=beta, nesterov=True)),
            (
                "Adagrad",
                "adagrad",
                some(
                    lr_decay=chance.uniform(0, 0.2),
                    initial_accumulator_value=chance.uniform(0, 1),
                    eps=eps,
                ),
            ),
            (
                "RMSprop",
                "rmsprop",
                some(
                    alpha=chance.uniform(0, 0.999),
                    eps=eps,
                    momentum=chance.choice([0.0, beta]),
                    centered=chance.random() < 0.5,
                ),
            ),
            ("Adam", "adam", some(betas=betas, eps=eps)),
            ("Adam", "amsgrad", some(betas=betas, eps=eps, amsgrad=True)),
            ("AdamW", "adamw", some(betas=betas, eps=eps, amsgrad=chance.random() < 0.5)),
        ]
    # Nothing said: the defaults are torch's, AdamW's decay among them.
    made += [("SGD", "sgd", {}), ("Adagrad", "adagrad", {}), ("RMSprop", "rmsprop", {})]
    made += [("Adam", "adam", {}), ("AdamW", "adamw", {})]
    # The first step alone shows dampening, the place of ε and the corrections.
    made += [("SGD", "momentum", {"lr": 0.1, "momentum": 0.9, "dampening": 1.0})]
    made += [("Adam", "adam", {"lr": 0.1, "eps": 1.0}), ("RMSprop", "rmsprop", {"eps": 1.0})]
    return made


def with_torch(name: str, options: dict[str, Any], start: Any, gradients: Any) -> torch.Tensor:
    x = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = getattr(torch.optim, name)([x], **options)
    points = [x.detach().clone()]
    for gradient in gradients:
        x.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        points.append(x.detach().clone())
    return torch.stack(points)


def test_every_method_is_torch_s_step_for_step(page: Page) -> None:
    drawn = np.random.default_rng(3)
    names = cases()
    gradients = drawn.normal(size=(len(names), STEPS, 2)) * 10 ** drawn.uniform(
        -3, 2, (len(names), 1, 1)
    )
    gradients[::5, 50:100, 1] = 0  # a coordinate that gets nothing for a while
    gradients[1::7, :3] = 0  # and one whose first gradients are 0
    starts = drawn.normal(size=(len(names), 2))
    given = [
        [row, options, start.tolist(), own.tolist()]
        for (_, row, options), start, own in zip(names, starts, gradients, strict=True)
    ]
    got = in_browser(
        page,
        """return given.map(([row, options, start, gradients]) => {
          let [x, state] = [start, {}];
          const { rule } = METHODS[row];
          return [x, ...gradients.map((g) => ([x, state] = rule(x, g, state, options))[0])];
        });""",
        given,
    )
    for (name, row, options), start, own, points in zip(names, starts, gradients, got, strict=True):
        expected = with_torch(name, options, start, own)
        added = expected[0].abs() + (expected[1:] - expected[:-1]).abs().cumsum(0)
        off = (torch.tensor(points, dtype=torch.float64) - expected)[1:].abs() / added
        assert expected.isfinite().all(), (row, options)
        assert float(off.max()) < 1e-9, (row, options)


def test_the_dials_reach_each_rule_under_torch_s_names(page: Page) -> None:
    """A run of the page is a run of torch on the same landscape."""
    state = State(
        f="wave",
        start=(-4.0, 1.0),
        eta=dict.fromkeys(METHODS, 0.05),
        beta=0.8,
        beta2=0.97,
        alpha=0.9,
        decay=0.02,
        steps=60,
    )
    got = run_in(page, state)
    betas = (0.8, 0.97)
    options: dict[str, tuple[str, dict[str, Any]]] = {
        "sgd": ("SGD", {}),
        "momentum": ("SGD", {"momentum": 0.8}),
        "nesterov": ("SGD", {"momentum": 0.8, "nesterov": True}),
        "adagrad": ("Adagrad", {}),
        "rmsprop": ("RMSprop", {"alpha": 0.9}),
        "adam": ("Adam", {"betas": betas}),
        "amsgrad": ("Adam", {"betas": betas, "amsgrad": True}),
        "adamw": ("AdamW", {"betas": betas}),
    }
    for method, (name, own) in options.items():
        x = torch.tensor(state.start, dtype=torch.float64, requires_grad=True)
        optimizer = getattr(torch.optim, name)([x], lr=0.05, weight_decay=0.02, **own)
        for k in range(61):
            np.testing.assert_allclose(got[method]["points"][k], x.detach(), atol=1e-9)
            (x.grad,) = torch.autograd.grad(x[0] ** 2 / 4 + torch.sin(x[1]), x)
            optimizer.step()


# ------------------------------------------------------------------ landscapes


def run_in(page: Page, state: State) -> dict[str, Any]:
    """Return the runs that the browser makes of a state."""
    made: dict[str, Any] = in_browser(
        page,
        "const [ground, state] = given; return runs(landscape(ground, state), state);",
        [for_browser(state.f), state.for_browser()],
    )
    return made


@pytest.mark.parametrize("f", GROUNDS)
def test_values_and_gradients_are_those_of_gdbook(page: Page, f: str) -> None:
    chance = random.Random(f)
    for _ in range(3):
        state = State(
            f=f,
            start=GROUNDS[f].start,
            eta={"sgd": 0.1},
            kappa=10 ** chance.uniform(0, 3),
            angle=chance.uniform(0, 90),
            blind=chance.choice([0, chance.randint(1, 10**6)]),
        )
        land = landscape_of(state)
        points = [[chance.uniform(*ends) for ends in land.domain] for _ in range(40)]
        values, gradients = in_browser(
            page,
            """const [ground, state, points] = given;
            const land = landscape(ground, state);
            return [points.map((p) => land.value(p)), points.map((p) => land.gradient(p))];""",
            [for_browser(f), state.for_browser(), points],
        )
        at = torch.tensor(points, dtype=torch.float64)
        np.testing.assert_allclose(values, land(at), rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(gradients, land.gradient(at), rtol=1e-10, atol=1e-11)
        by_torch = torch.func.vmap(torch.func.grad(land))(at)  # the gradient is one of the value
        np.testing.assert_allclose(gradients, by_torch, rtol=1e-9, atol=1e-10)


@pytest.mark.parametrize("f", ["sine", "network"])
def test_the_losses_on_data_are_those_of_gdbook(page: Page, f: str) -> None:
    """Of the whole data and of a batch: half the mean square, its gradient by autograd."""
    drawn = random.Random(f)
    table = load("sine_fit" if f == "sine" else "two_moons").train
    # The network tells the moons' heights above their middle apart, as 1 and −1.
    x, y = (table.x, table.y) if f == "sine" else (table.y - 0.25, 1 - 2 * table.label)

    def prediction(p: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        return torch.sin(p[0] * x + p[1]) if f == "sine" else p[1] * torch.tanh(p[0] * x)

    cases = []
    for _ in range(30):
        rows = drawn.choices(range(len(x)), k=drawn.randint(1, 9)) if drawn.random() < 0.5 else None
        cases.append(([drawn.uniform(-4, 4), drawn.uniform(-4, 4)], rows))
    got = in_browser(
        page,
        """const [ground, state, cases] = given;
        const land = landscape(ground, state);
        return cases.map(([p, rows]) => [land.value(p), land.gradient(p, rows ?? undefined)]);""",
        [for_browser(f), State(f=f, start=(1.0, 1.0), eta={"sgd": 0.1}).for_browser(), cases],
    )
    for (place, rows), (value, gradient) in zip(cases, got, strict=True):
        p = torch.tensor(place, dtype=torch.float64, requires_grad=True)
        assert value == pytest.approx(half_mse(prediction(p, x), y).item(), rel=1e-12)
        used = slice(None) if rows is None else rows
        (expected,) = torch.autograd.grad(half_mse(prediction(p, x[used]), y[used]), p)
        np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-12)


def test_the_map_is_dark_where_it_is_deep(page: Page) -> None:
    state = State(f="himmelblau", start=(0.0, 0.0), eta={"sgd": 0.01})
    greys = page.evaluate(
        f"""([ground, state]) => {{
          {PARTS}
          const image = picture(landscape(ground, state), ground.domain);
          const canvas = new OffscreenCanvas(240, 240).getContext("2d");
          canvas.drawImage(image, 0, 0, 240, 240);
          const {{ data }} = canvas.getImageData(0, 0, 240, 240);
          return Array.from({{ length: 240 * 240 }}, (_, i) => data[4 * i] + data[4 * i + 2]);
        }}""",
        [for_browser("himmelblau"), state.for_browser()],
    )
    dark = np.array(greys).reshape(240, 240)[::-1]  # Python counts its rows from below
    ours = bands(state)
    assert np.corrcoef(dark.ravel(), ours.ravel())[0, 1] > 0.995
    assert dark[ours == 0].mean() < 150
    assert dark[ours == 15].mean() > 450


# ------------------------------------------------------------------ chance, and all that is said


def some_state(chance: random.Random, f: str) -> State:
    """Return a random state with rates at which runs need not leave."""
    ground = GROUNDS[f]
    own = for_browser(f)["rates"]
    methods = chance.sample(list(METHODS), 4)
    return State(
        f=f,
        start=tuple(round(chance.uniform(*ends), 3) for ends in ground.drawn.domain),  # type: ignore[arg-type]
        eta={m: float(f"{max(1e-4, own[m] * 10 ** chance.uniform(-1, 0.2)):.3g}") for m in methods},
        kappa=float(f"{10 ** chance.uniform(0, 2):.3g}"),
        angle=chance.randint(0, 90),
        beta=round(chance.uniform(0, 0.97), 2),
        beta2=round(chance.uniform(0.6, 0.999), 3),
        alpha=round(chance.uniform(0.6, 0.999), 3),
        decay=chance.choice([0, round(chance.uniform(0, 0.2), 3)]),
        batch=chance.choice([0, chance.randint(1, 60)]),
        seed=chance.randint(1, 10**6),
        steps=chance.randint(5, 90),
        blind=chance.choice([0, chance.randint(1, 10**6)]) if f == "sine" else 0,
    )


def opened(page: Page, state: State) -> None:
    """Put the page's whole playground into a state."""
    page.evaluate(
        """async (state) => {
          const { playground } = document.querySelector("#whole gd-play");
          playground.change(state);
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
        }""",
        state.for_browser(),
    )


def said(page: Page) -> dict[str, str]:
    rows: list[list[str]] = page.evaluate(
        """[...document.querySelectorAll("#whole .gd-row")]
          .filter((row) => row.querySelector(".gd-says"))
          .map((row) => [row.querySelector(".gd-method").textContent.trim(),
                         row.querySelector(".gd-says").textContent])"""
    )
    return dict(rows)


@pytest.mark.parametrize("f", GROUNDS)
def test_every_number_is_python_s_at_random_states(page: Page, f: str) -> None:
    chance = random.Random(f"said {f}")
    slider = page.locator("#whole .gd-bar input")
    for _ in range(8):
        state = some_state(chance, f)
        opened(page, state)
        assert said(page) == words.of_all(state, state.steps), state.query
        step = chance.randint(0, state.steps)
        slider.fill(str(step))
        assert said(page) == words.of_all(state, step), (state.query, step)
        assert page.locator("#whole .gd-bar .gd-value").inner_text() == (
            f"step {step} of {state.steps}"
        )


def test_a_run_that_leaves_says_when(page: Page) -> None:
    state = State(f="ravine", start=(-4.0, 1.0), eta={"sgd": 1.5, "adam": 0.3}, steps=60)
    opened(page, state)
    made = runs.run(state, "sgd")
    assert made.left
    assert said(page)["SGD"].startswith(
        f"left at step {len(made.values)} · ρ 5.000 predicted, 5.000"
    )
    assert said(page) == words.of_all(state, 60)
    opened(page, State(f="saddle", start=(-1.5, 0.01), eta={"sgd": 0.1}))
    assert said(page)["SGD"].endswith("no η is stable: one curvature is −2.00")


def test_numbers_are_written_as_python_writes_them(page: Page) -> None:
    drawn = random.Random(4)
    values = [0.0, 1e-3, 9.995e-4, 9999.5, 1e4, 0.125, 2.125, -1.5, 1.0, 10.0, 99.95, 1e300]
    values += [drawn.uniform(-10, 10) * 10 ** drawn.randint(-6, 6) for _ in range(300)]
    got = in_browser(page, "return given.map(brief);", values)
    assert got == [words.brief(value) for value in values]


def test_batches_and_blind_dates_are_drawn_as_in_python(page: Page) -> None:
    state = State(
        f="sine", start=(3.0, 1.0), eta={"sgd": 0.1, "adam": 0.05}, batch=3, seed=77, steps=50
    )
    got = run_in(page, state)
    for method in state.eta:
        made = runs.run(state, method)
        np.testing.assert_allclose(got[method]["points"], made.points, rtol=1e-9)
    drawn = chance.uniform(5)
    first = [next(drawn) for _ in range(4000)]
    assert 0.48 < sum(first) / 4000 < 0.52
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 0.05
    frequencies = [chance.hidden_truth(seed)[0] for seed in range(1, 200)]
    assert 0.5 <= min(frequencies) < 1
    assert 5 < max(frequencies) <= 5.5


def test_the_race_finds_python_s_rates(page: Page) -> None:
    for f in ("ravine", "rosenbrock", "sine"):
        state = State(f=f, start=GROUNDS[f].start, eta=dict.fromkeys(METHODS, 0.1), steps=80)
        got = in_browser(
            page,
            "const [ground, state] = given; return tuned(landscape(ground, state), state);",
            [for_browser(f), state.for_browser()],
        )
        assert got == runs.tuned(state)


def test_an_address_is_a_state(page: Page) -> None:
    drawn = random.Random(8)
    states = [some_state(drawn, drawn.choice(list(GROUNDS))) for _ in range(30)]
    got = in_browser(
        page,
        """const [queries, grounds, blank] = given;
        return queries.map((query) => {
          const state = read(query, blank, grounds);
          return [state, written(state)];
        });""",
        [
            [state.query for state in states],
            {f: for_browser(f) for f in GROUNDS},
            example("whole").state.for_browser(),
        ],
    )
    for state, (back, again) in zip(states, got, strict=True):
        assert back == state.for_browser()
        assert sorted(again.split("&")) == sorted(state.query.split("&"))


@pytest.mark.parametrize(
    "query",
    [
        "f=nowhere&sgd=1",
        "f=ravine&sgd=-1&beta=7&steps=1e99",
        "f=wave&start=a,b&kappa=&adam=NaN",
        "?",
    ],
)
def test_an_address_that_makes_no_sense_does_no_harm(page: Page, query: str) -> None:
    before = example("whole").state.for_browser()
    back = in_browser(
        page,
        "const [query, grounds, blank] = given; return read(query, blank, grounds);",
        [query, {f: for_browser(f) for f in GROUNDS}, before],
    )
    State(**{**back, "start": tuple(back["start"])})  # refuses what is out of range
