"""A submission is data: whatever a file holds, it gets its sentence, and nothing happens."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import ODD, REFUSED, Make

from gdbook.grading.marking import mark_file
from gdbook.grading.shown import shown
from gdbook.grading.submission import LARGEST
from gdbook.lab.tasks import tasks


@pytest.mark.parametrize(
    ("make", "sentence"), [(make, said) for _, make, said in REFUSED], ids=[n for n, *_ in REFUSED]
)
def test_it_is_refused_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Make, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    inside = tmp_path / "in"
    inside.mkdir()
    make(inside / "it.json")
    mark = mark_file(inside / "it.json", tasks())
    assert sentence in mark.refused
    assert mark.points == {}
    assert mark.refused.isprintable()
    assert [path.name for path in tmp_path.iterdir()] == ["in"], "something was written"


@pytest.mark.parametrize(
    ("content", "said"), [(content, said) for _, content, said in ODD], ids=[n for n, *_ in ODD]
)
def test_what_is_odd_is_marked_and_told(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "it.json").write_bytes(content)
    mark = mark_file(tmp_path / "it.json", tasks())
    assert mark.refused == ""
    told = [*mark.notes, *(finding.sentence for finding in mark.findings)]
    assert any(said in line for line in told), told
    assert all(line.isprintable() for line in told)


def test_a_folder_and_a_file_that_is_gone_are_refused(tmp_path: Path) -> None:
    assert "is not a regular file" in mark_file(tmp_path, tasks()).refused
    assert "cannot be opened" in mark_file(tmp_path / "gone.json", tasks()).refused


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    file = tmp_path / "it.json"
    file.write_bytes(b" " * LARGEST)
    assert "is no JSON" in mark_file(file, tasks()).refused
    file.write_bytes(b" " * (LARGEST + 1))
    assert "is larger than" in mark_file(file, tasks()).refused


def test_another_seed_than_the_one_handed_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "it.json").write_bytes(ODD[1][1])
    assert mark_file(tmp_path / "it.json", tasks(), seed=1).refused == ""
    assert "has seed 1, and 2 was handed out" in mark_file(tmp_path / "it.json", tasks(), 2).refused


def test_text_is_shown_on_one_line_without_steering_the_terminal() -> None:
    assert shown("a\x1b[31m\nb\u202e") == "a\\x1b[31m\\nb\\u202e"
    assert shown("Zoë") == "Zoë"
    assert len(shown("x" * 10**6)) <= 61
