"""Scripts for the browser: modules joined to one classic script, which also runs from file://."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_IMPORT = re.compile(r'^import \{[^}]*\} from "(\.{1,2}/[\w./-]+\.mjs)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const |class |(?:async )?function )", re.MULTILINE)
_COMMENT = re.compile(r"^[ ]*//[^\n]*\n|/\*\*(?:(?!\*/).)*\*/[ ]?", re.MULTILINE | re.DOTALL)
_MARGIN = re.compile(r"^[ ]+|^\n", re.MULTILINE)


@cache
def bundle(entry: Path) -> str:
    """Return a module and those that it imports as one script, without comments.

    The modules share one scope, so their names must differ; a script that repeats one does
    not run, which tests would see. Text over several lines would lose its margin.

    Parameters
    ----------
    entry : Path
        Of a module whose imports are written ``import { a, b } from "./other.mjs";``.

    Raises
    ------
    ValueError
        If an import or export has another form.
    """
    text = "".join(_bare(module) for module in _in_order(entry.resolve(), []))
    return f'(() => {{\n"use strict";\n{text}}})();\n'


def _in_order(module: Path, known: list[Path]) -> list[Path]:
    """Return a module after all that it imports, each once."""
    if module not in known:
        for name in _IMPORT.findall(module.read_text(encoding="utf-8")):
            _in_order((module.parent / name).resolve(), known)
        if module not in known:
            known.append(module)
    return known


def _bare(module: Path) -> str:
    text = _IMPORT.sub("", module.read_text(encoding="utf-8"))
    text = _MARGIN.sub("", _COMMENT.sub("", _EXPORT.sub("", text)))
    left = re.search(r"^(import|export)\b.*", text, re.MULTILINE)
    if left:
        raise ValueError(f"{module.name}: this form is not joined: {left[0]}")
    return text
