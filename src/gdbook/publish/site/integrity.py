"""The site that stands: what it was written from, and whether it is whole.

Sphinx's own files can't be trusted to tell (`journal.py`). One build writes at a time; one
that finds another's work unfinished reads every page anew; and when all is written, what no
page shows any more is removed.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.errors import SphinxError
from sphinx.util import logging

from gdbook.publish.core import files
from gdbook.publish.core.files import fingerprint
from gdbook.publish.core.places import LATEX, PUBLISH
from gdbook.publish.site.cross_page_digest import relations
from gdbook.publish.site.journal import Journal, lock, unlock
from gdbook.publish.site.prune import image_names, prune_images, prune_pages

log = logging.getLogger(__name__)

OUTPUTS = "gdbook_outputs"
SOURCE = "gdbook_source"
"""Names in Sphinx's metadata of a page: digests of the outputs and the text it was read with."""


ROOM = 200_000_000
"""How many bytes must be free on the disk when a build begins; what this book writes fits in."""


class RoomError(SphinxError):
    """There is no room for what a build writes."""


def require_room(*folders: Path) -> None:
    """See, before anything is written, that folders can be written to and the disk has room.

    Raises
    ------
    RoomError
        With the folder and the reason.
    """
    for folder in folders:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                free = shutil.disk_usage(folder).free
        except OSError as error:
            raise RoomError(f"{folder} cannot be written to: {error.strerror}") from None
        if free < ROOM:
            raise RoomError(
                f"only {free / 1e6:.0f} MB are free on the disk of {folder}; "
                f"a build needs {ROOM / 1e6:.0f} MB"
            )


class Site:
    """The pages of one Sphinx application.

    Parameters
    ----------
    folder : Path
        Where the book's builds keep what they know.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal = Journal(folder / "journal.json")

    def begin(self, app: Sphinx, config: Config) -> None:
        """Wait for other builds; forget what an unfinished one left."""
        environment = Path(app.doctreedir) / "environment.pickle"
        require_room(self.folder, Path(app.outdir))
        lock(
            self.folder / "lock",
            lambda: log.info("another build of this book is running; waiting for it"),
        )
        self.journal = Journal(self.journal.path)
        strict = app.warningiserror or app.keep_going
        if environment.exists() and not self.journal.trustworthy(
            strict=strict, nitpicky=bool(config.nitpicky)
        ):
            log.info("the last build was interrupted or less strict: every page is read anew")
            environment.unlink()
        # What reads the pages is as much their source as their text is.
        config.gdbook_tools = files.digest(PUBLISH) + files.digest(LATEX)

    def open(self, app: Sphinx, env: BuildEnvironment) -> None:
        """Note that pages are about to be read and written."""
        entry = self.journal.entry(app.builder.name)
        entry.finished = False
        for docname in env.found_docs:
            entry.pages.setdefault(docname, "")
        self.journal.save()

    def rewrite(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name the pages that this builder wrote with other outputs, or beside other titles.

        The environment is shared: another builder may have read them since.
        """
        entry = self.journal.entry(app.builder.name)
        entry.images = sorted({*entry.images, *image_names(app)})
        self.journal.save()
        if entry.relations != relations(env):
            return sorted(env.found_docs)
        digests = self.digests(env)
        return [name for name in sorted(env.found_docs) if entry.pages.get(name) != digests[name]]

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """Prune the site and note that it is whole."""
        if error is None and app.env is not None:
            entry = self.journal.entry(app.builder.name)
            removed = sorted(set(entry.pages) - app.env.found_docs)
            prune_pages(app, removed)
            prune_images(app, entry.images)
            entry.pages = self.digests(app.env)
            entry.images = image_names(app)
            entry.relations = relations(app.env)
            entry.finished = True
            entry.warnings = app._warncount
            entry.nitpicky = bool(app.config.nitpicky)
            self.journal.save()
        unlock(self.folder / "lock")

    def digests(self, env: BuildEnvironment) -> dict[str, str]:
        """Return the digest of the text and outputs that each page was read with."""
        read = env.metadata
        return {
            docname: fingerprint(
                f"{read[docname].get(SOURCE)} {read[docname].get(OUTPUTS)}".encode()
            )
            for docname in sorted(env.found_docs)
        }
