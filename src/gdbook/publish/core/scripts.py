"""Scripts and style sheets as a browser gets them: joined and minified by esbuild."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from sphinx.errors import ExtensionError

from gdbook.publish.core import npm


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
    return _esbuild(["--bundle", "--format=iife", str(entry)], "", entry.name)


def minified(text: str, loader: str) -> str:
    """Return a style sheet (``"css"``) or script (``"js"``) without what a browser needn't read.

    Raises
    ------
    ExtensionError
        If it has an error.
    """
    return _esbuild([f"--loader={loader}"], text, f"a {loader} file")


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
