"""Decks that were made of blocks, in a real Chromium: what the estimates promise."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from deckbooks import build_small, small
from gdbook.publish.formats.slides.fit import measure
from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

WORDS = ("slope", "step", "valley", "rate", "point", "descent", "minimum", "a", "the", "of", "is")
#: Formulas of several heights, low and high.
FORMULAS = (
    r"x_{k+1} = x_k - \eta f'(x_k)",
    r"f(x) = \frac{\lambda}{2} (x - x^\star)^2 + c",
    r"\sum_{k=0}^{n-1} f'(x_k)^2 \le \frac{f(x_0) - f^\star}{\eta - \frac{L}{2}\eta^2}",
    r"\begin{aligned} a &= b + c \\ &= \frac{d}{e} \\ &= g \end{aligned}",
    r"\lim_{h \to 0} \frac{f(x + h) - f(x)}{h}",
)


class Author:
    """Writes pages of random blocks of all kinds and sizes."""

    def __init__(self, seed: int) -> None:
        self.seed, self.random = seed, random.Random(seed)
        self.number = 0

    def words(self, least: int, most: int) -> str:
        return " ".join(self.random.choices(WORDS, k=self.random.randint(least, most)))

    def page(self, sections: int) -> str:
        parts = ["# A page"]
        for _ in range(sections):
            deeper = "{.deeper}\n" if self.random.random() < 0.3 else ""
            parts.append(f"{deeper}## {self.words(1, 4).capitalize()}")
            parts += [self.block() for _ in range(self.random.randint(1, 6))]
        return "\n\n".join(parts) + "\n"

    def block(self) -> str:
        kinds = (self.prose, self.asked, self.formula, self.code, self.box, self.statement)
        return self.random.choice((*kinds, self.table, self.list))()

    def prose(self) -> str:
        return self.words(20, 60) + "."

    def asked(self) -> str:
        return f"{self.words(3, 20)}. {self.words(4, 22).capitalize()}?"

    def formula(self) -> str:
        return f"$$ {self.random.choice(FORMULAS)} $$"

    def code(self) -> str:
        lines = "\n".join(f"x = {self.words(1, 6)!r}" for _ in range(self.random.randint(1, 12)))
        return f"```python\n{lines}\n```"

    def box(self) -> str:
        title, text = self.words(1, 5), self.words(10, 60)
        return f":::{{admonition}} {title}\n:class: watch-out\n{text}.\n:::"

    def statement(self) -> str:
        self.number += 1
        formula = self.formula() if self.random.random() < 0.5 else ""
        label = f"thm-{self.seed}-{self.number}"
        text = f"{self.words(5, 30)}\n\n{formula}"
        return f":::{{prf:theorem}} {self.words(1, 3)}\n:label: {label}\n{text}\n:::"

    def table(self) -> str:
        columns = self.random.randint(2, 4)
        longest = self.random.choice((1, 2, 7))
        rows = [
            " | ".join(self.words(1, longest) for _ in range(columns))
            for _ in range(self.random.randint(2, 16))
        ]
        head = " | ".join(self.words(1, 2) for _ in range(columns))
        return "\n".join(f"| {row} |" for row in [head, " | ".join(["---"] * columns), *rows])

    def list(self) -> str:
        return "\n".join(f"- {self.words(1, 10)}" for _ in range(self.random.randint(2, 8)))


@pytest.fixture(scope="module")
def random_site(tmp_path_factory: pytest.TempPathFactory, serve: Any) -> Site:
    folder = tmp_path_factory.mktemp("random") / "book"
    pages = {f"page{seed}": Author(seed).page(14) for seed in range(6)}
    conf = (
        'extensions.append("sphinx_proof")\n'
        'myst_enable_extensions = [*myst_enable_extensions, "attrs_block"]\n'
    )
    small(folder, pages, conf)
    for name in pages:
        path = Path(folder, f"{name}.md")
        path.write_text(path.read_text().replace("---\n", "---\nslides: blocks\n", 1))
    done = build_small(folder, "-W", "--keep-going")
    assert done.returncode == 0, done.stdout + done.stderr
    return serve(folder / "_build" / "html")  # type: ignore[no-any-return]


@pytest.fixture
def page(browser: Browser) -> Any:
    opened = browser.new_page(viewport={"width": 1280, "height": 720}, reduced_motion="reduce")
    yield opened
    opened.close()


#: How much of the room below its heading each slide uses, with the heading and what its first
#: block needs, for slides that repeat the heading before.
FILLED = """() => Reveal.getSlides().map((slide) => {
  const { h, v } = Reveal.getIndices(slide);
  Reveal.slide(h, v);
  for (const one of slide.querySelectorAll(".fragment")) one.classList.add("visible");
  const heading = slide.querySelector(":is(h1, h2, h3)");
  const blocks = [...slide.querySelectorAll(".body > *, .body > .fragment > *")].filter(
    (one) => !one.matches(".fragment, aside"));
  const heights = blocks.map((one) => {
    const look = getComputedStyle(one);
    return one.offsetHeight + parseFloat(look.marginTop) + parseFloat(look.marginBottom);
  });
  return {
    heading: heading?.textContent ?? "",
    room: slide.querySelector(".body").clientHeight,
    first: heights[0] ?? 0,
    used: heights.reduce((sum, one) => sum + one, 0),
    cut: !!slide.querySelector("table"),
  };
})"""


@pytest.mark.parametrize("seed", range(6))
def test_no_slide_of_random_blocks_overflows(random_site: Site, page: Any, seed: int) -> None:
    slides = measure(page, random_site.url(f"slides/page{seed}"), f"page{seed}")
    assert len(slides) > 14
    assert [str(slide) for slide in slides if slide.across > 0 or slide.down > 0] == []


def test_slides_are_divided_where_they_are_full(random_site: Site, page: Any) -> None:
    divided, early = 0, []
    for seed in range(6):
        measure(page, random_site.url(f"slides/page{seed}"), f"page{seed}")
        slides = page.evaluate(FILLED)
        for before, after in pairwise(slides[1:]):
            if before["heading"] != after["heading"] or before["cut"] or after["cut"]:
                continue
            divided += 1
            # A question goes with its answer: what was left is told by both.
            if before["used"] + after["used"] < 0.75 * before["room"]:
                early.append((seed, before, after))
    assert divided > 20
    assert len(early) <= divided / 20, early
