"""The landing page's playground: two methods against torch, and what the first screen says."""

from __future__ import annotations

import importlib.util
import json
import xml.etree.ElementTree as ET
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from builds import ROOT
from gdbook.datasets import load
from sites import Site, Watched

pytestmark = [pytest.mark.book, pytest.mark.browser]

ROOM = "document.querySelector('gd-play').playground"


@pytest.fixture(scope="module")
def landing() -> ModuleType:
    """The script that drew the picture."""
    spec = importlib.util.spec_from_file_location("landing", ROOT / "figures" / "landing.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def page(sample_site: Site, watch: Any) -> Page:
    seen: Watched = watch(width=1280, height=900)
    opened = seen.go(f"{sample_site.address}/index.html")
    opened.wait_for_function(ROOM)
    return opened


def torch_run(name: str, start: Any, steps: int) -> torch.Tensor:
    """Descend on the loss of the sine with torch's own optimizer and gradients, in float64."""
    rows = load("sine_fit").train
    place = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer: Any = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[name](
        [place], lr={"sgd": 0.1, "adam": 0.05}[name]
    )
    points = [place.detach().clone()]
    for _ in range(steps):
        loss = 0.5 * ((rows["y"] - torch.sin(place[0] * rows["x"] + place[1])) ** 2).mean()
        (place.grad,) = torch.autograd.grad(loss, place)
        optimizer.step()
        points.append(place.detach().clone())
    return torch.stack(points)


def test_the_picture_is_what_its_script_draws(landing: ModuleType) -> None:
    """The drawing itself may differ by a version of Matplotlib; what it carries may not."""
    drawn = ET.parse(ROOT / "figures" / "landing.svg").getroot()
    now = ET.fromstring(landing.landing().svg)
    key = "data-gd-play"
    assert json.loads(drawn.get(key, "")) == json.loads(now.get(key, ""))
    assert len(ET.tostring(drawn)) < 80_000


def test_its_runs_are_torch_s(page: Page) -> None:
    start = page.evaluate(f"{ROOM}.state.start")
    for name in ("sgd", "adam"):
        there = page.evaluate(f"{ROOM}.runs.{name}.points")
        assert len(there) == 301
        np.testing.assert_allclose(there, torch_run(name, start, 300), rtol=0, atol=1e-8)


def test_two_methods_from_one_start_end_in_two_valleys(landing: ModuleType) -> None:
    """What the page says of the picture."""
    for start in landing.STARTS[:2]:
        plain, adam = (torch_run(name, start, 300)[-1] for name in ("sgd", "adam"))
        assert float((plain - adam).norm()) > 1
    best, other = (torch_run(name, landing.STARTS[0], 300)[-1] for name in ("sgd", "adam"))
    np.testing.assert_allclose(best, [2.188, 1.0], atol=0.05)  # from these the data were made
    assert abs(float(other[0]) - 2.188) > 1


def test_it_has_axes_a_key_and_the_data(page: Page) -> None:
    names = page.locator("gd-play .axes .name").all_text_contents()
    assert names == ["ω", "t", "step", "loss", "x", "y"]
    assert [row.strip() for row in page.locator("gd-play .gd-method").all_text_contents()] == [
        "SGD",
        "Adam",
    ]
    marks = page.locator("gd-play .data .points").get_attribute("d")
    assert marks is not None
    assert marks.count("M") == 50
    assert page.locator("gd-play .gd-key").count() == 2


def test_it_plays_pauses_and_goes_on(page: Page) -> None:
    page.get_by_role("button", name="Play").click()
    page.wait_for_function(f"{ROOM}.step > 2 && {ROOM}.step < 250")
    page.get_by_role("button", name="Pause").click()
    assert page.get_by_role("button", name="Go on").is_visible()
    page.get_by_role("button", name="Another start").click()
    page.wait_for_function(f"{ROOM}.state.start[0] === 2")


def test_from_a_file_it_runs_too(sample_site: Site, watch: Any) -> None:
    page = watch().page
    page.goto((sample_site.folder / "index.html").as_uri())
    page.wait_for_function(ROOM)
    page.get_by_role("button", name="One step").click()
    assert page.evaluate(f"{ROOM}.step") == 1


def test_without_scripts_the_drawing_stands(sample_site: Site, watch: Any) -> None:
    page = watch(java_script_enabled=False).page
    page.goto(f"{sample_site.address}/index.html")
    still = page.locator("gd-play > img")
    assert still.is_visible()
    assert "valley" in (still.get_attribute("alt") or "")
    assert page.locator("article h1").is_visible()
    assert page.get_by_role("link", name="Start reading").is_visible()


def test_the_first_screen_says_what_the_book_is(sample_site: Site, watch: Any) -> None:
    for width, height in ((390, 844), (820, 1180), (1440, 900)):
        page = watch(width=width, height=height).go(f"{sample_site.address}/index.html")
        page.wait_for_function(ROOM)
        start = page.get_by_role("link", name="Start reading").bounding_box()
        picture = page.locator("gd-play .map").bounding_box()
        assert start is not None
        assert picture is not None
        assert start["y"] + start["height"] < height
        assert picture["y"] < height - 200
        page.get_by_role("link", name="Start reading").click()
        assert page.url.endswith("/preface.html")
