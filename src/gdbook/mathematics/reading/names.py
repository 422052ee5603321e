"""Names and indices: what a letter with its stars, bars and subscripts means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from gdbook.latex import Token
from gdbook.mathematics.algebra import as_atom
from gdbook.mathematics.calculus import directional
from gdbook.mathematics.kinds import NUMBER, Kind, Size, function_of
from gdbook.mathematics.reading.context import Index, python_name
from gdbook.mathematics.reading.cursor import cut, show
from gdbook.mathematics.refusal import Refused, mistyped, two_readings
from gdbook.mathematics.tree import Expression, need_number
from gdbook.mathematics.values.environment import Environment, number
from gdbook.mathematics.values.sequences import Terms

if TYPE_CHECKING:
    from gdbook.mathematics.reading.reader import Reader

STARS = ("*", "star", "ast")


def name(r: Reader, letter: str) -> Expression:
    """Read a letter that was just taken, with what belongs to its name."""
    c = r.context
    called = python_name(letter)
    if r.is_("^") and (label := _star(r)):
        called = f"{called.rstrip('_')}_{label}"
    if r.is_("prime") and f"{called}_prime" in c.declared:
        if called in c.declared and c.declared[called].kind.what == "function":
            raise two_readings(f"{called}': the derivative of {called}, or {called}_prime?")
        r.take()
        called = f"{called}_prime"
    if r.is_("_") and (whole := _labelled(r, called)):
        called = whole
        if r.is_("^") and f"{called}_star" in c.declared and (label := _star(r)):
            called = f"{called}_{label}"
    return _known(r, letter, called)


def _known(r: Reader, letter: str, called: str) -> Expression:
    c = r.context
    if called in c.bound:
        c.bound[called].as_number = True
        return _letter(called, NUMBER, frozenset({called}))
    if called in c.declared:
        d = c.declared[called]
        if d.alias_of and not r.is_("_"):
            raise Refused("undeclared", f"what is {called} without its indices?")
        if d.law and not c.random:
            raise two_readings(f"the random {called} outside of an expectation: which value?")
        return _letter(called, d.kind, c.depends(called))
    if called in c.sizes:
        return _letter(called, NUMBER, frozenset())
    if called in c.free or called in c.closed or called in c.ever_bound:
        raise two_readings(f"is {called} the index of a sum that has ended?")
    if called == "e":
        return _constant(torch.e, "e")
    if called == "delta" and r.is_("_"):
        return _kronecker(r)
    if called == "I":
        raise Refused("undeclared", "I: of which size? Declare I=identity(…)")
    if called == "D" and r.is_("_"):
        r.take()
        u = r.whole(r.group())
        return directional(r.base()[0], u)
    if called == letter:
        raise Refused("undeclared", f"what is {letter}?")
    raise Refused("undeclared", f"what is {called} ({letter} with its marks)?")


def _letter(called: str, kind: Kind, free: frozenset[str]) -> Expression:
    if kind == NUMBER:
        return Expression(kind, lambda env: number(env[called]), free, called)
    return Expression(kind, lambda env: env[called], free, called)


def _constant(value: float, text: str) -> Expression:
    made = torch.tensor([value], dtype=torch.float64)
    return Expression(NUMBER, lambda env: made, frozenset(), text)


def _star(r: Reader) -> str:
    r"""Take ``^*`` or ``^\star``, which belong to a name."""
    braced = r.is_("group", ahead=1)
    token = r.next(2 if braced else 1)
    if token.text not in STARS or (braced and not r.is_("endgroup", ahead=3)):
        return ""
    r.at += 4 if braced else 2
    return "star"


def _labelled(r: Reader, called: str) -> str:
    r"""Take an index that is part of a name: M_0, x_{\min}, if it is declared so."""
    start, saved = r.at, list(r.tokens)
    r.take()
    tokens = r.group()
    text = "".join("star" if t.text in STARS else t.text for t in tokens if t.kind != "gap")
    candidate = f"{called.rstrip('_')}_{text}"
    members = f"{called.rstrip('_')}_i"  # f_i beside f: what is declared so keeps its index
    many = members in r.context.declared and _has_entries(r.context.declared[members].kind)
    if candidate in r.context.declared and not (many and candidate == members):
        return candidate
    r.at, r.tokens = start, saved
    if many:
        return members
    if called not in r.context.declared and called not in ("delta", "D"):
        raise Refused("undeclared", f"what is {called}, or {candidate}?")
    return ""


def _has_entries(kind: Kind) -> bool:
    return kind.what in ("vector", "matrix", "family") or (
        kind.what == "function" and kind.of.what in ("vector", "matrix")
    )


# ---------------------------------------------------------------------- indices


def indexed(r: Reader, e: Expression, tokens: list[Token]) -> Expression:
    """Read an index: an entry, a term of a family, a component of a function."""
    parts = cut(tokens, ",")
    letters = all(t.kind in ("letter", "number") for t in tokens)
    k = e.kind
    of_matrices = k.what == "function" and k.of.what == "matrix"
    double = k.what == "matrix" or of_matrices
    if double and len(tokens) == 1 and tokens[0].kind == "number" and len(tokens[0].text) == 2:
        tokens = [Token("number", digit) for digit in tokens[0].text]
    if double and len(parts) == 1 and len(tokens) == 2 and letters:
        parts = [[t] for t in tokens]
    if k.what == "family" and k.of.what == "vector" and len(parts) == 2:
        return indexed(r, indexed(r, e, parts[0]), parts[1])
    if k.what == "family" and k.of.what == "vector" and letters and len(tokens) == 2:
        return indexed(r, indexed(r, e, tokens[:1]), tokens[1:])
    if double and len(parts) != 2:
        raise two_readings(f"{e.text}_{show(tokens)} of a matrix: a row, a column, an entry?")
    if not double and len(parts) > 1:
        raise mistyped(f"two indices on {e.text}, a {k}")
    if not double and len(tokens) > 1 and letters:
        raise two_readings(f"the index {show(tokens)} of {e.text}, a {k}: a product, or two?")
    sizes = k.of.shape if k.what == "function" else k.shape
    if k.what == "number" or not sizes:
        raise two_readings(f"an index on {e.text}, a {k}: what does it count?")
    first = _first(r, e)
    index = [read_index(r, p, s, first, e.text) for p, s in zip(parts, sizes, strict=True)]
    free = e.free.union(*(i.free for i in index))
    which = ",".join(i.text for i in index)
    text = f"{as_atom(e)}_{which if which.replace(',', '').isalnum() else f'({which})'}"

    def places(env: Environment) -> list[Any]:
        return [
            place(env, number(i.value(env)), s, first, text)
            for i, s in zip(index, sizes, strict=True)
        ]

    if k.what == "function":

        def component(env: Environment) -> Any:
            f, at = e.value(env), places(env)
            return lambda *xs: picked(f(*xs), at)

        return Expression(function_of(k.args, NUMBER, k.formal), component, free, text)

    def entry(env: Environment) -> Any:
        found = e.value(env)
        if isinstance(found, Terms):
            return found.at(number(index[0].value(env)))
        return picked(found, places(env))

    return Expression(k.of if k.what == "family" else NUMBER, entry, free, text, None, e.terms)


def picked(x: Tensor, at: list[Tensor]) -> Tensor:
    """Return one entry of each draw's array."""
    if all(i.shape[0] == 1 for i in at):
        for i in at:
            x = x[:, int(i)]
        return x
    rows = max(x.shape[0], *(i.shape[0] for i in at))
    return x.expand(rows, *x.shape[1:])[(torch.arange(rows), *(i.expand(rows) for i in at))]


