"""Answers kept from build to build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_book import SmallBook

from gdbook.publish.core.cache import Memo, fingerprints

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


def never() -> str:
    raise AssertionError("the answer is known")


def test_an_answer_is_worked_out_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "memo.json"
    memo = Memo(path, "these tools")
    assert memo.answer(["x", True], lambda: "one") == "one"
    assert memo.answer(["x", True], never) == "one"
    memo.save()
    assert Memo(path, "these tools").answer(["x", True], never) == "one"
    assert Memo(path, "other tools").answer(["x", True], lambda: "two") == "two"


def test_of_what_changes_with_time_only_the_latest_counts(tmp_path: Path) -> None:
    memo = Memo(tmp_path / "memo.json", "")
    assert memo.answer("page", lambda: 1, at=[5, 7]) == 1
    assert memo.answer("page", never, at=[5, 7]) == 1
    assert memo.answer("page", lambda: 2, at=[6, 7]) == 2
    assert memo.answer("page", lambda: 3, at=[5, 7]) == 3


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"known": 1}', '{"made by": "", "known": []}']
)
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "memo.json"
    path.write_text(text)
    memo = Memo(path, "")
    assert memo.answer("q", lambda: "worked out") == "worked out"
    memo.save()
    assert Memo(path, "").answer("q", never) == "worked out"


def test_what_fails_is_not_kept_and_nothing_new_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "memo.json"
    memo = Memo(path, "")
    with pytest.raises(AssertionError):
        memo.answer("q", never)
    memo.save()
    assert not path.exists()
    assert memo.answer("q", lambda: 1) == 1


@given(JSON, JSON)
def test_two_questions_share_an_answer_only_if_they_are_one(one: object, other: object) -> None:
    memo = Memo(Path("nowhere"), "")
    memo.answer(one, lambda: "of one")
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (memo.answer(other, lambda: "of the other") == "of one") == same


def test_a_fingerprint_tells_files_and_values(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_text("1")
    b.write_text("2")
    seen = {fingerprints([a], 1), fingerprints([b], 1), fingerprints([a], 2), fingerprints([a, b])}
    assert len(seen) == 4
    assert fingerprints([a], 1) in seen


@pytest.mark.book
def test_a_build_believes_the_answers_of_its_own_tools_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = SmallBook.warm(tmp_path, monkeypatch)
    book.edit("_config.yml", "config:\n", "config:\n    html_math_renderer: temml\n")
    book.edit("book/helped.md", "Prose of", "Prose, $x+1$, of")
    book.build()
    site = book.site()
    kept = book.root / "_build/.gdbook/answers/formulas.json"
    text = kept.read_text("utf8")
    assert text.count("<mn>1</mn>") == 1
    kept.write_text(text.replace("<mn>1</mn>", "<mn>9</mn>"), "utf8")
    book.edit("book/helped.md", "the helped", "a helped")
    book.build()
    assert "<mn>9</mn>" in book.page("helped")
    made_by = json.loads(text)["made by"]
    kept.write_text(kept.read_text("utf8").replace(made_by, "0" * len(made_by)), "utf8")
    book.edit("book/helped.md", "a helped", "the helped")
    book.build()
    assert "<mn>1</mn>" in book.page("helped")
    assert book.site() == site
