"""Live figures for the tests, which use all that one can, and a page of figures to drive."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from playwright.sync_api import Page as Browsed

from gdbook.functions import quartic
from gdbook.plots import Dial, answering
from gdbook.plots.live import Answering, Page
from gdbook.publish.figures import NEAR, write_assets
from gdbook.publish.figures.live_controls import live_controls
from gdbook.publish.figures.svg import inline

DATA = torch.linspace(-2, 2, 20, dtype=torch.float64)
TARGET = 3 * DATA**2 + 2 * DATA + 1 + torch.sin(7 * DATA)


def parabola(page: Page, eta: Any, start: Any) -> None:
    """A run on x², as points on the curve and as a staircase: prediction beside measurement."""
    left, right = page.panels

    def step(x: Any) -> Any:
        return x - eta * 2 * x

    run = page.iterate(step, start, steps=8)
    left.limits((-6, 6), (-1.5, 36), xlabel="x", ylabel="f(x)")
    left.curve(torch.square)
    left.path(run, lambda x, k: (x, x**2), marker="o")
    left.handle(start, start**2)
    right.limits((-6, 6), (-6, 6), xlabel="x", ylabel="next x")
    right.curve(lambda x: x)
    right.curve(step)
    right.path(run, lambda x, k: [(x, x), (x, step(x))])
    page.value("factor of a step", 1 - 2 * eta, measured=run[1] / run[0], form=".3f")
    page.value("distance after 8 steps", abs(run[-1]), form=".2e")


def fit(page: Page, a: Any, b: Any, c: Any) -> None:
    """A parabola through points, with its mean absolute error."""
    (panel,) = page.panels
    panel.limits((-2.2, 2.2), (-5, 25), xlabel="x", ylabel="y")
    panel.ax.plot(DATA.numpy(), TARGET.numpy(), "o")
    panel.curve(lambda x: a * x**2 + b * x + c)
    r = a * DATA**2 + b * DATA + c - TARGET
    page.value("mean absolute error", r.abs().mean(), form=".3f")
    page.value("largest error", r.abs().max(), form=".3f")
    page.value("spread", torch.sqrt(((r - r.mean()) ** 2).mean()), form=".3f")
    page.value("sum of what lies above", torch.where(r > 0, r, 0.0).sum(), form=".2f")


def valley(page: Page, eta: Any, beta: Any, x: Any, y: Any) -> None:
    """Momentum in the ravine, from a point that is dragged; the loss on a logarithmic axis."""
    left, right = page.panels

    def step(x: Any, y: Any, u: Any, v: Any) -> Any:
        u, v = beta * u + 0.2 * x, beta * v + 4 * y
        return x - eta * u, y - eta * v, u, v

    run = page.iterate(step, (x, y, 0.0, 0.0), steps=60)
    left.limits((-5, 5), (-2, 2), xlabel="x", ylabel="y")
    left.path(run, lambda x, y, u, v, k: (x, y), marker=".")
    left.trace(lambda t: (eta * torch.cos(t), eta * torch.sin(t)), (0, 2 * math.pi))
    left.handle(x, y)
    left.line((0, 0), (x, y))
    right.limits((0, 60), (1e-8, 1e2), xlabel="step", ylabel="loss", log="y")
    right.path(run, lambda x, y, u, v, k: (k, 0.1 * x**2 + 2 * y**2))
    end = run[60]
    page.value("last loss", 0.1 * end[0] ** 2 + 2 * end[1] ** 2, form=".3e")
    page.value("stable below", 2 * (1 + beta) / 4, form=".4f")


def surface(page: Page, a: Any, b: Any, c: Any) -> None:
    """Level lines that move with c, a point on them that is dragged, and a value as a title."""
    left, right = page.panels
    left.limits((-2.2, 2.2), (-5, 25), xlabel="x", ylabel="y")
    left.curve(lambda x: a * x**2 + b * x + c)

    def loss(first: Any, second: Any) -> Any:
        return (first * DATA**2 + second * DATA + c - TARGET).abs().mean()

    page.value("MAE", loss(a, b), form=".3f")
    left.title("MAE")
    right.limits((0, 6), (-2, 4), xlabel="a", ylabel="b")
    right.levels(loss, [1, 1.5, 2, 3, 4, 5])
    right.handle(a, b)


def quartics(page: Page, eta: Any, start: Any) -> None:
    """Descent on the quartic, which may leave for infinity."""
    (panel,) = page.panels
    panel.limits((-6, 6), (-25, 60), xlabel="x", ylabel="f(x)")
    panel.curve(quartic.value_rule)
    run = page.iterate(lambda x: x - eta * (1 - 8 * x + x**3), start, steps=40)
    panel.path(run, lambda x, k: (x, quartic.value_rule(x)), marker="o")
    page.value("where it ends", run[-1], form=".4f")
    page.value("side", torch.sign(run[-1]), form=".0f")


def all_figures() -> dict[str, Answering]:
    """Return the figures by name."""
    return {
        "parabola": answering(
            parabola, panels=2, eta=Dial(0.02, 1.2, 0.3, "η"), start=Dial(-6, 6, 4, "x₀")
        ),
        "fit": answering(
            fit, a=Dial(-5, 5, 1, "a"), b=Dial(-5, 5, 0, "b"), c=Dial(-5, 5, 0.5, "c")
        ),
        "valley": answering(
            valley,
            panels=2,
            eta=Dial(0.001, 1, 0.1, "η", log=True),
            beta=Dial(0, 0.99, 0.8, "β"),
            x=Dial(-5, 5, -4, "x"),
            y=Dial(-2, 2, 1, "y"),
        ),
        "surface": answering(
            surface,
            panels=2,
            a=Dial(0, 6, 1, "a"),
            b=Dial(-2, 4, 0, "b"),
            c=Dial(-5, 5, 0.5, "c"),
        ),
        "quartics": answering(quartics, eta=Dial(0.01, 0.3, 0.1, "η"), start=Dial(-6, 6, 4, "x₀")),
    }


def write_page(folder: Path, figures: Mapping[str, Answering]) -> None:
    """Write ``index.html`` with figures, each in a section of its name, and its assets."""
    write_assets(folder)
    body = ""
    for number, (name, figure) in enumerate(figures.items()):
        made = inline(figure.svg, prefix=f"f{number}", alt=f"The {name}.", images="")
        assert made.live is not None
        body += f'<section id="{name}">{live_controls(made.live, made.html(), "gd-figure")}'
        body += "</section>"
    head = f'<link rel="stylesheet" href="figures.css"><script defer src="{NEAR}"></script>'
    (folder / "index.html").write_text(
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Live</title>'
        f'<meta name="viewport" content="width=device-width">{head}</head>'
        f'<body data-theme="auto"><main>{body}</main></body></html>'
    )


def ready(page: Browsed) -> Browsed:
    """Wait until the figures answer: their script comes when one is near the window."""
    page.wait_for_function("[...document.querySelectorAll('gd-live')].every((host) => host.figure)")
    return page


def set_dials(page: Browsed, name: str, positions: dict[int, float]) -> dict[str, float]:
    """Move sliders by script, as a hand does; return the numbers that the figure then has."""
    moved: dict[str, float] = page.evaluate(
        """async ([name, positions]) => {
          const live = document.querySelector(`#${name} gd-live`).figure;
          for (const [i, share] of Object.entries(positions)) {
            const range = live.ranges[i];
            range.value = Number(range.min) + share * (Number(range.max) - Number(range.min));
            range.dispatchEvent(new Event("input"));
          }
          await new Promise(requestAnimationFrame);
          await new Promise(requestAnimationFrame);
          return live.numbers.inputs;
        }""",
        [name, {str(i): share for i, share in positions.items()}],
    )
    return moved


def answers(page: Browsed, name: str) -> dict[str, str]:
    """Return what the figure says, by label."""
    lines = page.locator(f"#{name} .gd-answer").all_inner_texts()
    return dict(line.split(": ", 1) for line in lines)
