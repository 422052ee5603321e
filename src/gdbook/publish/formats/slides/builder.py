"""The builder ``slides``: decks inside the site, from the doctrees that the pages use."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from shutil import copyfile
from typing import Any, Literal

from docutils import nodes
from docutils.io import StringOutput
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging
from sphinx.util.build_phase import BuildPhase
from sphinx.util.osutil import relative_uri

from gdbook.publish import figures
from gdbook.publish.core import files
from gdbook.publish.core.page_links import number_of
from gdbook.publish.formats.slides import assets
from gdbook.publish.formats.slides.collect import decks
from gdbook.publish.formats.slides.links import gather_footnotes, lead_to_the_page, set_footnotes
from gdbook.publish.formats.slides.nodes import slide
from gdbook.publish.formats.slides.slide_tree import regroup
from gdbook.publish.formats.slides.translator import SlidesTranslator
from gdbook.publish.live import SCRIPT, STYLESHEET, needs
from gdbook.publish.theme import tidying

log = logging.getLogger(__name__)

HERE = Path(__file__).parent
SHARED = ("_static/sphinx-design.min.css", "_static/design-tabs.js")


class SlidesBuilder(StandaloneHTMLBuilder):
    """Write ``slides/<chapter>.html`` next to the pages, sharing their images and files.

    A deck is rendered by its own template: no theme, no ``html-page-context`` (themes'
    handlers expect their own pages), no search index, inventory or ``.buildinfo``.
    """

    name = "slides"
    epilog = "The decks are in %(outdir)s."
    default_translator_class = SlidesTranslator
    search = False
    add_permalinks = False
    html_scaled_image_link = False
    folder = "slides"
    figures_inline = True

    def get_theme_config(self) -> tuple[str, dict[str, str | int | bool]]:
        """Sphinx wants a theme; decks have a template of their own."""
        return "basic", {}

    def _shared(self, files: Iterable[Any]) -> list[Any]:
        """Return those of the pages' stylesheets or scripts that decks load too, in order."""
        return sorted((f for f in files if f.filename in SHARED), key=lambda file: file.priority)

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        """Where a chapter's deck is."""
        return f"{self.folder}/{super().get_target_uri(docname, typ)}"

    def get_relative_uri(self, from_: str, to: str, typ: str | None = None) -> str:
        """Where a reference leads: in the deck, or else to a page."""
        if from_ == to:
            return ""
        return relative_uri(self.get_target_uri(from_), self.page_uri(to))

    def page_uri(self, docname: str) -> str:
        """Where a chapter's page is."""
        return super().get_target_uri(docname)

    def get_outfilename(self, pagename: str) -> str:
        """Return the file of a deck."""
        return super().get_outfilename(f"{self.folder}/{pagename}")

    def get_outdated_docs(self) -> Iterator[str]:
        """Name the chapters whose deck is older than their doctree or page, or than this code.

        Pages are written first. So a build that was killed in between is mended by the
        next one, and numbers that changed elsewhere (a page is rewritten for them) change
        in the deck too.
        """
        own = max(path.stat().st_mtime_ns for path in HERE.rglob("*.*") if path.is_file())
        for docname in sorted(decks(self.env)):
            doctree = files.age(Path(self.doctreedir, f"{docname}.doctree"))
            page = files.age(Path(super().get_outfilename(docname)))
            if files.age(Path(self.get_outfilename(docname))) < max(own, doctree, page):
                yield docname

    def write(
        self,
        build_docnames: Iterable[str] | None,
        updated_docnames: Sequence[str],
        method: Literal["all", "specific", "update"] = "update",
    ) -> None:
        """Write the decks among these chapters."""
        wanted = set(decks(self.env))
        if build_docnames is not None and build_docnames != ["__all__"]:
            wanted &= {*build_docnames, *(updated_docnames if method == "update" else ())}
        if not wanted:
            return
        self.prepare_writing(wanted)
        for docname in sorted(wanted):
            warned = self.app._warncount
            self.app.phase = BuildPhase.RESOLVING
            doctree = self.env.get_and_resolve_doctree(docname, self)
            self.app.phase = BuildPhase.WRITING
            self.write_doc_serialized(docname, doctree)
            self.write_doc(docname, doctree)
            if self.app._warncount > warned:
                # What was warned of must be said again by the next build: leave it outdated.
                os.utime(self.get_outfilename(docname), (0, 0))

    def write_doc_serialized(self, docname: str, doctree: nodes.document) -> None:
        """Make slides of a chapter, and find its images."""
        footnotes = gather_footnotes(doctree)
        regroup(doctree, docname)
        set_footnotes(doctree, footnotes)
        lead_to_the_page(
            doctree, relative_uri(self.get_target_uri(docname), self.page_uri(docname))
        )
        for made in doctree.findall(slide):
            if "title" in made["classes"]:
                made["kicker"] = self._kicker(docname)
        super().write_doc_serialized(docname, doctree)

    def _kicker(self, docname: str) -> str:
        """Return the line above a deck's title: the book, and the chapter's number."""
        number = number_of(self.env, docname)
        chapter = f" · Chapter {number}" if number else ""
        return f"{self.config.project}{chapter}"

    def write_doc(self, docname: str, doctree: nodes.document) -> None:
        """Write a chapter's deck, unless it is there already."""
        doctree.settings = self.docsettings
        uri = self.get_target_uri(docname)
        self.secnumbers = self.env.toc_secnumbers.get(docname, {})
        self.fignumbers = self.env.toc_fignumbers.get(docname, {})
        self.imgpath = relative_uri(uri, "_images")
        self.dlpath = relative_uri(uri, "_downloads")
        self.current_docname = docname
        self.docwriter.write(doctree, StringOutput(encoding="unicode"))
        self.docwriter.assemble_parts()
        static = relative_uri(uri, "_static")
        html = self._template.render(
            body=tidying.without_thebe(self.docwriter.parts["fragment"]),
            title=self.env.titles[docname].astext(),
            book=self.config.html_title,
            language=self.config.language or "en",
            page=relative_uri(uri, self.page_uri(docname)),
            static=static,
            css_files=self._shared(self._css_files),
            js_files=self._shared(self._js_files),
            favicon=self._favicon(static),
            figures=figures,
            live={"needs": needs, "SCRIPT": SCRIPT, "STYLESHEET": STYLESHEET},
            fingerprint=assets.fingerprint,
        )
        path = Path(self.get_outfilename(docname))
        if not files.write(path, html):
            path.touch()  # no longer older than what it is made from

    def _favicon(self, static: str) -> str:
        """Return the site's icon; a deck without one asks the server for /favicon.ico."""
        if "theme" in self.config.gdbook_parts:
            return f"{static}/favicon.svg"
        icon = self.config.html_favicon
        return f"{static}/{Path(icon).name}" if icon else "data:,"

    @cached_property
    def _template(self) -> Any:
        loader = FileSystemLoader(HERE)
        return Environment(
            loader=loader, undefined=StrictUndefined, autoescape=True, keep_trailing_newline=True
        ).get_template("deck.html")

    def finish(self) -> None:
        """Bring images and scripts, and remove the decks of chapters that have none."""
        self._copy_images()
        static = Path(self.outdir, "_static")
        assets.copy(static / "slides")
        figures.write_assets(static)
        if not (static / "pygments.css").exists():  # no page has been written here
            self.create_pygments_style_file()
        self._prune()

    def _copy_images(self) -> None:
        """Copy the pictures that no page has brought already."""
        folder = Path(self.outdir, self.imagedir)
        for source, name in self.images.items():
            if files.age(folder / name) < files.age(Path(self.srcdir, source)):
                folder.mkdir(exist_ok=True)
                copyfile(Path(self.srcdir, source), folder / name)

    def _prune(self) -> None:
        folder = Path(self.outdir, self.folder)
        kept = {Path(self.get_outfilename(docname)) for docname in decks(self.env)}
        # A book may have pages of its own in a folder of that name.
        kept |= {
            Path(super(SlidesBuilder, self).get_outfilename(doc)) for doc in self.env.found_docs
        }
        files.prune(folder, "*.html", kept)
