"""Commands that documents and workflows tell a person or a machine to type: do they exist?"""

from __future__ import annotations

import re
import shlex
import tomllib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def faults(line: str) -> list[str]:
    """Return a sentence for each command of a line of a shell that cannot work."""
    found = []
    for command in re.split(r"\s(?:&&|\|\||;|\|)\s", line):
        name, *words = shlex.split(command, comments=True)
        if name in ("python", "python3") and words[:1] == ["-m"]:
            name, words = words[1], words[2:]
        name = name.removeprefix(".venv/bin/")
        if name not in _CHECKS:
            found.append(f"nothing is known of the command {name}: {command}")
            continue
        found += [f"{fault}: {command}" for fault in _CHECKS[name](words)]
    return found


def make_targets() -> set[str]:
    """Return the targets of the Makefile that a person types."""
    text = (ROOT / "Makefile").read_text("utf-8")
    phony = re.search(r"^\.PHONY:(.*)$", text, re.MULTILINE)
    assert phony
    defined = set(re.findall(r"^([a-z]+):", text, re.MULTILINE))
    assert set(phony[1].split()) == defined
    return defined


def _make(words: list[str]) -> Iterator[str]:
    settings = set(re.findall(r"^([A-Z_]+) \?=", (ROOT / "Makefile").read_text("utf-8"), re.M))
    for word in words:
        name, is_setting, value = word.partition("=")
        if is_setting and name not in settings:
            yield f"the Makefile has no setting {name}"
        if name == "CHAPTER" and value != "…" and not (ROOT / f"book/{value}.md").is_file():
            yield f"there is no chapter {value}"
        if not is_setting and name not in make_targets():
            yield f"the Makefile has no target {name}"


def _pip(words: list[str]) -> Iterator[str]:
    assert words[0] in ("install", "list"), words
    for word in words[1:]:
        extras = re.fullmatch(r"\.\[(.*)\]", word)
        for extra in extras[1].split(",") if extras else ():
            if extra not in PROJECT["project"]["optional-dependencies"]:
                yield f"pyproject.toml has no extra {extra}"
        if word.endswith((".lock", ".txt")) and not (ROOT / word).is_file():
            yield f"there is no file {word}"


def _jupyter_book(words: list[str]) -> Iterator[str]:
    with warnings.catch_warnings():  # it uses names that click will drop
        warnings.simplefilter("ignore", DeprecationWarning)
        from jupyter_book.cli.main import main

    command = main.commands.get(words[0])
    if command is None:
        yield f"jupyter-book has no command {words[0]}"
        return
    options = {option for one in command.params for option in one.opts}
    for word in words[1:]:
        if word.startswith("-") and word.partition("=")[0] not in options:
            yield f"jupyter-book {words[0]} has no option {word}"
        if not word.startswith("-") and not (ROOT / word / "_config.yml").is_file():
            yield f"there is no book in {word}"


def _gdbook(words: list[str]) -> Iterator[str]:
    from gdbook.cli import arguments

    try:
        arguments().parse_args(words)
    except SystemExit as error:
        if error.code:
            yield "gdbook does not take these words"


def _pytest(words: list[str]) -> Iterator[str]:
    markers = [
        line.partition(":")[0] for line in PROJECT["tool"]["pytest"]["ini_options"]["markers"]
    ]
    for before, word in zip(["", *words], words, strict=False):
        if before == "-m":
            for name in set(re.findall(r"\w+", word)) - {"not", "and", "or", *markers}:
                yield f"there is no marker {name}"
        elif before != "-k" and not word.startswith("-"):
            path, _, test = word.partition("::")
            if not (ROOT / path).exists():
                yield f"there is no {path}"
            elif test and f"def {test.partition('[')[0]}(" not in (ROOT / path).read_text("utf-8"):
                yield f"{path} has no {test}"


def _ci_run(words: list[str]) -> Iterator[str]:
    if words or not (ROOT / ".ci/run").stat().st_mode & 0o111:
        yield ".ci/run cannot be run"


def _sh(words: list[str]) -> Iterator[str]:
    if not (ROOT / words[0]).is_file():
        yield f"there is no {words[0]}"


def _other(*known: str) -> Callable[[list[str]], Iterator[str]]:
    """Let the first word of another project's command be one of a few."""

    def check(words: list[str]) -> Iterator[str]:
        if words[0] not in known:
            yield f"nothing is known of {words[0]}"

    return check


_CHECKS: dict[str, Callable[[list[str]], Iterator[str]]] = {
    "make": _make,
    "pip": _pip,
    "jupyter-book": _jupyter_book,
    "gdbook": _gdbook,
    "pytest": _pytest,
    ".ci/run": _ci_run,
    "sh": _sh,
    "pre-commit": _other("install", "run"),
    "playwright": _other("install"),
}
