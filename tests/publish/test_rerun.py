"""Running pages again on purpose."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_book import SmallBook

from gdbook.cli import main
from gdbook.publish.execute.rerun import forget

pytestmark = pytest.mark.book


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallBook:
    return SmallBook.warm(tmp_path, monkeypatch)


def test_the_pages_named_run_again_and_no_others(
    book: SmallBook, capsys: pytest.CaptureFixture[str]
) -> None:
    book.build()
    site, times = book.site(), book.times()
    assert main(["rerun", "--book", str(book.root), "alone", "book/data.md"]) == 0
    assert capsys.readouterr().out == "the next build runs book/alone, book/data\n"
    again = book.build()
    assert (again.ran, again.read) == (["alone", "data"], [])
    assert book.site() == site
    pages = {path: time for path, time in times.items() if path.endswith(".html")}
    assert pages.items() <= book.times().items()
    assert main(["rerun", "--book", str(book.root)]) == 0
    assert book.build().ran == ["alone", "data", "helped"]
    assert book.build().ran == []


def test_an_unknown_page_is_refused_with_its_like(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: A book\n")
    with pytest.raises(ValueError, match=r"no outputs of a page 'a/gradients' to forget$"):
        forget(tmp_path, ["a/gradients"])
    records = [tmp_path / f"_build/.gdbook/outputs/{name}.json" for name in ("a/gradient", "b/one")]
    for record in (*records, tmp_path / "_build/.gdbook/outputs/c/one.json"):
        record.parent.mkdir(parents=True)
        record.write_text("{}")
    with pytest.raises(
        ValueError, match=r"'gradients' to forget; did you mean gradient or a/gradient\?"
    ):
        forget(tmp_path, ["b/one", "gradients"])
    with pytest.raises(ValueError, match=r"did you mean b/one or c/one\?"):
        forget(tmp_path, ["one"])
    assert all(record.exists() for record in records)
    assert forget(tmp_path, ["a/gradient.md", "b/one"]) == ["a/gradient", "b/one"]
    assert not any(record.exists() for record in records)


def test_where_there_is_no_book_it_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["rerun", "--book", str(tmp_path)]) == 1
    assert "holds no book: there is no _config.yml in it" in capsys.readouterr().err
