"""The playground in Python: states, what they show, the still, and what is refused."""

from __future__ import annotations

import json
import math
import re
import xml.etree.ElementTree as ET
from typing import Any

import numpy as np
import pytest
import torch

from gdbook.datasets import load
from gdbook.plots import experiment, playground
from gdbook.plots.play import GROUNDS, State, chance, runs, words
from gdbook.plots.play.still import bands

F64 = torch.float64


def by_torch(kind: Any, value: Any, start: Any, steps: int, **options: Any) -> torch.Tensor:
    x = torch.tensor(start, dtype=F64, requires_grad=True)
    optimizer = kind([x], **options)
    for _ in range(steps):
        (x.grad,) = torch.autograd.grad(value(x), x)
        optimizer.step()
    return x.detach()


def test_an_experiment_is_a_run_of_torch() -> None:
    made = experiment(
        "ravine", start=(-3, 1), kappa=40, sgd=0.3, momentum=0.1, adam=0.2, beta=0.8, steps=50
    )

    def value(x: torch.Tensor) -> torch.Tensor:
        return 0.05 * x[0] ** 2 + 2 * x[1] ** 2  # curvatures 4/κ = 0.1 and 4

    for method, kind, options in (
        ("sgd", torch.optim.SGD, {"lr": 0.3}),
        ("momentum", torch.optim.SGD, {"lr": 0.1, "momentum": 0.8}),
        ("adam", torch.optim.Adam, {"lr": 0.2, "betas": (0.8, 0.999)}),
    ):
        end = by_torch(kind, value, (-3, 1), 50, **options)
        assert made.end(method) == pytest.approx(end.tolist(), abs=1e-12)
        assert made.loss(method) == pytest.approx(float(value(end)), rel=1e-9)
    assert made.edge("sgd") == pytest.approx(0.5)
    assert made.rate("sgd") == pytest.approx(1 - 0.3 * 0.1)
    assert made.edge("momentum") == pytest.approx(2 * 1.8 / 4)
    slowest = np.abs(np.roots([1, -(1 + 0.8 - 0.1 * 0.1), 0.8])).max()  # e₊ = (1 + β − ηλ)e − βe₋
    assert made.rate("momentum") == pytest.approx(slowest)
    assert made.measured("sgd") == pytest.approx(0.97, abs=1e-3)


def test_a_turned_ravine_has_the_same_losses_for_plain_descent() -> None:
    state: dict[str, Any] = {"kappa": 100, "sgd": 0.4, "steps": 30}
    c = math.sqrt(0.5)
    along = experiment("ravine", start=(-2, 1), **state)
    turned = experiment("ravine", start=(c * -2 - c * 1, c * -2 + c * 1), angle=45, **state)
    assert turned.loss("sgd") == pytest.approx(along.loss("sgd"), rel=1e-9)


def test_decay_is_a_curvature_of_its_own() -> None:
    made = experiment("ravine", sgd=0.3, decay=0.1)
    assert made.edge("sgd") == pytest.approx(2 / 4.1)
    assert made.rate("sgd") == pytest.approx(1 - 0.3 * 0.3)


def test_a_run_that_leaves_says_at_which_step() -> None:
    made = experiment("ravine", start=(0, 1), sgd=1, steps=60)
    step = made.left("sgd")
    assert 3 ** (step - 1) < 1e9 < 3**step  # each step multiplies by −3
    assert made.loss("sgd") == math.inf
    assert experiment("ravine", sgd=0.1).left("sgd") == 0


def test_the_race_keeps_the_best_rate() -> None:
    made = experiment("rosenbrock", momentum=0.0005, adam=0.1, steps=80)
    tuned = made.tuned()
    for method in ("momentum", "adam"):
        best = runs.run(tuned.state, method).values[-8:].mean()
        for eta in (0.3, 1.0, 3.0):
            other = tuned.state.with_rates({method: tuned.state.eta[method] * eta})
            made_so = runs.run(other, method)
            assert made_so.left or made_so.values[-8:].mean() >= 0.999 * best
    assert tuned.tuned() == tuned


