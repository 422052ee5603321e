"""Names in code that is shown come from code that is shown, or from an import in it.

Solutions are folded, but shown to whom they are for: a solution may use what an earlier one has,
the text may not.
"""

from __future__ import annotations

from collections.abc import Iterator

from gdbook.publish.audit.names import Names
from gdbook.publish.audit.page import Cell, Page
from gdbook.publish.core.findings import Finding
from gdbook.publish.myst.cells import FOLDED, SLIDES_ONLY

FROM_NOWHERE = (
    "{name} is used in a cell that is shown, and comes from no shown cell before it: define it "
    "there, or import it in this cell{hint}"
)
HINT = " (the cell of line {line} has it, which {why})"


def shown_names(page: Page) -> Iterator[Finding]:
    """Find the names that a reader of the page does not see come from anywhere."""
    if not page.held:
        return
    seen: set[str] = set()
    solved: set[str] = set()
    hidden: dict[str, Cell] = {}
    for cell in page.cells:
        names = Names.of(cell.code)
        if names is None or SLIDES_ONLY in cell.tags:
            continue
        if cell.tags & FOLDED:
            hidden |= dict.fromkeys(names.bound, cell)
            continue
        own = solved if cell.solves else seen
        for name in names.needed:
            if name not in seen | own:
                yield Finding(page.source.line(name, cell.line), _sentence(name, hidden))
        own |= names.bound
        if cell.solves:
            hidden |= dict.fromkeys(names.bound, cell)


def _sentence(name: str, hidden: dict[str, Cell]) -> str:
    hint = ""
    if name in hidden:
        cell = hidden[name]
        why = f"is in the solution of {cell.solves}" if cell.solves else "is folded"
        hint = HINT.format(line=cell.line, why=why)
    return FROM_NOWHERE.format(name=name, hint=hint)
