"""What the pages of a book owe each other: words explained, works listed, symbols agreed upon."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sphinx.environment import BuildEnvironment

from gdbook.publish.audit.page_summary import Facts
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


def words(facts: Mapping[str, Facts]) -> Iterator[Placed]:
    """Find the words that no glossary explains, and the entries that no page needs.

    A page needs an entry if it refers to it by ``{term}``, or if the word is in its prose or
    in an index entry of its sections.
    """
    explained = {term.lower() for page in facts.values() for term in page.entries}
    referred = {term for page in facts.values() for term in page.terms}
    for docname, page in facts.items():
        for term, line in page.terms.items():
            if term not in explained:
                yield docname, Finding(line, NO_ENTRY.format(term=term))
        for term, line in page.entries.items():
            used = term.lower() in referred or any(_says(p.words, term) for p in facts.values())
            if not used:
                yield docname, Finding(line, NO_USE.format(term=term))


@cache
def _word(term: str) -> tuple[re.Pattern[str], str]:
    plain = re.sub(r"[\s\-]+", " ", term.lower())
    return re.compile(rf"\b{re.escape(plain)}(?:s|es)?\b"), plain


def _says(prose: str, term: str) -> bool:
    word, plain = _word(term)
    return plain in prose and word.search(prose) is not None  # mostly it is not there at all


def works(facts: Mapping[str, Facts], env: BuildEnvironment) -> Iterator[Placed]:
    """Find the works that are cited and not listed, and those that are listed and not cited."""
    if "cite" not in env.domains:
        return
    domain: Any = env.domains["cite"]
    entries = set(domain.bibdata.data.entries)
    cited = {key for page in facts.values() for key in page.works}
    for docname, page in facts.items():
        for key, line in page.works.items():
            if key not in entries:
                yield docname, Finding(line, NO_WORK.format(key=key))
    for file in domain.bibdata.bibfiles:
        text = Path(file).read_text(domain.bibdata.encoding)
        for match in _WORK.finditer(text):
            if (key := match["key"]) in entries - cited:
                line = text.count("\n", 0, match.start("key")) + 1
                yield Path(file), Finding(line, NOT_CITED.format(key=key))


def notation(facts: Mapping[str, Facts], chapters: set[str], page: str) -> Iterator[Placed]:
    """Find the symbols of chapters that the notation page lacks, and those it has in vain.

    Parameters
    ----------
    facts : mapping
    chapters : set of str
        The pages that owe the reader their symbols.
    page : str
        The name of the notation page; empty where a book has none.
    """
    if not page:
        return
    if page not in facts:
        yield sorted(facts)[0], Finding(1, NO_PAGE.format(page=page))
        return
    listed = facts[page].listed
    elsewhere = {symbol for name, f in facts.items() if name != page for symbol in f.written}
    for docname in sorted(chapters & facts.keys() - {page}):
        for symbol, line in facts[docname].displayed.items():
            if symbol not in listed:
                yield docname, Finding(line, UNLISTED.format(symbol=symbol, page=page))
    for symbol, line in listed.items():
        if symbol not in elsewhere:
            yield page, Finding(line, UNWRITTEN.format(symbol=symbol))
