r"""A display as chains of sides and relations: rows, conditions and remarks sorted out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

import sympy as sp

from gdbook.expressions.latex_reader.reader import read_side
from gdbook.latex import Token, Unreadable
from gdbook.latex.notation import cut, levels, show, tokenise

FUNCTIONS = ("f", "g", "F", "G", "phi", "psi")
GO_ON = {"and", "or", "so", "hence", "thus", "therefore", "but", "then", "also"}


@dataclass(frozen=True)
class Side:
    """One side of a relation, as it was read and as it was written."""

    value: sp.Expr
    text: str


@dataclass
class Chain:
    """Sides and the relations between them: ``relations[i]`` stands before ``sides[i + 1]``."""

    sides: list[Side] = field(default_factory=list)
    relations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        pairs = zip(self.relations, self.sides[1:], strict=False)
        return " ".join([self.sides[0].text, *(f"{r} {s.text}" for r, s in pairs)])


@dataclass
class Display:
    r"""What a displayed formula claims, and under which conditions.

    Attributes
    ----------
    chains : list of Chain
        What is claimed; a formula without a relation is a chain with one side.
    conditions : list of Chain
        The relations among the remarks: ``\text{for } |x - 3| \le 1``, ``(h \to 0)``.
    """

    chains: list[Chain] = field(default_factory=list)
    conditions: list[Chain] = field(default_factory=list)


def read(latex: str, functions: Iterable[str] = (), names: Iterable[str] = ()) -> Display:
    r"""Read a displayed formula.

    Parameters
    ----------
    latex : str
        The formula, with its rows if it has several. Remarks in ``\text{…}`` are left out,
        but not the relations that follow them: those are conditions.
    functions : iterable of str
        Names that are functions, besides f, g, F, G, φ, ψ.
    names : iterable of str
        Names that are numbers, even if they are among those.

    Returns
    -------
    Display

    Raises
    ------
    Unreadable
        With the reason.
    """
    known = (set(FUNCTIONS) - set(names)) | set(functions)
    claims, conditions = _pieces(tokenise(latex))
    made = Display([_chain(c, known) for c in claims], [_chain(c, known) for c in conditions])
    made.conditions = [c for c in made.conditions if c.relations]  # x ∈ ℝ says nothing
    if not made.chains:
        raise Unreadable("there is no formula in it")
    return made


def normalise(latex: str) -> str:
    r"""Return a formula without what doesn't show: spaces, comments, a last full stop."""
    text = re.sub(r"(?<!\\)%[^\n]*", "", latex)
    text = re.sub(r"\s+", " ", text).strip()
    # A space shows only between words, or where it ends a command before a letter.
    text = re.sub(r"(?<![A-Za-z]) | (?![A-Za-z])", "", text)
    return text.rstrip(".,;")


def _pieces(tokens: list[Token]) -> tuple[list[list[Token]], list[list[Token]]]:
    """Cut a display into claims and conditions, each a list of tokens with its relations."""
    claims: list[list[Token]] = []
    conditions: list[list[Token]] = []
    for row in cut(tokens, "row"):
        for equation in _equations(row):
            remark = False  # what stands after a remark is under a condition
            for number, part in enumerate(cut(equation, "gap", ",", ";")):
                for piece, words in _at_words(part):
                    remark = (remark or bool(words)) and words not in GO_ON
                    if not piece:
                        continue
                    if remark or (number and _is_condition(piece)):
                        conditions += [piece] * any(t.kind == "relation" for t in piece)
                    elif claims and _continues(piece):
                        claims[-1] += piece
                    else:
                        claims.append(piece)
    return claims, conditions


def _equations(row: list[Token]) -> list[list[Token]]:
    """Join the columns of a row in pairs, as ``aligned`` sets them: ``a &= b & c &= d``."""
    columns = cut(row, "column")
    return [columns[i] + (columns[i + 1 : i + 2] or [[]])[0] for i in range(0, len(columns), 2)]


def _at_words(part: list[Token]) -> list[tuple[list[Token], str]]:
    """Split at words; with each piece comes the first of the words before it."""
    made: list[tuple[list[Token], str]] = [([], "")]
    for t, depth in levels(part):
        if t.kind == "text" and depth == 0:
            words = re.findall(r"\w+", t.text)
            made.append(([], words[0] if words else t.text))
        else:
            made[-1][0].append(t)
    return [(_unpunctuated(piece), words) for piece, words in made]


def _unpunctuated(tokens: list[Token]) -> list[Token]:
    while tokens and tokens[-1].kind in (".", ":"):
        tokens = tokens[:-1]
    return tokens


def _is_condition(piece: list[Token]) -> bool:
    """Whether a piece after a gap is (n → ∞), h → 0 or x ≠ 0."""
    if piece[0] == Token("open", "(") and piece[-1] == Token("close", ")"):
        return all(depth for _, depth in levels(piece[:-1]))
    arrow = (Token("relation", "→"), Token("relation", "≠"), Token("relation", "∈"))
    return piece[0].kind == "letter" and len(piece) > 1 and piece[1] in arrow


def _continues(piece: list[Token]) -> bool:
    """Whether a row goes on with the formula of the row before it."""
    first = piece[0]
    if first.kind in ("relation", "+") or first.text in ("cdot", "times"):
        return True
    return first.kind == "-" and not any(t.kind == "relation" for t in piece)


def _chain(piece: list[Token], functions: set[str]) -> Chain:
    if piece[0] == Token("open", "(") and _is_condition(piece):
        piece = piece[1:-1]
    sides = cut(piece, "relation")
    relations = [t.text for t, depth in levels(piece) if t.kind == "relation" and depth == 0]
    if any(s and s[-1].kind == ":" for s in sides):
        raise Unreadable("a definition (:=); label it def-…")
    if not all(sides):
        raise Unreadable("a relation without a side")
    if relations == ["∈"]:
        return _membership(sides[0], sides[1], functions)
    return Chain([Side(read_side(side, functions), show(side)) for side in sides], relations)


def _membership(name: list[Token], interval: list[Token], functions: set[str]) -> Chain:
    """Read y ∈ [a, b] as a ≤ y ≤ b; the real numbers say nothing."""
    middle = Side(read_side(name, functions), show(name))
    if interval == [Token("word", "R")]:
        return Chain([middle], [])
    first, *inside, last = interval
    ends = cut(inside, ",") if first.text in "[(" and last.text in "])" else []
    if first.kind != "open" or len(ends) != 2:
        raise Unreadable(f"{show(name)} in what?")
    low, high = (Side(read_side(end, functions), show(end)) for end in ends)
    signs = ["≤" if first.text == "[" else "<", "≤" if last.text == "]" else "<"]
    chain = Chain([low, middle, high], signs)
    for end, drop in ((high, -1), (low, 0)):
        if end.value.has(sp.oo):
            del chain.sides[drop], chain.relations[drop]
    return chain


def symbols(chain: Chain) -> set[str]:
    """Return the names of the numbers in a chain."""
    return {s.name for side in chain.sides for s in side.value.free_symbols}
