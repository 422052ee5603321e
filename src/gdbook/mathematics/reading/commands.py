r"""Commands and upright words: \frac, \sqrt, \sin, tr, E and the like."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gdbook.mathematics import algebra
from gdbook.mathematics.calculus import gradient, gradient_of, partial_of
from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.reading import differentials, expectation, limits, names, series
from gdbook.mathematics.reading.context import python_name
from gdbook.mathematics.reading.cursor import FRACTIONS, cut, show
from gdbook.mathematics.refusal import Refused, mistyped, notation, two_readings
from gdbook.mathematics.tree import Expression, joined, literal, need_number
from gdbook.mathematics.values.environment import number

if TYPE_CHECKING:
    from gdbook.mathematics.reading.reader import Reader

ELEMENTARY: dict[str, Callable[[Tensor], Tensor]] = {
    "sin": torch.sin, "cos": torch.cos, "tan": torch.tan, "arcsin": torch.asin,
    "arccos": torch.acos, "arctan": torch.atan, "sinh": torch.sinh, "cosh": torch.cosh,
    "tanh": torch.tanh, "exp": torch.exp, "ln": torch.log, "log": torch.log,
    "sgn": torch.sign, "sign": torch.sign, "Re": torch.real,
    "Im": lambda x: x.imag if x.is_complex() else torch.zeros_like(x),
}  # fmt: skip
OF_MATRICES: dict[str, Callable[[Tensor], Tensor]] = {
    "tr": lambda x: x.diagonal(dim1=-2, dim2=-1).sum(-1),
    "det": torch.linalg.det,
}
OF_MATRICES["trace"] = OF_MATRICES["Tr"] = OF_MATRICES["tr"]
ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde", "dot": "dot", "ddot": "ddot",
}  # fmt: skip
PROBABLE = ("E", "Var", "Cov", "P", "Pr")
_I = torch.tensor([1j], dtype=torch.complex128)


def word(r: Reader, text: str) -> tuple[Expression, bool]:  # noqa: PLR0911
    """Read an upright word that was just taken."""
    declared = python_name(text) in r.context.declared
    if text == "i" and not declared:
        return Expression(NUMBER, lambda env: _I, frozenset(), "i"), True
    if text == "e" and not declared:
        return names.name(r, "e"), True
    if text in ELEMENTARY and not declared:
        return elementary(r, text)
    if text in OF_MATRICES:
        return of_matrix(r, text)
    if text in PROBABLE and not declared:
        return expectation.read(r, text), True
    if text in ("mean", "diag"):
        return of_array(r, text), False
    if text.replace(" ", "") in ("argmin", "argmax"):
        return limits.extremal_point(r, text.replace(" ", "")), False
    if declared:
        made = names.name(r, text)
        if made.kind.what == "function" and r.starts_factor() and not r.is_("open", "("):
            return algebra.call(made, [r.factor()]), False  # as sin x, without a bracket
        return made, True
    raise Refused("undeclared", f"what is the word {text}?")


def command(r: Reader, called: str) -> tuple[Expression, bool]:  # noqa: PLR0911
    """Read a command that was just taken."""
    if called in ACCENTS:
        inner = r.group()
        if len(inner) != 1 or inner[0].kind != "letter":
            raise notation(f"an accent over {show(inner)}")
        return names.name(r, f"{inner[0].text}_{ACCENTS[called]}"), True
    if called in ELEMENTARY:
        return elementary(r, called)
    if called in OF_MATRICES:
        return of_matrix(r, called)
    if called in FRACTIONS:
        return differentials.fraction(r), True
    if called in ("max", "min"):
        return series.extreme(r, called), False
    if called == "arg" and r.is_("command", "min", "max"):
        return limits.extremal_point(r, f"arg{r.take().text}"), False
    if called in _READERS:
        reader, may_raise = _READERS[called]
        return reader(r), may_raise
    if called == "infty":
        raise notation("∞ as a number")
    raise notation(f"\\{called}")


def elementary(r: Reader, called: str) -> tuple[Expression, bool]:
    """Read the argument of an elementary function: a bracket, or what stands beside it."""
    f, power = ELEMENTARY[called], None
    if r.skip("^"):
        power = r.whole(r.group())
        if power.literal is None or power.literal <= 0:
            raise two_readings(rf"\{called}^{{…}}: the inverse function, or a power?")
    if r.is_("open", "(", "["):
        argument = r.whole(r.bracket())
    elif r.is_("command", "sum", "prod", "lim"):
        argument = r.term()
    else:
        argument = r.factor()
        while r.next().kind in ("number", "letter", "group") or r.is_(
            "command", *FRACTIONS, "sqrt", "pi"
        ):
            argument = algebra.times(argument, r.factor())
        if r.is_("open", "(", "[") or r.is_("/"):
            raise two_readings(f"where does the argument of {called} end?")
    made = algebra.pointwise(called, f, argument)
    return (made if power is None else algebra.power(made, power)), False


def of_matrix(r: Reader, called: str) -> tuple[Expression, bool]:
    """Read the trace or the determinant of a matrix."""
    closed = r.is_("open", "(", "[")
    e = r.whole(r.bracket()) if closed else r.factor()
    if not closed and r.starts_factor():
        raise two_readings(f"{called} of how many factors? Use brackets")
    if e.kind.what != "matrix" or e.kind.shape[0] != e.kind.shape[1]:
        raise mistyped(f"{called} of {e.text}, a {e.kind}")
    return joined(NUMBER, f"{called}({e.text})", [e], OF_MATRICES[called]), False


def of_array(r: Reader, called: str) -> Expression:
    """Read the mean of entries, or diag."""
    e = r.whole(r.bracket()) if r.is_("open", "(") else r.factor()
    if called == "diag":
        return algebra.diagonal(e)
    if e.kind.what not in ("vector", "matrix"):
        raise mistyped(f"the mean of {e.text}, a {e.kind}")
    axes = (-1,) if e.kind.what == "vector" else (-2, -1)
    return joined(NUMBER, f"mean({e.text})", [e], lambda x: x.mean(axes))


def _pi(r: Reader) -> Expression:
    if "pi" in r.context.declared:
        return names.name(r, "pi")
    made = torch.tensor([torch.pi], dtype=torch.float64)
    return Expression(NUMBER, lambda env: made, frozenset(), "pi")


def _root(r: Reader) -> Expression:
    option = r.bracket() if r.is_("open", "[") else None
    root = need_number(r.whole(option), "the root") if option else literal(2)
    inside = need_number(r.whole(r.group()), "the root of")
    if root.literal == 2:
        return joined(NUMBER, f"sqrt({inside.text})", [inside], lambda x: number(x).sqrt())
    text = f"root({inside.text}, {root.text})"
    return joined(NUMBER, text, [inside, root], lambda x, n: number(x) ** (1 / number(n)))


def _binomial(r: Reader) -> Expression:
    n, k = (need_number(r.whole(r.group()), "a binomial of") for _ in range(2))

    def choose(a: Tensor, b: Tensor) -> Tensor:
        a, b = number(a) + 1, number(b) + 1
        return torch.exp(torch.lgamma(a) - torch.lgamma(b) - torch.lgamma(a - b + 1)).round()

    return joined(NUMBER, f"binomial({n.text}, {k.text})", [n, k], choose)


def _nabla(r: Reader) -> Expression:
    """Read ∇f, ∇(…), ∇_x … or ∇²f, of which the last is the Hessian only if that is declared."""
    c = r.context
    by = python_name(show(r.group()).strip("\\ ")) if r.skip("_") else None
    squared = r.skip("^") and bool(r.group())
    if squared:
        raise two_readings("∇²: the Hessian or the Laplacian? Declare the letter H, hessian(…)")
    if r.is_("open", "(", "["):
        body, reaches = r.whole(r.bracket()), False
    else:
        body, reaches = r.base()[0], True
        while r.skip("_"):
            body = names.indexed(r, body, r.group())
    if body.kind.what == "function" and by is None:
        return gradient(body)
    if body.kind.what == "function":
        body = algebra.call(body, [r.whole(p) for p in cut(r.bracket(), ",")])
    elif reaches and r.starts_factor():
        raise two_readings(f"how far does ∇ reach after {body.text}? Use brackets")
    by = by or _the_vector(r, body)
    if by not in c.declared:
        raise Refused("undeclared", f"∇ with respect to {by}: what is it?")
    kind = c.declared[by].kind
    if kind.what not in ("vector", "matrix"):
        raise mistyped(f"∇ with respect to {by}, a {kind}")
    return gradient_of(body, by, kind)


def _the_vector(r: Reader, body: Expression) -> str:
    declared = r.context.declared
    found = [
        n
        for n in sorted(body.free)
        if n in declared
        and declared[n].kind.what == "vector"
        and not declared[n].fixed
        and not declared[n].needs
    ]
    if len(found) != 1:
        which = " or ".join(found) or "what"
        raise two_readings(f"∇ with respect to {which}? Write ∇_x, or declare the others fixed")
    return found[0]


def _partial(r: Reader) -> Expression:
    """Read ∂_i f."""
    if not r.skip("_"):
        raise notation("∂ without an index")
    tokens = r.group()
    f = r.base()[0]
    if f.kind.what != "function" or len(f.kind.args) != 1 or f.kind.args[0].what != "vector":
        raise mistyped(f"∂ of {f.text}, a {f.kind}")
    at = names.read_index(r, tokens, f.kind.args[0].shape[0], 0, f.text)
    return partial_of(f, 0, [at], 0, f"∂_{at.text} {f.text}")


_READERS: dict[str, tuple[Callable[[Reader], Expression], bool]] = {
    "pi": (_pi, True),
    "sqrt": (_root, True),
    "binom": (_binomial, True),
    "nabla": (_nabla, True),
    "partial": (_partial, True),
    "sum": (series.total, False),
    "prod": (series.product, False),
    "lim": (limits.limit, False),
    "int": (limits.integral, False),
}

__all__ = ["command", "word"]
