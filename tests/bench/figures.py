"""What figures that answer and the playground cost a reader's browser: script in a frame, bytes.

    python tests/bench/figures.py                    # the figures of the tests
    python tests/bench/figures.py _build/html        # and those of a built book

A frame's script computes all numbers anew and moves every line; the dials are set at random. Of a
playground one frame shows another step, and one takes up another start: new runs of all methods.
The numbers stand beside their limits, and nothing fails: a machine may be slow.
"""

from __future__ import annotations

import gzip
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from live_figures import all_figures  # noqa: E402
from playgrounds import EXAMPLES, write_page  # noqa: E402

from gdbook.publish.figures import NEAR, SCRIPTS, assets, write_assets  # noqa: E402
from gdbook.publish.figures.live_controls import live_controls  # noqa: E402
from gdbook.publish.figures.svg import inline  # noqa: E402
from gdbook.publish.formats.slides.fit import FLAGS, chromium_path, served  # noqa: E402

SCRIPT, PLAY = SCRIPTS["gd-live"], SCRIPTS["gd-play"]
MOST_MILLISECONDS = 4
MOST_BYTES = {SCRIPT: 10_000, PLAY: 12_500}
#: What a screen of 60 Hz leaves for one picture, script and all, in milliseconds.
PICTURE = 1000 / 60

#: The median and the 95th percentile of 300 frames' script, in milliseconds, for each figure of
#: a page. Ten frames are timed together: Chromium's clock is coarse.
TIMES = """() => [...document.querySelectorAll("gd-live")].map((host) => {
  const { figure } = host;
  const times = [];
  for (let round = 0; round < 300; round++) {
    const began = performance.now();
    for (let frame = 0; frame < 10; frame++) {
      for (const dial of figure.spec.inputs) {
        figure.numbers.inputs[dial.name] = dial.low + Math.random() * (dial.high - dial.low);
      }
      figure.draw();
    }
    times.push((performance.now() - began) / 10);
  }
  times.sort((a, b) => a - b);
  return [times[150], times[285], new Blob([host.dataset.spec]).size];
})"""


#: The medians of a playground's two frames, in milliseconds: another step, another start.
PLAYED = """() => [...document.querySelectorAll("gd-play")].map(({ playground }) => {
  const median = (frame) => {
    const times = [];
    for (let round = 0; round < 100; round++) {
      const began = performance.now();
      for (let k = 0; k < 10; k++) frame();
      times.push((performance.now() - began) / 10);
    }
    return times.sort((a, b) => a - b)[50];
  };
  const { steps } = playground.state;
  const { domain } = playground.ground;
  return [
    median(() => playground.show(Math.floor(Math.random() * (steps + 1)))),
    median(() => {
      const start = domain.map(([low, high]) => low + Math.random() * (high - low));
      playground.state = { ...playground.state, start };
      playground.renew();
      playground.show(steps);
    }),
  ];
})"""


def sample(folder: Path) -> list[str]:
    """Write a page with the figures of the tests; return their names."""
    write_assets(folder)
    body = ""
    figures = all_figures()
    for number, (name, figure) in enumerate(figures.items()):
        made = inline(figure.svg, prefix=f"f{number}", alt=name, images="")
        assert made.live is not None
        body += live_controls(made.live, made.html(), "gd-figure")
    (folder / "index.html").write_text(
        f'<!DOCTYPE html><meta charset="utf-8"><script defer src="{NEAR}"></script>{body}'
    )
    return list(figures)


def measured(page: Page, url: str, names: list[str]) -> None:
    """Print a line for each figure of a page."""
    page.goto(url)
    page.keyboard.press("Shift")  # then the scripts come, wherever the figures are
    page.wait_for_function("() => [...document.querySelectorAll('gd-live')].every((f) => f.figure)")
    found: list[list[Any]] = page.evaluate(TIMES)
    names = names or [f"{url.rsplit('/', 1)[-1]}, figure {n + 1}" for n in range(len(found))]
    for name, (median, slow, size) in zip(names, found, strict=True):
        print(
            f"{name:<48} {median:6.2f} ms of script a frame, {slow:6.2f} ms in one of twenty "
            f"(limit {MOST_MILLISECONDS}), data {size / 1000:5.1f} KB"
        )


def played(page: Page, folder: Path) -> None:
    """Print a line for each playground of the tests, beside what one picture may take."""
    write_page(folder)
    with served(folder) as address:
        page.goto(f"{address}/index.html")
        page.wait_for_function("document.querySelector('gd-play').playground")
        found: list[list[float]] = page.evaluate(PLAYED)
    for (name, example), (step, start) in zip(EXAMPLES.items(), found, strict=True):
        print(
            f"playground {name} ({example['f']}): another step {step:5.2f} ms, "
            f"{step / PICTURE:4.0%} of a picture at 60 Hz; "
            f"another start {start:5.2f} ms, {start / PICTURE:4.0%}"
        )


def live_pages(site: Path) -> Iterator[Path]:
    """Yield the pages of a built book that have such figures."""
    for path in sorted(site.rglob("*.html")):
        if "slides" not in path.parts and "<gd-live" in path.read_text("utf-8"):
            yield path


def main() -> None:
    """Print what the script and each figure cost."""
    for name, limit in MOST_BYTES.items():
        size = len(gzip.compress(assets()[name].encode(), 9))
        print(f"{name}, compressed: {size} bytes (limit {limit})")
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as made:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        page = browser.new_page()
        names = sample(Path(made))
        with served(Path(made)) as address:
            measured(page, f"{address}/index.html", names)
        played(page, Path(made))
        for site in map(Path, sys.argv[1:]):
            with served(site) as address:
                for path in live_pages(site):
                    measured(page, f"{address}/{path.relative_to(site).as_posix()}", [])
        browser.close()


if __name__ == "__main__":
    main()
