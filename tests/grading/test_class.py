"""A class of a thousand, a tenth of it hostile: all others are marked, and nothing piles up."""

from __future__ import annotations

import csv
import multiprocessing
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from classes import fill

from gdbook import cli
from gdbook.grading import workers
from gdbook.grading.command import Graded, grade
from gdbook.grading.journal import NAME
from gdbook.grading.marking import Mark
from gdbook.grading.workers import marks
from gdbook.lab.tasks import tasks

pytestmark = pytest.mark.slow

STUDENTS, HOSTILE = 900, 100


@pytest.fixture(scope="module")
def a_class(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Graded, dict[str, Any]]:
    place = tmp_path_factory.mktemp("class")
    mistakes = fill(place / "in", STUDENTS, HOSTILE)
    return place / "in", place / "out", grade([place / "in"], place / "out", tasks()), mistakes


def test_all_are_marked_but_the_hostile_which_are_told(a_class: Any) -> None:
    _, out, graded, mistakes = a_class
    assert len(graded.marks) == STUDENTS + HOSTILE
    refused = [mark for mark in graded.marks if mark.refused]
    assert len(refused) == HOSTILE == len(graded.troubles)
    assert all("hostile-" in mark.file for mark in refused)
    report = (out / "report.txt").read_text("utf-8")
    assert report.split("\n", 1)[0].split() == ["id", "seed", *(t.name for t in tasks()), "points"]
    for mark in refused:
        assert f"{mark.file}: {mark.refused}" in report
    named = {m.student: [f.name for f in m.findings] for m in graded.marks if not m.refused}
    assert named == mistakes


def test_whoever_made_no_mistake_has_all_points_and_the_others_have_fewer(a_class: Any) -> None:
    _, _, graded, mistakes = a_class
    for mark in graded.marks:
        if not mark.refused:
            assert (mark.total == 100) == (not mistakes[mark.student]), mark


def test_the_gradebook_is_read_back(a_class: Any) -> None:
    pandas = pytest.importorskip("pandas")
    _, out, graded, _ = a_class
    totals = {mark.student: mark.total for mark in graded.marks if not mark.refused}
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["id"]: float(row["points"]) for row in rows} == totals
    frame = pandas.read_csv(out / "grades.csv", dtype={"id": str})
    assert list(frame.columns) == ["id", "points", "comments"]
    assert dict(zip(frame["id"], frame["points"], strict=True)) == totals
    assert frame["comments"].notna().all()


def test_each_student_has_feedback_and_nothing_else_was_written(a_class: Any) -> None:
    _, out, graded, _ = a_class
    files = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    students = [mark for mark in graded.marks if not mark.refused]
    wanted = {f"feedback/feedback-{mark.student}.txt" for mark in students}
    assert files == wanted | {"grades.csv", "report.txt", "class.txt", NAME}
    for mark in students[:50]:
        text = (out / f"feedback/feedback-{mark.student}.txt").read_text("utf-8")
        assert f"{mark.total:g} of 100 points" in text
        assert all(finding.sentence in text for finding in mark.findings)


def test_the_statistics_count_each_mistake(a_class: Any) -> None:
    from gdbook.grading.mistakes import CATALOGUE

    _, out, _, mistakes = a_class
    text = (out / "class.txt").read_text("utf-8")
    assert f"{STUDENTS} submissions, 100 points" in text
    titles = Counter(CATALOGUE[name].title for found in mistakes.values() for name in found)
    assert len(titles) > 30
    for title, count in titles.items():
        assert f"{count:8d}   {title}\n" in text