def place(env: Environment, i: Tensor, size: Size, first: int, text: str) -> Tensor:
    """Return a place, counted from 0, from an index; it must exist."""
    at = i.detach().round().long() - first
    assert size is not None
    count = env.draws.size(size)
    if bool((at < 0).any()) or bool((at >= count).any()):
        wrong = int(at[(at < 0) | (at >= count)][0]) + first
        raise Refused("index", f"{text}: there is no entry {wrong}, of {count} from {first}")
    return at


def _first(r: Reader, e: Expression) -> int:
    """Return from where the entries of a thing are counted, as its letters say."""
    declared = r.context.declared
    of = declared.get(e.text.split("_")[0])
    if of is not None and of.kind.what == "family" and of.member and e.kind.what == "vector":
        return of.member.first  # an entry of a term
    if e.text in declared:
        return declared[e.text].first
    firsts = {declared[n].first for n in e.free if n in declared and declared[n].kind.shape}
    return firsts.pop() if len(firsts) == 1 else 0


def read_index(r: Reader, tokens: list[Token], size: Size, first: int, what: str) -> Expression:
    """Read what stands in an index: a letter that runs, or a whole number."""
    c = r.context
    if len(tokens) == 1 and tokens[0].kind == "letter":
        called = tokens[0].text
        running = c.bound.get(called)
        if running is None and called not in c.declared and called not in c.sizes:
            if called in c.closed or called in c.ever_bound:
                raise two_readings(f"does the sum over {called} reach {what}_{called}?")
            running = c.free.setdefault(called, Index(called))
        if running is not None:
            running.counts(size, first, what)
            return _letter(called, NUMBER, frozenset({called}))
    return need_number(r.whole(tokens), "the index")


def _kronecker(r: Reader) -> Expression:
    r.take()
    tokens = [t for t in r.group() if t.kind != ","]
    if len(tokens) != 2:
        raise Refused("undeclared", "what is delta?")
    a, b = (read_index(r, [t], None, 0, "δ") for t in tokens)
    known = [{**r.context.free, **r.context.bound}.get(t.text) for t in tokens]
    for one, other in (known, known[::-1]):
        if one and other and one.size is not None:
            other.counts(one.size, one.first, "δ")
    return Expression(
        NUMBER,
        lambda env: (number(a.value(env)) == number(b.value(env))).double(),
        a.free | b.free,
        f"δ_{a.text}{b.text}",
    )
