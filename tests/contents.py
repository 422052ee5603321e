"""What the book holds, as its table of contents has it: what tests are run for each of."""

from __future__ import annotations

import re
from typing import Any

import yaml

from builds import ROOT

_TOC: dict[str, Any] = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))


def source(name: str) -> str:
    """Return the text of a page of the book."""
    return (ROOT / f"{name}.md").read_text("utf-8")


def _files(part: dict[str, Any]) -> list[str]:
    return [
        name
        for entry in part["chapters"]
        for name in (entry["file"], *(below["file"] for below in entry.get("sections", ())))
    ]


def _numbered(part: dict[str, Any]) -> bool:
    return bool(part.get("numbered", _TOC.get("defaults", {}).get("numbered", False)))


#: Every page that is written by hand, as ``book/preface``.
PAGES: list[str] = [_TOC["root"], *(name for part in _TOC["parts"] for name in _files(part))]

#: Pages with a number.
CHAPTERS: list[str] = [name for part in _TOC["parts"] if _numbered(part) for name in _files(part)]


def claims(text: str) -> list[str]:
    """Return the labels of what a page claims, in order."""
    found = re.findall(r"\$\$ *\((eq-[\w-]+)\)|^:label: *(eq-[\w-]+)", text, re.MULTILINE)
    return [above or below for below, above in found]


#: The labels of what pages claim, by page.
CLAIMS: dict[str, list[str]] = {name: found for name in PAGES if (found := claims(source(name)))}
