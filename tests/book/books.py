"""Books built as an author builds them, and what Sphinx read of them."""

from __future__ import annotations

import pickle
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from builds import ROOT, plain
from gdbook.publish.preview.build_process import Build

SAMPLE = ROOT / "tests" / "book" / "sample"


def build(source: Path, *options: str) -> tuple[bool, str]:
    """Build a book in a fork; return whether it went well, and all that was said."""
    built = Build(source, options).finish()
    return built.ok, plain(built.log)


def copy(source: Path, target: Path) -> Path:
    """Copy a book's sources, not what was built from them."""
    return Path(shutil.copytree(source, target, ignore=shutil.ignore_patterns("_build")))


@cache
def doctree(built: Path, name: str) -> Any:
    """Return what Sphinx read of a page: to be looked at and left as it is."""
    return pickle.loads((built / "_build" / ".doctrees" / f"{name}.doctree").read_bytes())
