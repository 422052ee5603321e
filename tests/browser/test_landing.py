"""The landing page's descent: its arithmetic against torch, and every way to drive it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

from sites import Site, Watched

pytestmark = [pytest.mark.book, pytest.mark.browser]


def torch_descent(start: tuple[float, float], steps: int) -> torch.Tensor:
    """Descend on the loss of the sine fit with torch's own optimizer, in float64."""
    x = torch.linspace(-3, 3, 50, dtype=torch.float64)
    y = torch.sin(2.188 * x + 1)
    place = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.SGD([place], lr=0.1)
    for _ in range(steps):
        loss = 0.5 * ((y - torch.sin(place[0] * x + place[1])) ** 2).mean()
        (place.grad,) = torch.autograd.grad(loss, place)
        optimizer.step()
    return place.detach()


@pytest.fixture
def landing(sample_site: Site, watch: Any) -> Page:
    seen: Watched = watch(width=1280, height=900)
    page = seen.go(f"{sample_site.address}/index.html")
    page.wait_for_selector("downhill-descent[data-at]")
    return page


def at(page: Page) -> list[float]:
    text = page.locator("downhill-descent").get_attribute("data-at")
    return [float(number) for number in (text or "").split()]


def steps(page: Page) -> int:
    return int(page.locator("downhill-descent").get_attribute("data-step") or -1)


def test_its_steps_are_torchs(landing: Page) -> None:
    for start in [(3.0, 1.0), (0.4, -2.0), (5.5, 2.9)]:
        there = landing.evaluate(
            """async ([omega, t]) => {
                const { step } = await import(new URL("_static/descent.js", location));
                let place = [omega, t];
                for (let k = 0; k < 60; k += 1) place = step(place);
                return place;
            }""",
            list(start),
        )
        np.testing.assert_allclose(there, torch_descent(start, 60).numpy(), rtol=0, atol=1e-10)


def test_one_step_by_button(landing: Page) -> None:
    start = at(landing)
    landing.get_by_role("button", name="One step").click()
    assert steps(landing) == 1
    np.testing.assert_allclose(
        at(landing), torch_descent((start[0], start[1]), 1).numpy(), atol=1e-12
    )


def test_started_it_runs_to_the_valley(landing: Page) -> None:
    start = at(landing)
    landing.get_by_role("button", name="Start", exact=True).click()
    landing.wait_for_function(
        "document.querySelector('[role=status]').textContent.includes('deepest valley')"
    )
    np.testing.assert_allclose(
        at(landing), torch_descent((start[0], start[1]), steps(landing)).numpy(), atol=1e-8
    )
    np.testing.assert_allclose(at(landing), [2.188, 1.0], atol=1e-3)
    assert landing.get_by_role("button", name="Start", exact=True).is_visible()


def test_it_can_be_paused(landing: Page) -> None:
    landing.get_by_role("button", name="Start", exact=True).click()
    landing.wait_for_function("document.querySelector('downhill-descent').dataset.step > 2")
    landing.get_by_role("button", name="Pause").click()
    here = steps(landing)
    landing.wait_for_timeout(150)
    assert steps(landing) == here


def test_the_keyboard_moves_the_start_and_runs(landing: Page) -> None:
    before = at(landing)
    landing.get_by_label("Map of the loss").focus()
    for _ in range(3):
        landing.keyboard.press("ArrowRight")
    landing.keyboard.press("ArrowUp")
    np.testing.assert_allclose(at(landing), [before[0] + 0.3, before[1] + 0.1], atol=1e-12)
    landing.keyboard.press("Enter")
    landing.wait_for_function("document.querySelector('downhill-descent').dataset.step > 2")


def test_a_press_on_the_map_starts_there(landing: Page) -> None:
    box = landing.locator("downhill-descent svg").bounding_box()
    assert box is not None
    landing.mouse.click(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.5)
    landing.wait_for_function(
        "document.querySelector('[role=status]').textContent.includes('not in the deepest')"
    )
    start = (0.7 * 2 * np.pi, 0.0)
    expected = torch_descent(start, steps(landing)).numpy()
    np.testing.assert_allclose(at(landing), expected, atol=0.05)  # to the pixel


def test_with_reduced_motion_nothing_moves_step_by_step(sample_site: Site, watch: Any) -> None:
    page = watch(reduced_motion="reduce").go(f"{sample_site.address}/index.html")
    page.wait_for_selector("downhill-descent[data-at]")
    page.get_by_role("button", name="Start", exact=True).click()
    assert steps(page) > 50  # at once
    np.testing.assert_allclose(at(page), [2.188, 1.0], atol=1e-3)


def test_without_scripts_the_drawing_stands(sample_site: Site, watch: Any) -> None:
    page = watch(java_script_enabled=False).page
    page.goto(f"{sample_site.address}/index.html")
    assert page.locator("downhill-descent .trace").count() == 4
    assert page.locator("article h1").is_visible()
    assert page.get_by_role("link", name="Start reading").is_visible()


def test_the_first_screen_says_what_the_book_is(sample_site: Site, watch: Any) -> None:
    for width, height in ((390, 844), (820, 1180), (1440, 900)):
        page = watch(width=width, height=height).go(f"{sample_site.address}/index.html")
        start = page.get_by_role("link", name="Start reading").bounding_box()
        picture = page.locator("downhill-descent svg").bounding_box()
        assert start is not None
        assert picture is not None
        assert start["y"] + start["height"] < height
        assert picture["y"] < height - 200
        page.get_by_role("link", name="Start reading").click()
        assert page.url.endswith("/preface.html")
