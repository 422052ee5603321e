"""A few pages that Sphinx builds with some parts of the wing, in this process, again and again."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import docutils_namespace


class SphinxBook:
    """A folder of pages and a picture, ``x.png``, with what was warned of at the last build.

    Parameters
    ----------
    folder : Path
    pages : mapping
        By name, the text.
    parts : sequence of str
        The parts of the publishing wing.
    settings : object
        Sphinx's, by name.
    """

    def __init__(
        self, folder: Path, pages: Mapping[str, str], parts: Sequence[str], **settings: Any
    ) -> None:
        self.folder, self.warned = folder, ""
        self.settings = {
            "extensions": ["myst_parser", "gdbook.publish"],
            "gdbook_parts": list(parts),
            "numfig": True,
            # Else Sphinx adds to its default for all later builds of this process.
            "source_suffix": {".md": "markdown"},
            **settings,
        }
        (folder / "source").mkdir(parents=True)
        (folder / "source" / "conf.py").write_text("", "utf-8")
        (folder / "source" / "x.png").write_bytes(b"")
        for name, text in pages.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        """Save a page."""
        (self.folder / "source" / f"{name}.md").write_text(text, "utf-8")

    def page(self, name: str) -> str:
        """Return a page of the site."""
        return (self.folder / "out" / f"{name}.html").read_text("utf-8")

    def build(self) -> BuildEnvironment:
        """Build what has changed."""
        source, out, trees = (str(self.folder / name) for name in ("source", "out", "trees"))
        warning = io.StringIO()
        with docutils_namespace():
            app = Sphinx(source, source, out, trees, "html", self.settings, io.StringIO(), warning)
            app.build()
        self.warned = warning.getvalue()
        return app.env


def doctrees_read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which the page of each doctree is added that is read from now on."""
    read: list[str] = []
    get: Any = BuildEnvironment.get_doctree

    def noted(env: BuildEnvironment, page: str) -> Any:
        read.append(page)
        return get(env, page)

    monkeypatch.setattr(BuildEnvironment, "get_doctree", noted)
    return read