def test_a_second_run_marks_nothing_anew_and_a_changed_file_is_seen(a_class: Any) -> None:
    inside, out, _, _ = a_class
    before = {path: path.read_bytes() for path in (out / "grades.csv", out / "report.txt")}
    again = grade([inside], out, tasks())
    assert again.known == STUDENTS + HOSTILE
    assert {path: path.read_bytes() for path in before} == before
    file = inside / "s00003_assignment" / "lab.json"
    kept = file.read_bytes()
    file.write_text("{}", "utf-8")
    changed = grade([inside], out, tasks())
    assert changed.known == STUDENTS + HOSTILE - 1
    assert len(changed.troubles) == HOSTILE + 1
    file.write_bytes(kept)


def test_an_interrupted_run_goes_on_where_it_was(
    a_class: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = a_class[0]
    files = sorted(inside.glob("s000[0-4]?_assignment"))

    def interrupted(*arguments: Any) -> Iterator[tuple[Path, Mark]]:
        for number, one in enumerate(marks(*arguments)):
            if number == 20:
                raise KeyboardInterrupt
            yield one

    monkeypatch.setattr("gdbook.grading.command.marked", interrupted)
    with pytest.raises(KeyboardInterrupt):
        grade(files, tmp_path, tasks())
    assert not (tmp_path / "grades.csv").exists()
    monkeypatch.setattr("gdbook.grading.command.marked", marks)
    with (tmp_path / NAME).open("a", encoding="utf-8") as file:
        file.write('{"key": "cut in the mid')
    done = grade(files, tmp_path, tasks())
    assert done.known == 20
    assert len(done.marks) == 50
    assert not done.troubles
    assert grade(files, tmp_path, tasks()).known == 50


def test_other_points_begin_the_journal_anew(a_class: Any, tmp_path: Path) -> None:
    files = sorted(a_class[0].glob("s0000?_assignment"))
    grade(files, tmp_path, tasks())
    assert grade(files, tmp_path, tasks()[:3]).known == 0
    assert grade(files, tmp_path, tasks()[:3]).known == 10
    assert grade(files, tmp_path, tasks()[:3], seed=1).known == 0


class Counting:
    """A pool that counts what is under way, and finishes the oldest when it is waited for."""

    most = 0

    def __init__(self, *_: Any, **__: Any) -> None:
        self.running: list[Future[Any]] = []

    def submit(self, work: Any, *arguments: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.running.append(future)
        Counting.most = max(Counting.most, sum(not one.done() for one in self.running))
        threading.Timer(0.001, lambda: future.set_result(work(*arguments))).start()
        return future

    def shutdown(self, **_: Any) -> None: ...


def test_only_a_few_batches_are_under_way_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [tmp_path / f"{number}.json" for number in range(1000)]
    monkeypatch.setattr(workers, "ProcessPoolExecutor", Counting)
    done = list(marks(files, tasks(), None, workers=2))
    assert sorted(path for path, _ in done) == sorted(files)
    assert 1 < Counting.most <= 6


def test_the_command_says_what_was_not_marked(
    a_class: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = a_class[0]
    good = str(inside / "s00000_assignment")
    assert cli.main(["grade", good, "--out", str(tmp_path / "one")]) == 0
    shown = capsys.readouterr()
    assert "s00000" in shown.out
    assert "1 marked, 0 not" in shown.out
    bad = str(next(inside.glob("hostile-*deep.json")))
    assert cli.main(["grade", good, bad, "--out", str(tmp_path / "two")]) == 3
    assert "is nested too deeply" in capsys.readouterr().err
    assert cli.main(["grade", str(inside / "gone"), "--out", str(tmp_path / "three")]) == 1
    assert "no such file or folder" in capsys.readouterr().err
    assert not (tmp_path / "three").exists()


def test_a_killed_process_costs_nobody_a_mark(
    a_class: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "MANY", 64)
    files = sorted(a_class[0].glob("s*_assignment/lab.json"))[:80]
    done: list[tuple[Path, str]] = []
    for path, mark in marks(files, tasks(), None, workers=2):
        if not done:
            children = multiprocessing.active_children()
            assert children
            for child in children:
                child.kill()
        done.append((path, mark.refused))
    assert sorted(done) == [(file, "") for file in files]
