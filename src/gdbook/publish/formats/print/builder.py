"""The builder ``typst``: the printed book, from the doctrees that the pages use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.errors import ConfigError
from sphinx.util import logging
from sphinx.util.build_phase import BuildPhase

from gdbook.publish.core import files
from gdbook.publish.core.files import fingerprint
from gdbook.publish.core.page_links import number_of
from gdbook.publish.formats.print import document_cache, edition, fonts, images, theme
from gdbook.publish.formats.print.compile_jobs import Job, Making
from gdbook.publish.formats.print.document_cache import Sheet
from gdbook.publish.formats.print.edition import Edition, Facts
from gdbook.publish.formats.print.index import index
from gdbook.publish.formats.print.mathematics import made_by
from gdbook.publish.formats.print.order import Order, order
from gdbook.publish.formats.print.translate import translate
from gdbook.publish.formats.print.translate.writing import DOCUMENT
from gdbook.publish.site.cross_page_digest import relations

log = logging.getLogger(__name__)

HERE = Path(__file__).parent

_CODE_COLOURS = "code.tmTheme"

#: What Sphinx calls a project without a name.
_NO_PROJECT = "Project name not set"


class TypstBuilder(Builder):
    """Write the book as PDF: `<name>.pdf`, and `<name>-without-solutions.pdf`.

    Each document becomes a file of Typst's language, kept from build to build; Typst makes
    one PDF of them all, and one of each chapter where handouts are wanted. Nothing is written
    that is there already.
    """

    name = "typst"
    format = "typst"
    epilog = "The book is in %(outdir)s."
    supported_image_types = ("image/svg+xml", "image/png", "image/jpeg")  # type: ignore[assignment]

    #: Whether whoever calls `finish` goes on to other work, and calls `wait` later.
    beside = False

    def __init__(self, app: Sphinx, env: Any) -> None:
        super().__init__(app, env)
        self.folder = Path(self.outdir).parent / ".gdbook" / "print"
        self._order: Order | None = None
        self._relations = ""
        self._making: Making | None = None

    # ---------------------------------------------------------------- where things are

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Where a document is: in the book, which settles it when it is put together."""
        return DOCUMENT + docname

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Where a reference leads."""
        return self.get_target_uri(to)

    def page_uri(self, docname: str) -> str:
        """Where a document's page of the site is, as seen from the PDF."""
        base = str(self.config.html_baseurl or "").rstrip("/")
        return f"{base or '.'}/{docname}.html"

    # ---------------------------------------------------------------- what is to be done

    @property
    def order(self) -> Order:
        """The book's documents in order."""
        if self._order is None:
            self._order = order(self.env, self.config.root_doc, list(self.config.print_leave_out))
        return self._order

    def wanted(self) -> list[str]:
        """Return the documents that have sheets, in order."""
        return self.order.docnames()

    def editions(self) -> list[Edition]:
        """Return the PDFs to make."""
        chapter = self._chapter()
        if chapter is not None:
            return edition.editions(chapter.rsplit("/", 1)[-1], chapter)
        made = edition.editions(slug(self.config.project))
        for docname in self.order.chapters() if self.config.print_handouts else ():
            made += edition.editions(edition.handout_name(docname), docname)
        return made

    def _chapter(self) -> str | None:
        """Return the chapter of the handout that is asked for."""
        asked = str(self.config.print_chapter or "").strip().removesuffix(".md").strip("/")
        if not asked:
            return None
        found = [d for d in self.wanted() if d == asked or d.endswith(f"/{asked}")]
        if len(found) != 1:
            raise ConfigError(
                f"no chapter {asked!r} to print, expected one of {', '.join(self.wanted())}"
            )
        return found[0]

    def get_outdated_docs(self) -> list[str] | str:
        """Name the documents whose sheet is older than what it is made from.

        Where this builder is the only one, it is asked before anything is read, and answers
        that it will look at all.
        """
        if self.app.phase in (BuildPhase.INITIALIZATION, BuildPhase.READING):
            return "the book"
        stale = [name for name in self.wanted() if not self._is_current(name)]
        missing = [e for e in self.editions() if not self._pdf(e).exists()]
        return stale or (self.wanted() if missing else [])

    def _is_current(self, docname: str) -> bool:
        kept = document_cache.load(self.folder / "sheets", docname)
        return kept is not None and kept.key == self._key(docname)

    def _key(self, docname: str) -> str:
        """Return what a sheet depends on: its doctree, all numbers, settings, this code."""
        if not self._relations:
            settings = ("numfig_format", "html_baseurl", "language")
            parts = [relations(self.env), made_by(self.config.gdbook_macros)]
            parts += [files.digest(HERE, "*.py"), *(str(self.config[name]) for name in settings)]
            self._relations = fingerprint(f"{parts} {self.order}".encode())
        age = files.age(Path(self.doctreedir, f"{docname}.doctree"))
        return f"{age} {self._relations}"

    def _pdf(self, wanted: Edition) -> Path:
        return Path(self.outdir, f"{wanted.name}.pdf")

    # ---------------------------------------------------------------- writing

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a document's sheet."""
        warned = self.app._warncount
        self.post_process_images(doctree)
        made = translate(doctree, self, docname)
        # What was warned of must be said again by the next build: leave it outdated.
        made.key = "" if self.app._warncount > warned else self._key(docname)
        made.save(self.folder / "sheets")

    def write(
        self,
        build_docnames: Iterable[str] | None,
        updated_docnames: Sequence[str],
        method: Literal["all", "specific", "update"] = "update",
    ) -> None:
        """Write the sheets that are not current."""
        for docname in self.wanted():
            if self._is_current(docname):
                continue
            self.app.phase = BuildPhase.RESOLVING
            doctree = self.env.get_and_resolve_doctree(docname, self)
            self.app.phase = BuildPhase.WRITING
            self.write_doc(docname, doctree)

    def finish(self) -> None:
        """Put the editions together, and make those PDFs that would differ."""
        sheets = {}
        for docname in self.wanted():
            kept = document_cache.load(self.folder / "sheets", docname)
            if kept is None:  # not written, after an error that was told
                return
            sheets[docname] = kept
        self._prune(sheets)
        folder, faces = fonts.fetch()
        self._write_design(sheets)
        jobs = [job for wanted in self.editions() if (job := self._job(wanted, sheets))]
        handouts = Path(self.outdir, edition.HANDOUTS)
        files.prune(handouts, "*.pdf", [job.pdf for job in jobs])
        pictures = {name: d for d, kept in sheets.items() for name in kept.images.values()}
        self._making = Making(self.folder, folder, faces, pictures, jobs)
        if not self.beside:
            self.wait()

    def wait(self) -> None:
        """Wait for the PDFs, and tell what Typst warns of."""
        making, self._making = self._making, None
        for sentence in making.wait() if making else ():
            log.warning("%s", sentence, type="gdbook", subtype="print")

    def _write_design(self, sheets: dict[str, Sheet]) -> None:
        for path in sorted((HERE / "design").glob("*.typ")):
            files.write(self.folder / path.name, path.read_bytes())
        files.write(self.folder / _CODE_COLOURS, theme.tm_theme())
        for kept in sheets.values():
            for uri, name in kept.images.items():
                images.bring(Path(self.srcdir, uri.lstrip("/")), self.folder / "images" / name)
        if (cover := self._cover()) is not None:
            images.bring(cover, self.folder / "images" / f"cover{cover.suffix}")

    def _cover(self) -> Path | None:
        path = Path(self.srcdir, self.config.print_cover)
        return path if self.config.print_cover and path.is_file() else None

    def _facts(self) -> Facts:
        cover = self._cover()
        title = str(self.config.project)
        if title == _NO_PROJECT:
            title = str(self.config.html_title)
        return Facts(
            title=title,
            subtitle=str(self.config.print_subtitle),
            author=str(self.config.author),
            language=str(self.config.language or "en"),
            imprint=tuple(str(line) for line in self.config.print_imprint),
            cover=f"cover{cover.suffix}" if cover else None,
            cover_alt=images.title(cover) if cover else "",
        )

    def _job(self, wanted: Edition, sheets: dict[str, Sheet]) -> Job | None:
        """Return what makes one PDF, None if it would be no other than the one with solutions."""
        facts, docnames = self._facts(), self.wanted()
        shown = docnames if wanted.chapter is None else [wanted.chapter]
        if not wanted.solutions and not any(sheets[d].solutions for d in shown):
            self._pdf(wanted).unlink(missing_ok=True)
            return None
        known = edition.targets(wanted, sheets, shown, self.config.root_doc)
        if wanted.chapter is None:
            entries = index(self, known)
            known |= {"genindex": "genindex"} if entries else {}
            main = edition.book(wanted, facts, self.order, sheets, entries)
        else:
            cited = self._cited(sheets, wanted.chapter)
            known |= {name: name for name in cited}
            title = self.env.titles[wanted.chapter].astext()
            works = list(dict.fromkeys(cited.values()))
            main = edition.handout(wanted, title, facts, sheets, works)
        titles = {name: self.env.titles[name].astext() for name in docnames}
        numbers = {name: number_of(self.env, name) for name in docnames}
        self._tell_missing(wanted, sheets, known)
        return Job(
            self._pdf(wanted),
            self.folder / "stamps" / Path(self.outdir).name / f"{wanted.name}.txt",
            {
                "targets.json": edition.targets_file(known),
                "titles.json": json.dumps([titles, numbers], sort_keys=True),
                "main.typ": main,
            },
            self._read_by(wanted, sheets),
        )

    def _read_by(self, wanted: Edition, sheets: dict[str, Sheet]) -> list[str]:
        """Return the files that Typst reads for an edition, beside those that are its own."""
        shown = sheets if wanted.chapter is None else {wanted.chapter: sheets[wanted.chapter]}
        cover = self._cover() if wanted.chapter is None else None
        return [
            *(path.name for path in (HERE / "design").glob("*.typ")),
            _CODE_COLOURS,
            *(f"sheets/{docname}.typ" for docname in shown),
            *(f"images/{name}" for kept in shown.values() for name in kept.images.values()),
            *([] if cover is None else [f"images/cover{cover.suffix}"]),
        ]

    def _cited(self, sheets: dict[str, Sheet], chapter: str) -> dict[str, str]:
        """Return the entries of the bibliography that a chapter cites, by name."""
        entries = {n: text for kept in sheets.values() for n, text in kept.citations.items()}
        own = sheets[chapter].labels
        return {
            name: text
            for name, text in entries.items()
            if name in sheets[chapter].references and name not in own
        }

    def _tell_missing(
        self, wanted: Edition, sheets: dict[str, Sheet], known: dict[str, str]
    ) -> None:
        """Tell of references into a printed document that lead to no place in it."""
        if wanted.chapter is not None or not wanted.solutions:
            return
        for docname, kept in sheets.items():
            for name in kept.references:
                if name not in known and name.partition("#")[0] in sheets:
                    log.warning(
                        "print: a reference leads to %s, which is not in the book", name,
                        location=(docname, None), type="gdbook", subtype="print",
                    )  # fmt: skip

    def _prune(self, sheets: dict[str, Sheet]) -> None:
        """Remove the sheets of documents that are no more, and pictures that none shows."""
        folder = self.folder / "sheets"
        sources = [document_cache.source_path(folder, docname) for docname in self.wanted()]
        files.prune(folder, "*.*", [*sources, *(path.with_suffix(".json") for path in sources)])
        shown = {name for kept in sheets.values() for name in kept.images.values()}
        for path in sorted((self.folder / "images").glob("*")):
            if path.name not in shown and path.stem != "cover":
                path.unlink()


def printed(app: Sphinx) -> bool:
    """Whether this build makes the printed book, or would if it weren't a live preview's."""
    return TypstBuilder.name in (app.builder.name, *(app.config.also_build or ()))


def slug(title: str) -> str:
    """Return a title as the name of a file."""
    words = "".join(c if c.isalnum() else " " for c in str(title).lower()).split()
    return "-".join(words) or "book"
