"""How long builds take: against plain Jupyter Book, and against what is possible at all.

Both build the same chapters on the same machine, alternately. Plain Jupyter Book runs
with its cache and everything of the publishing wing but the execution. The limit is
Sphinx with all outputs at hand, plus the chapters' code run as scripts in one process
that has imported torch, divided by the number of cores. Last the live preview: from saving
a file to the page in a browser that shows it.

    python tests/bench/build.py            # the book of this repository
    python tests/bench/build.py --sample 8 # chapters made up for the purpose
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import yaml
from myst_nb.core.read import is_myst_markdown_notebook, read_myst_markdown_notebook
from playwright.sync_api import sync_playwright

from gdbook.publish import PARTS
from gdbook.publish.core import user_cache
from gdbook.publish.execute.displays import displays, written
from gdbook.publish.execute.kernels.pool import PRELOAD, kernel_environment
from gdbook.publish.execute.runner import cores
from gdbook.publish.formats.slides.fit import FLAGS, chromium_path

REPOSITORY = Path(__file__).parents[2]

COMMAND = "from jupyter_book.cli.main import main; main()"

HEAD = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n"
HELPER = "def steps(n):\n    return n\n"
CELLS = """
{words}

```{{code-cell}}
import torch
from sample_helper import steps
torch.manual_seed({seed})
w = torch.zeros(2, requires_grad=True)
X = torch.randn(400, 2); y = X @ torch.tensor([3.0, 2.0])
```

{words}

```{{code-cell}}
losses = []
for step in range(steps({steps})):
    loss = ((X @ w - y) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        w -= 0.01 * w.grad
        w.grad.zero_()
    losses.append(loss.item())
print(f"{{losses[-1]:.3e}}")
```

{words}

```{{code-cell}}
import matplotlib.pyplot as plt
fig, axes = plt.subplots(2, 2)
for ax in axes.flat:
    ax.semilogy(losses)
```
"""


@dataclass
class Book:
    """A copy of the book, built by one of the two ways."""

    root: Path
    chapter: Path
    helper: Path
    log: str = ""

    def build(self) -> float:
        """Build by the command that a reader types, and return the seconds."""
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", COMMAND, "build", "."],
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"the build failed:\n{done.stdout}{done.stderr}")
        self.log = done.stdout + done.stderr
        return time.perf_counter() - began

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which the book's own package is found before the repository's.

        And in which what is kept for all books of a user goes with what was built.
        """
        paths = os.pathsep.join([*self.paths, str(REPOSITORY / "src")])
        cache = str(self.root / "_build" / "user-cache")
        return os.environ | {"PYTHONPATH": paths, user_cache.FOLDER: cache}

    @property
    def paths(self) -> list[str]:
        """Where the book's own modules lie."""
        return [str(self.root / "src"), str(self.root)]

    def executed(self) -> list[float]:
        """Return the seconds of each chapter that Downhill's last build executed."""
        return [float(found) for found in re.findall(r"executed \S+ \(.*, (\S+) s\)", self.log)]

    def clear(self) -> None:
        """Forget everything built."""
        shutil.rmtree(self.root / "_build", ignore_errors=True)

    def edit_prose(self, number: int) -> None:
        """Add a sentence to a chapter."""
        with self.chapter.open("a") as file:
            file.write(f"\nOne more sentence, number {number}.\n")

    def edit_cell(self, number: int) -> None:
        """Add a comment to a chapter's first code cell."""
        text = self.chapter.read_text("utf8")
        end = text.index("\n```\n", text.index("```{code-cell}"))
        self.chapter.write_text(f"{text[:end]}\n# {number}{text[end:]}", "utf8")

    def edit_helper(self, number: int) -> None:
        """Change a module that some chapters import."""
        with self.helper.open("a") as file:
            file.write(f"\n# {number}\n")


def notebooks(root: Path) -> list[Path]:
    """Return the chapters that execute."""
    found = sorted((root / "book").rglob("*.md"))
    return [path for path in found if is_myst_markdown_notebook(path.read_text("utf8"))]


