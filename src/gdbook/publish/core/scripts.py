"""Scripts and style sheets as a browser gets them: joined and minified by esbuild."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from sphinx.errors import ExtensionError

from gdbook.publish.core import files, npm, user_cache
from gdbook.publish.core.places import PUBLISH


@cache
def bundle(entry: Path) -> str:
    """Return a module and those that it imports as one classic script, minified.

    Parameters
    ----------
    entry : Path
        Of a JavaScript module.

    Raises
    ------
    ExtensionError
        If one of them has an error or is missing.

    Notes
    -----
    Modules don't load from ``file://``; a classic script does.
    """
    options = ["--bundle", "--format=iife"]
    if not entry.is_relative_to(PUBLISH):  # what it imports may lie anywhere
        return _esbuild([*options, str(entry)], "", entry.name)
    question = [*options, entry.relative_to(PUBLISH).as_posix(), _modules()]
    return _kept(question, partial(_esbuild, [*options, str(entry)], "", entry.name))


@cache
def _modules() -> str:
    """Return the digest of all modules that one of ours may import."""
    return files.digest(PUBLISH, "*.mjs")


def minified(text: str, loader: str) -> str:
    """Return a style sheet (``"css"``) or script (``"js"``) without what a browser needn't read.

    Raises
    ------
    ExtensionError
        If it has an error.
    """
    options = [f"--loader={loader}"]
    return _kept([*options, text], partial(_esbuild, options, text, f"a {loader} file"))


def _kept(question: list[str], work: Callable[[], str]) -> str:
    """Return what esbuild makes of something: Node takes 0.04 s for each to start."""
    made_by = [Path(__file__), npm.package("esbuild") / "package.json"]
    return user_cache.kept(question, lambda: work().encode(), made_by).decode()


def _esbuild(options: list[str], text: str, name: str) -> str:
    program = npm.package("esbuild") / "bin" / "esbuild"
    command = [str(npm.node()), str(program), *options, "--minify", "--charset=utf8"]
    command += ["--target=esnext", "--log-level=error"]
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=False, timeout=120
    )
    if done.returncode:
        raise ExtensionError(f"esbuild cannot read {name}:\n{done.stderr.decode()}")
    return done.stdout.decode()
