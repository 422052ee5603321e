"""The workflow files: checked by a linter of such files, and by what this repository has."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from commands import PROJECT, ROOT, faults
from lacking import lacking

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS: dict[str, Any] = {
    path.name: yaml.safe_load(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.yml"))
}
JOBS = [(file, name, job) for file, flow in WORKFLOWS.items() for name, job in flow["jobs"].items()]
each_job = pytest.mark.parametrize(
    ("file", "name", "job"), JOBS, ids=[f"{file}:{name}" for file, name, _ in JOBS]
)


def linter() -> str:
    """Return where jactionlint is: actionlint's rules, with the program inside the wheel."""
    beside = Path(sys.executable).with_name("jactionlint")
    found = str(beside) if beside.exists() else shutil.which("jactionlint")
    if found is None:
        lacking("jactionlint is not installed; it is in the extra test")
    return found


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    # Actions are named by tags, so that their fixes arrive: all are GitHub's own.
    words = ["--ignore", "unpinned-uses", "--shellcheck=", "--no-color"]
    return subprocess.run(
        [linter(), *words, *map(str, sorted((root / ".github/workflows").glob("*.yml")))],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_linter_finds_nothing() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("timeout-minutes", "timeout-minuten", "timeout-minuten"),
        ("matrix.python", "matrix.pyhton", "pyhton"),
        ("ubuntu-24.04", "ubuntu-1.04", "ubuntu-1.04"),
        ("17 4 * * 1", "17 4 * * 9", "cron"),
    ],
)
def test_the_linter_finds_what_is_wrong(tmp_path: Path, old: str, new: str, said: str) -> None:
    made = tmp_path / ".github" / "workflows"
    shutil.copytree(FOLDER, made)
    text = (made / "tests.yml").read_text("utf-8")
    assert old in text
    (made / "tests.yml").write_text(text.replace(old, new), "utf-8")
    done = lint(tmp_path)
    assert done.returncode == 1
    assert said in done.stdout


@each_job
def test_a_job_has_a_limit_and_little_power(file: str, name: str, job: dict[str, Any]) -> None:
    assert WORKFLOWS[file]["permissions"] == {"contents": "read"}
    assert WORKFLOWS[file]["concurrency"]
    assert 5 <= job["timeout-minutes"] <= 90
    more = {"build": {"contents": "read", "pages": "read"}}
    more["deploy"] = {"pages": "write", "id-token": "write"}
    more["notebooks"] = {"contents": "write"}  # it pushes a branch, with the checkout's token
    assert job.get("permissions", {}) == more.get(name, {})
    for step in job["steps"]:
        action = step.get("uses", "")
        assert not action or action.startswith("actions/")
        if action.startswith("actions/checkout@") and name != "notebooks":
            assert step["with"] == {"persist-credentials": False}


@each_job
def test_the_commands_of_a_job_exist(file: str, name: str, job: dict[str, Any]) -> None:
    lines = [step["run"] for step in job["steps"] if "run" in step and "name" not in step]
    assert lines or name in ("deploy", "notebooks")
    assert [fault for line in lines for fault in faults(line)] == []


@each_job
def test_what_was_never_run_is_said(file: str, name: str, job: dict[str, Any]) -> None:
    text = (FOLDER / file).read_text("utf-8")
    assert re.search(rf"^  {name}:\n    # Never run", text, re.MULTILINE)


def test_every_python_that_the_package_allows_is_tested() -> None:
    assert PROJECT["project"]["requires-python"] == ">=3.11"
    for name in ("everything", "windows"):
        tested = WORKFLOWS["tests.yml"]["jobs"][name]["strategy"]["matrix"]["python"]
        assert tested == ["3.11", "3.12", "3.13"]
    assert WORKFLOWS["tests.yml"][True]["schedule"]  # YAML reads the key `on` as true


def test_the_address_of_the_site_is_set(tmp_path: Path) -> None:
    """The step is run on a copy of the configuration, by the shell that runs it there."""
    (step,) = (s for s in WORKFLOWS["publish.yml"]["jobs"]["build"]["steps"] if "env" in s)
    shutil.copy(ROOT / "_config.yml", tmp_path)
    environment = {**os.environ, "BASE_URL": "https://example.org/a-book"}
    subprocess.run(
        ["bash", "-e", "-c", step["run"]],
        cwd=tmp_path,
        env=environment,
        check=True,
        capture_output=True,
    )
    before, after = (
        yaml.safe_load((folder / "_config.yml").read_text("utf-8")) for folder in (ROOT, tmp_path)
    )
    assert after["html"].pop("baseurl") == "https://example.org/a-book/"
    assert before["html"].pop("baseurl") == ""
    assert after == before


@pytest.mark.parametrize("folder", [".", "tests/bench", "tests/npm"])
def test_no_lock_waits_for_what_its_registry_calls_the_latest(folder: str) -> None:
    lock = json.loads((ROOT / folder / "package-lock.json").read_text("utf-8"))["packages"]
    pinned = json.loads((ROOT / folder / "package.json").read_text("utf-8")).get("overrides", {})
    moving = {
        (place.rpartition("node_modules/")[2], name)
        for place, package in lock.items()
        for name, wanted in package.get("dependencies", {}).items()
        if not any(sign.isdigit() or sign == "*" for sign in wanted)
    }
    # With such a tag `npm ci` refuses the lock as soon as there is a newer release.
    assert {pair for pair in moving if pair[1] not in pinned.get(pair[0], {})} == set()
