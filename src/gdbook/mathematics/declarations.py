"""What the letters of a display are: declared by the author, drawn by the check."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from gdbook.mathematics.kinds import NUMBER, Kind, Size, function_of, matrix_of, vector_of
from gdbook.mathematics.refusal import Refused
from gdbook.mathematics.values import derivatives, functions
from gdbook.mathematics.values.author import over_draws
from gdbook.mathematics.values.environment import REAL, Environment
from gdbook.mathematics.values.minimum import stationary

Sizes = Mapping[str, int]
Raw = tuple[Tensor, ...]


@dataclass(frozen=True)
class Declared:
    """A declared letter.

    Attributes
    ----------
    kind : Kind
    draw : callable or None
        ``draw(sizes, count, rng)`` gives the random numbers of so many draws.
    build : callable or None
        ``build(numbers, sizes)`` turns them into values.
    by : callable or None
        Code that computes the letter from others instead, named by its parameters.
    rule : callable or None
        What computes the letter for all draws at once, from the letters in ``uses``.
    corners : tuple
        Values at which two sides often meet: numbers, or ``zero``, ``ones``, ``basis``, ``eye``.
    low, high : float
        Between which a number lies.
    first : int
        The index of the first entry.
    fixed : bool
        Whether a bare ∇ leaves it alone.
    whole : bool
        Whether it is a whole number.
    law : str
        Of a random variable: ``joint`` or ``independent``.
    alias_of : str
        The letter of which this one is another name.
    step, term : callable or None
        Of a sequence: the next term from one, or a term from its index.
    """

    kind: Kind
    draw: Callable[[Sizes, int, torch.Generator], Raw] | None = None
    build: Callable[[Raw, Sizes], Any] | None = None
    by: Callable[..., Any] | None = None
    rule: Callable[[Environment], Any] | None = None
    uses: tuple[str, ...] = ()
    corners: tuple[Any, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    first: int = 0
    fixed: bool = False
    whole: bool = False
    law: str = ""
    alias_of: str = ""
    member: Declared | None = None
    step: Callable[..., Any] | None = None
    term: Callable[..., Any] | None = None

    @property
    def needs(self) -> tuple[str, ...]:
        """The letters from which it is computed."""
        if self.by is not None:
            return tuple(inspect.signature(self.by).parameters)
        code = self.step or self.term
        return tuple(inspect.signature(code).parameters)[1:] if code else self.uses


def depends_on(declared: Mapping[str, Declared], name: str) -> frozenset[str]:
    """Return a name with all that its value is computed from, directly or not."""
    found: set[str] = set()
    open_ = [name]
    while open_:
        found.add(one := open_.pop())
        needs = declared[one].needs if one in declared else ()
        open_ += [n for n in needs if n not in found]
    return frozenset(found)


def size_of(size: Size, sizes: Sizes) -> int:
    """Return a size, by its name or as it is."""
    return sizes[size] if isinstance(size, str) else int(size or 0)


def _normal(kind: Kind) -> Callable[[Sizes, int, torch.Generator], Raw]:
    """Draw standard normal numbers, now and then small or large ones."""

    def draw(sizes: Sizes, count: int, rng: torch.Generator) -> Raw:
        shape = [size_of(s, sizes) for s in kind.shape]
        return (torch.randn(count, *shape, generator=rng, dtype=REAL),)

    return draw


def real(low: float = -2.0, high: float = 2.0, *, fixed: bool = False) -> Declared:
    """Declare a number between two others, which it does not reach.

    Parameters
    ----------
    low, high : float
        The ends of the range.
    fixed : bool
        Whether a bare ∇ leaves it alone.
    """
    if not low < high:
        raise ValueError(f"real({low}, {high}): the lower end must be below the upper one")

    def build(raw: Raw, _: Sizes) -> Tensor:
        return low + (high - low) * 0.5 * (1 + torch.erf(raw[0] / math.sqrt(2)))

    ends = [low + (high - low) * s for s in (1e-6, 1 - 1e-6)]
    corners = (*ends, *(c for c in (0.0, 1.0, -1.0) if low < c < high))
    return Declared(
        NUMBER, _normal(NUMBER), build, corners=corners, low=low, high=high, fixed=fixed
    )


def positive(high: float = 4.0) -> Declared:
    """Declare a positive number."""
    return real(0.05, high)


def integers(low: int, high: int) -> Declared:
    """Declare a whole number from low to high, both included."""
    if not low <= high:
        raise ValueError(f"integers({low}, {high}): the lower end must not exceed the upper one")

    def build(raw: Raw, _: Sizes) -> Tensor:
        share = 0.5 * (1 + torch.erf(raw[0] / math.sqrt(2)))
        return (low + torch.floor((high - low + 1) * share)).clamp(low, high)

    return Declared(
        NUMBER, _normal(NUMBER), build, corners=(low, high), low=low, high=high, whole=True
    )


def vector(
    n: Size,
    *,
    first: int = 0,
    fixed: bool = False,
    unit: bool = False,
    positive: bool = False,
    probabilities: bool = False,
    by: Callable[..., Any] | None = None,
) -> Declared:
    """Declare a column of numbers.

    Parameters
    ----------
    n : str or int
        How many: a name, for which sizes from 1 to 4 are tried, or a number.
    first : int
        The index of the first entry.
    fixed : bool
        Whether a bare ∇ leaves it alone.
    unit, positive, probabilities : bool
        Whether its length is 1, its entries are positive, and sum to 1.
    by : callable, optional
        Code that computes it from other letters, which its parameters name.
    """
    kind = vector_of(n)

    def build(raw: Raw, _: Sizes) -> Tensor:
        (x,) = raw
        if probabilities:
            return torch.softmax(x, -1)
        if positive:
            return x.exp()
        return x / torch.linalg.vector_norm(x, dim=-1, keepdim=True) if unit else x

    if by is not None:
        return Declared(kind, by=by, first=first, fixed=fixed)
    corners = ("basis",) if unit else () if positive or probabilities else ("zero", "ones", "basis")
    return Declared(kind, _normal(kind), build, corners=corners, first=first, fixed=fixed)


def matrix(
    m: Size,
    n: Size,
    *,
    symmetric: bool = False,
    positive: bool = False,
    orthogonal: bool = False,
    diagonal: bool = False,
    skew: bool = False,
    first: int = 0,
    by: Callable[..., Any] | None = None,
) -> Declared:
    """Declare a matrix with m rows and n columns.

    Parameters
    ----------
    m, n : str or int
        Its sizes. Different names are different sizes.
    symmetric, positive, orthogonal, diagonal, skew : bool
        What it is besides; ``positive`` means symmetric with positive eigenvalues.
    first : int
        The index of the first row and column.
    by : callable, optional
        Code that computes it from other letters, which its parameters name.
    """
    kind = matrix_of(m, n)
    special = symmetric or positive or orthogonal or diagonal or skew
    if special and m != n:
        raise ValueError(f"matrix({m!r}, {n!r}): only a square matrix can be that")

    def build(raw: Raw, _: Sizes) -> Tensor:
        (x,) = raw
        turned = x.transpose(-1, -2)
        if positive:
            return x @ turned + 0.2 * torch.eye(x.shape[-1], dtype=REAL)
        if orthogonal:
            q: Tensor = torch.linalg.qr(x)[0]
            return q
        if diagonal:
            return torch.diag_embed(x.diagonal(dim1=-2, dim2=-1))
        if skew:
            return x - turned
        return (x + turned) / 2 if symmetric else x

    if by is not None:
        return Declared(kind, by=by, first=first)
    corners: tuple[str, ...] = ("zero",) if special else ("zero", "ones")
    corners = ("eye",) if positive or orthogonal else corners
    return Declared(kind, _normal(kind), build, corners=corners, first=first)


def function(
    *args: Any,
    to: Any = None,
    code: Callable[..., Any] | None = None,
    by: Callable[..., Any] | None = None,
    convex: bool = False,
    **named: Any,
) -> Declared:
    """Declare a function; it is any smooth one unless code says which.

    Parameters
    ----------
    *args, **named
        Its arguments: sizes of vectors, or declarations; one number if there are none. Names
        are those by which ∂f/∂x means an argument.
    to : str, int or Declared, optional
        Its values: numbers unless told otherwise.
    code : callable, optional
        The function itself, in torch, of one point.
    by : callable, optional
        Code that makes it from other letters.
    convex : bool
        Whether it is strongly convex, with a Lipschitz gradient.
    """
    given = [*args, *named.values()] or [NUMBER]
    kinds = tuple(_kind_of(a) for a in given)
    kind = function_of(kinds, NUMBER if to is None else _kind_of(to), tuple(named))
    if code is not None:
        return Declared(kind, by=lambda: code)
    if by is not None:
        return Declared(kind, by=by)
    if convex and (len(kinds) != 1 or kind.result != NUMBER):
        raise ValueError("a convex function has one argument, and numbers as values")
    draw = functions.draw_convex if convex else functions.draw_smooth
    build = functions.convex if convex else functions.smooth
    return Declared(
        kind,
        lambda sizes, count, rng: draw(kind, sizes, count, rng),
        lambda raw, sizes: build(kind, sizes, raw),
    )


def _kind_of(given: Any) -> Kind:
    if isinstance(given, Declared):
        return given.kind
    return given if isinstance(given, Kind) else vector_of(given)


def family(n: Size, member: Declared, *, first: int = 0, by: Any = None) -> Declared:
    """Declare things of one kind with an index, such as vectors q_i; ``by`` computes all."""
    kind = Kind("family", (n,), result=member.kind)
    if by is not None:
        return Declared(kind, by=by, first=first, member=member)

    def draw(sizes: Sizes, count: int, rng: torch.Generator) -> Raw:
        assert member.draw is not None
        many = [member.draw(sizes, count, rng)[0] for _ in range(size_of(n, sizes))]
        return (torch.stack(many, 1),)

    def build(raw: Raw, sizes: Sizes) -> Tensor:
        assert member.build is not None
        many = [member.build((x,), sizes) for x in raw[0].unbind(1)]
        return torch.stack(many, 1)

    return Declared(kind, draw, build, first=first, member=member)


def sequence(
    member: Declared,
    step: Callable[..., Any] | None = None,
    *,
    term: Callable[..., Any] | None = None,
    first: int = 0,
    zero: bool = False,
) -> Declared:
    """Declare iterates x_0, x_1, …: by a step, by their terms, or by a definition of the page.

    Parameters
    ----------
    member : Declared
        What a term is; the first one is drawn so.
    step : callable, optional
        The next term from one, and from other letters, by name.
    term : callable, optional
        A term from its index, and from other letters.
    first : int
        The index of the first term.
    zero : bool
        Whether the first term is 0.
    """
    kind = Kind("family", (None,), result=member.kind)
    if term is not None:
        return Declared(kind, member=member, term=term, first=first)
    build = member.build
    if zero and build is not None:
        drawn = build
        build = lambda raw, sizes: torch.zeros_like(drawn(raw, sizes))  # noqa: E731
    return Declared(kind, member.draw, build, member=member, step=step, first=first)


def random(member: Declared, *, independent: bool = False) -> Declared:
    """Declare a random variable, of which E and Var are taken: any with finitely many values.

    What holds for every law holds for these, and expectations are exact.
    """
    law = "independent" if independent else "joint"
    return replace(member, law=law, corners=())


def _of_convex(what: Callable[[Any], Any], f: str, kind: Kind) -> Declared:
    return Declared(kind, rule=lambda env: what(env[f]), uses=(f,))


def minimum(f: str) -> Declared:
    """Declare the least value of a convex function."""
    return _of_convex(functions.minimum_of, f, NUMBER)


def minimiser(f: str, n: Size = None) -> Declared:
    """Declare where a convex function is least: a number, or a vector of that size."""
    if n is None:
        return _of_convex(lambda g: functions.centre_of(g)[..., 0], f, NUMBER)
    return _of_convex(functions.centre_of, f, vector_of(n))


def smoothness(f: str) -> Declared:
    """Declare L, the Lipschitz constant of a convex function's gradient."""
    return _of_convex(functions.smoothness_of, f, NUMBER)


