"""`gdbook new-chapter`: what it lays out, what the build then says, and what it refuses."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_book import SmallBook, tree

from gdbook import cli
from gdbook.publish.audit.unwritten import marked
from gdbook.publish.authoring import skeletons, transaction
from gdbook.publish.core.unwritten import MARK

ROOT = Path(__file__).parents[2]
PAGE = "book/calculus/taylor.md"
CHECKERS = "src/gdbook/exercises/taylor.py"
TESTS = "tests/exercises/test_taylor.py"
HINTS = "src/gdbook/hints/taylor.toml"
QUICK = "src/gdbook/quick/taylor.toml"

LAYOUT = {
    "_config.yml": """\
title: A small book
author: The Downhill authors
only_build_toc_files: true
exclude_patterns: [_build, src, tests, CHANGELOG.md]
execute: {execute_notebooks: "off"}
parse: {myst_enable_extensions: [amsmath, colon_fence, dollarmath]}
bibtex_bibfiles: [book/reference/references.bib]
sphinx:
  extra_extensions: [gdbook.publish]
  config:
    project: A small book
    html_theme: furo
    html_theme_options: {}
    html_math_renderer: temml
    nb_ipywidgets_js: {}
    nb_render_plugin: gdbook
    numfig: true
    audit: chapters
    audit_notation: book/reference/notation
    audit_standard:
      - book/calculus/first
""",
    "_toc.yml": """\
format: jb-book
root: book/index
parts:
  - caption: Calculus
    numbered: true
    chapters:
      - file: book/calculus/first  # words only
  - caption: Reference
    chapters:
      - file: book/reference/notation
      - file: book/reference/glossary
""",
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- Chapter 1,\n  with a deck.\n- More.\n",
    "book/index.md": "# A small book\n\nWords.\n",
    "book/calculus/first.md": """\
# First

:::{admonition} In this chapter
:class: objectives
It takes {minutes}`core` for the core, {minutes}`text` for the text, {minutes}`problems` for
problems, and {minutes}`all` for all.
:::

Words.
""",
    "book/reference/notation.md": "# Notation\n\n| symbol | meaning |\n| --- | --- |\n",
    "book/reference/glossary.md": "# Glossary\n\n```{bibliography}\n```\n",
    "book/reference/references.bib": "",
    "src/gdbook/exercises/__init__.py": "",
    "src/gdbook/hints/first.toml": "",
    "src/gdbook/quick/first.toml": "",
    "tests/exercises/test_first.py": "",
}

MADE = {PAGE, CHECKERS, TESTS, HINTS, QUICK}
CHANGED = {
    "_config.yml",
    "_toc.yml",
    "CHANGELOG.md",
    "book/index.md",
    "book/reference/notation.md",
    "book/reference/glossary.md",
    "book/reference/references.bib",
}

ROOMS = ("exercises", "hints", "quick")
#: Where the page, filled in, leaves marked lines.
BESIDE = (MADE | CHANGED) - {PAGE, "_toc.yml", "_config.yml"}

WORK = """\
@book{taylor1715,
  author = {Taylor, Brook},
  title = {Methodus incrementorum},
  publisher = {Innys},
  year = {1715},
}
"""

CHECKER = '''\
from typing import Any

from gdbook.exercises.verdict import Verdict, checker, compare, number


@checker("prob-derive-1")
def third_term(answer: Any) -> Verdict:
    """Judge the third coefficient."""
    return compare(
        number(answer),
        0.5,
        tol=1e-3,
        praise="it is 1/2!.",
        mistakes={"the factorial is missing.": 1.0},
        hint="differentiate twice.",
    )
'''


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A book laid out as the real one is, with one page of words."""
    made = SmallBook(tmp_path / "book", {})
    for path, text in LAYOUT.items():
        (made.root / path).parent.mkdir(parents=True, exist_ok=True)
        made.write(path, text)
    return made


def command(book: Path, *words: str) -> int:
    return cli.main(["new-chapter", *words, "--book", str(book)])


