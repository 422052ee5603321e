"""The index at the end, with the words of the site's index."""

from __future__ import annotations

from typing import Any

from sphinx.builders import Builder
from sphinx.environment.adapters.indexentries import IndexEntries

from gdbook.publish.formats.print.markup import array, quoted
from gdbook.publish.formats.print.translate.writing import DOCUMENT


def index(builder: Builder, known: dict[str, str]) -> str:
    """Return the index as Typst code: ``(letter, ((words, names, ((words, names), …)), …)), …``.

    Parameters
    ----------
    builder : Builder
        Whose references lead into the book.
    known : dict of str to str
        The names that the edition has; entries for others are left out.

    Returns
    -------
    str
        "" if there are no entries.
    """
    letters = []
    for letter, entries in IndexEntries(builder.env).create_index(builder):
        made = []
        for words, (links, below, _) in entries:
            names = _names(links, known)
            lower = [(sub, _names(found, known)) for sub, found in below]
            lower = [(sub, found) for sub, found in lower if found]
            if names or lower:
                inner = "".join(f"({quoted(sub)}, {array(n)}), " for sub, n in lower)
                made.append(f"({quoted(words)}, {array(names)}, ({inner})), ")
        if made:
            letters.append(f"({quoted(letter)}, ({''.join(made)})), ")
    return f"({''.join(letters)})" if letters else ""


def _names(links: list[tuple[Any, Any]], known: dict[str, str]) -> list[str]:
    names = []
    for _, uri in links:
        docname, _, identifier = str(uri).removeprefix(DOCUMENT).partition("#")
        name = f"{docname}#{identifier}" if identifier else docname
        if name in known:
            names.append(name)
    return names
