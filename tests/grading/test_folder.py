"""Which files are found, ids that are not unique, weights, and what is written where."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import labs
from gdbook.grading.command import Bar, grade
from gdbook.grading.folder import find
from gdbook.grading.gradebook import guarded
from gdbook.grading.marking import Mark
from gdbook.lab.tasks import WeightsError, tasks, weighted


def hand_in(path: Path, student: str = "anna", **answers: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(labs.file(student, 1, dict(answers))), "utf-8")
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege; names are limited")
def test_folders_are_searched_and_links_in_them_are_told(tmp_path: Path) -> None:
    inside, out = tmp_path / "in", tmp_path / "in" / "marks"
    wanted = {hand_in(inside / "a.json"), hand_in(inside / "x" / "y" / "b.JSON")}
    hand_in(inside / ".hidden" / "c.json")
    hand_in(out / "d.json")
    (inside / "notes.py").write_text("import os")
    hand_in(tmp_path / "outside" / "e.json")
    (inside / "away").symlink_to(tmp_path / "outside")
    found = list(find([inside, inside / "a.json"], out))
    assert {one for one in found if isinstance(one, Path)} == wanted
    told = {Path(one.file).name: one.refused for one in found if isinstance(one, Mark)}
    assert told == {
        "notes.py": "is not a .json file",
        "away": "is a link to a folder: not followed",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege; names are limited")
def test_names_of_files_are_shown_harmlessly(tmp_path: Path) -> None:
    (tmp_path / "a\x1b[2J\n=1+1.json").write_text("[]", "utf-8")
    (done,) = grade([tmp_path], tmp_path / "out", tasks()).troubles
    assert "a\\x1b[2J\\n=1+1.json: is no submission" in done
    assert (tmp_path / "out" / "report.txt").read_text("utf-8").count("\x1b") == 0


@pytest.mark.parametrize("second", ["anna", "ANNA"])
def test_an_id_in_two_files_is_in_no_gradebook(tmp_path: Path, second: str) -> None:
    inside = tmp_path / "in"
    files = [hand_in(inside / "1.json"), hand_in(inside / "2.json", second)]
    hand_in(inside / "3.json", "ben")
    done = grade([inside], tmp_path / "out", tasks())
    assert len(done.troubles) == 1
    assert all(str(file) in done.troubles[0] for file in files)
    lines = (tmp_path / "out" / "grades.csv").read_text("utf-8").splitlines()
    assert [line.split(",")[0] for line in lines] == ["id", "ben"]
    assert [f.name for f in (tmp_path / "out" / "feedback").iterdir()] == ["feedback-ben.txt"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege; names are limited")
def test_links_where_marks_are_written_are_not_followed(tmp_path: Path) -> None:
    inside, out, target = tmp_path / "in", tmp_path / "out", tmp_path / "target"
    hand_in(inside / "1.json")
    target.write_text("kept", "utf-8")
    (out / "feedback").mkdir(parents=True)
    for name in ("grades.csv", "report.txt", "marks.jsonl", "feedback/feedback-anna.txt"):
        (out / name).symlink_to(target)
    grade([inside], out, tasks())
    assert target.read_text("utf-8") == "kept"
    assert not any(path.is_symlink() for path in out.rglob("*"))
    (tmp_path / "other").symlink_to(out)
    with pytest.raises(FileExistsError, match="is a link"):
        grade([inside], tmp_path / "other", tasks())


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert guarded(cell) == "'" + cell
    assert guarded("task 1: " + cell) == "task 1: " + cell


def test_weights_come_from_one_small_file(tmp_path: Path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text("blind = 0\nsine = 30.5\n", "utf-8")
    points = {task.name: task.points for task in weighted(file)}
    assert "blind" not in points
    assert points["sine"] == 30.5
    assert points["matrix"] == 8
    done = grade(
        [hand_in(tmp_path / "in" / "1.json", sine=[0.0, 0.0])], tmp_path / "out", weighted(file)
    )
    assert list(done.marks[0].points) == list(points)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("sine = ", "is no TOML file"),
        ("sinus = 3", "weighs a task 'sinus'; there are gradient, matrix"),
        ("sine = -1", "must be a number from 0"),
        ("sine = true", "must be a number from 0"),
        ("sine = nan", "must be a number from 0"),
        ("sine = '3'", "must be a number from 0"),
        ("\n".join(f"{task.name} = 0" for task in tasks()), "leaves no task with points"),
    ],
)
def test_weights_that_cannot_be_used_are_told(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "weights.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(WeightsError, match=sentence):
        weighted(file)


def test_the_bar_ends_with_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    bar = Bar(3, 1)
    bar.step()
    bar.step()
    bar.close()
    assert capsys.readouterr().err.endswith("█" * 30 + " 3 of 3\n")
