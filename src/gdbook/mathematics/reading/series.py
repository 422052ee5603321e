"""Indexed sums and products, and the largest or smallest of what has an index."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from gdbook.latex import Token
from gdbook.mathematics.kinds import NUMBER
from gdbook.mathematics.reading.conditions import comparison
from gdbook.mathematics.reading.context import Ends, Index
from gdbook.mathematics.reading.cursor import cut, show
from gdbook.mathematics.reading.names import picked
from gdbook.mathematics.refusal import Refused, mistyped, notation, two_readings
from gdbook.mathematics.tree import Expression, aligned, need_number
from gdbook.mathematics.values.environment import Environment, number

if TYPE_CHECKING:
    from gdbook.mathematics.reading.reader import Reader

_MOST = 3000
_FEWEST = 30
"""Terms of a sum without end, at most, and at least."""


def total(r: Reader) -> Expression:
    """Read a sum."""
    return _series(r, "Σ")


def product(r: Reader) -> Expression:
    """Read a product."""
    return _series(r, "∏")


def _series(r: Reader, sign: str) -> Expression:
    if not r.skip("_"):
        raise two_readings(f"a {sign} without its index: over what?")
    below = r.group()
    above = r.group() if r.skip("^") else None
    made, conditions = _ranges(r, below)
    c = r.context
    c.bound.update({i.name: i for i in made})
    for i in made:
        _written_ends(r, i, below, above)
    # Two indices that count alike may be compared, wherever they count from.
    numbers = {n: i.as_number for n, i in c.bound.items()}
    tests = [comparison(_compared(r), part) for part in conditions]
    for n, i in c.bound.items():
        i.as_number = numbers[n]
    body = r.term()
    if sign == "∏":
        for f in r.factors:
            if not all(i.name in f.free for i in made):
                raise two_readings(f"does ∏ reach {f.text}, which has no index in it?")
    for i in made:
        if i.among is not None:
            _check_set(i, sign)
        if i.as_number and not i.written and not _counted_from_one(r, body):
            raise two_readings(f"{i.name} as a number: counted from 0 or from 1?")
    _close(r, made)
    return _over(sign, body, made, tests)


def _check_set(i: Index, sign: str) -> None:
    assert i.among is not None
    (size,) = i.among.kind.shape
    if sign != "Σ":
        raise notation(f"{sign} over {i.name} in a set")
    if i.size is None or i.size != size:
        raise mistyped(f"{i.name} in {i.among.text}, a choice of {size}, counts {i.size} things")


def dotted(r: Reader, first: list[Token], last: list[Token]) -> Expression:
    """Return a_1 + ⋯ + a_k, of which the first and the last term stand there."""
    differ = [(a, b) for a, b in zip(first, last, strict=False) if a != b]
    if len(first) != len(last) or len(set(differ)) != 1:
        raise two_readings(f"{show(first)} + ⋯ + {show(last)}: what runs, from where to where?")
    start, end = differ[0]
    if start.kind != "number" or end.kind not in ("letter", "number"):
        raise two_readings(f"{show(first)} + ⋯ + {show(last)}: does {show([start])} run?")
    i = Index("⋯", written=True)
    i.ends = _ends(r.whole([start]), r.whole([end]))
    running = [Token("letter", i.name) if a != b else a for a, b in zip(first, last, strict=True)]
    r.context.bound[i.name] = i
    body = r.whole(running)
    _close(r, [i])
    return _over("Σ", body, [i], [])


def _over(sign: str, body: Expression, made: list[Index], tests: list[Expression]) -> Expression:
    """Return the sum or the product of a body over indices, where the tests are met."""
    names = {i.name for i in made}
    sets = [i.among.free for i in made if i.among is not None]
    free = body.free.union(*(t.free for t in tests), *sets) - names
    add = sign == "Σ"

    def value(env: Environment) -> Tensor:
        result: Tensor | None = None
        for count, (at, here) in enumerate(_each(env, made, tests)):
            often = _often(made, at)
            if not bool(often.any()):
                continue
            often, term = aligned(often, number(body.value(at)))
            term = often * term
            neutral = torch.zeros_like(term) if add else torch.ones_like(term)
            term = torch.where(aligned(here, term)[0], term, neutral)
            last = float((term - neutral).detach().abs().max()) < 1e-18
            if result is not None:
                term = result + term if add else result * term
            result = term
            if made[0].endless and last and count > _FEWEST:
                break
        if result is None:
            shape = [env.draws.size(s) for s in body.kind.shape if s is not None]
            return (torch.zeros if add else torch.ones)(1, *shape, dtype=torch.float64)
        return result

    text = f"{sign}_{','.join(i.name for i in made)}[{body.text}]"
    return Expression(body.kind, value, free, text, None, body.terms)


def _compared(r: Reader) -> Callable[[list[Token]], Expression]:
    """Return what reads one side of a condition on indices: also one that is free, of all i."""

    def read(tokens: list[Token]) -> Expression:
        name = tokens[0].text if len(tokens) == 1 and tokens[0].kind == "letter" else ""
        if name in r.context.free:
            return Expression(NUMBER, lambda env: number(env[name]), frozenset({name}), name)
        return r.whole(tokens)

    return read


def _often(made: list[Index], at: Environment) -> Tensor:
    """Return how often the sets have the indices that run in them."""
    often = torch.ones(1, dtype=torch.float64)
    for i in made:
        if i.among is not None:
            place = (number(at[i.name]) - i.first).round().long()
            often = often * picked(number(i.among.value(at)), [place])
    return often


def _each(
    env: Environment, made: list[Index], tests: list[Expression]
) -> Iterator[tuple[Environment, Tensor]]:
    """Yield an environment for each value of the indices, and for which draws it counts."""

    def walk(
        at: Environment, rest: list[Index], here: Tensor
    ) -> Iterator[tuple[Environment, Tensor]]:
        if not rest:
            for test in tests:
                here = here & test.value(at)
            if bool(here.any()):
                yield at, here
            return
        low, high = rest[0].range(at)
        if rest[0].endless:
            high = low + _MOST
        for k in range(int(low.min()), int(high.max()) + 1):
            k_here = here & (low <= k) & (high >= k)
            # Where a draw's sum has ended, its index stays at the end.
            one = torch.tensor([float(k)], dtype=torch.float64)
            if low.shape[0] > 1 or high.shape[0] > 1:
                one = torch.minimum(torch.maximum(one, low), torch.maximum(low, high))
            yield from walk(at.at(**{rest[0].name: one}), rest[1:], k_here)

    yield from walk(env, made, torch.ones(1, dtype=torch.bool))


def _close(r: Reader, made: list[Index]) -> None:
    for i in made:
        del r.context.bound[i.name]
        r.context.ever_bound.add(i.name)


def _counted_from_one(r: Reader, body: Expression) -> bool:
    declared = r.context.declared
    return any(declared[n].first == 1 for n in body.free if n in declared)


def _ranges(r: Reader, below: list[Token]) -> tuple[list[Index], list[list[Token]]]:
    """Read what stands under a sum: i, or i, j, or i = 1, or j ≤ k, or i ≠ j."""
    if any(t.kind == "text" for t in below):
        raise notation(f"a sum over {show(below)}, in words")
    made: list[Index] = []
    conditions: list[list[Token]] = []
    for part in cut(below, ","):
        relations = [t.text for t in part if t.kind == "relation"]
        letters = [t.text for t in part if t.kind == "letter" and _is_new(r, t.text)]
        if not letters:
            raise two_readings(f"a sum over {show(part)}: nothing new is bound")
        written = relations == ["="]
        if written and part[0].kind + part[1].kind != "letterrelation":
            raise two_readings(f"a sum over {show(part)}: which letter runs, from where?")
        if relations == ["∈"] and len(letters) == 1 and len(cut(part, "relation")[0]) == 1:
            made.append(Index(letters[0], among=_set(r, cut(part, "relation")[1])))
            continue
        if "∈" in relations:
            raise notation(f"a sum over {show(part)}")
        if len(relations) == 1 and not written and len(letters) > 1:
            raise two_readings(f"a sum over {show(part)}: over one letter or both?")
        names = letters[:1] if written else letters
        if any(i.name in names for i in made) or (not relations and len(part) > 1):
            raise two_readings(f"a sum over {show(part)}: over what?")
        made += [Index(n, written=written) for n in names]
        if relations and not written:
            conditions.append(part)
    return made, conditions


def _set(r: Reader, tokens: list[Token]) -> Expression:
    made = r.whole(tokens)
    if made.kind.what != "set":
        raise notation(f"a sum over {made.text}, a {made.kind}: declare it, sample(…)")
    return made


def _is_new(r: Reader, name: str) -> bool:
    c = r.context
    known = (c.declared, c.sizes, c.bound, c.free)
    return not any(name in names for names in known)


def _written_ends(r: Reader, i: Index, below: list[Token], above: list[Token] | None) -> None:
    if not i.written:
        if above is not None:
            raise two_readings("a sum with an upper end and no lower one: from where?")
        return
    start = need_number(r.whole(cut(below, "relation")[1]), "a sum from")
    if above is None:
        raise two_readings(f"a sum from {start.text} to where?")
    i.endless = [t.text for t in above] == ["infty"]
    end = start if i.endless else need_number(r.whole(above), "a sum to")
    if i.name in start.free | end.free:
        raise two_readings(f"a sum over {i.name} whose ends have {i.name} in them")
    i.ends = _ends(start, end)


def _ends(start: Expression, end: Expression) -> Ends:
    def ends(env: Environment) -> tuple[Tensor, Tensor]:
        low, high = (number(e.value(env)).detach() for e in (start, end))
        if bool((low != low.round()).any()) or bool(((high - high.round()).abs() > 1e-6).any()):
            raise Refused("declaration", f"a sum up to {end.text}, which is no whole number")
        return low, high.round()

    return ends


def extreme(r: Reader, called: str) -> Expression:
    """Read max or min: of numbers in a bracket, or of what has an index."""
    pick: Callable[[Tensor, Tensor], Tensor]
    pick = torch.maximum if called == "max" else torch.minimum
    if r.is_("open", "(", "{"):
        parts = [need_number(r.whole(p), f"the {called} of") for p in cut(r.bracket(), ",")]
        if len(parts) < 2:
            raise notation(f"the {called} of one thing")

        def of_all(env: Environment) -> Tensor:
            made = number(parts[0].value(env))
            for p in parts[1:]:
                made = pick(made, number(p.value(env)))
            return made

        free = frozenset[str]().union(*(p.free for p in parts))
        terms = tuple(t for p in parts for t in p.terms)
        text = f"{called}({', '.join(p.text for p in parts)})"
        return Expression(NUMBER, of_all, free, text, None, terms)
    if not r.skip("_"):
        raise two_readings(f"{called} of what?")
    below = r.group()
    made, conditions = _ranges(r, below)
    if conditions or any(i.written or i.among for i in made):
        raise notation(f"{called} over {show(below)}")
    r.context.bound.update({i.name: i for i in made})
    body = need_number(r.factor(), f"the {called} of")
    if r.starts_factor():
        raise two_readings(f"how far does {called} reach? Use brackets")
    _close(r, made)

    def over(env: Environment) -> Tensor:
        values = [number(body.value(at)) for at, _ in _each(env, made, [])]
        return list(itertools.accumulate(values, pick))[-1]

    free = body.free - {i.name for i in made}
    return Expression(NUMBER, over, free, f"{called}_{made[0].name}[{body.text}]", None, body.terms)
