"""Are two expressions equal? Numbers refute, SymPy proves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import mpmath
import sympy as sp

from gdbook.expressions.points import Where, at, draw, integers
from gdbook.expressions.unknown import BigO, Unknown, callables

POINTS, DIGITS = 16, 30
LIMIT_DIGITS = 240  # a fourth difference at h = 10⁻³⁰ loses 120 of them
LIMIT_TOLERANCE = mpmath.mpf(10) ** -9


@dataclass(frozen=True)
class Difference:
    """Where two expressions differ, and by how much.

    Attributes
    ----------
    why : str
        The end of a sentence: ``at x = 1.3 the sides are 2.6 and 1.3``.
    point : dict
        The values of the variables there; empty where the difference is one of form.
    values : tuple
        Both values there, or the parts that differ.
    """

    why: str
    point: dict[str, float] = field(default_factory=dict)
    values: tuple[Any, ...] = ()

    def __str__(self) -> str:
        return self.why


class UndecidedError(ValueError):
    """Neither algebra nor numbers can tell, for a reason that the message gives."""


def equal(a: sp.Expr, b: sp.Expr, where: Where | None = None) -> Difference | None:
    """Return where two expressions differ, or None.

    Numbers come first: 16 random points (the same ones each time) to 30 digits, with
    sample functions for the unknown ones and each derivative the derivative of its
    function. Limits are evaluated. Order terms are held against each other apart.

    Parameters
    ----------
    a, b : sympy.Expr
        From `read`, or from the reader of displayed formulas.
    where : dict, optional
        A range or a list for each variable; from −2 to 2 otherwise.

    Returns
    -------
    Difference or None

    Raises
    ------
    UndecidedError
        Where one of them has no value at any of the points.
    """
    where = where or {}
    (a, order_a), (b, order_b) = without_order(a), without_order(b)
    if order := _orders_differ(order_a, order_b):
        return order
    if a == b:
        return None
    names = sorted({s.name for s in (a.free_symbols | b.free_symbols)})
    values_a, values_b = Evaluator(a, names), Evaluator(b, names)
    limits = a.has(sp.Limit) or b.has(sp.Limit)
    relative = LIMIT_TOLERANCE if limits else mpmath.mpf(10) ** -20
    absolute = LIMIT_TOLERANCE if limits else mpmath.mpf(10) ** -35
    decided = 0
    for point in draw(names, 3 * POINTS, where, whole=integers(a, b)):
        u, v = values_a(point), values_b(point)
        if u is None and v is None:
            continue
        if u is None or v is None:
            which = "left" if u is None else "right"
            return Difference(f"{_at(point)}the {which} side has no value", point, (u, v))
        if abs(u - v) > relative * (abs(u) + abs(v)) + absolute:
            return Difference(
                f"{_at(point)}the sides are {number(u)} and {number(v)}, "
                f"a difference of {number(abs(u - v))}",
                point,
                (u, v),
            )
        decided += 1
        if decided == (4 if limits else POINTS) or not names:
            return None
    if decided:
        return None
    raise UndecidedError(f"neither {a} nor {b} has a value at any point that was tried")


def same(a: sp.Expr, b: sp.Expr, where: Where | None = None) -> Difference | None:
    """Return where two expressions say different things, or None.

    As `equal`, but limits are compared by what they are, not by their value: the same
    point, the same side, the same expression. lim |h| for h → 0⁺ and for h → 0 are equal
    and not the same.
    """
    limits = sorted(
        a.atoms(sp.Limit) | b.atoms(sp.Limit), key=lambda one: (one.count_ops(), str(one))
    )
    marks: list[tuple[sp.Limit, sp.Symbol]] = []
    for limit in limits:
        mark = next((m for other, m in marks if _same_limit(limit, other, where) is None), None)
        if mark is None:
            mark = sp.Symbol(f"limit{len(marks)}", real=True)
            marks.append((limit, mark))
        a, b = a.xreplace({limit: mark}), b.xreplace({limit: mark})
    try:
        found = equal(a, b, where)
    except UndecidedError:
        found = Difference("neither has a value at any point that was tried")
    if found and marks:
        return Difference("the limits, or what surrounds them, differ")
    return found


def _same_limit(a: sp.Limit, b: sp.Limit, where: Where | None) -> Difference | None:
    (e, x, to, side), (f, y, at_, other) = a.args, b.args
    if to != at_ and not (to.free_symbols or at_.free_symbols):
        return Difference(f"{x} → {to} and {y} → {at_}")
    if str(side) != str(other):
        return Difference("they are limits from different sides")
    if to != at_:
        return same(to, at_, where)
    # A name of its own for what moves: in lim |h|/h for x → 0 the h stands still.
    moving = sp.Symbol("moving", real=True)
    ranges = dict(where or {})
    if x.name in ranges:
        ranges[moving.name] = ranges[x.name]
    return same(e.subs(x, moving), f.subs(y, moving), ranges)


def proved(a: sp.Expr, b: sp.Expr, where: Where | None = None) -> bool:
    """Whether SymPy sees that the two are equal, by expanding or simplifying.

    Parameters
    ----------
    a, b : sympy.Expr
    where : dict, optional
        A range above 0 tells SymPy that the variable is positive.
    """
    if a.has(sp.Limit) or b.has(sp.Limit):
        return False  # SymPy's limits are slow with unknown functions, and numbers do
    gap = (a - b).doit()
    above = {
        s: sp.Symbol(s.name, positive=True)
        for s in gap.free_symbols
        if min((where or {}).get(s.name, (0,))) > 0
    }
    gap = gap.xreplace(above)
    # Functions become plain symbols: simplify would look for ways to rewrite them.
    gap = gap.xreplace({u: sp.Dummy(real=True) for u in _outermost(gap)})
    try:
        if sp.expand(gap) == 0 or sp.cancel(sp.together(gap)) == 0:
            return True
        return bool(gap.count_ops() < 80 and sp.simplify(gap) == 0)
    except (ValueError, TypeError, NotImplementedError, AttributeError, sp.PolynomialError):
        return False


def _outermost(e: sp.Basic) -> list[sp.Basic]:
    if isinstance(e, Unknown):
        return [e]
    return [u for argument in e.args for u in _outermost(argument)]


def without_order(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr | None]:
    """Split ``2*x + O(h**2)`` into 2x and h².

    Raises
    ------
    UndecidedError
        Where the order term is no term of a sum.
    """
    terms = sp.Add.make_args(expression)
    orders = [t for t in terms if t.has(BigO)]
    if not orders:
        return expression, None
    if len(orders) > 1 or sp.Abs(orders[0].coeff(*orders[0].atoms(BigO))) != 1:
        raise UndecidedError("an order term O(…) must stand alone, as a term of a sum")
    (order,) = orders[0].atoms(BigO)
    return sp.Add(*(t for t in terms if not t.has(BigO))), order.args[0]


def _orders_differ(a: sp.Expr | None, b: sp.Expr | None) -> Difference | None:
    if a is None and b is None:
        return None
    if a is None or b is None:
        only = a if b is None else b
        return Difference(f"one has the order term O({only}), the other none", values=(a, b))
    ratio = sp.simplify(a / b)
    if ratio.free_symbols or ratio == 0:
        return Difference(f"the order terms are O({a}) and O({b})", values=(a, b))
    return None


class Evaluator:
    """An expression as a function of a point, to many digits; limits are followed.

    Parameters
    ----------
    expression : sympy.Expr
        Unknown functions are replaced by samples.
    names : list of str
        The variables, in the order of the arguments.
    digits : int
        Working precision, in decimal digits.
    """

    def __init__(self, expression: sp.Expr, names: list[str], digits: int = 2 * DIGITS) -> None:
        self.names, self.digits = names, digits
        self.limits: list[tuple[sp.Symbol, Evaluator, Any, str]] = []
        for i, limit in enumerate(_outer_limits(expression)):
            e, x, to, side = limit.args
            inner = Evaluator(e, [*names, x.name], LIMIT_DIGITS)
            mark = sp.Symbol(f"limit_{i}_", real=True)
            there = to if to.is_infinite else Evaluator(to, names, LIMIT_DIGITS)
            self.limits.append((mark, inner, there, str(side)))
            expression = expression.xreplace({limit: mark})
        arguments = [sp.Symbol(n, real=True) for n in names] + [m[0] for m in self.limits]
        if expression.has(sp.zoo, sp.nan):
            expression = sp.Symbol("nan")  # no value anywhere
        expression, functions = callables(expression)
        self.function = sp.lambdify(arguments, expression, modules=[functions, "mpmath"])

    def __call__(self, point: Mapping[str, Any]) -> Any:
        """Return the value there (mpmath), or None where there is none."""
        values: list[Any] = []
        with mpmath.workdps(self.digits):
            for n in self.names:
                v = point[n]
                values.append(v if isinstance(v, int) else mpmath.mpmathify(v))
            for _, inner, to, side in self.limits:
                there = to(point) if isinstance(to, Evaluator) else to
                limit = follow(inner, point, there, side)
                if limit is None:
                    return None
                values.append(limit)
            try:
                made = mpmath.mpmathify(self.function(*values))
            except (ArithmeticError, ValueError, TypeError, OverflowError, NameError):
                return None
            return made if mpmath.isfinite(made) else None


def _outer_limits(e: sp.Basic) -> list[sp.Limit]:
    if isinstance(e, sp.Limit):
        return [e]
    found: list[sp.Limit] = []
    for argument in e.args:
        found += [one for one in _outer_limits(argument) if one not in found]
    return found


def follow(inner: Evaluator, point: Mapping[str, Any], to: Any, side: str) -> Any:
    """Return the limit of an expression by walking towards the point, or None.

    It is taken at distances 10⁻²⁵ and 10⁻³⁰ (at 10²⁵ and 10³⁰ for infinity), on each side
    that is meant; the values must agree to nine digits.
    """
    x = inner.names[-1]
    with mpmath.workdps(inner.digits):
        # Not round numbers: sin(1/h) or floor(1/h) must not look tame by accident.
        steps = [mpmath.pi * mpmath.mpf(10) ** -k / 3 for k in (25, 30)]
        if to is None:
            return None
        if to in (sp.oo, -sp.oo):
            sign = 1 if to == sp.oo else -1
            return _agree([inner({**point, x: sign / h}) for h in steps])
        signs = {"+": (1,), "-": (-1,)}.get(side, (1, -1))
        values = [inner({**point, x: to + sign * h}) for sign in signs for h in steps]
        return _agree(values)


def _agree(values: list[Any]) -> Any:
    if any(v is None for v in values):
        return None
    last = values[-1]
    if any(abs(v - last) > LIMIT_TOLERANCE * (1 + abs(last)) for v in values):
        return None
    return last


def number(value: Any) -> str:
    """Return a value for a sentence, with six digits and a true minus."""
    value = mpmath.mpmathify(value)
    if isinstance(value, mpmath.mpc):
        if value.imag != 0:
            return str(mpmath.nstr(value, 6))
        value = value.real
    return str(mpmath.nstr(value, 6)).removesuffix(".0").replace("-", "−")


def _at(point: Mapping[str, float]) -> str:
    return f"at {at(point)} " if point else ""
