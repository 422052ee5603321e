"""The directive ``{card-of}``: a chapter on the landing page, with its number and picture.

::

    ```{card-of} book/calculus/gradients
    :figure: fig-two-arrows
    :alt: Two arrows from one point of an ellipse: against the gradient, and to the minimum.
    Which way is down when there are many ways?
    ```

The picture is the chapter's own figure, as this build drew it, made small. The card links to the
page and to all that the build makes of it: slides, notebook and PDF, with solutions and without.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from html import escape
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, get_args

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from gdbook import style
from gdbook.publish.core import files
from gdbook.publish.core.ancestors import around
from gdbook.publish.core.cache import fingerprints, memo
from gdbook.publish.core.page_data import PageData
from gdbook.publish.core.page_links import number_of, page_link
from gdbook.publish.figures import thumbnail
from gdbook.publish.figures.transform import svg_images
from gdbook.publish.formats import also_build
from gdbook.publish.formats.notebooks.builder import NotebooksBuilder, has_code
from gdbook.publish.formats.print.builder import printed
from gdbook.publish.formats.print.edition import handout_name, without_solutions
from gdbook.publish.formats.print.links import has_solutions
from gdbook.publish.formats.print.order import order
from gdbook.publish.formats.slides.builder import SlidesBuilder
from gdbook.publish.formats.slides.collect import decks

log = logging.getLogger(__name__)

#: Where the pictures are, below the folder of images.
FOLDER = "chapters"
THEMES: tuple[thumbnail.Theme, ...] = get_args(thumbnail.Theme)
LIMIT = 8 * 1024
NO_FIGURE = "the card of %s shows %s, but that page has no such figure: it has %s"
TOO_HEAVY = "the picture of %s weighs %.1f KB, at most %.0f are allowed: choose another figure"


class Facts(NamedTuple):
    """What a card must know of a page: its figures by name, if it has code and solutions."""

    figures: dict[str, str]
    code: bool
    solutions: bool


class Shown(NamedTuple):
    """A picture that a card shows: of which page, which figure, which of its axes."""

    page: str
    figure: str
    axes: int

    def uri(self, theme: str) -> str:
        """Return where its file is, below the folder of images."""
        return f"{FOLDER}/{self.page.replace('/', '-')}-{theme}.svg"


FACTS = PageData[Facts]("cards")
SHOWN = PageData[list[Shown]]("cards_shown")


class chapter_card(nodes.General, nodes.Element):  # noqa: N801 (as docutils names its nodes)
    """A card, to which its picture, number and links are added when all pages are known."""


class CardOf(SphinxDirective):
    """Leave a place for the card of a page; the content is the page's question."""

    required_arguments = 1
    has_content = True
    option_spec: ClassVar = {
        "figure": directives.unchanged,
        "axes": directives.positive_int,
        "alt": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        """Return the place, with the question."""
        self.assert_has_content()
        page = self.arguments[0].strip("/")
        if page not in self.env.found_docs:
            raise self.error(f"there is no page {page}")
        if ("figure" in self.options) != bool(self.options.get("alt")):
            raise self.error("a card's figure needs an alt text, what it shows; other cards none")
        self.env.note_dependency(self.env.doc2path(page, base=False))
        card = chapter_card(page=page, alt=self.options.get("alt", ""))
        self.set_source_info(card)
        if "figure" in self.options:
            shown = Shown(page, self.options["figure"], self.options.get("axes", 1))
            SHOWN.of(self.env).setdefault(self.env.docname, []).append(shown)
            card["shown"] = shown
        self.state.nested_parse(self.content, self.content_offset, card)
        return [card]


def find(app: Sphinx, doctree: nodes.document) -> None:
    """Note what a card could show of the page that is read."""
    figures: dict[str, str] = {}
    for image, path in svg_images(doctree, app.env):
        figure = around(image, nodes.figure)
        for name in figure["names"] if figure is not None else ():
            figures.setdefault(name, str(path.relative_to(app.srcdir)))
    facts = Facts(figures, has_code(doctree), has_solutions(doctree))
    FACTS.of(app.env)[app.env.docname] = facts


class FillCards(SphinxPostTransform):
    """Add pictures, numbers and links to the cards of a page."""

    default_priority = 5  # before references are resolved

    def run(self, **_: Any) -> None:
        """Replace the places that `CardOf` left."""
        parts = dict(_parts(self.document))
        for card in list(self.document.findall(chapter_card)):
            page = str(card["page"])
            made = nodes.container(classes=["chapter-card"])
            made += self._picture(card)
            if page in parts:
                made += nodes.paragraph("", parts[page], classes=["card-part"])
            made += nodes.paragraph("", "", *self._title(page), classes=["card-title"])
            made += card.children
            made += self._links(page)
            card.replace_self(made)

    def _title(self, page: str) -> Iterator[nodes.Node]:
        if number := number_of(self.env, page):
            yield nodes.inline("", number, classes=["card-number"])
            yield nodes.Text(" ")
        yield page_link(self.env, page, self.env.titles[page].astext())

    def _picture(self, card: chapter_card) -> list[nodes.Node]:
        if "shown" not in card or self.app.builder.format != "html":
            return []
        here = self.app.builder.get_target_uri(self.env.docname)
        images = relative_uri(here, self.app.builder.imagedir or "_images").rstrip("/")
        alt = escape(card["alt"])
        # Of two files one is shown, and only that one is loaded.
        pictures = "".join(
            f'<img class="only-{theme}" src="{images}/{card["shown"].uri(theme)}" alt="{alt}" '
            'width="320" height="200" loading="lazy" decoding="async">'
            for theme in THEMES
        )
        return [nodes.raw("", f'<div class="card-picture">{pictures}</div>', format="html")]

    def _links(self, page: str) -> list[nodes.Node]:
        if self.app.builder.format != "html":
            return []
        here = self.app.builder.get_target_uri(self.env.docname)
        number = number_of(self.env, page)
        of = f" of Chapter {number}" if number else f" of {self.env.titles[page].astext()}"
        made = list(_made_of(self.app, page))
        rows = []
        for words, said, shown in (
            ("", of, [(words, uri) for words, uri, _ in made]),
            ("Without solutions: ", f"{of}, without solutions", [(w, u) for w, _, u in made if u]),
        ):
            links = [_link(word, said, relative_uri(here, uri)) for word, uri in shown]
            if links:
                items = "".join(f"<li>{link}</li>" for link in links)
                rows.append(f'<div class="card-links">{words}<ul>{items}</ul></div>')
        return [nodes.raw("", "".join(rows), format="html")] if rows else []


def _link(words: str, of: str, uri: str) -> str:
    download = " download" if uri.endswith(".ipynb") else ""
    hidden = f'<span class="visually-hidden">{escape(of)}</span>'
    return f'<a href="{escape(uri)}"{download}>{words}{hidden}</a>'


def _made_of(app: Sphinx, page: str) -> Iterator[tuple[str, str, str]]:
    """Yield what the build makes of a page: its name, where it is, and where without solutions."""
    facts = FACTS.of(app.env)[page]
    made = also_build.outputs(app)
    if page in decks(app.env) and SlidesBuilder.name in made:
        yield "Slides", f"{SlidesBuilder.folder}/{app.builder.get_target_uri(page)}", ""
    if facts.code and NotebooksBuilder.name in made:
        less = NotebooksBuilder.uri(page, solutions=False) if facts.solutions else ""
        yield "Notebook", NotebooksBuilder.uri(page), less
    chapters = order(app.env, app.config.root_doc, []).chapters()
    if printed(app) and app.config.print_handouts and page in chapters:
        name = handout_name(page)
        yield "PDF", f"{name}.pdf", f"{without_solutions(name)}.pdf" if facts.solutions else ""


def _parts(document: nodes.document) -> Iterator[tuple[str, str]]:
    """Yield each page of the book's parts with the caption of its part."""
    for tree in document.findall(addnodes.toctree):
        for page in tree["includefiles"]:
            if tree.get("caption"):
                yield page, tree["caption"]


def check(app: Sphinx, env: BuildEnvironment) -> None:
    """Warn of cards whose figure is not there."""
    for card_page, pictures in sorted(SHOWN.of(env).items()):
        for shown in pictures:
            figures = FACTS.of(env)[shown.page].figures
            if shown.figure not in figures:
                log.warning(
                    NO_FIGURE, shown.page, shown.figure, ", ".join(sorted(figures)) or "none",
                    location=card_page, type="gdbook", subtype="cards",
                )  # fmt: skip


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the pictures of all cards, after every build: a figure may change and its page not."""
    if exception is not None or app.builder.format != "html" or not SHOWN.of(app.env):
        return
    folder = Path(app.outdir, app.builder.imagedir or "_images")
    kept = memo(app, "thumbnails", made_by)
    written = set()
    for shown in (one for pictures in SHOWN.of(app.env).values() for one in pictures):
        source = FACTS.of(app.env)[shown.page].figures.get(shown.figure)
        if source is None:  # told by `check`
            continue
        svg = Path(app.srcdir, source).read_text("utf-8")
        for theme in THEMES:
            draw = partial(thumbnail.thumbnail, svg, theme, axes=shown.axes)
            text = kept.answer([svg, theme, shown.axes], draw)
            if len(text.encode()) > LIMIT:
                log.warning(TOO_HEAVY, shown.figure, len(text.encode()) / 1024, LIMIT / 1024,
                            type="gdbook", subtype="cards")  # fmt: skip
            files.write(folder / shown.uri(theme), text)
            written.add(folder / shown.uri(theme))
    files.prune(folder / FOLDER, "*.svg", written)


def made_by() -> str:
    """Return the fingerprint of the code that draws a picture."""
    return fingerprints([Path(thumbnail.__file__), Path(style.__file__)])


def setup(app: Sphinx) -> None:
    """Register the directive, its node and the transform."""
    app.add_directive("card-of", CardOf)
    app.add_node(chapter_card)
    app.add_post_transform(FillCards)
