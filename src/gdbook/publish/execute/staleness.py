"""Whether what a chapter read when it ran is still what it would read."""

from __future__ import annotations

import importlib.metadata
import json
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from gdbook.publish.core import user_cache
from gdbook.publish.core.files import fingerprint, stamp
from gdbook.publish.core.places import PACKAGE
from gdbook.publish.core.versions import LIBRARIES, version
from gdbook.publish.execute.output_store import Record


class Surroundings:
    """The files around the chapters, as one build sees them.

    Parameters
    ----------
    root : Path
        Sphinx's source folder. Paths in records are relative to it, so that a copied
        or moved book keeps its outputs.
    build : Path
        The folder of everything built, whose files are nobody's inputs.
    """

    def __init__(self, root: Path, build: Path) -> None:
        self.root = root.resolve()
        self.build = build.resolve()
        self._seen: dict[Path, str | None] = {}

    @property
    def inside(self) -> list[str]:
        """Folders whose files chapters may depend on."""
        return [str(self.root), str(PACKAGE)]

    @property
    def outside(self) -> list[str]:
        """Folders within those whose files don't count: versions stand for what is installed."""
        hidden = (".git", ".venv", "node_modules", ".ipynb_checkpoints")
        installed = (sys.prefix, sys.base_prefix)
        folders = [self.build, *(self.root / name for name in hidden), *map(Path, installed)]
        return [str(folder.resolve()) for folder in folders]

    def still_true(self, record: Record, key: str) -> bool:
        """Return whether a record is what executing the chapter now would give."""
        return (
            record.key == key
            and all(version(name) == known for name, known in record.versions.items())
            and all(self.now(name) == known for name, known in record.files.items())
        )

    def now(self, name: str) -> str | None:
        """Return the present fingerprint of a file or folder named in a record."""
        path = self._path(name)
        if path not in self._seen:
            self._seen[path] = contents(path)
        return self._seen[path]

    def depends(self, report: dict[str, Any]) -> dict[str, str | None]:
        """Turn a probe's report into the `files` of a record.

        Parameters
        ----------
        report : dict
            `files`, pairs of a path and its modification time and size when it was read
            (None if it was missing), and `folders`.

        Returns
        -------
        dict
            Fingerprints by name. A file that changed while the chapter ran has one
            that nothing matches: the next build runs the chapter again.
        """
        found: dict[str, str | None] = {}
        for path, stat in report["files"]:
            known = contents(Path(path))
            found[self._name(path)] = known if stamp(Path(path)) == stat else "changed meanwhile"
        for path in report["folders"]:
            found[self._name(path)] = contents(Path(path))
        return found

    def _name(self, path: str) -> str:
        for prefix, base in (("", self.root), ("gdbook:", PACKAGE)):
            if Path(path).is_relative_to(base):
                return prefix + Path(path).relative_to(base).as_posix()
        return path

    def _path(self, name: str) -> Path:
        if name.startswith("gdbook:"):
            return PACKAGE / name.removeprefix("gdbook:")
        return self.root / name


def contents(path: Path) -> str | None:
    """Return the fingerprint of a file's bytes or of a folder's names, None for neither."""
    try:
        if path.is_dir():
            names = sorted(entry.name for entry in path.iterdir() if entry.name != "__pycache__")
            return fingerprint("\0".join(names).encode())
        return fingerprint(path.read_bytes())
    except OSError:
        return None


def imported_versions(modules: Iterable[str]) -> dict[str, str]:
    """Return the versions of the distributions that some top-level modules come from."""
    outer = [name for name in modules if name not in sys.stdlib_module_names]
    found = {name for module in outer for name in distributions().get(module, ())}
    return {
        name: known
        for name in sorted(found - set(LIBRARIES) - {"gdbook"})
        if (known := version(name)) is not None
    }


@cache
def distributions() -> dict[str, list[str]]:
    """Return the distributions of every top-level module.

    This reads the metadata of all that is installed, for 0.15 s of the processor: it is kept
    until something is installed or removed.
    """
    folders = [path for entry in sys.path for path in sorted(Path(entry).glob("*-info"))]
    question = ["distributions", [[str(path), path.stat().st_mtime_ns] for path in folders]]

    def read() -> bytes:
        return json.dumps(importlib.metadata.packages_distributions()).encode()

    found: dict[str, list[str]] = json.loads(user_cache.kept(question, read, [Path(__file__)]))
    return found
