"""Every page, as a reader gets it: whole, readable, from this site alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup

from conftest import Site

pytestmark = [pytest.mark.book, pytest.mark.browser]

SCHEMES = ("light", "dark")
WIDTHS = (390, 820, 1440)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_nothing_comes_from_elsewhere_and_nothing_fails(
    any_site: Site, watch: Any, scheme: str
) -> None:
    seen = watch(scheme=scheme)
    for url in any_site.pages():
        seen.go(url)
    assert seen.outside == []
    assert seen.errors == []
    assert len(any_site.pages()) > 3


def test_no_page_names_a_script_or_style_of_another_host(any_site: Site) -> None:
    for url in any_site.pages():
        page = BeautifulSoup(any_site.text(url), "html.parser")
        named = [tag["src"] for tag in page.select("[src]")]
        named += [tag["href"] for tag in page.select("link[href]")]
        assert [name for name in named if "//" in str(name)] == [], url
        scripts = " ".join(tag.get_text() for tag in page.find_all("script"))
        assert "http" not in scripts, url


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing(any_site: Site, watch: Any, scheme: str) -> None:
    seen = watch(scheme=scheme, width=1280, reduced_motion="reduce")
    found = []
    for url in any_site.pages():
        page = seen.go(url)
        seen.unfold()
        for violation in Axe().run(page).response["violations"]:
            for node in violation["nodes"]:
                # A heading that is a formula is read aloud; axe does not count MathML as text.
                if violation["id"] == "empty-table-header" and "<math" in node["html"]:
                    continue
                found.append((url, violation["id"], node["target"], node["failureSummary"]))
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
def test_no_page_scrolls_sideways(any_site: Site, watch: Any, width: int) -> None:
    seen = watch(width=width)
    wide = {}
    for url in any_site.pages():
        page = seen.go(url)
        seen.unfold()
        # What sticks out is measured, since the page itself clips it.
        out = page.evaluate(
            """() => [...document.querySelectorAll("article *")].filter((e) => {
                const scrolls = ".math-scroll, .table-wrapper, .cell_output, pre, svg, math";
                if (e.closest(scrolls)) return false;
                const box = e.getBoundingClientRect();
                return box.width && (box.right > innerWidth + 1 || box.left < -1);
            }).map((e) => e.outerHTML.slice(0, 120))"""
        )
        if out or page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide[url] = out
    assert wide == {}


def test_every_id_is_there_once(any_site: Site) -> None:
    for url in any_site.pages():
        page = BeautifulSoup(any_site.text(url), "html.parser")
        ids = [str(tag["id"]) for tag in page.select("[id]")]
        assert sorted({name for name in ids if ids.count(name) > 1}) == [], url


def test_every_link_of_the_site_leads_somewhere(any_site: Site) -> None:
    pages = {url: BeautifulSoup(any_site.text(url), "html.parser") for url in any_site.pages()}
    ids = {url: {tag["id"] for tag in page.select("[id]")} for url, page in pages.items()}
    broken = []
    for url, page in pages.items():
        for link in page.select("a[href]"):
            target, fragment = urldefrag(urljoin(url, str(link["href"])))
            if not target.startswith(any_site.address):
                continue
            if target not in pages:
                if not any_site.file(target).is_file():
                    broken.append((url, link["href"]))
            elif fragment and unquote(fragment) not in ids[target]:
                broken.append((url, link["href"]))
    assert broken == []


def test_fonts_are_the_books(any_site: Site, watch: Any) -> None:
    page = watch().go(any_site.pages()[0])
    loaded = page.evaluate(
        """[...document.fonts].filter((face) => face.status === "loaded")
            .map((face) => face.family.replaceAll('"', ""))"""
    )
    assert {"Downhill Text", "Downhill Label"} <= set(loaded)


def test_the_front_door_leads_to_the_book(book_site: Site, watch: Any) -> None:
    seen = watch()
    page = seen.page
    page.goto(f"{book_site.address}/index.html")
    page.wait_for_url("**/book/index.html")
    assert page.locator("article h1").is_visible()
    assert seen.errors == []
