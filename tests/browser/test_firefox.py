"""A page and a deck in Firefox, driven by Puppeteer, under the strict policy of the tests' host."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builds import ROOT
from gdbook.publish.core import npm
from lacking import lacking
from sites import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

SCRIPT = Path(__file__).with_name("firefox.mjs")
TOOLS = ROOT / "tests" / "npm"
CHAPTER = "book/optimizers/adaptive"  # with formulas, sliders and a playground

# A figure's drawing comes when it is near.
READY = """document.fonts.status === 'loaded' && ((figure) =>
    (figure.scrollIntoView(), figure.figure))(document.querySelector("gd-live"))"""

# Each box is opened, a slider moved, the theme turned until it is dark.
PAGE = """(async () => {
    document.querySelectorAll("details").forEach((box) => (box.open = true));
    const formulas = [...document.querySelectorAll("math")];
    const live = document.querySelector("gd-live");
    const [range, words] = [live.querySelector("input"), live.querySelector(".gd-answers")];
    const before = words.textContent;
    range.value = range.min;
    range.dispatchEvent(new Event("input", { bubbles: true }));
    const end = Date.now() + 30_000;
    while (words.textContent === before && Date.now() < end)
        await new Promise(requestAnimationFrame);
    const body = getComputedStyle(document.body);
    const light = body.backgroundColor;
    for (let n = 0; n < 3 && document.body.dataset.theme !== "dark"; n++)
        document.querySelector(".theme-toggle-content button").click();
    const pad = (side, kind) => [...document.querySelectorAll(`mtd.pad-${kind}`)].map((cell) =>
        getComputedStyle(cell)[side]);
    return {
        formulas: formulas.length,
        collapsed: formulas.map((formula) => formula.getBoundingClientRect())
            .filter(({ width, height }) => width < 2 || height < 2).length,
        font: document.fonts.check('20px "Downhill Math"', "x"),
        sideways: document.documentElement.scrollWidth - innerWidth,
        moved: words.textContent !== before,
        turned: body.backgroundColor !== light,
        pads: [new Set(pad("paddingLeft", "l-0")), new Set(pad("paddingRight", "r-0"))]
            .map((found) => [...found]),
    };
})()"""
DECK = """(() => ({
    at: Reveal.getIndices().h,
    shown: Reveal.getCurrentSlide().checkVisibility(),
    formulas: document.querySelectorAll(".slides math").length,
    theme: document.body.dataset.theme,
    inside: [...document.querySelectorAll("section.present:not(.stack)")].every((slide) => {
        const { left, right } = slide.getBoundingClientRect();
        return left >= -1 && right <= innerWidth + 1;
    }),
}))()"""

PARTLY = "Invalid markup: Incorrect number of children"

#: Where a Firefox is looked for, before the one of macOS.
NAMES = ("firefox", "firefox-esr")
ON_A_MAC = "/Applications/Firefox.app/Contents/MacOS/firefox"


def firefox() -> str:
    """Return where Firefox is, or skip with the reason; under CI a missing one is an error."""
    found = os.environ.get("FIREFOX") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None and Path(ON_A_MAC).exists():
        found = ON_A_MAC
    if found is None:
        lacking("no Firefox on this machine, and tests/browser/firefox.sh could get none")
    return found


def visit(visits: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let Firefox visit pages: what each answered, errors, and requests to other hosts."""
    puppeteer = npm.package("puppeteer-core", TOOLS) / "lib" / "puppeteer" / "puppeteer-core.js"
    asked = {"puppeteer": puppeteer.as_uri(), "firefox": firefox(), "visits": visits}
    done = subprocess.run(
        [str(npm.node()), str(SCRIPT)],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_a_page_and_a_deck_are_read_and_driven(book_site: Site) -> None:
    page, deck = visit(
        [
            {
                "url": book_site.url(CHAPTER),
                "ready": READY,
                "keys": [],
                "ask": PAGE,
            },
            {
                "url": book_site.url(f"slides/{CHAPTER}"),
                "ready": "document.documentElement.dataset.deck === 'ready'",
                "keys": ["ArrowRight", "ArrowRight", "d"],
                "ask": DECK,
            },
        ]
    )
    for seen in (page, deck):
        # While a page arrives, Firefox tells of formulas of which it has a part.
        assert [error for error in seen["errors"] if PARTLY not in error] == []
        assert seen["outside"] == []
    said = page["answer"]
    assert said.pop("formulas") == len(book_site.soup(CHAPTER).select("math"))
    assert said.pop("sideways") <= 0
    assert said == {
        "collapsed": 0,
        "font": True,
        "moved": True,
        "turned": True,
        "pads": [["0px"], ["0px"]],
    }
    said = deck["answer"]
    assert said.pop("formulas") > 60
    # The page has left it dark; the key has turned it.
    assert said == {"at": 2, "shown": True, "theme": "light", "inside": True}


def test_what_the_policy_stops_is_told(tmp_path: Path, serve: Any) -> None:
    text = '<!doctype html><html lang="en"><title>A</title><p style="color: red">red</p>'
    (tmp_path / "page.html").write_text(f'{text}<link rel="icon" href="page.html">', "utf-8")
    asked = {"url": serve(tmp_path).url("page"), "ready": "true", "keys": [], "ask": "1"}
    (seen,) = visit([asked])
    assert any("style-src-attr" in error for error in seen["errors"])
