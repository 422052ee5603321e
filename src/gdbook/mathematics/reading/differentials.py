r"""Fractions, of which \frac{d}{dx} and \frac{\partial f}{\partial x_i} are derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdbook.latex import Token
from gdbook.mathematics import algebra
from gdbook.mathematics.calculus import derivative, partial_of
from gdbook.mathematics.reading.context import python_name
from gdbook.mathematics.reading.cursor import FRACTIONS, Cursor, cut, show
from gdbook.mathematics.reading.names import read_index
from gdbook.mathematics.refusal import Refused, mistyped, notation, two_readings
from gdbook.mathematics.tree import Expression

if TYPE_CHECKING:
    from gdbook.mathematics.reading.reader import Reader

Variable = tuple[str, list[Expression]]
_AXES = {"number": 0, "vector": 1, "matrix": 2}


def fraction(r: Reader) -> Expression:
    """Read a fraction whose command was just taken."""
    over, under = r.group(), r.group()
    top, below = _differential(r, over), _differential(r, under)
    if top is None or below is None:
        return algebra.divide(r.whole(over), r.whole(under))
    if over[0].text == "d" and len(over) > 1 and "d" in r.context.declared:
        raise two_readings("d is declared: a fraction, or a derivative?")
    order, what = top
    by = _variables(r, under)
    if len(by) != order:
        raise mistyped(f"the orders above and below differ in {show(over)} over {show(under)}")
    if what:
        body = r.whole(what)
        if body.kind.what == "function":
            for name, at in by:
                body = _of_function(r, body, name, at)
            return body
    elif (inner := _function_that_follows(r, by)) is not None:
        return inner
    else:
        body = _what_follows(r, by)
    for name, at in by:
        if name not in r.context.declared:
            raise Refused("undeclared", f"the derivative with respect to {name}: what is it?")
        d = r.context.declared[name]
        if _AXES.get(d.kind.what) != len(at):
            raise two_readings(f"the derivative with respect to {name}, a {d.kind}: its entries?")
        body = derivative(body, name, at, d.first)
    return body


def _function_that_follows(r: Reader, by: list[Variable]) -> Expression | None:
    """Read ∂/∂y ∂f/∂x, where f has an argument that is called y: a function again."""
    if not r.is_("command", *FRACTIONS):
        return None
    saved = r.at
    body = r.base()[0]
    if body.kind.what == "function" and all(name in body.kind.formal for name, _ in by):
        for name, at in by:
            body = _of_function(r, body, name, at)
        return body
    r.at = saved
    return None


def _what_follows(r: Reader, by: list[Variable]) -> Expression:
    """Read what d/dx is taken of: a bracket, or the rest of the term."""
    if not r.is_("open", "(", "["):
        body = r.term()
        if body.kind.what == "function":
            raise two_readings(f"the derivative of {body.text}, a function without its argument")
        return body
    body = r.whole(r.bracket())
    if r.is_("^"):
        raise two_readings("does the derivative reach the power?")
    saved, later = r.at, frozenset[str]()
    if r.starts_factor() or r.is_("command", "cdot"):
        r.skip("command", "cdot")
        later = r.term().free
    r.at = saved
    if any(name in later for name, _ in by):
        raise two_readings("does the derivative reach what follows the bracket?")
    return body


def _differential(r: Reader, tokens: list[Token]) -> tuple[int, list[Token]] | None:
    """Read d, d^2, df or ∂f, and return the order and what stands behind it."""
    at = Cursor(tokens, r.context)
    if not (at.skip("letter", "d") or at.skip("word", "d") or at.skip("command", "partial")):
        return None
    if at.is_("+") or at.is_("-"):
        return None
    order = 1
    if at.skip("^"):
        text = show(at.group())
        if not text.isdigit():
            return None
        order = int(text)
    return order, at.tokens[at.at :]


def _variables(r: Reader, under: list[Token]) -> list[Variable]:
    """Read dx, ∂x_i ∂x_j or dx^2."""
    made: list[Variable] = []
    at = Cursor(under, r.context)
    while not at.is_("end"):
        if not (at.skip("letter", "d") or at.skip("word", "d") or at.skip("command", "partial")):
            raise notation(f"a derivative over {show(under)}")
        if not at.is_("letter"):
            raise notation(f"the derivative with respect to {show(under)}")
        name = python_name(at.take().text)
        index: list[Expression] = []
        if at.skip("_"):
            name, index = _entry(r, name, at.group())
        if name in r.context.declared:
            r.context.used.add(name)
            name = r.context.declared[name].alias_of or name
        count = 1
        if at.skip("^"):
            text = show(at.group())
            if not text.isdigit():
                raise notation(f"the order {text} of a derivative")
            count = int(text)
        made += [(name, index)] * count
    return made


def _entry(r: Reader, name: str, tokens: list[Token]) -> Variable:
    """Read the index of a variable, which may be part of its name."""
    whole = f"{name.rstrip('_')}_{''.join(t.text for t in tokens)}"
    if whole in r.context.declared:
        return whole, []
    parts = cut(tokens, ",") if any(t.kind == "," for t in tokens) else [[t] for t in tokens]
    d = r.context.declared.get(name)
    shape = d.kind.shape if d and d.kind.shape else (None,) * len(parts)
    if len(shape) != len(parts):
        raise two_readings(f"the derivative with respect to {name}_{show(tokens)}: an entry?")
    first = d.first if d else 0
    return name, [read_index(r, p, s, first, name) for p, s in zip(parts, shape, strict=True)]


def _of_function(r: Reader, f: Expression, name: str, at: list[Expression]) -> Expression:
    """Read ∂f/∂x_i of a function, a function again."""
    k = f.kind
    labelled = f"{name}_{''.join(i.text for i in at)}"
    if labelled in k.formal:  # an argument that is called x_1, no entry of x
        name, at = labelled, []
    if name not in k.formal:
        raise two_readings(f"∂{f.text}/∂{name}: which argument of {f.text} is called {name}?")
    place = k.formal.index(name)
    argument = k.args[place]
    if _AXES[argument.what] != len(at):
        raise mistyped(f"∂{f.text}/∂{name} of a {k}")
    declared = r.context.declared.get(name)
    first = declared.first if declared else 0
    for i, size in zip(at, argument.shape, strict=True):
        for table in (r.context.free, r.context.bound):
            if i.text in table:
                table[i.text].counts(size, first, f.text)
    which = f"{name}_{''.join(i.text for i in at)}" if at else name
    return partial_of(f, place, at, first, f"∂{f.text}/∂{which}")
