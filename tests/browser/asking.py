"""All that a browser is asked of a page, in one visit."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from sites import Watch, Watched

MATH_FONT = {"Downhill Math"}

# The whole set of rules; of what is in order only that it is.
AXE = {"resultTypes": ["violations"]}

# What sticks out is measured, since the page itself clips it.
STICKS_OUT = """() => {
    const scrolls = ".math-scroll, .table-wrapper, .cell_output, pre, svg, math";
    const out = [...document.querySelectorAll("article *")].filter((e) => {
        if (e.closest(scrolls)) return false;
        const box = e.getBoundingClientRect();
        return box.width && (box.right > innerWidth + 1 || box.left < -1);
    }).map((e) => e.outerHTML.slice(0, 120));
    if (document.documentElement.scrollWidth > innerWidth) out.push("the page scrolls");
    return out;
}"""

# One token for each way in which tokens differ: what it is, what it says, how it is styled.
# The same text in the same style is drawn with the same fonts.
TOKENS = """() => {
    const met = new Set();
    for (const token of document.querySelectorAll("math :is(mi, mn, mtext, mo)")) {
        const style = getComputedStyle(token);
        const key = [token.localName, token.textContent, style.font, style.fontVariant,
            style.fontFeatureSettings, style.mathStyle, style.mathShift, style.mathDepth,
            style.textTransform, style.color,
            token.localName === "mo" && ["stretchy", "largeop", "form", "fence", "minsize",
                "maxsize", "accent"].map((name) => token.getAttribute(name))].join("|");
        if (met.has(key)) continue;
        met.add(key);
        token.dataset.asked = token.localName;
    }
    return met.size;
}"""

# Contrast takes axe most of its time. It follows from how letters look and from what is behind
# them, so of all that looks the same three are asked: axe may be unsure of one. What stands apart
# from the text, as a box that is always in view, has looks of its own; slides on paper have their
# sheet behind them, and those of one kind look alike.
LIKE_OTHERS = """() => {
    const grounds = new Map([[null, ""]]);
    const ground = (e) => {
        if (!grounds.has(e)) {
            const style = getComputedStyle(e);
            const { backgroundColor, backgroundImage, opacity, position } = style;
            const layer = [backgroundColor, backgroundImage, opacity].join(" ");
            const flows = ["static", "relative"].includes(position);
            const apart = e.matches(".pdf-page > *") ? e.className : grounds.size;
            const own = flows ? layer : `${layer} ${apart}`;
            const clear = own === "rgba(0, 0, 0, 0) none 1";
            grounds.set(e, ground(e.parentElement) + (clear ? "" : `/${own}`));
        }
        return grounds.get(e);
    };
    const met = new Map();
    for (const e of document.body.querySelectorAll("*")) {
        delete e.dataset.likeOthers;
        const says = [...e.childNodes].some(
            (node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!says || !e.checkVisibility({ visibilityProperty: true })) continue;
        const { color, fontSize, fontWeight, textShadow } = getComputedStyle(e);
        const look = [color, fontSize, fontWeight, textShadow, ground(e)].join("|");
        met.set(look, (met.get(look) ?? 0) + 1);
        if (met.get(look) > 3) e.dataset.likeOthers = "";
    }
}"""
ASKED_OF_EACH_LOOK = """
axe.configure({ rules: [{ id: "color-contrast", selector: ":not([data-like-others])" }] });"""

# Text that a box cuts off: all but what is there for ears alone, one pixel wide. A displayed
# formula scrolls sideways; below, its box cuts off what is empty.
CUT_OFF = """() => [...document.querySelectorAll("body *")].filter((e) => {
    if (e.closest("svg, math, canvas, .math-scroll") || !e.checkVisibility()) return false;
    const { overflowX, overflowY } = getComputedStyle(e);
    const cuts = (overflow) => overflow === "hidden" || overflow === "clip";
    return e.clientWidth > 1 && ((cuts(overflowX) && e.scrollWidth > e.clientWidth + 1)
        || (cuts(overflowY) && e.scrollHeight > e.clientHeight + 1));
}).map((e) => `cut off: ${e.outerHTML.slice(0, 110)}`)"""

# Words that go on in the next line without a hyphen, since their column or button is too narrow.
BROKEN = r"""() => {
    const narrow = ":is(td, th, h1, h2, h3, dt, button, label, summary, nav a)";
    const found = [];
    for (const e of document.querySelectorAll(`${narrow}, ${narrow} *`)) {
        if (!e.checkVisibility() || e.closest("code, pre, math, svg, .sig")) continue;
        for (const node of e.childNodes) {
            if (node.nodeType !== Node.TEXT_NODE) continue;
            // Names with dots and addresses may be broken: they have no other place for it.
            for (const word of node.data.matchAll(/(?<![\w./])\p{L}{3,20}(?![\w./]\w)/gu)) {
                const range = new Range();
                range.setStart(node, word.index);
                range.setEnd(node, word.index + word[0].length);
                const boxes = [...range.getClientRects()];
                const lines = new Set(boxes.map((box) => Math.round(box.top)));
                if (lines.size > 1) found.push(`broken: ${word[0]}: ${e.outerHTML.slice(0, 90)}`);
            }
        }
    }
    return found;
}"""

# What scrolls sideways must show that it goes on, or half a formula says something else. And what
# is pressed has room for a finger, but for links within a text; a slider needs some way.
UNSEEN_REST = """() => [...document.querySelectorAll("article *")].filter((e) => {
    const style = getComputedStyle(e);
    return ["auto", "scroll"].includes(style.overflowX) && e.checkVisibility()
        && e.scrollWidth > e.clientWidth + 1 && style.maskImage === "none";
}).map((e) => `goes on unseen: ${e.outerHTML.slice(0, 110)}`)"""
SMALL = """() => [
    ...document.querySelectorAll("a[href], button, summary, input, select")
].filter((e) => {
    const { height, width } = (e.closest("label") ?? e).getBoundingClientRect();
    if (!height || !e.checkVisibility({ opacityProperty: true })) return false;
    const inText = e.localName === "a" && getComputedStyle(e).display === "inline";
    return (!inText && height < 24) || (e.type === "range" && width < 120);
}).map((e) => `too small: ${e.outerHTML.slice(0, 110)}`)"""

# Every link of a list of links and every control, with its height; words in a sentence are exempt.
LOW = """() => [...document.querySelectorAll(
    ".sidebar-tree a.reference, .toc-tree a.reference, .chapter-tools a, .turn a, .colophon a, "
    + "button, summary, input:not([type=hidden], .sidebar-toggle, .task-list-item-checkbox)")]
  .filter((e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter((e) => e.getClientRects().length)
  .filter((e) => !e.closest("label"))
  .map((e) => [e.getBoundingClientRect().height, e.outerHTML.slice(0, 90)])
  .filter(([height]) => height < 23.9)"""

# Each drawer by the box that opens it, and whether one is open and stands still.
DRAWERS = {"__navigation": ".sidebar-drawer", "__toc": ".toc-drawer"}
STANDS = """(selector) => {
    const drawer = document.querySelector(selector);
    const moves = drawer.getAnimations().some((each) => each.playState === "running");
    return !moves && getComputedStyle(drawer).visibility === "visible";
}"""

# Cells of tables with five words or more that are set one or two words to a line.
NARROW = """() => [...document.querySelectorAll("article table.docutils td")].filter((cell) => {
    const words = cell.innerText.trim().split(/\\s+/).length;
    const line = parseFloat(getComputedStyle(cell).lineHeight);
    const range = document.createRange();
    range.selectNodeContents(cell);
    const lines = Math.round(range.getBoundingClientRect().height / line);
    return words >= 5 && !cell.querySelector("math, code") && words / lines < 2;
}).map((cell) => cell.innerText)"""

TWO_PICTURES = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"""

COLLAPSED = """() => [...document.querySelectorAll("math")].filter((m) => {
    const box = m.getBoundingClientRect();
    return box.width < 2 || box.height < 2;
}).map((m) => m.outerHTML)"""


def drawn(page: Page) -> None:
    """Wait until a change that waits for the next picture is drawn, however slow the machine."""
    page.evaluate(TWO_PICTURES)


@dataclass
class Seen:
    """What was seen of a page: requests, errors, violations by scheme, parts too wide by width."""

    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    violations: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    wide: dict[int, list[str]] = field(default_factory=dict)
    formulas: int = 0
    strange: list[tuple[str, dict[str, int]]] = field(default_factory=list)
    collapsed: list[str] = field(default_factory=list)
    low: list[tuple[float, str]] = field(default_factory=list)
    narrow: list[str] = field(default_factory=list)


def look(watch: Watch, url: str) -> Seen:
    """Visit a page in both schemes, with all its boxes open, and note everything."""
    watched = watch(width=640, reduced_motion="reduce")
    seen = Seen(watched.outside, watched.errors)
    page = watched.go(url)
    watched.unfold()
    _look_at_formulas(page, seen)
    for width in (640, 820, 1440):  # 640 is a window of 1280 at twice the size
        _measure(watched, seen, width)
    seen.violations["light"] = violations(page)
    # Once more as from the beginning, in the dark and on a phone.
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 900})
    watched.go(url)
    seen.low = _low(page)
    seen.narrow = page.evaluate(NARROW)
    watched.unfold()
    for width in (390, 320, 1440):
        _measure(watched, seen, width)
    seen.violations["dark"] = violations(page)
    return seen


def _low(page: Page) -> list[Any]:
    """Return what is too low to be pressed by a thumb: on the page as it opens, in its drawers."""
    low: list[Any] = page.evaluate(LOW)
    for drawer, selector in DRAWERS.items():
        page.evaluate(f"document.getElementById('{drawer}').click()")
        page.wait_for_function(STANDS, arg=selector)
        low += page.evaluate(LOW)
        page.evaluate(f"document.getElementById('{drawer}').click()")
    return low


def violations(page: Page, within: str | None = None) -> list[tuple[Any, ...]]:
    """Return what axe has against a page, or against an element of it."""
    page.evaluate(LIKE_OTHERS)
    axe = Axe(AXE_SCRIPT + ASKED_OF_EACH_LOOK)
    found = []
    for violation in axe.run(page, context=within, options=AXE).response["violations"]:
        for node in violation["nodes"]:
            # A heading that is a formula is read aloud; axe does not count MathML as text.
            formulas = f"{node['target'][0]} math"
            if violation["id"] == "empty-table-header" and page.locator(formulas).count():
                continue
            found.append((violation["id"], node["target"], node["failureSummary"]))
    return found


def _measure(watched: Watched, seen: Seen, width: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": 900})
    watched.settle()
    faults = (STICKS_OUT, CUT_OFF, BROKEN, UNSEEN_REST, *([SMALL] if width < 600 else []))
    found = [fault for asked in faults for fault in watched.page.evaluate(asked)]
    seen.wide[width] = [*seen.wide.get(width, []), *found]


def _look_at_formulas(page: Page, seen: Seen) -> None:
    seen.formulas = page.locator("math").count()
    if not seen.formulas:
        return
    if not page.evaluate("document.fonts.check('20px \"Downhill Math\"', 'x')"):
        seen.errors.append("the math font is not loaded")
    asked = page.evaluate(TOKENS)
    answered = 0
    # Chromium reports an element's own text, so tokens are asked for.
    for tokens, fonts in (
        (":is(mi, mn, mtext)[data-asked]", [MATH_FONT]),
        ("mo[data-asked]", [MATH_FONT, set()]),  # none: invisible or stretched
    ):
        texts = page.locator(tokens).all_text_contents()
        drawn = fonts_used(page, tokens)
        assert len(texts) == len(drawn)
        answered += len(drawn)
        seen.strange += [
            (text, used)
            for text, used in zip(texts, drawn, strict=True)
            if text.strip() and set(used) not in fonts
        ]
    assert answered == asked
    seen.collapsed = page.evaluate(COLLAPSED)


def fonts_used(page: Page, selector: str) -> list[dict[str, int]]:
    """Ask Chromium which fonts it drew each element with: family to number of glyphs."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})
    used = []
    for node in found["nodeIds"]:
        fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        used.append({font["familyName"]: int(font["glyphCount"]) for font in fonts})
    session.detach()
    return used