def strong_convexity(f: str) -> Declared:
    """Declare μ, by which a convex function is strongly convex."""
    return _of_convex(functions.strong_convexity_of, f, NUMBER)


@dataclass(frozen=True)
class Alias:
    """Another letter for a declared one: a_{ij} for the entries of A."""

    name: str

    def resolve(self, declared: Mapping[str, Declared]) -> Declared:
        """Return what the letter is declared as."""
        if self.name not in declared:
            raise Refused("declaration", f"alias({self.name!r}), which is not declared")
        of, name = declared[self.name], self.name
        rule = lambda env: env[name]  # noqa: E731
        return Declared(of.kind, rule=rule, uses=(name,), first=of.first, alias_of=name)


def alias(name: str) -> Alias:
    """Declare another letter for the same thing: x_{ij} are the entries of X."""
    return Alias(name)


@dataclass(frozen=True)
class DerivativeOf:
    """A matrix of derivatives of a declared function: J or H, at any point or at a letter."""

    f: str
    at: str
    order: int

    def resolve(self, declared: Mapping[str, Declared]) -> Declared:
        """Return what the letter is declared as."""
        if self.f not in declared or declared[self.f].kind.what != "function":
            raise Refused("declaration", f"the derivatives of {self.f}, which is no function")
        k = declared[self.f].kind
        if len(k.args) != 1 or k.args[0].what != "vector":
            raise Refused("declaration", f"the matrix of derivatives of {self.f}, a {k}")
        n = k.args[0].shape[0]
        rows = n if self.order == 2 else k.of.shape[0]
        kind = matrix_of(rows, n)
        take = derivatives.hessian if self.order == 2 else derivatives.jacobian

        def rule(env: Environment) -> Any:
            f, count = env[self.f], env.draws.rows
            if self.at:
                return take(f, env[self.at], count)
            return lambda x: take(f, x, count)

        if self.at:
            return Declared(kind, rule=rule, uses=(self.f, self.at))
        return Declared(function_of(k.args, kind), rule=rule, uses=(self.f,))


