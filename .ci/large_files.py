"""Before a commit: no large file, since every clone has it for good."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

LIMIT = 500_000


def faults(names: Sequence[str]) -> list[str]:
    """Return a sentence for each file that is too large."""
    sizes = {name: Path(name).stat().st_size for name in names if Path(name).is_file()}
    return [
        f"{name} has {size:,} bytes, more than {LIMIT:,}: make it smaller, or let it be computed"
        for name, size in sizes.items()
        if size > LIMIT
    ]


if __name__ == "__main__":
    found = faults(sys.argv[1:])
    print(*found, sep="\n")
    sys.exit(bool(found))
