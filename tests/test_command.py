"""The command `gdbook`: its help, and what it says where something is in the way."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from gdbook import __version__, cli


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_help_names_every_command_and_each_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    commands = re.findall(r"^    ([a-z-]+)(?:\s|$)", said(capsys, "--help"), re.MULTILINE)
    assert {"serve", "new-chapter"} <= set(commands)
    for command in commands:
        text = said(capsys, command, "--help")
        assert len(text.partition("\n\n")[2].split()) > 30, "no description"
        for line in text.partition("options:\n")[2].splitlines():
            if line.startswith("  -"):
                assert len(line.split("  ")) > 2 or line.split()[-1].isupper(), "no words on it"


def test_without_a_word_it_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([]) == 0
    assert capsys.readouterr().out == said(capsys, "--help")


def test_it_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--version") == f"gdbook {__version__}\n"


def test_help_loads_nothing_heavy() -> None:
    heavy = ("torch", "numpy", "sphinx", "tornado", "yaml", "docutils")
    code = (
        "import sys, contextlib, io\nfrom gdbook import cli\n"
        "with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):\n"
        f"    cli.main(['new-chapter', '--help'])\nprint([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["serve", "nowhere"], "gdbook serve: there is no _config.yml in "),
        (["serve", "--port", "70000"], "gdbook serve: a port is a number from 0 to 65535"),
        (["new-chapter", "a/b"], "gdbook new-chapter: there is no _toc.yml in "),
    ],
)
def test_what_is_in_the_way_is_told(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    if "--port" in words:
        Path("_config.yml").write_text("title: A book\n")
    assert cli.main(words) == 1
    told = capsys.readouterr().err
    assert told.startswith(sentence)
    assert told.count("\n") == 1


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "_config.yml").write_text("title: A book\n")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert cli.main(["serve", str(tmp_path), "--port", str(port)]) == 1
    told = capsys.readouterr().err
    assert told == (
        f"gdbook serve: port {port} is taken, maybe by another preview: name another by --port\n"
    )


@pytest.mark.parametrize(
    ("words", "missing"), [(["serve"], "tornado"), (["new-chapter", "a/b"], "yaml")]
)
def test_without_the_builder_it_says_how_to_install_it(
    words: list[str], missing: str, tmp_path: Path
) -> None:
    """As a reader has it who installed the package alone."""
    (tmp_path / "_config.yml").write_text("title: A book\n")
    (tmp_path / "_toc.yml").write_text("parts: []\n")
    code = (
        f"import sys\nsys.modules[{missing!r}] = None\nfrom gdbook import cli\n"
        f"sys.exit(cli.main({words}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"gdbook {words[0]}: {missing} is missing, which builds the book. In a checkout of the "
        'book: pip install -e ".[book]"\n'
    )
