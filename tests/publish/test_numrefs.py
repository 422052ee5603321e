"""Numbered references say what Sphinx says, and read each doctree from disk once."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any

import pytest
from sphinx.application import Sphinx
from sphinx.domains.std import StandardDomain
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.toctree import TocTreeCollector
from sphinx.util.docutils import docutils_namespace

from gdbook.publish.core import upstream
from gdbook.publish.site import figure_numbers, numref_cache

NUMREFS = " ".join(["{numref}`sec-there`, {numref}`fig-there`."] * 10)
PAGES = {
    "index": "# Index\n\n```{toctree}\n:numbered:\n\nhere\nthere\n```\n",
    "here": f"# Here\n\n{NUMREFS}\n\n{{numref}}`number {{number}} <sec-there>`\n",
    "there": "# There\n\n(sec-there)=\n## Below\n\n```{figure} x.png\n:name: fig-there\nA.\n```\n",
}


def build(folder: Path, parts: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Return the page with the references, and how often a doctree was read for them."""
    resolve = upstream.original(numref_cache.RESOLVE)
    monkeypatch.setattr(StandardDomain, "_resolve_numref_xref", resolve)
    assign = upstream.original(figure_numbers.ASSIGN)
    monkeypatch.setattr(TocTreeCollector, "assign_figure_numbers", assign)
    source = folder / "source"
    source.mkdir(parents=True)
    (source / "conf.py").write_text("numfig = True\n", "utf-8")
    (source / "x.png").write_bytes(b"")
    for name, text in PAGES.items():
        (source / f"{name}.md").write_text(text, "utf-8")
    loads: list[str] = []
    load: Any = BuildEnvironment.get_doctree

    def counted(env: BuildEnvironment, docname: str) -> Any:
        loads.append(docname)
        return load(env, docname)

    monkeypatch.setattr(BuildEnvironment, "get_doctree", counted)
    with docutils_namespace():
        app = Sphinx(
            str(source), str(source), str(folder / "out"), str(folder / "trees"), "html",
            confoverrides={
                "extensions": ["myst_parser", "gdbook.publish"],
                "gdbook_parts": parts,
                # Else Sphinx adds to its default for all later builds of this process.
                "source_suffix": {".md": "markdown"},
            },
            status=io.StringIO(), warning=io.StringIO(),
        )  # fmt: skip
        app.build()
    html = (folder / "out" / "here.html").read_text("utf-8")
    body = re.search(r"<section id=\"here\">.*?</section>", html, flags=re.DOTALL)
    assert body is not None
    return body[0], len(loads)


def test_the_same_words_from_fewer_doctrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, many = build(tmp_path / "plain", [], monkeypatch)
    ours, few = build(tmp_path / "ours", ["site"], monkeypatch)
    assert ours == page
    assert "Section 2.1" in page
    assert "Fig. 2.1" in page
    assert "number 2.1" in page
    assert many - few == 20 + 3  # 21 references, one doctree; three pages are counted without
    assert numref_cache._kept == {}


def test_a_doctree_that_changed_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Environment:
        doctreedir = tmp_path

    read: list[str] = []
    monkeypatch.setattr(BuildEnvironment, "get_doctree", lambda env, name: read.append(name))
    path = tmp_path / "here.doctree"
    env: Any = Environment()
    for content in ("one", "one", "two"):
        if not path.exists() or path.read_text("utf-8") != content:
            path.write_text(content, "utf-8")
            os.utime(path, ns=(len(read) * 10**9, (1 + len(read)) * 10**9))
        numref_cache.doctree(env, "here")
    assert read == ["here", "here"]
    numref_cache._kept.clear()
