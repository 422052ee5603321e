"""Numbers in sentences are computed, or inputs of the chapter's cells, or given with a reason."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from docutils import nodes

from gdbook.publish.audit.decimals import Decimal, find, rounded
from gdbook.publish.audit.page import Page, cell_around
from gdbook.publish.audit.prose import blocks
from gdbook.publish.core.findings import Finding

_LITERAL = re.compile(r"(?<![\w.])(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]*\d)")
_LANGUAGES = ("python", "python3", "ipython", "ipython3")

NOT_COMPUTED = (
    "{shown} is neither computed nor an input of a code cell on this page: say(…) it in a cell and "
    "write {{n}}`…`, or give it with its reason in the front matter, given: {{{value}: …}}"
)
TYPED = "the number {shown} is typed by hand and will be wrong one day: refer to it, {{numref}}`…`"
USELESS = "given is {number}, which this page does not state, or has in a cell: take it out"
NO_REASON = "given is {number} without a reason: say why it is stated and not computed"
NO_NUMBER = "given: {number} is no number"


def numbers(page: Page) -> Iterator[Finding]:
    """Find decimals that are neither computed, nor an input of a cell, nor given with a reason."""
    known = inputs(page)
    given: dict[float, str] = {}
    for number, reason in page.given.items():
        at = page.source.line(number, 1)
        try:
            given[rounded(float(number))] = number
        except ValueError:
            yield Finding(at, NO_NUMBER.format(number=repr(number)))
            continue
        if not reason.strip():
            yield Finding(at, NO_REASON.format(number=number))
    used: set[float] = set()
    for block in blocks(page):
        for decimal in find(block.text, block.in_math):
            at = page.source.line([decimal.shown, decimal.digits], block.line)
            if decimal.reference:
                if not block.cites:
                    yield Finding(at, TYPED.format(shown=decimal.shown))
            elif not known.intersection(decimal.values):
                used |= given.keys() & set(decimal.values)
                if not given.keys() & set(decimal.values):
                    yield Finding(at, _sentence(decimal))
    for value, number in given.items():
        if value not in used:
            yield Finding(page.source.line(number, 1), USELESS.format(number=number))


def _sentence(decimal: Decimal) -> str:
    shown = " ".join(decimal.shown.split())
    return NOT_COMPUTED.format(shown=shown, value=f"{decimal.values[-1]:.12g}")


def inputs(page: Page) -> set[float]:
    """Return the numbers in a page's code, without sign.

    Literals of code cells count, and those of programs that are shown but not run (a problem
    may be about one). In a check the formulas are strings, so there those count too.
    """
    found: set[float] = set()
    for cell in page.cells:
        found |= literals(cell.code, strings="check" in cell.tags)
    for block in page.doctree.findall(nodes.literal_block):
        if block.get("language") in _LANGUAGES and cell_around(block) is None:
            found |= literals(block.astext())
    return found


def literals(code: str, *, strings: bool = False) -> set[float]:
    """Return the values of a program's numbers, rounded as `rounded` does.

    Parameters
    ----------
    code : str
        Python; what follows a mistake in it is not looked at.
    strings : bool
        Whether numbers inside of string literals count too.
    """
    found: set[float] = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(code).readline):
            if token.type == tokenize.NUMBER or (strings and token.type == tokenize.STRING):
                found |= {rounded(float(n)) for n in _LITERAL.findall(token.string)}
    except (tokenize.TokenError, IndentationError, SyntaxError):
        pass
    return found
