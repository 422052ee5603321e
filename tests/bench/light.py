"""How fast pages come on a phone, by Lighthouse, beside plain Jupyter Book's of the same chapters.

    python tests/bench/light.py                 # builds both books first
    python tests/bench/light.py _build/html     # of a built book, without the other

The heaviest pages, the landing page, an empty chapter and a deck, served with gzip from this
machine. Plain Jupyter Book has its own theme, MathJax and pictures as files, and takes from us what
chapters cannot be read without. Each number is a median. Lighthouse times by the clock: on a busy
machine the same page gets less. Node and Chromium are those of the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from build import Book, repository  # noqa: E402

from gdbook.publish.core import npm  # noqa: E402
from gdbook.publish.formats.slides.fit import FLAGS, chromium_path  # noqa: E402
from gzipped import compressed, served_gzipped  # noqa: E402

#: What the book's chapters need of us to be read at all.
NEEDED = ["myst", "execute", "site", "claims"]
EMPTY = "book/empty"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
AUDITS = {
    "KB": ("total-byte-weight", 1e-3),
    "FCP s": ("first-contentful-paint", 1e-3),
    "LCP s": ("largest-contentful-paint", 1e-3),
    "TBT ms": ("total-blocking-time", 1),
    "CLS": ("cumulative-layout-shift", 1),
}


def lighthouse(url: str) -> dict[str, float]:
    """Return a page's scores and times on Lighthouse's phone."""
    program = npm.package("lighthouse", HERE) / "cli" / "index.js"
    flags = " ".join(["--headless=new", *FLAGS])
    command = [str(npm.node()), str(program), url, "--quiet", "--output=json"]
    command += [f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}"]
    done = subprocess.run(
        command,
        env=os.environ | {"CHROME_PATH": str(chromium_path())},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"Lighthouse failed at {url}:\n{done.stderr[-2000:]}")
    told: dict[str, Any] = json.loads(done.stdout)
    scores = {name: float(told["categories"][name]["score"] or 0) for name in CATEGORIES}
    return scores | {
        name: told["audits"][audit].get("numericValue", 0) * scale
        for name, (audit, scale) in AUDITS.items()
    }


def medians(url: str, runs: int) -> str:
    """Return the line of a page."""
    found = [lighthouse(url) for _ in range(runs)]
    middle = {key: statistics.median(one[key] for one in found) for key in found[0]}
    scores = " ".join(f"{middle[name]:5.2f}" for name in CATEGORIES)
    places = {"KB": 0, "TBT ms": 0, "CLS": 3}
    return scores + "".join(f"{middle[name]:8.{places.get(name, 1)}f}" for name in AUDITS)


def heaviest(site: Path, count: int) -> list[str]:
    """Return the pages whose HTML is heaviest, compressed."""
    pages = [path for path in (site / "book").rglob("*.html") if path.stem != "empty"]
    pages.sort(key=lambda path: -len(compressed(path)))
    return [path.relative_to(site).with_suffix("").as_posix() for path in pages[:count]]


@contextmanager
def with_empty(site: Path) -> Iterator[None]:
    """Have a chapter without content in a site: a page that cannot be lighter."""
    page = site / f"{EMPTY}.html"
    text = (site / "book/preface.html").read_text("utf8")
    body = "<section><h1>Empty</h1><p>Nothing.</p></section>"
    page.write_text(re.sub(r"(?s)(<article[^>]*>).*(</article>)", rf"\1{body}\2", text), "utf8")
    try:
        yield
    finally:
        page.unlink()


def plain_book(root: Path) -> Book:
    """Return the book as plain Jupyter Book shows it."""
    book = repository(root)
    path = root / "_config.yml"
    config = yaml.safe_load(path.read_text("utf8"))
    settings = config["sphinx"]["config"]
    own = re.compile(r"html_theme|html_math_renderer|pygments|also_build|audit|print_|notebooks_")
    for name in [name for name in settings if own.match(name)]:
        del settings[name]
    settings |= {"gdbook_parts": NEEDED, "audit": "none"}
    path.write_text(yaml.safe_dump(config), "utf8")
    return book


def bench(sites: dict[str, Path], runs: int) -> None:
    """Print the tables."""
    ours = sites["Downhill"]
    chapters = heaviest(ours, 3)
    names = [*chapters, "book/index", EMPTY, f"slides/{chapters[0]}"]
    heads = "".join(f"{name:>8}" for name in AUDITS)
    print(f"{'':52}perf  a11y  best   seo{heads}   (medians of {runs})")
    for name in names:
        for whose, site in sites.items():
            if (site / f"{name}.html").is_file():
                with served_gzipped(site) as address:
                    line = medians(f"{address}/{name}.html", runs)
                print(f"{whose:10}{name:40}{line}", flush=True)


def main() -> None:
    """Build what is to be compared, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("site", type=Path, nargs="?", help="a built book, in the place of both")
    parser.add_argument("--runs", type=int, default=5, help="take medians of (%(default)s)")
    chosen = parser.parse_args()
    if chosen.site:
        with with_empty(chosen.site):
            bench({"Downhill": chosen.site}, chosen.runs)
        return
    with tempfile.TemporaryDirectory(prefix="downhill-light-") as folder:
        books = {
            "Downhill": repository(Path(folder) / "ours"),
            "plain": plain_book(Path(folder) / "plain"),
        }
        for book in books.values():
            book.build()
        sites = {whose: book.root / "_build/html" for whose, book in books.items()}
        with with_empty(sites["Downhill"]):
            bench(sites, chosen.runs)


if __name__ == "__main__":
    main()
