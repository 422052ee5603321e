"""Which files are to be marked."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from gdbook.grading.marking import Mark
from gdbook.grading.shown import shown_path


def find(places: Sequence[Path], leave_out: Path) -> Iterator[Path | Mark]:
    """Yield each submission, and a refusal for each thing in a folder that cannot be one.

    Parameters
    ----------
    places : sequence of Path
        Files, and folders that are searched with the folders inside of them. Links in them are
        not followed.
    leave_out : Path
        The folder that the marks are written to.

    Raises
    ------
    FileNotFoundError
        If a place does not exist.
    """
    seen: set[str] = set()
    for place in places:
        found = _inside(place, leave_out.resolve()) if place.is_dir() else [place]
        if not os.path.lexists(place):
            raise FileNotFoundError(2, "no such file or folder", str(place))
        for one in found:
            if isinstance(one, Path):
                if (key := os.path.abspath(one)) in seen:
                    continue
                seen.add(key)
            yield one


def _inside(folder: Path, leave_out: Path) -> Iterator[Path | Mark]:
    refused: list[Mark] = []

    def lost(error: OSError) -> None:
        refused.append(
            Mark(shown_path(error.filename), refused=f"cannot be opened: {error.strerror}")
        )

    for name, folders, files in os.walk(folder, onerror=lost):
        place = Path(name)
        for inner in sorted(folders):
            if (place / inner).is_symlink():
                yield Mark(shown_path(place / inner), refused="is a link to a folder: not followed")
        folders[:] = sorted(
            inner
            for inner in folders
            if not inner.startswith(".") and (place / inner).resolve() != leave_out
        )
        for file in sorted(files):
            if file.startswith("."):  # what systems leave behind
                continue
            path = place / file
            if path.suffix.lower() == ".json":
                yield path
            else:
                yield Mark(shown_path(path), refused="is not a .json file")
    yield from refused
