"""Writing a file as a whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write(path: Path, text: str) -> None:
    """Put text into a file. A link in its place is replaced, not followed."""
    beside = path.with_name(f".{path.name[:80]}.part")
    if os.path.lexists(beside):
        beside.unlink()
    beside.write_text(text, encoding="utf-8", newline="")
    os.replace(beside, path)
