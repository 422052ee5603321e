"""What the book says of the lab and of its marker is what they are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contents import CHAPTERS, source
from gdbook.grading import gradebook, journal, report
from gdbook.grading.command import STATISTICS
from gdbook.grading.feedback import FOLDER
from gdbook.grading.submission import LAB, LARGEST, read
from gdbook.lab.tasks import tasks
from gdbook.lab.variants import ADAMW_STEPS, PARABOLA_STEPS, SKEWED_STEPS

LAB_PAGE = source("book/practice/lab")
TEACHERS = source("book/reference/instructors")


def test_the_table_of_tasks_is_that_of_the_marker() -> None:
    rows = re.findall(r"^\| (\d) \| (.+?) \| (\d+) \| (\d+) \|", LAB_PAGE, re.MULTILINE)
    wanted = [
        (str(number), task.title, str(task.points), str(task.minutes))
        for number, task in enumerate(tasks(), 1)
    ]
    assert rows == wanted
    assert sum(task.points for task in tasks()) == 100
    assert round(sum(task.minutes for task in tasks()) / 60) == 4
    assert "nine tasks take about four hours" in LAB_PAGE


def test_the_numbers_of_steps_are_those_of_the_tasks() -> None:
    assert (PARABOLA_STEPS, SKEWED_STEPS, ADAMW_STEPS) == (200, 500, 200)
    shapes = {answer.name: answer.shape for task in tasks() for answer in task.answers}
    assert shapes["parabola_path"] == (PARABOLA_STEPS, 2)
    assert shapes["skewed_path"] == (SKEWED_STEPS, 2)
    assert shapes["adamw_path"] == (ADAMW_STEPS, 2)
    assert "log 200 steps" in LAB_PAGE
    assert "500 steps" in LAB_PAGE


def test_the_file_that_the_page_shows_is_a_submission(tmp_path: Path) -> None:
    shown = re.search(r"```json\n(.*?)```", LAB_PAGE, re.DOTALL)
    assert shown is not None
    (tmp_path / "it.json").write_text(shown[1], "utf-8")
    assert read(tmp_path / "it.json").student == "kim"
    assert json.loads(shown[1])["lab"] == LAB


@pytest.mark.parametrize(
    "said",
    [gradebook.NAME, report.NAME, STATISTICS, f"{FOLDER}/feedback-<id>.txt", "2 MB", "--seed"],
)
def test_the_page_for_instructors_names_what_is_written(said: str) -> None:
    assert said in TEACHERS
    assert LARGEST == 2_000_000
    assert journal.NAME not in TEACHERS


def needed(chapter: int) -> set[int]:
    """Return the chapters that one needs, directly or through others, by their boxes."""
    homes = {
        label: number
        for number, name in enumerate(CHAPTERS, 1)
        for label in re.findall(r"^\((sec-[\w-]+)\)=", source(name), re.MULTILINE)
    }
    box = source(CHAPTERS[chapter - 1]).partition(":class: objectives")[2].partition("\n:::")[0]
    direct = {homes[label] for label in re.findall(r"`(sec-[\w-]+)`", box)} - {chapter}
    return direct.union(*(needed(one) for one in direct))


@pytest.mark.parametrize(
    ("said", "goals", "chapters"),
    [
        ("| optimizers | 1 to 4 and 7 to 9 |", {7, 8, 9}, {1, 2, 3, 4, 7, 8, 9}),
        ("| automatic differentiation | 1 to 6 |", {5, 6}, {1, 2, 3, 4, 5, 6}),
        (
            "| losses and models | 1 to 5, 7, 8 and from 10 on |",
            {10, 11, 12, 13},
            {1, 2, 3, 4, 5, 7, 8, 10, 11, 12, 13},
        ),
    ],
)
def test_the_subjects_are_whole(said: str, goals: set[int], chapters: set[int]) -> None:
    assert said in TEACHERS
    assert goals.union(*(needed(one) for one in goals)) == chapters


PLANS = re.findall(r"^### (.*)\n\n((?:.*\n)*?)(?=#)", TEACHERS, re.MULTILINE)


@pytest.mark.parametrize(("name", "plan"), PLANS)
def test_a_plan_gives_no_task_before_its_chapter(name: str, plan: str) -> None:
    rows = re.findall(r"^\| (\d) \| .* \| (.*) \|$", LAB_PAGE, re.MULTILINE)
    needs = {int(number): set(re.findall(r"`(sec-[\w-]+)`", last)) for number, last in rows}
    homes = {
        label: source(chapter).partition("\n# ")[0].rpartition("(")[2].partition(")")[0]
        for chapter in CHAPTERS
        for label in re.findall(r"^\((sec-[\w-]+)\)=", source(chapter), re.MULTILINE)
    }
    given, taught = set[int](), set[str]()
    for row in plan.splitlines():
        taught |= set(re.findall(r"numref}`(sec-[\w-]+)`", row))
        for first, last in re.findall(r"tasks? (\d)(?: (?:to|and) (\d))?", row.partition(" | ")[2]):
            tasks_of_row = set(range(int(first), int(last or first) + 1))
            assert {homes[label] for task in tasks_of_row for label in needs[task]} <= taught, row
            given |= tasks_of_row
    left_out = set(re.findall(r"`(\w+) = 0`", plan))
    names = [task.name for task in tasks()]
    assert {names[number - 1] for number in given} | left_out == set(names), name


def test_all_plans_were_found() -> None:
    assert len(PLANS) == 3


def test_it_is_linked_from_preface_and_landing_page() -> None:
    assert "{doc}`reference/instructors`" in source("book/preface")
    assert "{doc}`reference/instructors`" in source("book/index")
    assert "{doc}`practice/lab`" in source("book/index")
