"""Before a commit: `_toc.yml` names what is there, and every page below `book/` is in it."""

from __future__ import annotations

import sys
from pathlib import Path

from sphinx_external_toc.parsing import MalformedError, parse_toc_yaml


def faults(root: Path) -> list[str]:
    """Return a sentence for each page that is missing, and each that no reader would find."""
    try:
        named = set(parse_toc_yaml(root / "_toc.yml"))
    except MalformedError as error:
        return [f"_toc.yml cannot be read: {error}"]
    pages = {
        path.relative_to(root).with_suffix("").as_posix()
        for suffix in ("md", "ipynb")
        for path in (root / "book").rglob(f"*.{suffix}")
        if ".ipynb_checkpoints" not in path.parts
    }
    return [
        *(f"_toc.yml names {name}, but there is no such page" for name in sorted(named - pages)),
        *(f"{name} is not in _toc.yml: enter it, or remove it" for name in sorted(pages - named)),
    ]


if __name__ == "__main__":
    found = faults(Path())
    print(*found, sep="\n")
    sys.exit(bool(found))
