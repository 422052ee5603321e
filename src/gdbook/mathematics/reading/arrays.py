"""Matrices that are written out, and cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gdbook.latex import Token
from gdbook.mathematics.kinds import NUMBER, matrix_of, vector_of
from gdbook.mathematics.reading.conditions import comparison
from gdbook.mathematics.reading.cursor import cut, show
from gdbook.mathematics.refusal import mistyped, notation, two_readings
from gdbook.mathematics.tree import Expression, joined, need_number
from gdbook.mathematics.values.environment import Environment, number, together

if TYPE_CHECKING:
    from gdbook.mathematics.reading.reader import Reader


def array(r: Reader, inside: list[Token]) -> Expression:
    """Read a matrix or a column."""
    rows = [cut(row, "column") for row in cut(inside, "row") if row]
    if len({len(row) for row in rows}) != 1:
        raise mistyped("the rows of a matrix have different lengths")
    parts = [need_number(r.whole(entry), "an entry") for row in rows for entry in row]
    m, n = len(rows), len(rows[0])
    if m == 1:
        raise two_readings("a matrix with one row: a row, or a number?")
    text = "[" + "; ".join(", ".join(p.text for p in parts[i * n : i * n + n]) for i in range(m))

    def made(*values: Tensor) -> Tensor:
        stacked = together([number(v) for v in values])
        return stacked.reshape(-1, m, n) if n > 1 else stacked

    kind = matrix_of(m, n) if n > 1 else vector_of(m)
    return joined(kind, text + "]", parts, made)


def determinant(r: Reader, inside: list[Token]) -> Expression:
    """Read a matrix between bars."""
    read = array(r, inside)
    if read.kind.what != "matrix" or read.kind.shape[0] != read.kind.shape[1]:
        raise mistyped(f"the determinant of {read.text}, a {read.kind}")
    return joined(NUMBER, f"det({read.text})", [read], torch.linalg.det)


def cases(r: Reader, inside: list[Token]) -> Expression:
    """Read values with their conditions, the last of which may be "otherwise"."""
    values: list[Expression] = []
    tests: list[Expression | None] = []
    for row in (row for row in cut(inside, "row") if row):
        first, *rest = cut(row, "column")
        values.append(need_number(r.whole([t for t in first if t.kind != ","]), "a case"))
        condition = [t for part in rest for t in part if t.kind not in ("text", ",", ".")]
        words = [t.text for part in rest for t in part if t.kind == "text"]
        if condition:
            tests.append(comparison(r.whole, condition))
        elif any("otherwise" in w or "else" in w for w in words):
            tests.append(None)
        else:
            raise notation(f"a case without its condition: {show(first)}")
    if None in tests[:-1]:
        raise notation("otherwise stands last")
    free = frozenset[str]().union(*(e.free for e in (*values, *tests) if e))

    def value(env: Environment) -> Tensor:
        made = torch.full((1,), torch.nan, dtype=torch.float64)
        for v, test in reversed(list(zip(values, tests, strict=True))):
            here = number(v.value(env))
            made = here if test is None else torch.where(test.value(env), here, made)
        return made

    text = "; ".join(
        f"{v.text} if {t.text}" if t else v.text for v, t in zip(values, tests, strict=True)
    )
    return Expression(NUMBER, value, free, f"{{{text}}}")


READERS: dict[str, Callable[[Reader, list[Token]], Expression]] = {
    "pmatrix": array,
    "bmatrix": array,
    "vmatrix": determinant,
    "cases": cases,
}
"""What reads the environments that are brackets."""
