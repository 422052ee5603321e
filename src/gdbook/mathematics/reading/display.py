r"""A display as chains of sides and relations, with its conditions and its definitions.

Words stand before a condition: ``\text{for } 0 < t``. Behind words, an equation whose left side
is a letter that is not declared defines that letter: ``\text{with } q = v/w``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from gdbook.latex import Token
from gdbook.latex.notation import tokenise
from gdbook.mathematics.algebra import call
from gdbook.mathematics.letters.declared import Declared
from gdbook.mathematics.reading.conditions import comparison
from gdbook.mathematics.reading.context import Context, Index, python_name
from gdbook.mathematics.reading.cursor import cut, levels, show
from gdbook.mathematics.reading.reader import read_side
from gdbook.mathematics.refusal import notation, two_readings
from gdbook.mathematics.tree import Expression, Rule

RELATIONS = ("=", "≤", "<", "≥", ">", "→", "≈")
GO_ON = {"and", "or", "so", "hence", "thus", "therefore", "but", "then", "also"}


@dataclass
class Chain:
    """Sides and the relations between them, with the indices of which they hold for all."""

    sides: list[Expression]
    relations: list[str]
    orders: list[list[Expression]] = field(default_factory=list)
    free: dict[str, Index] = field(default_factory=dict)

    def __str__(self) -> str:
        pairs = zip(self.relations, self.sides[1:], strict=True)
        return " ".join([self.sides[0].text, *(f"{r} {s.text}" for r, s in pairs)])


@dataclass
class Display:
    """What a display claims, under which conditions, and which letter tends where.

    Attributes
    ----------
    chains : list of Chain
    conditions : list of Expression
        Each true of a draw or not.
    tending : list of (str, Expression or None)
        None is ∞.
    """

    chains: list[Chain] = field(default_factory=list)
    conditions: list[Expression] = field(default_factory=list)
    tending: list[tuple[str, Expression | None]] = field(default_factory=list)


def read(latex: str, context: Context) -> Display:
    """Read a display over declared letters.

    Raises
    ------
    Refused
        With the reason, and the question that the formula raises.
    """
    claims, conditions = pieces([t for t in tokenise(latex) if t.kind != "space"])
    made = Display()
    later = []
    for condition in conditions:  # what they define comes first: the claims need it
        bracketed = _in_brackets(condition) and _is_condition(condition)
        piece = condition[1:-1] if bracketed else condition
        if name := _defines(piece, context):
            defined = read_side(cut(piece, "relation")[1], context)
            context.declared[name] = Declared(
                defined.kind, rule=defined.value, uses=tuple(defined.free)
            )
        else:
            later.append(piece)
    made.chains = [chain(piece, context) for piece in claims]
    for piece in later:
        _condition(piece, context, made)
    return made


def pieces(tokens: list[Token]) -> tuple[list[list[Token]], list[list[Token]]]:
    """Cut a display into what it claims and its conditions."""
    claims: list[list[Token]] = []
    conditions: list[list[Token]] = []
    if tokens and list(levels(tokens))[-1][1] != 0:
        raise notation("a brace or a bracket is not closed, or not opened")
    for row in cut(tokens, "row"):
        columns = cut(row, "column")
        for i in range(0, len(columns), 2):
            equation = [t for c in columns[i : i + 2] for t in c]
            remark = later = False
            for part in _without_counting(cut(equation, "gap", ",", ";")):
                for piece, words in _at_words(part):
                    remark = (remark or bool(words)) and words not in GO_ON
                    later = later and words not in GO_ON
                    if piece:
                        _sort(piece, claims, conditions, remark=remark, later=later)
                        later = True
    return claims, conditions


def _without_counting(parts: list[list[Token]]) -> list[list[Token]]:
    """Leave out k = 0, 1, 2, …, which says that it holds for all k."""
    made: list[list[Token]] = []
    counting = False
    for i, part in enumerate(parts):
        kinds = [t.kind for t in part]
        counted = kinds == ["number"] or [t.text for t in trimmed(part)] in (["ldots"], ["dots"])
        begins = kinds == ["letter", "relation", "number"] and i + 1 < len(parts)
        counting = counted if counting else begins and [t.kind for t in parts[i + 1]] == ["number"]
        if not counting:
            made.append(part)
    return made


def _sort(
    piece: list[Token],
    claims: list[list[Token]],
    conditions: list[list[Token]],
    *,
    remark: bool,
    later: bool,
) -> None:
    relations = [t.text for t in piece if t.kind == "relation"]
    if remark or (later and _is_condition(piece)):
        if relations:
            conditions.append(piece)
    elif claims and _continues(piece):
        claims[-1] += piece
    elif later and any(x in "≤<≥>" for x in relations):
        raise two_readings(f"{show(piece)}: a claim, or a condition? Write “for” before it")
    else:
        claims.append(piece)


def _at_words(part: list[Token]) -> list[tuple[list[Token], str]]:
    made: list[tuple[list[Token], str]] = [([], "")]
    for token, depth in levels(part):
        if token.kind == "text" and depth == 0:
            words = re.findall(r"\w+", token.text)
            made.append(([], words[0] if words else token.text))
        else:
            made[-1][0].append(token)
    return [(trimmed(p), w) for p, w in made]


def trimmed(tokens: list[Token]) -> list[Token]:
    """Return what is left without punctuation at the end."""
    while tokens and tokens[-1].kind in (".", ":", ";", ","):
        tokens = tokens[:-1]
    return tokens


def _in_brackets(piece: list[Token]) -> bool:
    return piece[0] == Token("open", "(") and piece[-1] == Token("close", ")")


def _is_condition(piece: list[Token]) -> bool:
    if _in_brackets(piece) and len(cut(piece, "relation")) == 1:
        return any(t.kind == "relation" for t in piece)
    return len(piece) > 1 and piece[1].kind == "relation" and piece[1].text in "→≠∈"


def _continues(piece: list[Token]) -> bool:
    first = piece[0]
    if first.kind in ("relation", "+") or first.text in ("cdot", "times"):
        return True
    return first.kind == "-" and not any(t.kind == "relation" for t in piece)


def _defines(piece: list[Token], context: Context) -> str:
    left = cut(piece, "relation")[0]
    relations = [t.text for t, depth in levels(piece) if t.kind == "relation" and depth == 0]
    name = python_name(left[0].text) if left and left[0].kind == "letter" else ""
    if [t.kind for t in left[1:]] == ["_", "number"]:
        name = f"{name.rstrip('_')}_{left[2].text}"
    elif len(left) > 1:
        return ""
    return name if relations == ["="] and name not in context.declared else ""


def _condition(piece: list[Token], context: Context, made: Display) -> None:
    parts = cut(piece, "relation")
    relations = [t.text for t in piece if t.kind == "relation"]
    if relations == ["→"]:
        name = python_name(parts[0][0].text)
        endless = [t.text for t in parts[1]] == ["infty"]
        made.tending.append((name, None if endless else read_side(parts[1], context)))
        return
    made.conditions.append(comparison(lambda tokens: read_side(tokens, context), piece))


def chain(piece: list[Token], context: Context) -> Chain:
    """Read sides that are related to each other."""
    parts = cut(piece, "relation")
    relations = [t.text for t, depth in levels(piece) if t.kind == "relation" and depth == 0]
    if not relations:
        raise notation(f"{show(piece)} is no relation: it claims nothing")
    for relation in relations:
        if relation not in RELATIONS:
            raise notation(f"the relation {relation}")
    if not all(parts):
        raise notation("a relation without a side")
    made = Chain([], relations)
    context.free, context.ever_bound = made.free, set()
    for part in parts:
        context.orders = []
        made.sides.append(read_side(trimmed(part), context))
        made.orders.append(context.orders)
    _apply(made, context)
    if both := context.ever_bound & set(made.free):
        raise two_readings(f"{', '.join(sorted(both))} is bound by a sum here and free there")
    return made


def _apply(made: Chain, context: Context) -> None:
    r"""Apply ∂f/∂x to x where the other sides are values: both are written so."""
    kinds = {s.kind.what for s in made.sides}
    if kinds == {"function"} or "function" not in kinds:
        return
    for i, side in enumerate(made.sides):
        formal = side.kind.formal
        if side.kind.what == "function" and formal and all(n in context.declared for n in formal):
            arguments = [
                Expression(context.declared[n].kind, _value(n), context.depends(n), n)
                for n in formal
            ]
            made.sides[i] = call(side, arguments)


def _value(name: str) -> Rule:
    return lambda env: env[name]
