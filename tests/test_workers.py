"""What the workers of a session share, and how tests are shared out among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from contents import CHAPTERS, CLAIMS, PAGES, claims
from shared import Shared
from sharing_out import group

MUTATION = "tests/book/test_mutation.py::test_a_change"


def test_a_folder_is_made_once_for_all_workers(tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(folder: Path) -> None:
        calls.append(folder)
        (folder / "page.html").write_text("made")

    one, other = (Shared(tmp_path)("site", make) for _ in range(2))
    assert (one / "page.html").read_text() == "made"
    assert calls == [one] == [other]
    assert Shared(tmp_path)("another", make) != one


def test_what_went_wrong_in_making_fails_each_test_that_asks(tmp_path: Path) -> None:
    calls: list[Path] = []

    def make(folder: Path) -> str:
        calls.append(folder)
        return "the build failed"

    for _ in range(2):
        with pytest.raises(pytest.fail.Exception, match="the build failed"):
            Shared(tmp_path)("site", make)
    assert len(calls) == 1


def test_an_error_in_making_is_told_to_the_others(tmp_path: Path) -> None:
    def make(folder: Path) -> None:
        raise OSError(f"no room for {folder.name}")

    with pytest.raises(OSError, match="no room for shared-site"):
        Shared(tmp_path)("site", make)
    with pytest.raises(pytest.fail.Exception, match="no room for shared-site"):
        Shared(tmp_path)("site", make)


def test_a_file_goes_to_one_worker_and_what_is_long_goes_by_page() -> None:
    assert group("tests/test_style.py::test_a") == group("tests/test_style.py::test_b[x]")
    assert group("tests/test_style.py::test_a") != group("tests/test_plots.py::test_a")
    assert group("tests/browser/test_decks.py::test_a") == group(
        "tests/publish/test_together.py::test_b"
    )
    by_page = {group(f"{MUTATION}[{page}-eq-one]") for page in CHAPTERS}
    assert len(by_page) == len(CHAPTERS)
    assert {group(f"{MUTATION}[{page}-eq-two]") for page in CHAPTERS} == by_page
    same = "tests/publish/test_same_bytes.py::test_"
    assert group(f"{same}a_small_book") != group(f"{same}the_book_of_this_repository")


def test_claims_are_found_with_labels_in_either_form() -> None:
    text = "$$ a = b $$ (eq-one)\n\n$$\na\n$$ (def-two)\n\n```{math}\n:label: eq-three\na\n```\n"
    assert claims(f"{text}\n$$\nb = c\n$$(eq-four)\n") == ["eq-one", "eq-three", "eq-four"]


def test_chapters_are_pages_and_claims_belong_to_pages() -> None:
    assert set(CHAPTERS) | set(CLAIMS) <= set(PAGES)
    assert len(PAGES) == len(set(PAGES)) > len(CHAPTERS) > 0
