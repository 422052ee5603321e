"""The publishing wing: everything that Sphinx loads, and no chapter imports.

``gdbook.publish`` is one Sphinx extension. It is made of parts, each a room of the wing or a
format; a book that wants only some of them names them in the setting ``gdbook_parts``. What
happens during a build, and in which order, is the table `HANDLERS` and nothing else: no other
module connects to an event.
"""

from __future__ import annotations

import atexit
import gc
from importlib import import_module
from operator import attrgetter
from typing import Any, NamedTuple

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from gdbook.publish.core import ending, settings

#: Each part, with those of its modules whose ``setup`` registers what is no event: roles,
#: directives, nodes, transforms, builders. `core`, which has none, belongs to every build.
PARTS: dict[str, tuple[str, ...]] = {
    "myst": (
        "myst.chapter_numrefs",
        "myst.deeper",
        "myst.minutes_role",
        "myst.number_role",
        "myst.problem_directive",
        "myst.quick_question",
    ),
    "execute": ("execute.extension",),
    "site": ("site.descendants", "site.figure_numbers", "site.numrefs"),
    "claims": (),
    "figures": ("figures",),
    "live": ("live",),
    "math": ("math.html_renderer",),
    "search": (),
    "reference": ("reference",),
    "theme": (
        "theme",
        "theme.folding",
        "theme.citation",
        "theme.far",
        "theme.hero",
        "theme.tidying",
    ),
    "slides": ("formats.slides",),
    "notebooks": ("formats.notebooks", "formats.notebooks.commands"),
    "print": ("formats.print",),
    "course": ("formats.course",),
    "bank": ("formats.bank",),
    "cards": ("formats.cards",),
    "also_build": ("formats.also_build",),
    "audit": (),
}

FIRST, LAST = 0, 10_000
"""Priorities before and after those of all other extensions, which take 500 by habit."""


class On(NamedTuple):
    """A function that is called at an event of Sphinx.

    Attributes
    ----------
    event : str
    priority : int
        Handlers of one event run by priority, those of one priority as they stand here.
    handler : str
        ``module:function`` below this package. In ``module:Class.method`` the object is the
        application's own, from ``Class.of(app)``.
    why : str
        The reason for its place.
    """

    event: str
    priority: int
    handler: str
    why: str

    @property
    def part(self) -> str:
        """The part that the handler belongs to: its room, or its format."""
        room, _, rest = self.handler.partition(":")[0].partition(".")
        return rest.partition(".")[0] if room == "formats" else room

    def function(self, app: Sphinx) -> Any:
        """Return the function for one application."""
        module, _, name = self.handler.partition(":")
        owner, _, method = name.partition(".")
        found = getattr(import_module(f"{__name__}.{module}"), owner)
        return attrgetter(method)(found.of(app)) if method else found


