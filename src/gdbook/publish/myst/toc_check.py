"""Ends the build with a sentence if `_toc.yml` names a file that does not exist.

sphinx-external-toc warns of it too, but at the page that holds the list, without a line,
and a build without ``-W`` would publish the book with the chapter missing.
"""

from __future__ import annotations

import difflib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import SphinxError

from gdbook.publish.myst.toc_search import files


class ContentsError(SphinxError):
    """`_toc.yml` names a file that does not exist; Sphinx prints this without a traceback."""

    category = "Table of contents"


def missing(root: Path, toc: Path, suffixes: list[str], skipped: set[str]) -> list[str]:
    """Return a sentence for each file that a table of contents names and the book has not got.

    Parameters
    ----------
    root : Path
        Sphinx's source folder.
    toc : Path
        The table of contents.
    suffixes : list of str
        What may follow a name: ``.md``, ``.ipynb``.
    skipped : set of str
        Names of folders that hold no chapters.
    """
    from sphinx_external_toc.parsing import parse_toc_yaml

    absent = [
        name
        for name in parse_toc_yaml(toc)
        if not any((root / f"{name}{suffix}").is_file() for suffix in ("", *suffixes))
    ]
    if not absent:
        return []
    # The folder, which may hold much, is searched only for what the author may have meant.
    there = {
        Path(path).relative_to(root).with_suffix("").as_posix()
        for suffix in suffixes
        for path in files(lambda folder: Path(folder).name in skipped, f"{root}/**/*{suffix}")
    }
    lines = toc.read_text("utf-8").splitlines()
    found = []
    for name in absent:
        line = next((n for n, text in enumerate(lines, 1) if name in text), 1)
        near = difflib.get_close_matches(name, sorted(there), n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        found.append(f"{toc.name}:{line} names {name}, but there is no such file{meant}")
    return found


def check(app: Sphinx, config: Config) -> None:
    """Look through the table of contents before anything is read."""
    toc = Path(app.srcdir, str(getattr(config, "external_toc_path", "_toc.yml")))
    if not toc.is_file():
        return  # a book of Sphinx alone, with toctrees
    skipped = {"_build", ".venv", "node_modules"}
    found = missing(Path(app.srcdir), toc, list(config.source_suffix), skipped)
    if found:
        raise ContentsError("\n".join(found))
