"""A build that is fast and never stale: chapters run before Sphinx reads them.

When Sphinx has found the documents and nothing is written yet, every chapter's cells,
package files, data files and versions are compared with those of its last run. Stale
ones run side by side, in kernels forked from a warm process. If one fails, the build
ends there, with the site as it was. When they have ended Sphinx reads the pages whose
text or outputs are others than those it read the last time, and MyST-NB is handed each
chapter's outputs together with the metadata that its cells have now: slide types, alt
text and tags are never part of what ran. MyST-NB executes nothing; `nb_execution_mode`
is `off`.

Where every page is to be read, whatever the outputs are, Sphinx begins at once, and waits
for a chapter when it comes to its page.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from myst_nb.core.config import NbParserConfig
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.console import term_width_line

from gdbook.publish.core.files import fingerprint
from gdbook.publish.execute import errors
from gdbook.publish.execute.kernels.pool import Kernels
from gdbook.publish.execute.myst_nb_adapter import Notebooks, hand_over
from gdbook.publish.execute.notebook import (
    SUFFIXES,
    Chapter,
    code_key,
    excluded,
    merged,
    output_key,
)
from gdbook.publish.execute.output_store import Record, Store
from gdbook.publish.execute.runner import Outcome
from gdbook.publish.execute.scheduler import Runs
from gdbook.publish.execute.staleness import Surroundings
from gdbook.publish.site.integrity import OUTPUTS, SOURCE, Site

log = logging.getLogger(__name__)

CODE = "gdbook_code"
"""Name in Sphinx's environment of the pages' code keys."""


class Execution:
    """The chapters of one Sphinx application.

    Parameters
    ----------
    app : Sphinx
        Its `outdir` lies in `_build`, as Jupyter Book has it.
    """

    def __init__(self, app: Sphinx) -> None:
        build = Path(app.outdir).parent
        self.app = app
        self.site = Site(build / ".gdbook")
        self.store = Store(self.site.folder / "outputs")
        self.surroundings = Surroundings(Path(app.srcdir), build)
        self.kernels: Kernels | None = None
        self.runs: Runs | None = None
        self.ended: list[Outcome] = []
        self.records: dict[str, Record] = {}
        self.notebooks = Notebooks()
        if not self.store.folder.exists():
            # All chapters are stale, so importing may start while Sphinx sets up.
            self.kernels = Kernels()
            self.kernels.start()

    @classmethod
    def of(cls, app: Sphinx) -> Execution:
        """Return the application's own."""
        if "gdbook_execution" not in vars(app):
            vars(app)["gdbook_execution"] = cls(app)
        made: Execution = vars(app)["gdbook_execution"]
        return made

    # Before Sphinx reads ------------------------------------------------------------

    def execute(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        added: set[str],
        changed: set[str],
        removed: set[str],
    ) -> list[str]:
        """Run the stale chapters and name the pages that must be read again."""
        config: NbParserConfig = env.mystnb_config  # type: ignore[attr-defined]
        self.records = {}
        stale: list[Chapter] = []
        texts: dict[str, str] = {}
        for docname in sorted(env.found_docs):
            path = Path(env.doc2path(docname))
            if path.suffix not in SUFFIXES:
                continue
            text = texts[docname] = path.read_text("utf-8-sig")
            code = self.code_key(docname, path, text)
            if code is None or excluded(path, config):
                continue
            key = output_key(code, config)
            record = self.store.load(docname)
            if record is not None and self.surroundings.still_true(record, key):
                self.records[docname] = record
            elif (notebook := self.notebook(path, text)) is not None:
                settings = merged(config, notebook)
                stale.append(Chapter(docname, path, text, notebook, settings, key))
        if stale:
            self.run(stale)
        else:
            self.close()
        if not env.found_docs <= added | changed:
            self.settle()
        self.store.forget_others(env.found_docs)
        self.site.open(app, env)
        return [docname for docname in sorted(env.found_docs) if self.outdated(docname, texts)]

    def code_key(self, docname: str, path: Path, text: str) -> str | None:
        """Return `chapters.code_key` of a page, without parsing a text that was seen before."""
        known: dict[str, tuple[str, str | None]] = vars(self.app.env).setdefault(CODE, {})
        digest = fingerprint(text.encode())
        # A cell's `:load:` option brings in the text of another file.
        if known.get(docname, ("", ""))[0] != digest or ":load:" in text:
            known[docname] = (digest, code_key(self.notebook(path, text)))
        return known[docname][1]

    def notebook(self, path: Path, text: str) -> NotebookNode | None:
        """Return the notebook of a file's text, None for plain Markdown."""
        return self.notebooks.read(path, text, self.app.env.myst_config)  # type: ignore[attr-defined]

    def outdated(self, docname: str, texts: dict[str, str]) -> bool:
        """Return whether a page was read with another text or other outputs than now."""
        read = self.app.env.metadata.get(docname, {})
        record = self.records.get(docname)
        return (
            docname in texts and read.get(SOURCE) != fingerprint(texts[docname].encode())
        ) or read.get(OUTPUTS) != (record.digest if record else None)

    def run(self, stale: list[Chapter]) -> None:
        """Let chapters execute; `settle` waits for their end."""
        seconds = {}
        for chapter in stale:
            before = self.store.load(chapter.docname)
            if before is not None:
                seconds[chapter.docname] = before.seconds
        kernels, self.kernels = self.kernels or Kernels(), None
        self.ended = []
        log.info("")
        log.info("executing %d stale %s", len(stale), "chapter" if len(stale) == 1 else "chapters")
        self.runs = Runs(
            stale,
            kernels=kernels,
            surroundings=self.surroundings,
            seconds=seconds,
            done=partial(self.keep, len(stale)),
        )
        self.runs.start()

    def keep(self, chapters: int, outcome: Outcome) -> None:
        """Keep what one of so many chapters gave, and tell of it."""
        self.ended.append(outcome)
        docname = outcome.chapter.docname
        if outcome.record is not None:
            self.store.keep(docname, outcome.record)
            self.records[docname] = outcome.record
        line = "executed {} ({} of {}, {:.1f} s){}".format(
            docname,
            len(self.ended),
            chapters,
            outcome.seconds,
            " FAILED" if outcome.failure else "",
        )
        # As wide as the terminal: Sphinx may have written there how far it has read.
        log.info("%s", term_width_line(line).rstrip("\r\n"))

    def settle(self) -> None:
        """Wait until all chapters have ended; raise if any of them failed."""
        runs, self.runs = self.runs, None
        if runs is None:
            return
        runs.wait()
        if runs.kernels.why_plain:
            log.info(
                "kernels were started plainly, each importing torch: %s", runs.kernels.why_plain
            )
        sentences = sorted(outcome.failure for outcome in self.ended if outcome.failure)
        if sentences:
            raise errors.together(sentences, len(self.ended) - len(sentences))

    def close(self) -> None:
        """End what runs, and the kernels that were never asked for."""
        if self.runs is not None:
            self.runs.cancel()
            self.runs = None
        if self.kernels is not None:
            self.kernels.close()
            self.kernels = None

    # While Sphinx reads ---------------------------------------------------------------

    def order(self, app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
        """Let pages be read in the order in which their outputs are there."""
        if self.runs is not None:
            turns = {docname: turn for turn, docname in enumerate(self.runs.ended)}
            docnames.sort(key=lambda docname: turns.get(docname, -1))

    def note_source(self, app: Sphinx, docname: str, source: list[str]) -> None:
        """Remember the text that a page is read with.

        Sphinx compares times instead: a file saved while it was being read, or put back
        with its old time, would be missed.
        """
        app.env.metadata[docname][SOURCE] = fingerprint(source[0].encode())

    def note_outputs(self, app: Sphinx, doctree: Any) -> None:
        """Remember the outputs that a page was read with."""
        record = self.records.get(app.env.docname)
        if record is not None:
            app.env.metadata[app.env.docname][OUTPUTS] = record.digest

    def outputs(self, notebook: NotebookNode, path: Path) -> Record:
        """Return the outputs of the notebook that Sphinx is parsing.

        If its file was saved after stale chapters ran, it runs now.
        """
        docname = self.app.env.docname
        if self.runs is not None and docname in self.runs.ended:
            self.runs.wait(docname)
            if docname not in self.records:
                self.settle()
        config: NbParserConfig = self.app.env.mystnb_config  # type: ignore[attr-defined]
        key = output_key(code_key(notebook) or "", config)
        record = self.records.get(docname)
        if record is None or record.key != key:
            self.settle()
            text = path.read_text("utf-8-sig")
            settings = merged(config, notebook)
            self.run([Chapter(docname, path, text, notebook, settings, key)])
            self.settle()
            record = self.records[docname]
        return record

    # When Sphinx has read, and when it has written ---------------------------------------

    def rewrite(self, app: Sphinx, env: BuildEnvironment) -> list[str]:
        """Name the pages that must be written, when all chapters have ended."""
        self.settle()
        return self.site.rewrite(app, env)

    def end(self, app: Sphinx, error: Exception | None) -> None:
        """Leave nothing running, and the site whole."""
        self.close()
        self.site.end(app, error)


def setup(app: Sphinx) -> None:
    """Hand MyST-NB the outputs; the fingerprint of this code is a setting of Sphinx."""
    execution = Execution.of(app)
    app.add_config_value("gdbook_tools", "", "env", (str,))
    hand_over(execution.notebooks, execution.outputs)