HANDLERS = (
    # ------------------------------------------------------- the configuration is read
    On("config-inited", 100, "core.settings:check", "before a setting has any effect"),
    On("config-inited", 800, "core.repository:take", "before the theme's options are sorted out"),
    On("config-inited", 850, "myst.toc_search:begin", "before the table of contents is read"),
    On("config-inited", 900, "myst.toc_check:check", "all file types are known"),
    On("config-inited", 900, "theme:configure", "Jupyter Book has set its theme's options"),
    On("config-inited", 900, "formats.slides:choose_outputs", "the pages' own choice is settled"),
    On("config-inited", 900, "formats.notebooks:choose_outputs", "as for slides"),
    On("config-inited", 900, "formats.print:configure", "as for slides"),
    On("config-inited", 900, "reference:configure", "as for slides"),
    On("config-inited", LAST, "execute.extension:Execution.site.begin", "nothing refuses now"),
    # ------------------------------------------------------- the builder is ready
    On("builder-inited", FIRST, "site.library_caches:remember", "before anything is looked up"),
    On("builder-inited", 100, "core.npm:fetch_packages", "before anything is taken from them"),
    On("builder-inited", 120, "theme:add_files", "after the builder's digest of its settings"),
    On("builder-inited", 500, "figures:write_stylesheet", "pages name the checksum of the file"),
    On("builder-inited", 500, "myst.answers:write_script", "as for figures"),
    On("builder-inited", 500, "formats.bank:write_script", "as for figures"),
    On("builder-inited", 500, "live:write_files", "as for figures"),
    On("builder-inited", 500, "search:begin", "before the builder prepares a search of its own"),
    On("builder-inited", 500, "site.html_setup:keep_templates", "the template engine exists"),
    # ------------------------------------------------------- what is to be read is decided
    On("env-get-outdated", 500, "execute.extension:Execution.execute", "stale chapters run"),
    On("env-before-read-docs", 500, "execute.extension:Execution.order", "finished ones first"),
    # ------------------------------------------------------- each document is read
    On("env-purge-doc", 500, "core.page_data:forget", "read anew, or gone"),
    On("autodoc-skip-member", 500, "reference.members:keep", "no other asks"),
    On("autodoc-process-docstring", 400, "reference.members:note_files", "each looks for itself"),
    On("autodoc-process-docstring", 400, "reference.docstrings:escape", "before napoleon, at 500"),
    On("source-read", FIRST, "core.page_data:keep_source", "before others change the text"),
    On("source-read", FIRST, "execute.extension:Execution.note_source", "the text as it is saved"),
    On("doctree-read", 500, "execute.extension:Execution.note_outputs", "each looks for itself"),
    On("doctree-read", 500, "myst.deeper:find", "each looks for itself"),
    On("doctree-read", 500, "claims.extension:find", "each looks for itself"),
    On("doctree-read", 500, "figures.transform:find", "each looks for itself"),
    On("doctree-read", 500, "live.cells:find", "each looks for itself"),
    On("doctree-read", 500, "math.html_renderer:find", "each looks for itself"),
    On("doctree-read", 500, "search.places:find", "formulas are set"),
    On("doctree-read", 500, "theme.glyphs:find", "each looks for itself"),
    On("doctree-read", 500, "formats.slides.collect:find", "each looks for itself"),
    On("doctree-read", 500, "formats.print.reading:find", "each looks for itself"),
    On("doctree-read", 500, "formats.course:find", "each looks for itself"),
    On("doctree-read", 500, "formats.bank:find", "each looks for itself"),
    On("doctree-read", 500, "formats.cards:find", "each looks for itself"),
    On("doctree-read", 600, "audit:find", "Sphinx has kept the front matter, claims are folded"),
    On("doctree-read", LAST, "site.figure_numbers:find", "nothing is moved or removed any more"),
    # ------------------------------------------------------- all are read
    On("env-updated", 500, "site.html_setup:copy_stylesheet", "before pages name its checksum"),
    On("env-updated", 500, "core.findings:warn", "told at every build, read or not"),
    On("env-updated", 500, "myst.problem_directive:forget_content", "before it is pickled"),
    On("env-updated", 500, "audit:warn", "what only the whole book shows"),
    On("env-updated", 500, "formats.cards:check", "as for the editor"),
    On("env-get-updated", LAST, "execute.extension:Execution.rewrite", "pages have numbers"),
    On("env-check-consistency", 500, "formats.also_build:begin_beside", "the last before pages"),
    # ------------------------------------------------------- pages are written
    On("missing-reference", 900, "reference.members:elsewhere", "others may know the name"),
    On("doctree-resolved", FIRST, "formats.also_build:announce_page", "the page before is written"),
    On("html-page-context", 500, "figures:add_script", "where the page has a moving figure"),
    On("html-page-context", 500, "live:add_script", "where the page has a live cell"),
    On("html-page-context", 500, "myst.answers:add_script", "where the page can be answered"),
    On("html-page-context", 500, "formats.bank:add_script", "where the page has the bank"),
    On("html-page-context", 500, "theme.hero:add_stylesheet", "where the page is the landing page"),
    On("html-page-context", 500, "formats.slides.button:add_button", "the first of the tools"),
    On("html-page-context", 600, "formats.notebooks:add_link", "to the right of the slides"),
    On("html-page-context", 600, "formats.print.links:add_links", "to the right of the notebook"),
    On("html-page-context", 800, "search.engines:describe", "front matter has described the page"),
    On("html-page-context", 900, "theme:finish_context", "Furo's navigation, all scripts are in"),
    On("html-page-context", LAST, "theme.bundles:join", "all style sheets and scripts are in"),
    On("html-collect-pages", 100, "formats.also_build:announce_pages", "the preview can show them"),
    On("html-collect-pages", 500, "search:pages", "in the place of Sphinx's own"),
    On("html-collect-pages", 500, "search.engines:not_found", "a page without a document, too"),
    # ------------------------------------------------------- all is written
    On("build-finished", 100, "formats.cards:write", "pages have asked for the pictures"),
    On("build-finished", 100, "theme.root_redirect:write", "sphinx-external-toc has one, at 500"),
    On("build-finished", 600, "theme.data_images:take_out", "the builder has copied them"),
    On("build-finished", 700, "search:write", "the pages are complete, and their numbers"),
    On("build-finished", 700, "search.engines:write_sitemap", "as for the index"),
    On("build-finished", 800, "formats.also_build:write_others", "the pages are complete, at 500"),
    On("build-finished", 850, "theme.bundles:finish", "no page is left to be written"),
    On("build-finished", 850, "theme.fonts:write_fonts", "decks are there, with their signs"),
    On("build-finished", 850, "figures.beside:prune", "decks are there, with their layers"),
    On("build-finished", 900, "math.html_renderer:close", "no formula is left"),
    On("build-finished", 900, "core.cache:save", "no answer is left to be given"),
    On("build-finished", LAST, "execute.extension:Execution.end", "only now the site is whole"),
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the parts and connect their handlers, in the order of the tables."""
    ending.begin()  # before anything can fail
    # A build makes nodes by the hundred thousand and frees few of them. With Python's own
    # thresholds, looking for cycles among them takes 4.2 of the 14.1 s of processor time in
    # which the first six chapters are read and written; with these, 1.3 s.
    gc.set_threshold(100_000, 20, 20)
    # Nor does Python need to look once more when the process ends: another 2.2 s.
    atexit.register(gc.freeze)
    settings.register(app, tuple(PARTS))
    parts = app.config.gdbook_parts
    for part, modules in PARTS.items():
        for module in modules if part in parts else ():
            import_module(f"{__name__}.{module}").setup(app)
    for on in HANDLERS:
        if on.part in (*parts, "core"):
            app.connect(on.event, on.function(app), priority=on.priority)
    # Pages wait for chapters that run in threads of this process: no other can read them.
    return {"env_version": 6, "parallel_read_safe": False, "parallel_write_safe": True}
