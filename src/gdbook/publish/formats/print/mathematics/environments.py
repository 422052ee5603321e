r"""Environments: rows of an equation, matrices, cases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gdbook.latex import Token, Unreadable, breaks_lines, tokenise, written
from gdbook.publish.formats.print.mathematics.symbols import NOTHING

if TYPE_CHECKING:
    from gdbook.publish.formats.print.mathematics.converter import Converter

#: Environments whose rows are rows of the equation.
ROWS = {
    "aligned", "align", "split", "gathered", "gather", "equation", "multline", "alignat",
    "alignedat", "flalign", "eqnarray", "multlined",
}  # fmt: skip
MATRICES = {
    "matrix": "#none", "smallmatrix": "#none", "array": "#none", "pmatrix": '"("',
    "bmatrix": '"["', "Bmatrix": '"{"', "vmatrix": '"|"', "Vmatrix": '"‖"',
}  # fmt: skip
_SIDES = {"l": "left", "c": "center", "r": "right"}
_ALIGNED_ALIKE = ("gathered", "gather", "equation", "multline", "multlined")
_COLUMN, _ROW = Token("char", "&"), (Token("command", "\\"), Token("command", "cr"))
_END = Token("command", "end")


def whole(at: Converter) -> str | None:
    r"""Return a formula that is one environment with rows, or rows without one.

    Parameters
    ----------
    at : Converter
        At the formula's beginning.

    Returns
    -------
    str or None
        None if the formula has no rows of its own; then nothing was read.
    """
    if breaks_lines(at.tokens):
        at.tokens = tokenise(rf"\begin{{aligned}}{written(at.tokens)}\end{{aligned}}")
    start = at.at
    if at.skip("command", "begin"):
        name = at.plain().removesuffix("*")
        if name in ROWS:
            made = _rows(_cells(at, name), name)
            rest = at.sequence(None)
            if not rest or re.fullmatch(r"(\\[.,;]|\s)+", rest):
                return f"{made} {rest}".rstrip()
        at.at = start
    return None


def nested(at: Converter, name: str) -> str:
    r"""Return an environment inside a formula, whose ``\begin{name}`` was read."""
    plain = name.removesuffix("*")
    if plain in ROWS:
        rows = _cells(at, plain)
        if len(rows) == 1:
            return _rows(rows, plain).replace("&", "")
        # A matrix of right and left columns, without the gap between them.
        return f"#box(baseline: 50% - 0.25em, inset: (y: 0.3em), $display({_rows(rows, plain)})$)"
    if plain in MATRICES:
        return _matrix(at, plain)
    if plain in ("cases", "dcases", "rcases"):
        rows = _cells(at, plain)
        side = "reverse: #true, " if plain == "rcases" else ""
        lines = [" & ".join(row) for row in rows]
        if plain == "dcases":
            lines = [f"display({line})" if "&" not in line else line for line in lines]
        body = ", ".join(line or NOTHING for line in lines)
        return f"cases({side}{body})"
    raise Unreadable(f"the environment {name} is not known")


def _cells(at: Converter, name: str, rules: list[int] | None = None) -> list[list[str]]:
    r"""Read the cells up to ``\end{name}``.

    The rows above which ``\hline`` draws a rule are added to `rules`, where it is given.
    """
    if name in ("alignat", "alignedat"):
        at.group()
    place = [at.next(ahead).text for ahead in range(3)]
    if name in ("aligned", "gathered", "multlined") and place in (["[", c, "]"] for c in "tcb"):
        at.option()
    rows: list[list[str]] = [[]]
    while True:
        while rules is not None and not rows[-1] and at.skip("command", "hline"):
            rules.append(len(rows) - 1)
        rows[-1].append(at.sequence(lambda token: token in (_COLUMN, _END, *_ROW)))
        token = at.take()
        if token == _END:
            ended = at.plain()
            if ended.removesuffix("*") != name:
                raise Unreadable(f"\\end{{{ended}}} without its beginning")
            break
        if token in _ROW:
            at.option()  # \\[2pt]
            rows.append([])
    if rows[-1] in ([], [""]):
        rows.pop()
    return rows


def _rows(rows: list[list[str]], name: str) -> str:
    if name in _ALIGNED_ALIKE and any(len(row) > 1 for row in rows):
        raise Unreadable(f"& in {name}; write aligned")
    lines = []
    for row in rows:
        line = row[0]
        for number, cell in enumerate(row[1:], 1):
            # Pairs of columns stand apart.
            line += (" & " if number % 2 else " #h(2em) & ") + cell
        lines.append(line)
    return " \\\n".join(lines)


def _matrix(at: Converter, name: str) -> str:
    columns = at.plain() if name == "array" else ""
    rules: list[int] = []
    rows = _cells(at, name, rules)
    options = f"delim: {MATRICES[name]}"
    letters = re.sub(r"[^lcr]", "", columns)
    if letters:
        options += f", align: #{_SIDES[letters[0]]}"
        bars = [
            len(re.sub(r"[^lcr]", "", columns[: m.start()])) for m in re.finditer(r"\|", columns)
        ]
        lines = {
            "vline": [str(bar) for bar in bars if 0 < bar < len(letters)],
            "hline": [str(rule) for rule in rules if 0 < rule < len(rows)],
        }
        drawn = ", ".join(f"{way}: ({', '.join(where)},)" for way, where in lines.items() if where)
        options += f", augment: #({drawn})" if drawn else ""
    # A semicolon right after code, such as a box, would end the code and not the row.
    body = " ; ".join(", ".join(cell or NOTHING for cell in row) for row in rows)
    if any("#box" in cell for row in rows for cell in row):
        options += ", row-gap: #1em"  # rows that are formulas of several lines stand apart
    made = f"mat({options}, {body})"
    return f"inline({made})" if name == "smallmatrix" else made
