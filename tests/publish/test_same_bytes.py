"""Two builds of one commit, in different folders, at different times: not a byte differs."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from small_book import COMMAND, SmallBook, clean_environment, tree

pytestmark = pytest.mark.book

REPOSITORY = Path(__file__).parents[2]
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


def build(root: Path, seed: str) -> dict[str, str]:
    env = clean_environment() | {"PYTHONHASHSEED": seed}
    if (root / "src").exists():
        env["PYTHONPATH"] = str(root / "src")
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, "build", "."],
        cwd=root,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return tree(root / "_build" / "html")


def assert_same(first: Path, second: Path) -> None:
    one, other = build(first, "1"), build(second, "2")
    different = sorted(name for name in one | other if one.get(name) != other.get(name))
    assert different == []
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
    assert_same(first.root, second)


def test_the_book_of_this_repository(tmp_path: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout, so there is no telling which files are the book's")
    for folder in ("one", "another/place"):
        for name in filter(None, listed.stdout.decode().split("\0")):
            target = tmp_path / folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if (REPOSITORY / name).is_file():
                shutil.copyfile(REPOSITORY / name, target)
    assert_same(tmp_path / "one", tmp_path / "another" / "place")