def sample(root: Path, chapters: int) -> Book:
    """Make up a book whose chapters take a few seconds each; half of them use a helper."""
    (root / "book").mkdir(parents=True)
    config = yaml.safe_load((REPOSITORY / "_config.yml").read_text("utf8"))
    config.pop("bibtex_bibfiles", None)
    config["sphinx"]["config"]["audit"] = "pages"  # what it costs, without demands on chapters
    (root / "_config.yml").write_text(yaml.safe_dump(config), "utf8")
    (root / "sample_helper.py").write_text(HELPER, "utf8")
    (root / "book/index.md").write_text("# Sample\n\nWords.\n", "utf8")
    names = [f"chapter-{number}" for number in range(chapters)]
    words = "Descent goes down the slope, step by step, with $x - \\eta f'(x)$. " * 40
    for number, name in enumerate(names):
        text = CELLS.format(words=words, seed=number, steps=2000 + 1500 * (number % 3))
        if number % 2:
            text = text.replace("from sample_helper import steps", "steps = int")
        (root / f"book/{name}.md").write_text(f"{HEAD}# Chapter {number}\n{text}", "utf8")
    files = "".join(f"  - file: book/{name}\n" for name in names)
    (root / "_toc.yml").write_text(f"format: jb-book\nroot: book/index\nchapters:\n{files}", "utf8")
    return Book(root, root / "book/chapter-0.md", root / "sample_helper.py")


def repository(root: Path) -> Book:
    """Copy the book of this repository."""
    shutil.copytree(REPOSITORY, root, ignore=shutil.ignore_patterns("_build", ".venv", ".git"))
    chapters = notebooks(root)
    if not chapters:
        sys.exit("no chapter of this book executes anything; try --sample 8")
    return Book(root, chapters[0], root / "src/gdbook/derivatives/accuracy.py")


def make_plain(book: Book) -> None:
    """Turn a book into one that Jupyter Book executes by itself."""
    path = book.root / "_config.yml"
    config = yaml.safe_load(path.read_text("utf8"))
    config["sphinx"]["config"]["gdbook_parts"] = [name for name in PARTS if name != "execute"]
    config["execute"]["execute_notebooks"] = "cache"
    path.write_text(yaml.safe_dump(config), "utf8")
    for page in notebooks(book.root):
        page.write_text(with_displays(page.read_text("utf8")), "utf8")


def with_displays(text: str) -> str:
    """Return a page whose checks have the formulas that our build writes into them."""
    shown = dict(displays(text))
    cells = re.compile(r"(?ms)^(```\{code-cell\}[^\n]*\n)(.*?)^```$")

    def cell(found: re.Match[str]) -> str:
        options = re.match(r"(?:---\n.*?\n---\n|(?::[^\n]*\n)*)", found[2], re.DOTALL)
        end = options.end() if options else 0
        return f"{found[1]}{found[2][:end]}{written(found[2][end:], shown)}```"

    return cells.sub(cell, text)


def seconds_of_code(book: Book, processes: int) -> float:
    """Run all chapters' code as scripts in forks of a process that has imported torch; seconds.

    Two processes side by side on two threads of one core take longer than half of one.
    """
    scripts = []
    for number, path in enumerate(notebooks(book.root)):
        text = with_displays(path.read_text("utf8"))
        notebook: nbformat.NotebookNode = read_myst_markdown_notebook(text)
        cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        script = book.root / f"script-{number}.py"  # a file, for code that looks at its source
        script.write_text("\n".join(cells), "utf8")
        scripts.append((str(path.parent), str(script)))
    program = f"""
import importlib, io, multiprocessing, os, sys, time, contextlib
for name in {PRELOAD!r}: importlib.import_module(name)
import matplotlib; matplotlib.use("agg")
import matplotlib.pyplot as plt
def run(one):
    folder, script = one
    code = compile(open(script, encoding="utf8").read(), script, "exec")
    os.chdir(folder)
    sys.path[0] = folder
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, {{"__name__": "__main__"}})
        for number in plt.get_fignums(): plt.figure(number).savefig(io.BytesIO(), format="svg")
    plt.close("all")
with multiprocessing.get_context("fork").Pool({processes}) as pool:
    began = time.perf_counter()
    pool.map(run, {scripts!r}, chunksize=1)
    print(time.perf_counter() - began)
"""
    env = kernel_environment() | {"PYTHONPATH": os.pathsep.join(book.paths)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"the chapters' code does not run as scripts:\n{done.stderr}")
    return float(done.stdout.split()[-1])


