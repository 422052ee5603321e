"""Two builds of one commit, in different folders, at different times: not a byte differs.

Neither takes anything from the other: each has a cache of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from small_book import SmallBook, tree

import builds
from builds import ROOT
from gdbook.publish.core import user_cache

pytestmark = pytest.mark.book

VARIED = """\
# Varied

```{code-cell}
import torch
print(set("letters"), object(), {"a", "b"}, hash("text"))
import warnings
warnings.warn("shown with the file of the cell")
torch.ones(2, requires_grad=True).sum().grad_fn
```

```{code-cell}
import matplotlib.pyplot as plt
import matplotlib_inline.backend_inline as inline
inline.set_matplotlib_formats("svg")
plt.rcParams["svg.hashsalt"] = "downhill"
plt.plot([1, 2, 4]);
```

A [link](alone.md), a term, $x^2$ and an equation {eq}`square`:

$$ x^2 $$ (square)
"""


def assert_same(first: Path, second: Path) -> None:
    """Assert that two folders hold the same site, and say nothing of where they are."""
    one, other = (tree(root / "_build" / "html") for root in (first, second))
    assert one
    assert sorted(name for name in one | other if one.get(name) != other.get(name)) == []
    for root in (first, second):
        for path in (root / "_build/html").rglob("*"):
            assert path.is_dir() or os.fsencode(root) not in path.read_bytes(), path


def test_a_small_book(tmp_path: Path) -> None:
    first = SmallBook(tmp_path / "here")
    first.chapter("varied", VARIED)
    first.names.append("varied")
    first.write_toc()
    second = tmp_path / "some" / "where" / "else"
    shutil.copytree(first.root, second)
    for root, seed in ((first.root, "1"), (second, "2")):
        own = {"PYTHONHASHSEED": seed, user_cache.FOLDER: str(tmp_path / seed)}
        done = builds.jupyter_book(root, env=builds.environment(**own))
        assert done.returncode == 0, done.stdout + done.stderr
    assert_same(first.root, second)


def test_the_book_of_this_repository(whole_book: Path, tmp_path: Path) -> None:
    """Built here with one hash seed, and from nothing elsewhere with another."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no telling which files are the book's")
    copy = tmp_path / "another" / "place"
    for name in filter(None, listed.stdout.decode().split("\0")):
        target = copy / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():
            shutil.copyfile(ROOT / name, target)
    own = {"PYTHONPATH": str(copy / "src"), user_cache.FOLDER: str(tmp_path / "cache")}
    done = builds.jupyter_book(copy, env=builds.environment(PYTHONHASHSEED="2", **own))
    assert done.returncode == 0, done.stdout + done.stderr
    assert_same(whole_book, copy)
