r"""Environments: rows of an equation, matrices, cases."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gdbook.publish.formats.print.mathematics.tokens import NOTHING, Token, UnknownMathError

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
_RULE = Token("command", "hline")
_BEGIN, _END = Token("command", "begin"), Token("command", "end")


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
    start = at.at
    if at.skip(_BEGIN):
        name = at.name().removesuffix("*")
        if name in ROWS:
            made = _rows(_cells(at, name), name)
            rest = at.sequence(None)
            if not rest or re.fullmatch(r"(\\[.,;]|\s)+", rest):
                return f"{made} {rest}".rstrip()
        at.at = start
        return None
    if _breaks(at.tokens):
        return _rows(_cells(at, None), "aligned")
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
    raise UnknownMathError(f"the environment {name} is not known")


def _cells(at: Converter, name: str | None, rules: list[int] | None = None) -> list[list[str]]:
    r"""Read the cells up to ``\end{name}``, or to the end where there is no name.

    The rows above which ``\hline`` draws a rule are added to `rules`, where it is given.
    """
    if name is not None and name in ("alignat", "alignedat"):
        at.group()
    if name in ("aligned", "gathered", "multlined"):
        at.option()

    def stop(token: Token) -> bool:
        return token in (_COLUMN, _END) or token in _ROW

    rows: list[list[str]] = [[]]
    while True:
        while rules is not None and not rows[-1] and at.skip(_RULE):
            rules.append(len(rows) - 1)
        if name is None and at.peek() is None:
            rows[-1].append("")
            break
        rows[-1].append(_cell(at, stop, open_end=name is None))
        token = at.peek()
        if token is None:
            break
        at.at += 1
        if token == _END:
            ended = at.name()
            if name is None or ended.removesuffix("*") != name:
                raise UnknownMathError(f"\\end{{{ended}}} without its beginning")
            break
        if token in _ROW:
            at.option()  # \\[2pt]
            rows.append([])
    if rows[-1] in ([], [""]):
        rows.pop()
    return rows


def _cell(at: Converter, stop: object, *, open_end: bool) -> str:
    assert callable(stop)
    if not open_end:
        return at.sequence(stop)
    at.tokens.append(_END)  # what ends the last cell
    try:
        made = at.sequence(stop)
    finally:
        at.tokens.pop()
    return made


def _rows(rows: list[list[str]], name: str) -> str:
    lines = []
    for row in rows:
        line = row[0]
        for number, cell in enumerate(row[1:], 1):
            # Pairs of columns stand apart.
            line += (" & " if number % 2 else " #h(2em) & ") + cell
        lines.append(line)
    if name in _ALIGNED_ALIKE:
        lines = [line.replace(" & ", " ") for line in lines]
    return " \\\n".join(lines)


def _matrix(at: Converter, name: str) -> str:
    columns = at.name() if name == "array" else ""
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


def _breaks(tokens: list[Token]) -> bool:
    r"""Whether ``\\`` stands outside every environment and group."""
    depth = 0
    for token in tokens:
        depth += (token == _BEGIN or token == Token("char", "{")) - (
            token == _END or token == Token("char", "}")
        )
        # The name of an environment stands in braces of its own, which even out.
        if depth == 0 and token in _ROW:
            return True
    return False
