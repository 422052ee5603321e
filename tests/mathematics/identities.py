"""The identities of `identities.md`, each with its slip and what its letters are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from gdbook import mathematics


@dataclass(frozen=True)
class Case:
    """An identity, the same with a slip, and what its letters are."""

    name: str
    latex: str
    wrong: str
    letters: dict[str, Any]
    definitions: tuple[str, ...]


def read() -> Iterator[Case]:
    """Read them all."""
    text = Path(__file__).with_suffix(".md").read_text("utf-8")
    for section in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        name, _, rest = section.partition("\n")
        displayed = re.search(r"^\$\$ (.*) \$\$$", rest, re.MULTILINE)
        slip = re.search(r"^slip: `(.*)` → `(.*)`$", rest, re.MULTILINE)
        letters = re.search(r"^`(.*)`$", rest, re.MULTILINE)
        assert displayed, name
        assert slip, name
        assert letters, name
        assert slip[1] in displayed[1], f"{name}: the slip replaces what isn't there"
        words = {**vars(mathematics), "torch": torch}
        yield Case(
            name,
            displayed[1],
            displayed[1].replace(slip[1], slip[2], 1),
            eval(f"dict({letters[1]})", words),
            tuple(re.findall(r"^def: (.*)$", rest, re.MULTILINE)),
        )


CASES = list(read())