def hessian(f: str, at: str = "") -> DerivativeOf:
    """Declare the Hessian of a function: H(x), or H at a declared point."""
    return DerivativeOf(f, at, 2)


def jacobian(f: str, at: str = "") -> DerivativeOf:
    """Declare the Jacobian of a function: J(x), or J at a declared point."""
    return DerivativeOf(f, at, 1)


def as_declared(name: str, value: Any) -> Declared:
    """Return a declaration; plain numbers and code are declarations too."""
    if isinstance(value, Declared):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value == 0:
            raise Refused("declaration", f"{name} = 0 would hide its sign: choose another sample")
        made = torch.tensor([float(value)], dtype=REAL)
        return Declared(NUMBER, rule=lambda env: made, whole=isinstance(value, int))
    if callable(value):
        return Declared(NUMBER, by=value)
    raise Refused("declaration", f"{name} = {value!r} declares nothing")


def least(code: Callable[..., Any], *, positive: bool = False) -> Declared:
    """Declare the number at which code is least, as a function of its first parameter.

    Parameters
    ----------
    code : callable
        ``lambda h, M, u: M * h / 2 + u / h``, of one draw; what it takes besides is declared.
        It has one stationary point.
    positive : bool
        Whether only positive numbers are meant.
    """
    uses = tuple(inspect.signature(code).parameters)[1:]

    def rule(env: Environment) -> Tensor:
        rows, given = env.draws.rows, [env[name] for name in uses]

        def objective(t: Tensor) -> Tensor:
            made: Tensor = over_draws(code, [t.exp() if positive else t, *given], rows)
            return made

        found = stationary(objective, torch.zeros(rows, dtype=REAL), rows)
        return found.exp() if positive else found

    return Declared(NUMBER, rule=rule, uses=uses)


def identity(n: Size) -> Declared:
    """Declare the identity matrix."""
    return Declared(
        matrix_of(n, n),
        rule=lambda env: torch.eye(env.draws.size(n or 0), dtype=REAL).unsqueeze(0),
    )


def basis(n: Size, *, first: int = 0) -> Declared:
    """Declare the unit vectors e_i."""
    kind = Kind("family", (n,), result=vector_of(n))
    return replace(identity(n), kind=kind, member=vector(n, first=first), first=first)


def ones(n: Size) -> Declared:
    """Declare the vector of ones."""
    return Declared(
        vector_of(n), rule=lambda env: torch.ones(1, env.draws.size(n or 0), dtype=REAL)
    )
