"""The names of a cell: those that it needs from before, and those that it leaves behind.

Python's compiler knows whose a name is: it loads a function's own in another way. So the
instructions of the compiled cell are read, which stand in the order in which they run.
"""

from __future__ import annotations

import ast
import builtins
import dis
from collections.abc import Iterator
from inspect import CO_OPTIMIZED
from types import CodeType
from typing import NamedTuple

#: What is there in every notebook.
KNOWN = frozenset(dir(builtins)) | {"display", "get_ipython", "__name__", "__annotations__"}

#: Functions of the compiler's that run where they stand.
_COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")


class Names(NamedTuple):
    """What a cell needs and binds.

    Attributes
    ----------
    bound : set of str
        The names that it binds.
    needed : list of str
        The names that it needs from before. What a function needs when it is called may be bound
        below it, so it is asked for at the cell's end.
    """

    bound: set[str]
    needed: list[str]

    @classmethod
    def of(cls, code: str) -> Names | None:
        """Return the names of a cell; None if it is no plain Python, or imports a ``*``."""
        try:
            tree = ast.parse(code)
            flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
            made = compile(tree, "<cell>", "exec", flags, dont_inherit=True)
        except SyntaxError:  # a command of IPython's
            return None
        imports = (node.names for node in ast.walk(tree) if isinstance(node, ast.ImportFrom))
        if any(names[0].name == "*" for names in imports):
            return None
        bound, needed, later = set[str](), list[str](), list[str]()
        for name, binds, waits in _uses(made):
            if binds:
                bound.add(name)
            elif name not in bound | KNOWN:
                (later if waits else needed).append(name)
        needed += (name for name in later if name not in bound)
        return cls(bound, list(dict.fromkeys(needed)))


def _uses(code: CodeType, *, waits: bool = False) -> Iterator[tuple[str, bool, bool]]:
    """Yield the cell's names in order, each with whether it is bound, and needed by a call only."""
    in_class = not code.co_flags & CO_OPTIMIZED and code.co_name != "<module>"
    own: set[str] = set()
    for step in dis.get_instructions(code):
        name = step.argval
        if isinstance(name, CodeType):
            called = name.co_flags & CO_OPTIMIZED and name.co_name not in _COMPREHENSIONS
            yield from _uses(name, waits=waits or bool(called))
        elif step.opname in ("LOAD_NAME", "LOAD_GLOBAL") and name not in own:
            yield name, False, waits
        elif step.opname == "STORE_NAME" and in_class:
            own.add(name)
        elif step.opname in ("STORE_NAME", "STORE_GLOBAL"):
            yield name, True, waits
