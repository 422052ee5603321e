"""What students get: complete, without solutions, and running without this package."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from gdbook import cli
from gdbook.grading.marking import mark_file
from gdbook.lab.source import cells
from gdbook.lab.tasks import tasks
from gdbook.lab.variants import variant
from gdbook.lab.write import script, write_lab

# Runs a file as where only torch, NumPy and Matplotlib are installed, with what these need.
ALONE = """
import sys, runpy
for name in ("gdbook", "scipy", "pandas", "IPython"):
    sys.modules[name] = None
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def ran(program: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ALONE, str(program)],
        cwd=program.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "1"},
    )


def code(path: Path) -> str:
    """Return the code of a notebook's cells, in order, as a program."""
    read = nbformat.read(path, as_version=4)
    return "\n\n".join(cell.source for cell in read.cells if cell.cell_type == "code")


def named(text: str, student: str) -> str:
    assert text.count('STUDENT = ""') == 1
    return text.replace('STUDENT = ""', f'STUDENT = "{student}"')


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 7])
def test_the_notebook_with_the_model_solution_gets_full_points(tmp_path: Path, seed: int) -> None:
    book, plain = write_lab(tmp_path, seed, solved=True)
    assert [book.name, plain.name] == [f"lab-{seed}-solved.ipynb", f"lab-{seed}-solved.py"]
    program = tmp_path / "lab.py"
    program.write_text(named(code(book), "kim"), "utf-8")
    done = ran(program)
    assert done.returncode == 0, done.stderr
    assert "still missing: nothing" in done.stdout
    mark = mark_file(tmp_path / "lab-kim.json", tasks(), seed)
    assert mark.findings == []
    assert mark.total == 100
    assert {path.name for path in tmp_path.glob("*.png")} == {
        "lab-parabola.png",
        "lab-skewed.png",
        "lab-AdamW.png",
    }


@pytest.mark.slow
def test_without_an_id_and_without_solutions_it_stops_with_a_sentence(tmp_path: Path) -> None:
    book, plain = write_lab(tmp_path, 3)
    for text in (code(book), plain.read_text("utf-8")):
        program = tmp_path / "program.py"
        program.write_text(text, "utf-8")
        done = ran(program)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1] == (
            "ValueError: write your id between the quotation marks of STUDENT"
        )
        program.write_text(named(text, "kim"), "utf-8")
        done = ran(program)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith(
            "NotImplementedError: still to be done: the gradient of g at POINT"
        )
        assert not (tmp_path / "lab-kim.json").exists()


@pytest.mark.slow
def test_the_answers_before_an_open_task_are_saved_and_marked(tmp_path: Path) -> None:
    solved, open_ = (code_cells(5, solved) for solved in (True, False))
    first_loop = next(n for n, text in enumerate(open_) if "def function_parabola" in text)
    program = tmp_path / "program.py"
    program.write_text(
        named("\n\n".join([*solved[:first_loop], *open_[first_loop:]]), "kim"), "utf-8"
    )
    done = ran(program)
    assert "still to be done: log a copy of X" in done.stderr.splitlines()[-1]
    mark = mark_file(tmp_path / "lab-kim.json", tasks())
    assert mark.total == sum(task.points for task in tasks()[:4])
    assert {finding.name for finding in mark.findings} == {"missing"}


def code_cells(seed: int, solved: bool) -> list[str]:
    return [cell.text for cell in cells(seed, solved=solved) if cell.kind == "code"]


def test_no_solution_is_handed_out(tmp_path: Path) -> None:
    both = "".join(file.read_text("utf-8") for file in write_lab(tmp_path, 4))
    hidden = "\n".join(code_cells(4, True))
    for telling in (
        "eigvalsh",
        "torch.optim.Adam(",
        "X -= alpha",
        "losses[-1]",
        "next_functions\n",
    ):
        assert telling in hidden
        assert telling not in both
    assert "# solution" not in both
    assert "# end" not in both
    assert not any(str(number) in both for number in variant(4).blind_truth)


def test_each_answer_is_kept_once_and_each_task_is_told_with_its_points() -> None:
    text = script(cells(2))
    kept = re.findall(r'^keep\("(\w+)"', text, re.MULTILINE)
    assert kept == [answer.name for task in tasks() for answer in task.answers]
    for number, task in enumerate(tasks(), 1):
        assert (
            f"# ## {number}. {task.title} ({task.points:g} points, {task.minutes} minutes)" in text
        )
    assert "**A history is logged before the step.**" in text
    assert text.count("todo(") >= len(tasks())


@pytest.mark.parametrize("seed", [0, 1])
def test_the_files_are_a_notebook_and_a_program(tmp_path: Path, seed: int) -> None:
    book, plain = write_lab(tmp_path, seed)
    nbformat.validate(json.loads(book.read_text("utf-8")))
    tree = ast.parse(plain.read_text("utf-8"))
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported == {"base64", "json", "matplotlib.pyplot", "numpy", "torch", "google.colab"}
    longest = max(len(line) for cell in code_cells(seed, False) for line in cell.splitlines())
    assert longest <= 79


def test_a_seed_is_a_variant_and_always_the_same() -> None:
    texts = {script(cells(seed)) for seed in range(20)}
    assert len(texts) == 20
    assert variant(11) == variant.__wrapped__(11)
    drawn = [variant(seed) for seed in range(40)]
    for numbers in ("start", "stretch", "line", "scale", "point", "sine_at", "matrix", "blind_x"):
        assert len({getattr(one, numbers) for one in drawn}) > 2, numbers
    # Kept from when the lab was made: a change here changes the labs that were handed out.
    assert (variant(1).start, variant(1).stretch, variant(1).scale) == ((6.0, 5.0), 3.0, 10.0)


@pytest.mark.parametrize("seed", [-1, 10**12, True, 1.5])
def test_what_is_no_seed_is_refused(seed: int) -> None:
    with pytest.raises(ValueError, match="a seed is an integer from 0"):
        variant(seed)


def test_the_command_writes_both_and_keeps_what_a_student_has_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["lab", "--seed", "5", "--out", str(tmp_path / "new")]
    assert cli.main(words) == 0
    written = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert [path.name for path in written] == ["lab-5.ipynb", "lab-5.py"]
    assert cli.main(words) == 0
    written[1].write_text("my work", "utf-8")
    written[0].unlink()
    assert cli.main(words) == 1
    assert "lab-5.py: is there already, and changed" in capsys.readouterr().err
    assert written[1].read_text("utf-8") == "my work"
    assert not written[0].exists()
    assert cli.main(["lab", "--seed", "-5"]) == 1
    assert "a seed is an integer" in capsys.readouterr().err