def filled(page: str) -> str:
    """Write a least chapter into a page that was laid out, a line for each mark."""
    slides = "".join(f"## Idea {n}\n\nWords.\n\n" for n in range(20))
    claim = (
        "$$\n(x + 1)^2 = x^2 + 2x + 1\n$$ (eq-square)\n\n```{code-cell} ipython3\n:tags: [check]\n"
        "from gdbook.checks import holds\nfrom gdbook.mathematics import real\n"
        'holds("eq-square", x=real())\n```\n'
    )
    card = re.search(r"(?:^%.*\n)+", page[page.index("% :::{problem}") :], re.MULTILINE)
    assert card
    page = page.replace(card[0], "")
    plain = re.sub(r"^% ?", "", card[0], flags=re.MULTILINE)
    for before, after in {
        "easy, moderate or demanding": "easy",
        "minutes: …": "minutes: 5",
        "answer: …": "answer: words\n:hint: Think.",
    }.items():
        assert before in plain
        plain = plain.replace(before, after)
    made, problems = [], 0
    for line in page.splitlines():
        sentence = line.partition(MARK)[2]
        if not sentence:
            made.append(line)
        elif tier := re.search(r"a problem of tier (\w+)", sentence):
            problems += 1
            text = plain.replace("predict", tier[1]).replace("prob-…", f"prob-{tier[1]}-{problems}")
            made.append(text.replace("prob-derive-3", "prob-derive-1"))
        elif "the sections" in sentence:
            made.append(slides)
        elif "claims" in sentence:
            made.append(claim)
        elif "cited" in sentence:
            made.append("{cite:p}`taylor1715` is where it began.")
        elif "say(" in sentence:
            made.append("say(steps=17)")
        elif line.startswith("#"):
            made.append("x = 17")
        else:
            made.append("After {n}`steps` steps.")
    return "\n".join(made) + "\n"


def told(log: str) -> list[str]:
    """The editor's sentences, by file and line; a failed build repeats some at its end."""
    log = log.partition("The build failed:")[0]
    found = re.findall(r"^(.*?:\d+): WARNING: (still to be written: .*)$", log, re.MULTILINE)
    return [f"{place}: {sentence}" for place, sentence in found]


@pytest.mark.book
def test_the_build_names_each_empty_place_until_it_is_filled(book: SmallBook) -> None:
    assert command(book.root, "calculus/taylor", "--title", "Taylor's theorem") == 0
    marked = [
        f"{book.root / path}:{n}"
        for path in sorted(MADE | CHANGED)
        for n, line in enumerate(book.read(path).splitlines(), 1)
        if MARK in line
    ]
    assert len(marked) > 25
    options = ("-n", "-W", "--keep-going")
    log = book.build(*options, ok=False).log
    assert sorted(line.partition(": ")[0] for line in told(log)) == sorted(marked)
    others = [line for line in log.splitlines() if "WARNING" in line and "still" not in line]
    assert others
    assert all(" has at least " in x or "20 to 60 slides" in x or "cites" in x for x in others)

    again = book.build(*options, ok=False).log
    assert sorted(told(again)) == sorted(told(log)), "forgotten by a build that reads nothing"

    book.write(PAGE, filled(book.read(PAGE)))
    log = book.build(*options, ok=False).log
    left = {line.rpartition("/")[2].partition(":")[0] for line in told(log)}
    assert left == {Path(path).name for path in BESIDE}

    for path in BESIDE:
        kept = [line for line in book.read(path).splitlines() if MARK not in line]
        book.write(path, "\n".join(kept) + "\n")
    book.write("book/reference/references.bib", WORK)
    book.build(*options)
    assert "Taylor’s theorem" in (book.root / "_build/html" / PAGE).with_suffix(".html").read_text()


@pytest.mark.book
def test_the_chapters_tests_fail_with_a_sentence_and_pass_when_they_are_written(
    book: SmallBook, tmp_path: Path
) -> None:
    package = book.root / "src" / "gdbook"
    shutil.rmtree(package)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "src" / "gdbook", package, ignore=ignored)
    command(book.root, "calculus/taylor")

    def run() -> str:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider", TESTS],
            cwd=book.root,
            env={**os.environ, "PYTHONPATH": f"{book.root / 'src'}:{ROOT / 'tests'}"},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.splitlines()[-1] + done.stdout

    said = run()
    assert said.startswith("1 failed, 2 skipped")
    assert "gdbook.exercises.taylor has no checker: write a function with @checker" in said

    book.write(CHECKERS, book.read(CHECKERS) + CHECKER)
    book.edit(TESTS, "= {}", '= {"prob-derive-1": [0.5, 1 / 2]}')
    book.edit(TESTS, "= []", '= [("prob-derive-1", 1, "factorial")]')
    said = run()
    assert said.startswith("3 passed"), said


