"""The chapters that are not in the table of contents are those that the extension itself finds."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx_external_toc import events

from gdbook.publish.core import files, upstream
from gdbook.publish.myst import toc_search

FOLDERS = st.lists(st.sampled_from(["a", "b", "_build", "node_modules", ".hidden"]), max_size=3)
NAMES = st.sampled_from(["x.md", "y.ipynb", "z.rst", "x.mdx", ".x.md", "index.md", "READ.ME.md"])
TREES = st.lists(st.tuples(FOLDERS, NAMES), max_size=8)
EXCLUDED = ["_build", "node_modules", "**/b", "a/x.md"]


def excluded(root: Path) -> list[str]:
    """Return what sphinx-external-toc adds to the patterns that are excluded."""

    class Config(SimpleNamespace):
        def __getitem__(self, name: str) -> Any:
            return getattr(self, name)

        def __setitem__(self, name: str, value: Any) -> None:
            setattr(self, name, value)

    config: Any = Config(
        external_toc_path="_toc.yml",
        external_toc_exclude_missing=True,
        exclude_patterns=EXCLUDED,
        source_suffix=[".md", ".ipynb"],
        master_doc="index",
    )
    app: Any = SimpleNamespace(
        srcdir=str(root), config=config, extensions={"sphinx_external_toc": None}
    )
    if upstream.is_replaced(toc_search.GLOB):
        toc_search.begin(app, config)
    events.parse_toc_to_env(app, config)
    added: list[str] = config.exclude_patterns[len(EXCLUDED) :]
    return sorted(added)


@settings(deadline=None, max_examples=40)
@given(TREES)
def test_what_it_finds_is_what_all_folders_hold(
    tmp_path_factory: pytest.TempPathFactory, tree: list[tuple[list[str], str]]
) -> None:
    root = tmp_path_factory.mktemp("book")
    files.write(root / "_toc.yml", "format: jb-book\nroot: index\nchapters:\n- file: a/index\n")
    for folders, name in tree:
        files.write(root.joinpath(*folders, name), "")
    with upstream.replaced(toc_search.GLOB, glob):
        theirs = excluded(root)
    with upstream.replaced(toc_search.GLOB, None):
        ours = excluded(root)
    assert ours == theirs


def test_an_excluded_folder_is_not_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a/x.md", "_build/deep/x.md", "a/node_modules/x.md"):
        files.write(tmp_path / name, "")
    entered = []
    walk = os.walk

    def noted(*args: Any, **options: Any) -> Any:
        for folder, folders, names in walk(*args, **options):
            entered.append(Path(folder).name)
            yield folder, folders, names

    monkeypatch.setattr(os, "walk", noted)
    found = toc_search.files(
        lambda path: path.split("/")[-1] in ("_build", "node_modules"),
        str(tmp_path / "**" / "*.md"),
        recursive=True,
    )
    assert [Path(path).relative_to(tmp_path).as_posix() for path in found] == ["a/x.md"]
    assert entered == [tmp_path.name, "a"]
