"""Rules between pages: terms are in the glossary, works in the bibliography, symbols listed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment

from gdbook.publish.audit.page_summary import Summary
from gdbook.publish.core.findings import Finding

#: A finding and its place: the name of a page, or a file.
Placed = tuple[str | Path, Finding]

NO_ENTRY = "“{term}” is in no glossary: explain it there, or correct the word"
NO_USE = "the glossary explains “{term}”, and no page says it: use it, or take the entry out"
NO_WORK = "{key} is in no bibliography file: enter the work, or correct the key"
NOT_CITED = "no page cites {key}: cite it where it is leaned on, or take the entry out"
UNLISTED = "the symbol {symbol} is displayed here and not listed in {page}: enter it there"
UNWRITTEN = "no other page writes {symbol}: take it out of the notation, or use it"
NO_PAGE = "audit_notation names {page}, which is no page of this book"

_WORK = re.compile(r"^\s*@\w+\s*\{\s*(?P<key>[^\s,]+)\s*,", re.MULTILINE)


def words(pages: Mapping[str, Summary]) -> Iterator[Placed]:
    """Find the words that no glossary explains, and the entries that no page needs.

    A page needs an entry if it refers to it by ``{term}``, or if the word is in its prose or
    in an index entry of its sections.
    """
    explained = {term.lower() for page in pages.values() for term in page.entries}
    referred = {term for page in pages.values() for term in page.terms}
    for docname, page in pages.items():
        for term, line in page.terms.items():
            if term not in explained:
                yield docname, Finding(line, NO_ENTRY.format(term=term))
        for term, line in page.entries.items():
            used = term.lower() in referred or any(_says(p.words, term) for p in pages.values())
            if not used:
                yield docname, Finding(line, NO_USE.format(term=term))


@cache
def _word(term: str) -> tuple[re.Pattern[str], str]:
    plain = re.sub(r"[\s\-]+", " ", term.lower())
    return re.compile(rf"\b{re.escape(plain)}(?:s|es)?\b"), plain


def _says(prose: str, term: str) -> bool:
    word, plain = _word(term)
    return plain in prose and word.search(prose) is not None  # mostly it is not there at all


def works(pages: Mapping[str, Summary], env: BuildEnvironment) -> Iterator[Placed]:
    """Find the works that are cited and not listed, and those that are listed and not cited."""
    if "cite" not in env.domains:
        return
    domain: Any = env.domains["cite"]
    entries = set(domain.bibdata.data.entries)
    cited = {key for page in pages.values() for key in page.works}
    for docname, page in pages.items():
        for key, line in page.works.items():
            if key not in entries:
                yield docname, Finding(line, NO_WORK.format(key=key))
    for file in bibliographies(env):
        text = file.read_text(domain.bibdata.encoding)
        for match in _WORK.finditer(text):
            if (key := match["key"]) in entries - cited:
                line = text.count("\n", 0, match.start("key")) + 1
                yield file, Finding(line, NOT_CITED.format(key=key))


def bibliographies(env: BuildEnvironment) -> list[Path]:
    """Return the files that hold the works."""
    if "cite" not in env.domains:
        return []
    domain: Any = env.domains["cite"]
    return [Path(file) for file in domain.bibdata.bibfiles]


def notation(pages: Mapping[str, Summary], chapters: set[str], page: str) -> Iterator[Placed]:
    """Find the symbols that the notation page does not list, and those that only it has.

    Parameters
    ----------
    pages : mapping
    chapters : set of str
        The pages that owe the reader their symbols.
    page : str
        The name of the notation page; empty where a book has none.
    """
    if not page:
        return
    if page not in pages:
        yield sorted(pages)[0], Finding(1, NO_PAGE.format(page=page))
        return
    listed = pages[page].listed
    elsewhere = {symbol for name, f in pages.items() if name != page for symbol in f.written}
    for docname in sorted(chapters & pages.keys() - {page}):
        for symbol, line in pages[docname].displayed.items():
            if symbol not in listed:
                yield docname, Finding(line, UNLISTED.format(symbol=symbol, page=page))
    for symbol, line in listed.items():
        if symbol not in elsewhere:
            yield page, Finding(line, UNWRITTEN.format(symbol=symbol))
