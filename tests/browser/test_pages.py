"""Every page, as a reader gets it: whole, readable, from this site alone.

A page is loaded once in each scheme, and asked all there is to ask a browser. One worker
runs all tests of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from asking import SMALL, UNSEEN_REST, Seen, look, violations
from axe_playwright_python.sync_playwright import Axe
from fontTools.ttLib import TTFont

from contents import CHAPTERS, PAGES
from gdbook.publish.math import font_subset
from sites import Site, Watch, inline

pytestmark = [pytest.mark.book, pytest.mark.browser]

SAMPLE = ("index", "preface", "descent", "mathematics", "live", "checks", "words")
GENERATED = ("404", "genindex", "search")  # by Sphinx and its extensions
NAMES = {"sample": [*SAMPLE, *GENERATED], "book": [*PAGES, *GENERATED]}


each_page = pytest.mark.parametrize(
    ("site", "name"),
    [(site, name) for site, names in NAMES.items() for name in names],
    indirect=["site"],
)


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Site:
    made: Site = request.getfixturevalue(f"{request.param}_site")
    return made


@pytest.fixture(scope="session")
def _looked() -> dict[tuple[str, str], Seen]:
    return {}


@pytest.fixture
def seen(site: Site, name: str, watch: Watch, _looked: dict[tuple[str, str], Seen]) -> Seen:
    """What a browser said of a page."""
    key = site.address, name
    if key not in _looked:
        _looked[key] = look(watch, site.url(name))
    return _looked[key]


@pytest.mark.parametrize("site", NAMES, indirect=True)
def test_no_page_is_left_out(site: Site, request: pytest.FixtureRequest) -> None:
    name = request.node.callspec.params["site"]
    assert sorted(NAMES[name]) == sorted(site.names)


@each_page
def test_nothing_comes_from_elsewhere_and_nothing_fails(seen: Seen) -> None:
    assert seen.outside == []
    assert seen.errors == []


@each_page
def test_it_opens_from_a_folder(site: Site, name: str, watch: Watch) -> None:
    seen = watch()
    page = seen.go(site.file(site.url(name)).as_uri())
    seen.settle()
    assert page.evaluate("document.body.dataset.theme") == "auto"
    assert seen.outside == []
    assert seen.errors == []


@each_page
def test_axe_finds_nothing(seen: Seen) -> None:
    assert seen.violations == {"light": [], "dark": []}


@each_page
def test_what_is_pressed_is_large_enough_and_tables_are_read(seen: Seen) -> None:
    assert seen.low == []
    assert seen.narrow == []


@each_page
def test_no_page_scrolls_sideways_or_cuts_anything_off(seen: Seen) -> None:
    assert seen.wide == {320: [], 390: [], 640: [], 820: [], 1440: []}


@each_page
def test_every_formula_is_drawn_with_the_math_font(seen: Seen, site: Site, name: str) -> None:
    assert seen.formulas == len(site.soup(name).select("math"))
    assert seen.formulas > 60 or name not in CHAPTERS
    assert seen.strange == []
    # Each has a size: nothing collapsed, nothing left unset.
    assert seen.collapsed == []


@each_page
def test_no_page_names_a_script_or_style_of_another_host(site: Site, name: str) -> None:
    page = site.soup(name)
    named = [tag["src"] for tag in page.select("[src]")]
    named += [tag["href"] for tag in page.select("link[href]")]
    assert [name for name in named if "//" in str(name)] == []
    assert "http" not in " ".join(tag.get_text() for tag in page.find_all("script"))


@each_page
def test_nothing_is_inline(site: Site, name: str) -> None:
    assert inline(site.text(name)) == []


@each_page
def test_every_id_is_there_once(site: Site, name: str) -> None:
    ids = [str(tag["id"]) for tag in site.soup(name).select("[id]")]
    assert sorted({name for name in ids if ids.count(name) > 1}) == []


@each_page
def test_every_link_of_the_site_leads_somewhere(site: Site, name: str) -> None:
    url = site.url(name)
    pages = {site.url(other): other for other in site.names}
    broken = []
    for link in site.soup(name).select("a[href]"):
        target, fragment = urldefrag(urljoin(url, str(link["href"])))
        target = target.partition("?")[0]  # a state of the playground is kept by its page
        if not target.startswith(site.address):
            continue
        if target not in pages:
            if not site.file(target).is_file():
                broken.append(link["href"])
        elif fragment and unquote(fragment) not in site.ids(pages[target]):
            broken.append(link["href"])
    assert broken == []


@each_page
def test_no_formula_is_an_error(site: Site, name: str) -> None:
    page = site.soup(name)
    assert page.select(".math-error, merror, math mtext.tml-error") == []
    article = page.select_one("article")
    assert article is not None
    left = article.find_all(string=re.compile(r"\\begin\{"))
    assert [text for text in left if not text.find_parent(["pre", "code", "script", "svg"])] == []


@each_page
def test_every_formula_has_the_parts_that_browsers_ask_for(site: Site, name: str) -> None:
    parts = {"mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "munder": 2, "mover": 2}
    parts |= {"msubsup": 3, "munderover": 3}
    page = site.soup(name)
    wrong = [
        str(one)
        for one in page.select(", ".join(parts))
        if len(one.find_all(True, recursive=False)) != parts[one.name]
    ]
    assert wrong == []


@each_page
def test_the_font_has_every_letter_of_every_formula(site: Site, name: str) -> None:
    cmap = TTFont(site.folder / "_static/fonts/math.woff2").getBestCmap()
    invisible = {
        *map(chr, range(0x2000, 0x2010)),
        *map(chr, range(0x2060, 0x2065)),
        "\n",
        "\t",
        "\u00ad",
    }
    needed = font_subset.characters(site.text(name)) - invisible
    assert {c for c in needed if ord(c) not in cmap} == set()


@pytest.mark.parametrize("site", NAMES, indirect=True)
def test_fonts_are_the_books(site: Site, watch: Watch) -> None:
    page = watch().go(site.url(site.names[0]))
    loaded = page.evaluate(
        """[...document.fonts].filter((face) => face.status === "loaded")
            .map((face) => face.family.replaceAll('"', ""))"""
    )
    assert {"Downhill Text", "Downhill Label"} <= set(loaded)


INLINE = """<!doctype html><html lang="en"><title>Inline</title><link rel="icon" href="a.png">
<body><p style="color: red">One</p><style>p { margin: 0 }</style><script>go()</script>
<a href="javascript:go()" onclick="go()">go</a><img alt="" src="data:image/gif;base64,AAAA">"""


def test_what_is_inline_would_be_seen(
    tmp_path: Path, serve: Callable[[Path], Site], watch: Watch
) -> None:
    (tmp_path / "page.html").write_text(INLINE, "utf-8")
    (tmp_path / "a.png").touch()
    seen = watch()
    page = seen.go(serve(tmp_path).url("page"))
    page.get_by_text("go").click()
    stopped = " ".join(seen.errors)
    assert len(inline(INLINE)) == 6
    for kind in ("inline style", "inline script", "event handler", "the image"):
        assert kind in stopped


FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><style>
div { overflow-x: auto; width: 90px } div.fades { mask-image: linear-gradient(#000, transparent) }
button, label { display: block; height: 20px; padding: 0; border: 0 } a { font-size: 9px }
label { height: 30px } label input { height: 12px } input[type=range] { height: 44px; width: 90px }
</style><body><article><div>anincrediblylongword</div><div class="fades">anincrediblylongword</div>
<div>short</div><button>go</button><label><input type="checkbox"> on</label><input type="range">
<p>A <a href="#">link</a> in a text.</p></article>"""


