"""README and CONTRIBUTING: their commands run or exist, and what they name is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from commands import ROOT, faults, make_targets
from gdbook import hints
from judging import checkers

DOCUMENTS = ("README.md", "CONTRIBUTING.md")
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in DOCUMENTS}

# Names of files that are given as an example, or that a build makes.
MADE = ("_build/", ".venv", "node_modules")


def lines_of(name: str) -> list[str]:
    """The commands of a document: of its console blocks, and those in a sentence or a table."""
    text = TEXTS[name]
    blocks = re.findall(r"^```console\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    typed = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    prose = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    starts = r"(?:make|pip|pytest|gdbook|jupyter-book|pre-commit) [^`]+|\.ci/run"
    return typed + re.findall(rf"`({starts})`", prose)


COMMANDS = [(name, line) for name in DOCUMENTS for line in lines_of(name)]


def run(*words: str, cwd: Path = ROOT) -> str:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize(("name", "line"), COMMANDS, ids=[line for _, line in COMMANDS])
def test_a_command_exists_with_its_targets_and_options(name: str, line: str) -> None:
    assert faults(line) == [], name


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("make tests", "the Makefile has no target tests"),
        ("make serve && make pdf CHAPTR=a/b", "the Makefile has no setting CHAPTR"),
        ("make test CHAPTER=calculus/limits", "there is no chapter calculus/limits"),
        ('pip install -e ".[books]"', "pyproject.toml has no extra books"),
        ("pip install --constraint locked.txt .", "there is no file locked.txt"),
        ("jupyter-book build --slow .", "jupyter-book build has no option --slow"),
        ("jupyter-book bild .", "jupyter-book has no command bild"),
        ("jupyter-book build docs", "there is no book in docs"),
        ("gdbook new-chapters a/b", "gdbook does not take these words"),
        ("gdbook serve --prot 1", "gdbook does not take these words"),
        (".venv/bin/pytest tests/test_nothing.py", "there is no tests/test_nothing.py"),
        ("pytest tests/test_imports.py::test_x", "tests/test_imports.py has no test_x"),
        ("python -m pytest -m 'not browsers'", "there is no marker browsers"),
        ("brew install it", "nothing is known of the command brew"),
    ],
)
def test_a_command_that_cannot_work_is_noticed(line: str, sentence: str) -> None:
    (fault,) = faults(line)
    assert fault.startswith(sentence)


def test_the_console_blocks_were_found() -> None:
    lines = [line for _, line in COMMANDS]
    assert "make serve" in lines_of("README.md")[:1]
    assert "make serve" in lines_of("CONTRIBUTING.md")[:1]
    for needed in (
        "make check",
        "pip install .",
        'pip install -e ".[book]" && jupyter-book build .',
    ):
        assert needed in lines


def test_make_help_names_every_target_and_so_does_the_readme() -> None:
    helped = run("make", "help")
    for target in make_targets() - {"help"}:
        assert re.search(rf"^make {target} ", helped, re.MULTILINE), target
    table = re.findall(r"^\| `make (\w+)` \|", TEXTS["README.md"], re.MULTILINE)
    assert sorted(table) == sorted(make_targets())
    assert run("make") == helped, "make alone shows the help"


@pytest.mark.parametrize("line", sorted({line for _, line in COMMANDS if "gdbook" in line}))
def test_the_command_gdbook_runs(line: str, tmp_path: Path) -> None:
    """Where it would serve, or write, its help is asked for."""
    words = re.sub(r"^.*?gdbook ", "", line).split()[:1]
    said = run(sys.executable, "-m", "gdbook.cli", *words, "--help", cwd=tmp_path)
    assert said.startswith(f"usage: gdbook {words[0]} ")


@pytest.mark.book
def test_make_pdf_makes_a_handout(tmp_path: Path) -> None:
    """In a small book, with the environment of this test."""
    (tmp_path / "book/calculus").mkdir(parents=True)
    (tmp_path / "book/index.md").write_text("# A book\n")
    (tmp_path / "book/calculus/limits-and-derivatives.md").write_text("# Limits\n\nWords.\n")
    (tmp_path / "_toc.yml").write_text(
        "format: jb-book\nroot: book/index\n"
        "chapters:\n  - file: book/calculus/limits-and-derivatives\n"
    )
    (tmp_path / "_config.yml").write_text(
        "title: A book\nonly_build_toc_files: true\nexclude_patterns: [_build]\n"
        "execute: {execute_notebooks: 'off'}\n"
        "sphinx:\n  extra_extensions: [gdbook.publish]\n"
        "  config: {html_theme: furo, nb_ipywidgets_js: {}, nb_render_plugin: gdbook}\n"
    )
    where = [
        f"BIN={Path(sys.executable).parent}",
        "-o",
        ".venv/ready",
        "-f",
        str(ROOT / "Makefile"),
    ]
    run("make", *where, "pdf", "CHAPTER=calculus/limits-and-derivatives", cwd=tmp_path)
    (made,) = (tmp_path / "_build").rglob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    assert "limits" in made.name


def test_a_check_that_a_page_shows_has_a_checker() -> None:
    shown = {
        (page.name, label)
        for page in (ROOT / "book").rglob("*.md")
        for label in re.findall(r"\bcheck\(\s*[\"'](prob-[\w-]+)", page.read_text("utf-8"))
    }
    assert ("run-it-yourself.md", "prob-another-parabola") in shown
    assert ("preface.md", "prob-richardson") in shown
    assert {(page, label) for page, label in shown if label not in checkers()} == set()


def test_a_made_up_problem_has_no_label_of_the_book() -> None:
    made_up = set(re.findall(r"prob-[\w-]+", TEXTS["CONTRIBUTING.md"]))
    assert made_up == {"prob-slope-of-cube"}
    assert not made_up & {*hints.catalogue()}, "every problem has hints"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_link_leads_to_a_file(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", TEXTS[name])
    for link in links:
        assert "://" in link or (ROOT / link).exists(), link


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_file_that_is_named_is_there(name: str) -> None:
    prose = re.sub(r"^(`{3,}).*?^\1$", "", TEXTS[name], flags=re.MULTILINE | re.DOTALL)
    named = [
        word
        for word in re.findall(r"`([\w./-]+)`", prose)
        if re.search(r"\w/|\.(?:md|py|yml|toml|lock|bib|cff|json)$", word)
        if not word.startswith(MADE)
    ]
    assert len(named) > 1
    for word in named:
        assert (ROOT / word).exists(), word