def test_what_a_blind_date_leaves_is_the_noise() -> None:
    made = experiment("sine", start=(1, 1), sgd=0.1, blind=3)
    omega, t = chance.hidden_truth(3)
    data = load("sine_fit").train
    noise = data["y"] - torch.sin(2.188 * data["x"] + 1)
    assert made.left_over() == pytest.approx(float((noise**2).mean() / 2))
    ends = GROUNDS["sine"].drawn.domain
    assert ends[0][0] < omega < ends[0][1]
    assert ends[1][0] < t < ends[1][1]
    at_truth = State(f="sine", start=(omega, t), eta={"sgd": 0.1}, blind=3)
    assert runs.run(at_truth, "sgd").values[0] == pytest.approx(made.left_over())


def test_words_say_what_is_known_and_no_more() -> None:
    said = words.of_all(experiment("sine", sgd=0.1, adam=0.1).state, 0)
    assert re.fullmatch(r"loss \d\.\d+ · sure to descend below η = 0\.\d+", said["SGD"])
    assert "·" not in said["Adam"]
    noisy = words.of_all(experiment("sine", sgd=0.1, batch=5).state, 0)
    assert "·" not in noisy["SGD"]
    saddle = words.of_all(experiment("saddle", sgd=0.1).state, 5)
    assert saddle["SGD"].endswith("no η is stable: one curvature is −2.00")


def test_the_map_is_deep_at_the_minimum() -> None:
    state = experiment("himmelblau", sgd=0.01).state
    found = bands(state)
    assert found.min() == 0
    assert found.max() == 15
    row, column = (round((v + 5) / 10 * (len(found) - 1)) for v in (2.0, 3.0))
    assert found[row, column] == 0


def test_the_still_carries_the_state_and_the_data() -> None:
    made = playground("sine", sgd=0.1, momentum=0.03, steps=40, dials=("beta", "batch"))
    spec = json.loads(ET.fromstring(made.svg).get("data-gd-play", ""))
    assert spec["state"]["eta"] == {"sgd": 0.1, "momentum": 0.03}
    assert spec["dials"] == ["beta", "batch"]
    rows = load("sine_fit").train
    assert spec["grounds"]["sine"]["x"] == rows["x"].tolist()
    assert list(spec["grounds"]) == ["sine"]
    assert playground("sine", sgd=0.1, momentum=0.03, steps=40, dials=("beta", "batch")) == made
    whole = json.loads(
        ET.fromstring(playground("wave", full=True, sgd=1).svg).get("data-gd-play", "")
    )
    assert list(whole["grounds"]) == list(GROUNDS)
    assert set(made._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}


def test_a_link_names_the_state() -> None:
    shown = experiment("ravine", kappa=100, sgd=0.49, steps=60)._repr_mimebundle_()
    query = "f=ravine&start=-4,1.5&sgd=0.49&kappa=100&steps=60"
    assert f'href="?{query.replace("&", "&amp;")}"' in shown["text/html"]
    assert shown["text/plain"] == f"The playground's state: {query}"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: playground("ravin", sgd=1), "no landscape of the playground is called 'ravin'"),
        (lambda: playground("ravine"), "a state needs a method with its rate"),
        (lambda: playground("ravine", sdg=1), "no number or method is called 'sdg'"),
        (lambda: playground("ravine", sgd=0), "the rate of sgd must lie between 0.0001 and 10"),
        (lambda: playground("ravine", sgd=math.nan), "the rate of sgd must lie between"),
        (lambda: playground("ravine", sgd=1, beta=1), "beta must lie between 0 and 0.99, got 1"),
        (lambda: playground("wave", sgd=1, start=(9, 0)), "x₀ of the start must lie between -5"),
        (lambda: playground("wave", sgd=1, start=(1,)), "start must be a pair of numbers, got 1"),  # type: ignore[arg-type]
        (lambda: playground("wave", sgd=1, dials=("bta",)), "no dial is called 'bta'"),
        (
            lambda: experiment("wave", sgd=1).loss("adam"),
            "method of this state is called 'adam'",
        ),
        (lambda: experiment("wave", sgd=1).rate("sgd"), "theory predicts no rate"),
        (lambda: experiment("wave", sgd=1).left_over(), "only the sine's data"),
        (
            lambda: experiment("ravine", sgd=0.5, steps=5).measured("sgd"),
            "too short to show a rate",
        ),
    ],
)
def test_bad_input_meets_a_sentence(make: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        make()