def test_what_is_laid_out_is_added_and_nothing_else(book: SmallBook) -> None:
    before = tree(book.root)
    assert command(book.root, "calculus/taylor") == 0
    after = tree(book.root)
    assert after.keys() - before.keys() == MADE
    assert {path for path in before if before[path] != after[path]} == CHANGED
    for path in CHANGED:
        rest = [line for line in book.read(path).splitlines() if MARK not in line]
        rest = [line for line in rest if "book/calculus/taylor" not in line]
        assert "\n".join(rest).strip() == LAYOUT[path].strip()
    assert "      - file: book/calculus/taylor\n" in book.read("_toc.yml")
    assert "      - book/calculus/first\n      - book/calculus/taylor\n" in book.read("_config.yml")
    entry = book.read("CHANGELOG.md").splitlines().index("  with a deck.") + 1
    assert book.read("CHANGELOG.md").splitlines()[entry].startswith("- The chapter *Taylor*.")


def test_a_chapter_begins_in_the_standard() -> None:
    page = skeletons.page("taylor", "Taylor's theorem")
    assert "\nslides: blocks\n---\n" in page
    assert "slideshow" not in page
    assert {"core", "text", "problems", "all"} == set(re.findall(r"\{minutes\}`(\w+)`", page))


def test_what_is_laid_out_passes_the_linters(book: SmallBook) -> None:
    command(book.root, "calculus/taylor")
    shutil.copy(ROOT / "pyproject.toml", book.root)
    shutil.copy(ROOT / "tests" / "judging.py", book.root / "tests")
    for words in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        ruff = [str(Path(sys.executable).with_name("ruff")), *words, CHECKERS, TESTS]
        done = subprocess.run(ruff, cwd=book.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_real_book_takes_a_chapter_and_a_part(tmp_path: Path) -> None:
    for folder in ("book", *(f"src/gdbook/{name}" for name in ROOMS), "tests/exercises"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for name in ("_toc.yml", "_config.yml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path)
    before = tree(tmp_path)
    assert command(tmp_path, "calculus/taylor") == 0
    assert command(tmp_path, "pictures/maps", "--new-part", "Pictures") == 0
    after = tree(tmp_path)
    second = {path.replace("taylor", "maps").replace("calculus", "pictures") for path in MADE}
    assert after.keys() - before.keys() == MADE | second
    assert {path for path in before if before[path] != after[path]} == CHANGED
    lines = (tmp_path / "_toc.yml").read_text().splitlines()
    old = (ROOT / "_toc.yml").read_text().splitlines()
    assert [line for line in lines if line not in old] == [
        "      - file: book/calculus/taylor",
        "  - caption: Pictures",
        "      - file: book/pictures/maps",
    ]


def test_a_book_of_pages_alone_gets_a_page(book: SmallBook) -> None:
    for path in ("src", "tests", "book/reference"):
        shutil.rmtree(book.root / path)
    (book.root / "CHANGELOG.md").unlink()
    before = tree(book.root)
    assert command(book.root, "calculus/taylor") == 0
    assert tree(book.root).keys() - before.keys() == {PAGE}


REFUSED = [
    (["calculus/Taylor"], "lower case with hyphens"),
    (["calculus/taylor_series"], "lower case with hyphens"),
    (["calculus/taylor--series"], "lower case with hyphens"),
    (["calculus/../../taylor"], "lower case with hyphens"),
    (["taylor"], "a chapter is PART/NAME"),
    (["calculus/" + "a" * 41], "at most 40 characters, this one has 41"),
    (["calculus/taylor", "--title", " "], "a title is one line of words"),
    (["calculus/taylor", "--title", "One\nTwo"], "a title is one line of words"),
    (["calculus/first"], "book/calculus/first.md is there already: nothing was changed"),
    (["calculs/taylor"], "in book/calculs; did you mean calculus?"),
    (["optimizers/taylor"], 'There are calculus (“Calculus”). With --new-part "Its caption"'),
    (["reference/taylor"], "the part “Reference” has no chapters"),
    (["calculus/taylor", "--new-part", "Series"], "in the part “Calculus” already"),
]


@pytest.mark.parametrize(("words", "sentence"), REFUSED)
def test_what_is_refused_is_told_in_a_sentence(
    book: SmallBook, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(book.root)
    assert command(book.root, *words) == 1
    said = capsys.readouterr().err
    assert said.startswith("gdbook new-chapter: ")
    assert sentence in said
    assert said.count("\n") == 1
    assert tree(book.root) == before


@pytest.mark.parametrize("path", sorted(MADE))
def test_nothing_is_written_over(
    book: SmallBook, path: str, capsys: pytest.CaptureFixture[str]
) -> None:
    book.write(path, "Mine.\n")
    before = tree(book.root)
    assert command(book.root, "calculus/taylor") == 1
    assert f"{path} is there already" in capsys.readouterr().err
    assert tree(book.root) == before


def test_a_folder_that_is_no_book_and_a_broken_list_are_told(
    book: SmallBook, capsys: pytest.CaptureFixture[str]
) -> None:
    book.edit("_toc.yml", "parts:", "parts: [")
    assert command(book.root, "calculus/taylor") == 1
    assert "_toc.yml:4 is not YAML" in capsys.readouterr().err
    (book.root / "_toc.yml").write_text(
        "parts:\n  - numbered: true\n    chapters:\n      - file: book/calculus/a\n"
    )
    assert command(book.root, "calculus/taylor") == 1
    assert "_toc.yml cannot be read" in capsys.readouterr().err
    (book.root / "_toc.yml").unlink()
    assert command(book.root, "calculus/taylor") == 1
    assert f"there is no _toc.yml in {book.root}" in capsys.readouterr().err


@pytest.mark.parametrize("what", [KeyboardInterrupt, OSError(28, "No space left on device")])
@pytest.mark.parametrize("move", range(12))
def test_interrupted_at_any_move_it_leaves_nothing(
    book: SmallBook,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    what: BaseException,
    move: int,
) -> None:
    before = tree(book.root)
    folders = sorted(path for path in book.root.rglob("*") if path.is_dir())
    moves = iter(range(99))
    replace = Path.replace

    def failing(self: Path, target: Path) -> Path:
        if next(moves) == move:
            raise what
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    assert command(book.root, "new/taylor", "--new-part", "New") in (1, 130)
    assert next(moves) > move, "there are fewer moves"
    said = capsys.readouterr().err
    assert said in (
        "gdbook new-chapter: interrupted\n",
        "gdbook new-chapter: No space left on device\n",
    )
    assert tree(book.root) == before
    assert sorted(path for path in book.root.rglob("*") if path.is_dir()) == folders


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ended_by_a_signal_it_leaves_nothing(
    book: SmallBook, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    before = tree(book.root)
    prepare = transaction._prepare

    def slow(aside: Path, path: Path, text: str) -> tuple[Path, Path, Path | None]:
        made = prepare(aside, path, text)
        os.kill(os.getpid(), number)
        time.sleep(0.01)
        return made

    monkeypatch.setattr(transaction, "_prepare", slow)
    handlers = [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)]
    assert command(book.root, "calculus/taylor") == 130
    assert tree(book.root) == before
    assert not [path for path in book.root.iterdir() if path.name.startswith(".new")]
    assert [signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)] == handlers


def test_the_mark_is_found_in_comments_of_every_kind() -> None:
    lines = ["% UNWRITTEN: a", "", "# UNWRITTEN: b", "- C <!-- UNWRITTEN: d -->", "unwritten: e"]
    assert [(f.line, f.text) for f in marked(lines)] == [
        (1, "still to be written: a"),
        (3, "still to be written: b"),
        (4, "still to be written: d"),
    ]
