"""Small books with slides, for the tests of decks."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import yaml

import builds
from builds import ROOT, Done

EXAMPLE = ROOT / "tests" / "publish" / "deckbook"

#: A configuration for Sphinx alone, without executing anything.
CONF = """
project = "Small"
extensions = ["myst_nb", "gdbook.publish"]
gdbook_parts = ["myst", "slides", "also_build", "figures", "math", "theme"]
nb_render_plugin = "gdbook"
nb_execution_mode = "off"
html_theme = "furo"
html_math_renderer = "temml"
numfig = True
myst_enable_extensions = ["amsmath", "attrs_inline", "colon_fence", "dollarmath"]
exclude_patterns = ["_build"]
"""


def example(folder: Path) -> Path:
    """Copy the example book to a folder, with the project's own configuration."""
    shutil.copytree(EXAMPLE, folder)
    config: dict[str, Any] = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    config["bibtex_bibfiles"] = ["references.bib"]
    config["exclude_patterns"] = ["_build"]
    config["sphinx"]["config"]["audit"] = "none"
    (folder / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    return folder


def small(folder: Path, chapters: dict[str, str], conf: str = "") -> Path:
    """Write a book of some chapters (notebooks in MyST Markdown) for Sphinx alone."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "conf.py").write_text(CONF + conf, "utf-8")
    entries = "\n".join(chapters)
    index = f"# Small\n\n```{{toctree}}\n:numbered:\n\n{entries}\n```\n"
    (folder / "index.md").write_text(index, "utf-8")
    for name, text in chapters.items():
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = "---\nfile_format: mystnb\nlanguage_info: {name: python}\n---\n"
        path.write_text(head + text, "utf-8")
    return folder


def build_small(folder: Path, *options: str) -> Done:
    """Build such a book's pages."""
    return builds.sphinx(folder, folder / "_build" / "html", *options)
