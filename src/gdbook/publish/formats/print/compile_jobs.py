"""PDFs in the making: Typst at work in a thread, while Sphinx writes the pages.

Typst holds none of Python's locks while it sets a book, so on a second core its seconds
cost nothing. Everything that needs Sphinx is settled before; here are files and bytes.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gdbook.publish.core import files
from gdbook.publish.core.versions import version
from gdbook.publish.formats.print import compiling


@dataclass(frozen=True)
class Job:
    """One PDF to make.

    Parameters
    ----------
    pdf : Path
        Where it goes.
    stamp : Path
        Where the digest of what it was made from is kept.
    sources : mapping of str to str
        Texts of the files that are this edition's own, by name; `main.typ` is one.
    reads : sequence of str
        Names of the other files that Typst reads for it.
    """

    pdf: Path
    stamp: Path
    sources: Mapping[str, str]
    reads: Sequence[str]


class Making:
    """The PDFs of one build.

    Parameters
    ----------
    folder : Path
        Holds everything that Typst reads beside the jobs' own sources.
    fonts : Path
        Folder of fonts.
    faces : str
        Stands for those fonts in the digest.
    pictures : mapping of str to str
        The document that shows each picture, by its file name.
    jobs : sequence of Job
        Made one after another.
    """

    def __init__(
        self,
        folder: Path,
        fonts: Path,
        faces: str,
        pictures: Mapping[str, str],
        jobs: Sequence[Job],
    ) -> None:
        self.folder, self.fonts, self.faces = folder, fonts, faces
        self.pictures, self.jobs = pictures, jobs
        self._warned: list[str] = []
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def wait(self) -> list[str]:
        """Wait for the PDFs, and return what Typst warns of.

        Raises
        ------
        PrintError
            If Typst refused a source.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._warned

    def _work(self) -> None:
        try:
            for job in self.jobs:
                self._make(job)
        except Exception as error:
            self._error = error

    def _make(self, job: Job) -> None:
        """Make one PDF, unless what it would be made from is what it was made from."""
        files.write_all(self.folder, job.sources)
        made_from = self._fingerprint(job)
        if job.pdf.exists() and job.stamp.exists() and job.stamp.read_text() == made_from:
            return
        made, warned = compiling.compile_pdf(self.folder, self.fonts, self.pictures)
        part = job.pdf.with_suffix(".part")
        part.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(made)
        part.replace(job.pdf)
        self._warned += warned
        if not warned:
            files.write(job.stamp, made_from)

    def _fingerprint(self, job: Job) -> str:
        """Return the digest of everything that Typst reads for a PDF, and of Typst itself."""
        digest = hashlib.sha256(f"{self.faces} typst {version('typst')}".encode())
        for name in sorted({*job.sources, *job.reads}):
            digest.update(f"{name}\0".encode() + (self.folder / name).read_bytes())
        return digest.hexdigest()
