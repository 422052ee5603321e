"""Pictures as print wants them: SVG without the site's dark colours, the rest as it is."""

from __future__ import annotations

import re
from pathlib import Path

from gdbook.publish.core import files

_MEDIA = re.compile(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}")


def for_print(svg: str) -> str:
    """Return a drawing without style rules for other media: only light paper is printed on."""
    return re.sub(
        r"(<style[^>]*>)(.*?)(</style>)",
        lambda found: found[1] + _MEDIA.sub("", found[2]) + found[3],
        svg,
        flags=re.DOTALL,
    )


def bring(source: Path, target: Path) -> None:
    """Bring a picture to where Typst reads it, unless it is there already."""
    if source.suffix == ".svg":
        files.write(target, for_print(source.read_text("utf-8")))
    else:
        files.write(target, source.read_bytes())


def title(source: Path) -> str:
    """Return what a drawing says that it shows, "Cover" where it says nothing."""
    if source.suffix == ".svg":
        found = re.search(r"<title>(.*?)</title>", source.read_text("utf-8"), re.DOTALL)
        if found:
            return " ".join(found[1].split())
    return "Cover"
