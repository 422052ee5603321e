"""Wrong answers to the lab, made by torch programs with one mistake each."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

import labs
from gdbook.lab.variants import Variant, variant

#: From a seed to the value that the mistake leads to.
Maker = Callable[[int], Any]


def _run(
    on: str, *, steps: int | None = None, optimizer: Any = None, entry: int = 0, **mistakes: Any
) -> Maker:
    """Return what makes a history; `entry` 0 is the path, 1 the losses."""
    function = {"parabola": labs.parabola, "skewed": labs.skewed}[on]
    wanted = steps or {"parabola": 200, "skewed": 500}[on]

    def made(seed: int) -> Any:
        mine = variant(seed)
        bound = functools.partial(function, mine)
        options = {
            key: value(mine) if key == "logged" else value for key, value in mistakes.items()
        }
        return labs.history(bound, mine.start, wanted, optimizer, **options)[entry]

    return made


def _sgd(rate: float, **options: Any) -> Any:
    return lambda params: torch.optim.SGD(params, lr=rate, **options)


class _Watched:
    """An optimizer that steps along something else than the gradient."""

    def __init__(self, params: list[Tensor], slope: Callable[[Tensor], Tensor]) -> None:
        self.X, self.slope = params[0], slope

    def zero_grad(self) -> None:
        self.X.grad = None

    def step(self) -> None:
        with torch.no_grad():
            self.X -= 0.001 * self.slope(self.X)


def _along(slope: Callable[[Variant, Tensor], Tensor], on: str = "skewed", entry: int = 0) -> Maker:
    def made(seed: int) -> Any:
        mine = variant(seed)
        return _run(
            on,
            optimizer=lambda params: _Watched(params, functools.partial(slope, mine)),
            entry=entry,
        )(seed)

    return made


def _asymmetric(mine: Variant, X: Tensor) -> Tensor:
    s = mine.stretch
    return 20 * torch.tensor([[1.0, -s], [1.0, s]]).to(X) @ X


def _in_turn(seed: int) -> Any:
    mine = variant(seed)
    x, y = mine.start
    s, path = mine.stretch, []
    for _ in range(500):
        path.append([x, y])
        x = x - 0.001 * (20 * x + 10 * (1 - s) * y)
        y = y - 0.001 * (10 * (1 - s) * x + 20 * s * y)
    return path


def _smaller(factor: float) -> Callable[[Variant, Tensor], Tensor]:
    return lambda mine, X: 2 * mine.scale * X * factor


def _adamw(maker: Any, entry: int = 0, **mistakes: Any) -> Maker:
    return _run("skewed", steps=200, optimizer=maker, entry=entry, **mistakes)


class _Uncorrected(_Watched):
    def __init__(self, params: list[Tensor]) -> None:
        super().__init__(params, lambda X: X)
        self.m = self.v = torch.zeros(2).double()

    def step(self) -> None:
        gradient = self.X.grad
        assert gradient is not None
        self.m = 0.9 * self.m + 0.1 * gradient
        self.v = 0.999 * self.v + 0.001 * gradient**2
        with torch.no_grad():
            self.X *= 0.99
            self.X -= self.m / (self.v.sqrt() + 1e-8)


def _gradient(change: Callable[[Variant, Tensor], Any]) -> Maker:
    return lambda seed: change(variant(seed), labs.right(seed)["gradient"])


def _matrix(change: Callable[[Variant, Tensor], Any]) -> Maker:
    return lambda seed: change(variant(seed), labs.right(seed)["matrix"])


def _sine(loss: Callable[[Tensor, Tensor, Tensor, Tensor], Tensor], times: int = 1) -> Maker:
    def made(seed: int) -> Any:
        mine = variant(seed)
        w = labs.leaf(mine.sine_at)
        x, y = torch.tensor(mine.sine_x).double(), torch.tensor(mine.sine_y).double()
        for _ in range(times):
            labs.backward(loss(w[0], w[1], x, y))
        return w.grad

    return made


def _mean(omega: Tensor, t: Tensor, x: Tensor, y: Tensor) -> Tensor:
    return ((y - torch.sin(omega * x + t)) ** 2).mean() / 2


def _after(name: str, change: Callable[[Any], Any]) -> Maker:
    return lambda seed: change(labs.right(seed)[name])


def _by_hand(change: Callable[[Variant, Tensor, Tensor], Any]) -> Maker:
    def made(seed: int) -> Any:
        mine = variant(seed)
        x, y = torch.tensor(mine.sine_x).double(), torch.tensor(mine.sine_y).double()
        omega, t = mine.sine_at
        rest, cosine = y - torch.sin(omega * x + t), torch.cos(omega * x + t)
        return change(mine, torch.stack([rest, x]), cosine)

    return made


def _rate(of: Callable[[Tensor, Variant], Any]) -> Maker:
    return lambda seed: of(torch.linalg.eigvalsh(labs.hessian(variant(seed))), variant(seed))


def _elsewhere(seed: int) -> list[float]:
    """Return a minimum of the blind date that is not the lowest, by SciPy."""
    import numpy as np
    from scipy.optimize import least_squares

    mine = variant(seed)
    x, y = np.array(mine.blind_x), np.array(mine.blind_y)
    for start in ([1.0, 0.5, 0.0, 0.0], [1.0, 3.9, 1.0, 0.0], [1.0, 3.5, -2.0, 0.0]):
        found = least_squares(lambda w: w[0] * np.sin(w[1] * x + w[2]) + w[3] - y, start)
        if found.cost / len(x) > 2 * labs.fit(mine)[1]:
            parameters: list[float] = found.x.tolist()
            return parameters
    raise AssertionError("the data have no other minimum near these starts")


def _coarser(g: Tensor) -> Tensor:
    """Return numbers with as many decimals as are too few."""
    rounded = (g.round(decimals=digits) for digits in (3, 2, 1))
    return next(made for made in rounded if (made - g).abs().max() > 2e-4)


def _nan(path: Any) -> Any:
    path = torch.as_tensor(path).clone()
    path[50:] = math.nan
    return path


#: (name in the catalogue, answer, what makes it).
WRONG: list[tuple[str, str, Maker]] = [
    # What was handed in
    ("not-numbers", "sine", lambda _: ["0.1", "0.2"]),
    ("not-numbers", "matrix", lambda _: None),
    ("not-numbers", "largest_rate", lambda _: {"__instance_type__": ["os", "system"]}),
    ("not-numbers", "loss_factor", lambda _: True),
    ("not-numbers", "gradient", lambda _: {"__ndarray__": [1, 2], "dtype": "object"}),
    ("not-names", "graph", lambda _: 3),
    ("not-names", "graph", lambda _: []),
    ("ragged", "matrix", lambda _: [[1.0, 2.0], [3.0]]),
    ("ragged", "gradient", lambda _: {"__ndarray__": [1, 2], "dtype": "int64", "shape": [3]}),
    ("too-deep", "gradient", lambda _: [[[[[[1.0]]]]]]),
    ("packed", "gradient", lambda _: {"__ndarray__": "b64.gz:H4sI", "dtype": "float64"}),
    ("shape", "gradient", lambda _: [1.0, 2.0, 3.0]),
    ("shape", "skewed_loss", lambda _: [[1.0, 2.0]]),
    ("shape", "parabola_path", lambda _: []),
    ("shape", "gradient", lambda _: labs.tricky(np.zeros((0, 2)))),
    ("not-finite", "skewed_path", _after("skewed_path", _nan)),
    ("not-finite", "gradient", lambda _: [1.0, math.inf]),
    ("not-finite", "blind_w", lambda _: [math.nan, 0.0, 0.0, 0.0]),
    ("not-finite", "blind_loss", lambda _: math.nan),
    ("other-seed", "parabola_path", lambda _: labs.right(0)["parabola_path"]),
    ("other-seed", "sine", lambda _: labs.right(0)["sine"]),
    # How a history was logged
    ("logged-after", "parabola_path", _run("parabola", after=True)),
    ("logged-after", "parabola_loss", _run("parabola", after=True, entry=1)),
    ("logged-after", "skewed_path", _run("skewed", after=True)),
    ("logged-after", "skewed_loss", _run("skewed", after=True, entry=1)),
    ("logged-after", "sgd_loss", _run("skewed", after=True, entry=1)),
    (
        "logged-after",
        "adamw_path",
        _adamw(lambda params: torch.optim.AdamW(params, lr=1.0), after=True),
    ),
    ("one-too-many", "parabola_path", _run("parabola", log_last=True)),
    ("one-too-many", "skewed_loss", _run("skewed", log_last=True, entry=1)),
    ("one-too-few", "skewed_path", _run("skewed", steps=499)),
    ("stopped-early", "skewed_path", _run("skewed", steps=100)),
    ("went-on", "parabola_path", _run("parabola", steps=500)),
    ("alias", "parabola_path", _run("parabola", copy=False)),
    ("alias", "skewed_path", _run("skewed", copy=False)),
    ("transposed", "parabola_path", _after("parabola_path", lambda path: path.T)),
    ("transposed", "matrix", _matrix(lambda _, g: g.T)),
    ("column", "skewed_loss", _after("skewed_loss", lambda losses: [[x] for x in losses])),
    ("rounded", "parabola_path", _after("parabola_path", lambda path: path.round(decimals=2))),
    ("rounded", "skewed_loss", _after("skewed_loss", lambda losses: [round(x, 1) for x in losses])),
    ("rounded", "gradient", _gradient(lambda _, g: _coarser(g))),
    ("unknown", "gradient", _gradient(lambda _, g: g + 0.0023456789)),
    (
        "departs",
        "parabola_path",
        _after("parabola_path", lambda p: p + 0.3 * (torch.arange(200)[:, None] > 90)),
    ),
    ("starts-elsewhere", "parabola_path", _after("parabola_path", lambda path: path + 0.7)),
    # What a step did
    ("not-zeroed", "parabola_path", _run("parabola", zero=False)),
    ("not-zeroed", "parabola_loss", _run("parabola", zero=False, entry=1)),
    ("not-zeroed", "skewed_path", _run("skewed", zero=False)),
    ("not-zeroed", "sgd_loss", _run("skewed", zero=False, entry=1)),
    (
        "not-zeroed",
        "adamw_path",
        _adamw(lambda params: torch.optim.AdamW(params, lr=1.0), zero=False),
    ),
    ("climbs", "parabola_path", _run("parabola", optimizer=_sgd(0.001, maximize=True))),
    ("climbs", "skewed_loss", _run("skewed", optimizer=_sgd(0.001, maximize=True), entry=1)),
    ("rate-ten", "skewed_path", _run("skewed", optimizer=_sgd(0.01))),
    ("rate-ten", "parabola_loss", _run("parabola", optimizer=_sgd(0.01), entry=1)),
    ("rate-tenth", "skewed_path", _run("skewed", optimizer=_sgd(0.0001))),
    ("factor-missing", "matrix", _matrix(lambda mine, g: g / mine.scale)),
    ("halved", "parabola_path", _along(_smaller(0.5), "parabola")),
    ("taken-symmetric", "skewed_path", _along(_asymmetric)),
    ("taken-symmetric", "skewed_loss", _along(_asymmetric, entry=1)),
    ("one-after-the-other", "skewed_path", _in_turn),
    (
        "loss-factor",
        "skewed_loss",
        _run("skewed", entry=1, logged=lambda mine: lambda X: labs.skewed(mine, X) / 10),
    ),
    ("momentum", "sgd_loss", _run("skewed", optimizer=_sgd(0.001, momentum=0.9), entry=1)),
    ("adam", "adamw_path", _adamw(lambda params: torch.optim.Adam(params, lr=1.0))),
    ("adam", "adamw_loss", _adamw(lambda params: torch.optim.Adam(params, lr=1.0), entry=1)),
    (
        "coupled",
        "adamw_path",
        _adamw(lambda params: torch.optim.Adam(params, lr=1.0, weight_decay=0.01)),
    ),
    ("adam-rate", "adamw_path", _adamw(torch.optim.AdamW)),
    ("no-correction", "adamw_path", _adamw(_Uncorrected)),
    # Gradients
    ("twice", "gradient", _gradient(lambda _, g: 2 * g)),
    ("twice", "matrix", _matrix(lambda _, g: 2 * g)),
    ("twice", "sine", _sine(_mean, times=2)),
    ("twice", "sine", _sine(lambda omega, t, x, y: 2 * _mean(omega, t, x, y))),
    ("sign", "gradient", _gradient(lambda _, g: -g)),
    ("sign", "sine", _sine(lambda omega, t, x, y: -_mean(omega, t, x, y))),
    ("sign", "matrix", _matrix(lambda _, g: -g)),
    ("swapped", "gradient", _gradient(lambda _, g: g.flip(0))),
    ("swapped", "sine", _after("sine", lambda g: g.flip(0))),
    (
        "inner",
        "gradient",
        _gradient(lambda mine, g: [g[0].item(), math.cos(mine.frequency * mine.point[1])]),
    ),
    ("square-slope", "gradient", _gradient(lambda _, g: [g[0].item() / 2, g[1].item()])),
    ("square-slope", "matrix", _matrix(lambda _, g: g / 2)),
    (
        "sine-kept",
        "gradient",
        _gradient(
            lambda mine, g: [
                g[0].item(),
                mine.frequency * math.sin(mine.frequency * mine.point[1]),
            ]
        ),
    ),
    (
        "value",
        "matrix",
        _matrix(lambda mine, _: mine.scale * (torch.tensor(mine.matrix) ** 2).sum().item()),
    ),
    ("mean-for-sum", "matrix", _matrix(lambda _, g: g / 12)),
    (
        "sum-for-mean",
        "sine",
        _sine(lambda omega, t, x, y: ((y - torch.sin(omega * x + t)) ** 2).sum() / 2),
    ),
    (
        "both-missing",
        "sine",
        _sine(lambda omega, t, x, y: ((y - torch.sin(omega * x + t)) ** 2).sum()),
    ),
    ("x-missing", "sine", _by_hand(lambda _, r, cosine: [-(r[0] * cosine).mean()] * 2)),
    (
        "cosine-missing",
        "sine",
        _by_hand(lambda _, r, __: [-(r[0] * r[1]).mean(), -r[0].mean()]),
    ),
    ("t-sign", "sine", _after("sine", lambda g: [g[0].item(), -g[1].item()])),
    ("flat", "matrix", _matrix(lambda _, g: g.reshape(-1))),
    ("flat", "gradient", _gradient(lambda _, g: g[None])),
    # The graph
    ("reversed", "graph", _after("graph", lambda names: names[::-1])),
    ("leaf-missing", "graph", _after("graph", lambda names: names[:-1])),
    ("output-missing", "graph", _after("graph", lambda names: names[1:])),
    (
        "bare-names",
        "graph",
        _after("graph", lambda names: [n.replace("Backward0", "").lower() for n in names[:-1]]),
    ),
    ("other-graph", "graph", _after("graph", lambda names: ["ReluBackward0", *names[1:]])),
    # Two numbers
    ("fastest", "largest_rate", _rate(lambda e, _: (1 / e[1]).item())),
    ("best-rate", "largest_rate", _rate(lambda e, _: (2 / e.sum()).item())),
    ("smallest", "largest_rate", _rate(lambda e, _: (2 / e[0]).item())),
    ("eigenvalue", "largest_rate", _rate(lambda e, _: e[1].item())),
    ("half-hessian", "largest_rate", _rate(lambda e, _: (4 / e[1]).item())),
    (
        "not-symmetric",
        "largest_rate",
        _rate(
            lambda _, mine: (
                2
                / torch.linalg.eigvals(
                    20 * torch.tensor([[1.0, -mine.stretch], [1.0, mine.stretch]]).double()
                )
                .abs()
                .max()
                .item()
            )
        ),
    ),
    ("point-factor", "loss_factor", _rate(lambda e, _: (1 - 0.001 * e[0]).item())),
    ("fast-factor", "loss_factor", _rate(lambda e, _: ((1 - 0.001 * e[1]) ** 2).item())),
    ("log-slope", "loss_factor", _after("loss_factor", math.log)),
    ("log-slope", "loss_factor", _after("loss_factor", math.log10)),
    ("upside-down", "loss_factor", _after("loss_factor", lambda factor: 1 / factor)),
    # Blind date
    (
        "near-minimum",
        "blind_w",
        _after("blind_w", lambda w: [w[0] + 0.05, w[1], w[2], w[3]]),
    ),
    ("other-basin", "blind_w", _elsewhere),
    ("not-a-minimum", "blind_w", lambda _: [1.0, 1.0, 1.0, 1.0]),
    ("half-missing", "blind_loss", _after("blind_loss", lambda loss: 2 * loss)),
    ("loss-sum", "blind_loss", _after("blind_loss", lambda loss: 60 * loss)),
    ("both-missing", "blind_loss", _after("blind_loss", lambda loss: 120 * loss)),
    ("root", "blind_loss", _after("blind_loss", math.sqrt)),
    ("root", "blind_loss", _after("blind_loss", lambda loss: math.sqrt(2 * loss))),
    ("not-this-loss", "blind_loss", lambda _: 0.5),
    ("unknown", "gradient", lambda _: [17.0, 23.0]),
    ("unknown", "blind_w", lambda _: [1e200, 0.0, 0.0, 0.0]),
]
