"""The package's wheel in the site: what notebooks install where the package is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sphinx.errors import ExtensionError

from gdbook.publish.core import files
from gdbook.publish.core.places import ROOT

FOLDER = "packages"
#: What the wheel is made of, below the checkout.
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "src/gdbook")
_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
#: A wheel is a ZIP file, and those know no time before 1980.
_TIME = "315532800"
_BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@cache
def wheel_name() -> str:
    """Return the name of the wheel's file.

    Raises
    ------
    ExtensionError
        Where the package was installed without its sources.
    """
    about = ROOT / "pyproject.toml"
    if not about.is_file():
        raise ExtensionError(
            f"no {about.name} in {ROOT}: the site can carry the package's wheel only if the book "
            "is built from a checkout of its repository; or set notebooks_package: false"
        )
    project = tomllib.loads(about.read_text("utf8"))["project"]
    return f"{project['name']}-{project['version']}-py3-none-any.whl"


def uri() -> str:
    """Return where the wheel is, seen from the top of the site."""
    return f"{FOLDER}/{wheel_name()}"


def write(outdir: Path, kept: Path) -> bool:
    """Write the wheel into a site, built anew if the package changed.

    Parameters
    ----------
    outdir : Path
        The folder of the site.
    kept : Path
        Where the last wheel is kept, by a digest of what it was made from.

    Returns
    -------
    bool
        Whether the site's wheel is a new one.
    """
    target = outdir / uri()
    made = kept / _digest() / wheel_name()
    if not made.is_file():
        shutil.rmtree(kept, ignore_errors=True)
        build(made.parent)
    if target.parent.is_dir():
        files.prune(target.parent, "*.whl", {target})
    return files.write(target, made.read_bytes())


def build(folder: Path) -> None:
    """Build the wheel in a folder: the same bytes from the same sources, without network.

    setuptools writes beside the sources and takes in what an earlier build left there. So it
    gets a copy of them, which also has the same file modes everywhere.
    """
    with tempfile.TemporaryDirectory(prefix="wheel-") as name:
        copy = Path(name, "sources")
        for source in SOURCES:
            (copy / source).parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, copy / source, ignore=_LEFT_OUT, copy_function=_copy)
            else:
                _copy(ROOT / source, copy / source)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
        run = subprocess.run(
            [sys.executable, "-c", _BUILD, str(Path(name, "made"))],
            cwd=copy,
            env=environment | {"SOURCE_DATE_EPOCH": _TIME},
            capture_output=True,
            text=True,
            check=False,
            umask=-1 if os.name == "nt" else 0o022,
        )
        made = Path(name, "made", wheel_name())
        if run.returncode or not made.is_file():
            raise ExtensionError(f"setuptools could not build {wheel_name()}:\n{run.stderr}")
        files.write(folder / made.name, made.read_bytes())


def _copy(source: str | Path, target: str | Path) -> None:
    shutil.copyfile(source, target)
    Path(target).chmod(0o644)


def _digest() -> str:
    """Return a digest of all that decides the wheel's bytes."""
    parts = [version("setuptools")]
    for source in SOURCES:
        path = ROOT / source
        parts.append(files.digest(path) if path.is_dir() else files.fingerprint(path.read_bytes()))
    return files.fingerprint("\n".join(parts).encode())[:16]
