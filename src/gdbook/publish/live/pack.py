"""What a page takes to its Python: the engine's own source, without words for readers."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from gdbook.publish.core.places import PUBLISH
from gdbook.publish.live.stripping import stripped

ENGINE = PUBLISH.parent
CARRIED = Path(__file__).parent / "python"
#: What a cell may import beside the engine, and what runs the cells: places and files.
BESIDE = {
    "/matplotlib/__init__.py": "__init__.py",
    "/matplotlib/pyplot.py": "pyplot.py",
    "/live_cells.py": "live_cells.py",
}
PARTS = ("autodiff", "optimizers")


@cache
def packed() -> str:
    """Return the Python files that a page writes before its first cell runs, as JSON.

    The engine is packed from the package's source, so that the two are never different.
    """
    files = {
        f"/gdbook/{path.relative_to(ENGINE).as_posix()}": path
        for part in PARTS
        for path in sorted((ENGINE / part).rglob("*.py"))
    }
    files |= {place: CARRIED / name for place, name in BESIDE.items()}
    return as_json(
        {place: stripped(path.read_text(encoding="utf-8")) for place, path in files.items()}
    )


def as_json(value: object) -> str:
    """Return something as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