def preview(book: Book, repeats: int) -> tuple[float, float]:
    """Edit while ``gdbook serve`` runs; seconds from save to page, prose and cell."""
    server = subprocess.Popen(
        [sys.executable, "-m", "gdbook.cli", "serve", "--port", "0", str(book.root)],
        env=book.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        return _seen(server, book, repeats)
    finally:
        server.terminate()
        server.wait()


def _seen(server: subprocess.Popen[str], book: Book, repeats: int) -> tuple[float, float]:
    assert server.stdout is not None
    address = next(found[1] for line in server.stdout if (found := re.search(r"(http\S+)", line)))
    page_name = book.chapter.relative_to(book.root).with_suffix(".html")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        page = browser.new_page()
        page.goto(f"{address}{page_name}", wait_until="networkidle")

        def seen(edit: Callable[[int], None], words: str, number: int) -> float:
            began = time.perf_counter()
            edit(number)
            while True:
                page.wait_for_event("domcontentloaded", timeout=120_000)
                seconds = time.perf_counter() - began
                if words in page.content():
                    return seconds

        first = int(time.time())  # what is waited for must not stand there yet
        seen(book.edit_prose, f"sentence, number {first}.", first)  # warms the building process
        prose, cell = [], []
        for number in range(first + 1, first + 6):
            time.sleep(3)  # decks and notebooks come after the page; nobody types without a pause
            prose.append(seen(book.edit_prose, f"sentence, number {number}.", number))
        for number in range(first + 6, first + 6 + repeats):
            time.sleep(3)
            cell.append(seen(book.edit_cell, f"# {number}", number))
        browser.close()
    return statistics.median(prose), statistics.median(cell)


def bench(ours: Book, plain: Book, repeats: int) -> None:
    """Time everything and print the table."""
    rows: list[tuple[str, float, float]] = []

    def both(name: str, edit: str | None) -> None:
        times: tuple[list[float], list[float]] = ([], [])
        for number in range(repeats):
            for book, seconds in zip((ours, plain), times, strict=True):
                if edit is not None:
                    getattr(book, edit)(number)
                seconds.append(book.build())
        rows.append((name, statistics.median(times[0]), statistics.median(times[1])))
        print(f"  {name} done", file=sys.stderr)

    rounds = []
    for _ in range(repeats):  # in turn, since a machine may be faster now than later
        times = []
        for book in (ours, plain):
            book.clear()
            times.append(book.build())
        # Sphinx with every output at hand: pages gone, records kept.
        for folder in ("html", ".doctrees", "jupyter_execute"):
            shutil.rmtree(ours.root / "_build" / folder, ignore_errors=True)
        times += [ours.build(), seconds_of_code(ours, 1), seconds_of_code(ours, cores())]
        rounds.append(times)
        print("  from nothing done", file=sys.stderr)
    nothing, plainly, sphinx, code, beside = map(statistics.median, zip(*rounds, strict=True))
    rows.append(("from nothing", nothing, plainly))
    reached = statistics.median(one[0] / (one[2] + one[3] / cores()) for one in rounds)
    beyond = statistics.median(one[0] / (one[2] + one[4]) for one in rounds)
    both("nothing changed", None)
    both("prose edit", "edit_prose")
    both("cell edit", "edit_cell")
    alone = ours.executed()[0]
    both("helper edit", "edit_helper")
    users = len(ours.executed())
    prose, cell = preview(ours, repeats)
    print(f"{len(notebooks(ours.root))} chapters, {cores()} cores, medians of {repeats}")
    print(f"{'':18}{'Downhill':>10}{'plain':>10}{'ratio':>8}")
    for name, own, other in rows:
        note = ""
        if name == "helper edit":
            note = f"  ({users} executed; plain shows the old output)"
        print(f"{name:18}{own:9.1f} s{other:9.1f} s{own / other:8.2f}{note}")
        if name == "helper edit":
            print(f"{'  to be right':18}{own:9.1f} s{rows[0][2]:9.1f} s{own / rows[0][2]:8.2f}")
    print(f"preview, save to page: prose {prose:.1f} s, a cell {cell:.1f} s", end="; ")
    print(f"the chapter's own code {alone:.1f} s")
    print(
        f"limit from nothing: Sphinx {sphinx:.1f} s + code {code:.1f} s / {cores()}"
        f" = {sphinx + code / cores():.1f} s; reached {reached:.2f} × the limit"
    )
    print(
        f"  the code in {cores()} processes side by side takes {beside:.1f} s here; "
        f"reached {beyond:.2f} × Sphinx and that"
    )


def main() -> None:
    """Read the command line and bench in a temporary folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--sample", type=int, metavar="N", help="N made-up chapters instead")
    parser.add_argument("--repeats", type=int, default=3, help="take medians of (%(default)s)")
    chosen = parser.parse_args()
    # The preview's last build may still be writing its decks when the table is printed.
    with tempfile.TemporaryDirectory(
        prefix="downhill-bench-", ignore_cleanup_errors=True
    ) as folder:
        books = [
            sample(Path(folder) / name, chosen.sample)
            if chosen.sample
            else repository(Path(folder) / name)
            for name in ("ours", "plain")
        ]
        make_plain(books[1])
        bench(books[0], books[1], chosen.repeats)


if __name__ == "__main__":
    main()