def test_what_goes_on_unseen_and_what_is_too_small_would_be_seen(watch: Watch) -> None:
    page = watch(width=390).page
    page.set_content(FAULTY)
    (cut,) = page.evaluate(UNSEEN_REST)
    assert cut.startswith("goes on unseen: <div>anin")
    button, slider = page.evaluate(SMALL)
    assert button.startswith("too small: <button>")
    assert 'type="range"' in slider


# Words that are faint in their places, among many that look alike and are not.
FAINT = (
    """<!doctype html><html lang="en"><title>Faint</title><style>
body { background: #fff; color: #777 } .dark { background: #222; color: #999 }
.dark p { background: rgb(255 255 255 / 0.3) } .fixed { position: fixed; top: 0; background: #888 }
.pale { opacity: 0.4 } .hidden { display: none } li { font-size: 40px; color: #888 }
small { font-size: 16px }
</style><body><main><h1>Faint</h1><div class="dark">"""
    + "<span>read</span> " * 40
    + """
<p id="on-a-lighter-ground">no</p></div>
<div class="hidden"><b>no</b> <b>no</b> <b>no</b> <b>no</b></div><b id="fourth">no</b>
<ul>"""
    + "<li>read</li>" * 40
    + """<li><small id="smaller">no</small></li></ul>
<div class="pale"><p id="in-a-pale-box">no</p></div>
<div class="fixed"><b id="in-a-box-of-its-own">no</b></div></main>"""
)


def test_axe_finds_each_faint_word_among_many_that_look_alike(watch: Watch) -> None:
    page = watch().page
    page.set_content(FAINT)
    asked = {(rule, *target) for rule, target, _ in violations(page)}
    everything = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert {("color-contrast", *node["target"]) for node in everything[0]["nodes"]} == asked
    assert {target for _, target in asked} == {
        f"#{name}" for name in re.findall('id="(.*?)"', FAINT)
    }
    assert page.locator("[data-like-others]").count() >= 74


def test_the_front_door_leads_to_the_book(book_site: Site, watch: Any) -> None:
    seen = watch()
    page = seen.page
    page.goto(f"{book_site.address}/index.html")
    page.wait_for_url("**/book/index.html")
    assert page.locator("article h1").is_visible()
    assert seen.errors == []
