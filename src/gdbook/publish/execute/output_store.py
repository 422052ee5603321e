"""Executed chapters on disk: one file each, replaced whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from gdbook.publish.core.files import fingerprint, replace


@dataclass(frozen=True)
class Record:
    """What running a chapter gave, and what it depends on.

    Parameters
    ----------
    key : str
        `chapters.Chapter.key` of the cells that ran.
    files : dict
        Fingerprint of each file read and folder listed, by its path below the root;
        None for a file that was looked for and missing.
    versions : dict
        Versions of the further packages that the chapter imported.
    seconds : float
        How long it ran.
    shown : str
        What a page shows of it, from `in_words`: JSON, which most builds never look into.
    """

    key: str
    files: dict[str, str | None]
    versions: dict[str, str]
    seconds: float
    shown: str = field(repr=False)

    @staticmethod
    def in_words(cells: list[dict[str, Any]], metadata: dict[str, Any]) -> str:
        """Return `shown`.

        Parameters
        ----------
        cells : list of dict
            `outputs` and `execution_count` of each code cell.
        metadata : dict
            What the kernel adds to the notebook: `language_info`, `widgets`.
        """
        return json.dumps([cells, metadata], sort_keys=True)

    def read(self) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        """Return cells and metadata, as `in_words` was given them."""
        cells, metadata = json.loads(self.shown)
        return cells, metadata

    @cached_property
    def digest(self) -> str:
        """Fingerprint of all that a page shows of this record."""
        return fingerprint(self.shown.encode())


class Store:
    """A folder of records, one for each chapter. While one reads it, nobody else writes.

    Parameters
    ----------
    folder : Path
        Where they lie; made when the first is kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loaded: dict[str, Record | None] = {}

    def path(self, docname: str) -> Path:
        """Return the file of a chapter's record."""
        return self.folder / f"{docname}.json"

    def load(self, docname: str) -> Record | None:
        """Return a chapter's record, None if there is none or its file is damaged."""
        if docname not in self._loaded:
            self._loaded[docname] = self._load(docname)
        return self._loaded[docname]

    def _load(self, docname: str) -> Record | None:
        try:
            check, _, text = self.path(docname).read_text("utf8").partition("\n")
            if fingerprint(text.encode()) != check:
                return None
            head, _, shown = text.partition("\n")
            return Record(**json.loads(head), shown=shown)
        except (OSError, ValueError, TypeError):
            return None

    def keep(self, docname: str, record: Record) -> None:
        """Replace a chapter's record."""
        head = {name: value for name, value in asdict(record).items() if name != "shown"}
        text = f"{json.dumps(head, sort_keys=True)}\n{record.shown}"
        replace(self.path(docname), f"{fingerprint(text.encode())}\n{text}")
        self._loaded[docname] = record

    def forget_others(self, docnames: Iterable[str]) -> None:
        """Remove the records of all chapters but these, and what interrupted builds left."""
        kept = {self.path(docname) for docname in docnames}
        for path in sorted(self.folder.rglob("*"), reverse=True):
            if path.is_dir():
                if not any(path.iterdir()):
                    path.rmdir()
            elif path not in kept:
                path.unlink()
