"""What a search engine and a lost reader get: descriptions, addresses, a map, a page for 404."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup
from small_book import SmallBook

from commands import PROJECT, ROOT
from contents import PAGES
from gdbook.publish.theme.citation import read

pytestmark = pytest.mark.book

BASE = "https://example.org/a-book"


def soup(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def test_every_page_is_described_by_its_own_words(whole_book: Path) -> None:
    said = {}
    for name in PAGES:
        page = soup(whole_book / f"_build/html/{name}.html")
        (meta,) = page.select('meta[name="description"]')
        said[name] = str(meta["content"])
        assert 40 <= len(said[name]) <= 157, (name, said[name])
        assert not re.search(r"[\x00-\x1f$\\{}]", said[name]), said[name]
        assert not page.select('meta[name="robots"]')
    assert len(set(said.values())) == len(said)
    for name in ("search", "genindex", "404"):
        (robots,) = soup(whole_book / f"_build/html/{name}.html").select('meta[name="robots"]')
        assert robots["content"] == "noindex"


def test_where_the_address_is_known_pages_have_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = SmallBook.warm(tmp_path, monkeypatch)
    book.build()
    site = book.root / "_build/html"
    assert not (site / "sitemap.xml").exists()
    assert "canonical" not in book.page("alone")
    assert not soup(site / "404.html").select("base")
    book.edit("_config.yml", "  config:\n", f"  config:\n    html_baseurl: {BASE}/\n")
    book.build()
    (canonical,) = soup(site / "book/alone.html").select('link[rel="canonical"]')
    assert canonical["href"] == f"{BASE}/book/alone.html"
    listed = [
        str(loc.text) for loc in ET.parse(site / "sitemap.xml").iter() if loc.tag[-3:] == "loc"
    ]
    assert listed == [f"{BASE}/book/{name}.html" for name in ("alone", "data", "helped", "index")]
    for address in listed:
        assert (site / address.removeprefix(f"{BASE}/")).is_file()
    lost = soup(site / "404.html")
    head = lost.head
    assert head is not None
    addressed = [tag for tag in head.find_all(True) if tag.get("href") or tag.get("src")]
    assert addressed[0].name == "base"
    assert addressed[0]["href"] == f"{BASE}/"


def test_version_and_date_are_those_of_the_sources(whole_book: Path) -> None:
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    assert about["version"] == PROJECT["project"]["version"]
    assert isinstance(about["date-released"], datetime.date)
    newest = re.findall("^## (.*)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)[0]
    assert newest in ("Unreleased", f"{about['version']}, {about['date-released']:%-d %B %Y}")
    for name in PAGES:
        text = soup(whole_book / f"_build/html/{name}.html").select_one(".colophon")
        assert text is not None
        day = f"{about['date-released']:%-d %B %Y}"
        assert f"Version {about['version']} of {day}." in text.get_text()
        (cite,) = (a for a in text.select("a") if a.get_text() == "How to cite this book")
        page, _, anchor = str(cite["href"]).partition("#")
        target = (whole_book / f"_build/html/{name}.html").parent / (
            page or Path(name).name + ".html"
        )
        assert soup(target.resolve()).select(f"#{anchor}")
    preface = soup(whole_book / "_build/html/book/preface.html").get_text()
    assert f"@book{{downhill{about['date-released'].year}," in preface
    assert about["title"] in " ".join(preface.split())


def test_what_a_citation_lacks_is_named(tmp_path: Path) -> None:
    assert read(tmp_path) is None
    (tmp_path / "CITATION.cff").write_text("title: A\nauthors: []\nversion: 1\n")
    with pytest.raises(Exception, match="'date-released'"):
        read(tmp_path)


def test_no_word_is_twice_in_the_index(whole_book: Path) -> None:
    """Neither with a hyphen and with a dash, nor with and without a capital or the plural's s."""
    names: dict[str, set[str]] = {}
    for entry in soup(whole_book / "_build/html/genindex.html").select(".genindextable li"):
        name = next(filter(None, (text.strip() for text in entry.strings)), "")
        plain = re.sub(r"\W", "", name).casefold().removesuffix("s")
        names.setdefault(plain, set()).add(name)
    assert len(names) > 200
    assert [sorted(spelled) for spelled in names.values() if len(spelled) > 1] == []


def test_dois_are_dois() -> None:
    text = (ROOT / "book/reference/references.bib").read_text("utf-8")
    dois = re.findall(r"^ *doi *= *\{(.*)\},?$", text, re.MULTILINE)
    assert len(dois) == len(set(dois)) >= 45
    assert [doi for doi in dois if not re.fullmatch(r"10\.\d{4,5}/[!-~]+", doi)] == []
