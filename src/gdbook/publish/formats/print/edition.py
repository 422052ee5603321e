"""A PDF put together: which documents, with or without solutions, and what leads where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from gdbook.publish.formats.print.document_cache import Sheet
from gdbook.publish.formats.print.markup import call, content, quoted
from gdbook.publish.formats.print.order import Order, Part

#: The name that leads to the contents; the landing page's, too.
CONTENTS = "contents"

#: The folder of the site that holds the chapters' own PDFs, as `print/calculus/gradients.pdf`.
HANDOUTS = "print"


@dataclass(frozen=True)
class Facts:
    """What a book says of itself.

    Attributes
    ----------
    title, subtitle, author, language : str
        For the cover and the PDF's metadata.
    imprint : tuple of str
        Paragraphs behind the cover.
    cover, cover_alt : str or None, str
        File name of the drawing on the cover, beside the sources, and what it shows.
    """

    title: str
    subtitle: str
    author: str
    language: str
    imprint: tuple[str, ...] = ()
    cover: str | None = None
    cover_alt: str = "Cover"


@dataclass(frozen=True)
class Edition:
    """One PDF to make.

    Attributes
    ----------
    name : str
        Of the file, without its ending.
    solutions : bool
        Whether it ends in the solutions.
    chapter : str or None
        The one document of a handout; None for the whole book.
    """

    name: str
    solutions: bool = True
    chapter: str | None = None


def editions(name: str, chapter: str | None = None) -> list[Edition]:
    """Return the PDF of a book or a chapter, and the one without solutions."""
    return [Edition(name, True, chapter), Edition(without_solutions(name), False, chapter)]


def without_solutions(name: str) -> str:
    """Return the name of the edition without solutions."""
    return f"{name}-without-solutions"


def handout_name(docname: str) -> str:
    """Return where a chapter's own PDF is on the site, without its ending."""
    return f"{HANDOUTS}/{docname}"


def targets(
    edition: Edition, sheets: Mapping[str, Sheet], docnames: list[str], root: str
) -> dict[str, str]:
    """Return every name that an edition has, with the label that stands for it."""
    found: dict[str, str] = {}
    for docname in docnames:
        sheet = sheets[docname]
        hidden = set() if edition.solutions else set(sheet.in_solutions)
        found |= {name: to for name, to in sheet.labels.items() if name not in hidden}
    if edition.chapter is None and root not in found:
        found |= {root: CONTENTS, CONTENTS: CONTENTS}
    return found


def book(
    edition: Edition, facts: Facts, order: Order, sheets: Mapping[str, Sheet], index: str
) -> str:
    """Return the main file of the whole book."""
    made = [_head(facts.title, facts)]
    cover = quoted(f"/images/{facts.cover}") if facts.cover else "none"
    named = [quoted(facts.title), quoted(facts.subtitle), quoted(facts.author)]
    words = [facts.subtitle, *([] if edition.solutions else ["Without solutions"])]
    subtitle = quoted(" · ".join(filter(None, words)))
    made.append(call("cover", named[0], subtitle, named[2], cover, quoted(facts.cover_alt)))
    lines = "(" + "".join(content(_linked(line)) + ", " for line in facts.imprint) + ")"
    made.append(call("imprint", *named, lines))
    made.append('#show: sheet-of-paper\n#set page(numbering: "i")\n#counter(page).update(1)')
    depth = 3 if order.with_parts else 2
    made.append(call("contents", str(depth)))
    for part in order.front:
        made += _documents(part, 1)
    if order.numbered:
        made.append('#[#metadata(none)<closing>]\n#pagebreak(to: "odd")')
        made.append('#set page(numbering: "1")\n#counter(page).update(1)')
    for part in order.numbered:
        with_page = bool(order.with_parts and part.title and part.number)
        if with_page:
            made.append(call("part", content(f"#{quoted(part.title)};"), str(part.number)))
        made += _documents(part, 2 if with_page else 1)
    solved = [d for d in order.docnames() if sheets[d].solutions]
    if edition.solutions and solved:
        made.append(call("chapter", "1", content('#"Solutions";'), name=quoted("solutions")))
        for docname in solved:
            made.append(call("section", "2", call("title-of", quoted(docname)).removeprefix("#")))
            made.append(_call(docname, "solutions", 2))
    for part in order.back:
        made += _documents(part, 1)
    if index:
        made.append(call("index", index, "1"))
    return _imports(order.docnames()) + "\n".join(made) + "\n"


def handout(
    edition: Edition, title: str, facts: Facts, sheets: Mapping[str, Sheet], citations: list[str]
) -> str:
    """Return the main file of one chapter alone, under its own title, with what it cites."""
    assert edition.chapter is not None
    made = [
        _head(title, facts),
        "#show: sheet-of-paper",
        '#set page(numbering: "1")',
        _call(edition.chapter, "main", 1),
    ]
    if edition.solutions and sheets[edition.chapter].solutions:
        made.append(call("chapter", "1", content('#"Solutions";'), name=quoted("solutions")))
        made.append(_call(edition.chapter, "solutions", 1))
    if citations:
        made.append(call("section", "2", content('#"Works cited";')))
        made += citations
    whence = f"From: {facts.title}. {facts.subtitle}".rstrip(". ") + f". {facts.author}."
    lines = "".join(content(_linked(line)) + ", " for line in (whence, *facts.imprint))
    made.append(call("colophon", f"({lines})"))
    return _imports([edition.chapter]) + "\n".join(made) + "\n"


def targets_file(found: Mapping[str, str]) -> str:
    """Return the names for Typst to read."""
    return json.dumps(found, sort_keys=True, ensure_ascii=False)


def _head(title: str, facts: Facts) -> str:
    return (
        f"#set document(title: {quoted(title)}, author: {quoted(facts.author)}, date: none)\n"
        f"#show: style.with(language: {quoted(facts.language)})"
    )


def _imports(docnames: list[str]) -> str:
    lines = ['#import "/book.typ": *\n']
    lines += [
        f"#import {quoted(f'/sheets/{name}.typ')}: main as {_alias(name)}-main, "
        f"solutions as {_alias(name)}-solutions\n"
        for name in docnames
    ]
    return "".join(lines)


def _alias(docname: str) -> str:
    """Return a document's name as an identifier."""
    return "sheet-" + "".join(c if c.isascii() and c.isalnum() else f"_{ord(c)}_" for c in docname)


def _call(docname: str, what: str, level: int) -> str:
    return f"#{_alias(docname)}-{what}({level})"


def _documents(part: Part, level: int) -> list[str]:
    return [_call(entry.docname, "main", level + entry.depth) for entry in part.entries]


def _linked(line: str) -> str:
    """Return a line of plain text in which web addresses are links."""
    made = []
    for word in line.split(" "):
        if word.startswith(("https://", "http://")):
            uri = word.rstrip(".,;")
            made.append(f"#web({quoted(uri)})[#{quoted(uri)};]#{quoted(word[len(uri) :])};")
        else:
            made.append(f"#{quoted(word)};")
    return '#" ";'.join(made)
