"""Indices of a tensor's elements, as they are written below a letter: i, 4i + j, n − 1, p(i)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Affine",
    "Index",
    "Lookup",
    "Quotient",
    "Term",
    "affine",
    "fresh",
    "indices_of",
    "put",
]


@dataclass(frozen=True, eq=False)
class Index:
    """An index variable, which runs from 0 to extent − 1; its letter is chosen when it is written.

    Two indices are the same only if they are the same object.
    """

    extent: int


@dataclass(frozen=True)
class Affine:
    """``offset + Σ coefficient · term``, of at least one term, and no bare term."""

    offset: int
    parts: tuple[tuple[int, Atom], ...]


@dataclass(frozen=True)
class Quotient:
    """``⌊term / divisor⌋``, modulo `modulus` if there is one: where reshaping leads."""

    term: Term
    divisor: int
    modulus: int | None = None


@dataclass(frozen=True, eq=False)
class Positions:
    """A table of positions, as given by ``x[[0, 2, 2]]`` or found by a maximum."""

    array: NDArray[np.int64]


@dataclass(frozen=True)
class Lookup:
    """The entry of a table of positions at some indices."""

    positions: Positions
    indices: tuple[Term, ...]


Atom: TypeAlias = Index | Quotient | Lookup
Term: TypeAlias = int | Index | Affine | Quotient | Lookup


def fresh(shape: Sequence[int]) -> tuple[Term, ...]:
    """Return a new index for each axis; an axis of length one has only the index 0."""
    return tuple(0 if extent == 1 else Index(int(extent)) for extent in shape)


def affine(offset: int, parts: Sequence[tuple[int, Term]]) -> Term:
    """Return ``offset + Σ coefficient · term`` in its simplest form."""
    collected: dict[Atom, int] = {}
    for coefficient, term in parts:
        if isinstance(term, int):
            offset += coefficient * term
            continue
        inner = term if isinstance(term, Affine) else Affine(0, ((1, term),))
        offset += coefficient * inner.offset
        for factor, atom in inner.parts:
            collected[atom] = collected.get(atom, 0) + coefficient * factor
    kept = tuple((factor, atom) for atom, factor in collected.items() if factor)
    if not kept:
        return offset
    if offset == 0 and len(kept) == 1 and kept[0][0] == 1:
        return kept[0][1]
    return Affine(offset, kept)


def quotient(term: Term, divisor: int, modulus: int | None = None) -> Term:
    """Return ``⌊term / divisor⌋ mod modulus``, computed if the term is a number."""
    if isinstance(term, int):
        found = term // divisor
        return found if modulus is None else found % modulus
    if divisor == 1 and modulus is None:
        return term
    return Quotient(term, divisor, modulus)


def put(term: Term, values: Mapping[Index, Term]) -> Term:
    """Return the term with indices replaced."""
    match term:
        case int():
            return term
        case Index():
            return values.get(term, term)
        case Affine(offset, parts):
            return affine(offset, [(factor, put(atom, values)) for factor, atom in parts])
        case Quotient(inner, divisor, modulus):
            return quotient(put(inner, values), divisor, modulus)
        case Lookup(positions, indices):
            at = tuple(put(index, values) for index in indices)
            if all(isinstance(index, int) for index in at):
                return int(positions.array[at])  # type: ignore[index]
            return Lookup(positions, at)


def indices_of(term: Term) -> Iterator[Index]:
    """Yield the index variables of a term, in the order in which they are written."""
    match term:
        case Index():
            yield term
        case Affine(_, parts):
            for _, atom in parts:
                yield from indices_of(atom)
        case Quotient(inner, _, _):
            yield from indices_of(inner)
        case Lookup(_, indices):
            for index in indices:
                yield from indices_of(index)


def reach(term: Term) -> tuple[int, int]:
    """Return the least and the largest value that a term could take."""
    match term:
        case int():
            return term, term
        case Index(extent):
            return 0, extent - 1
        case Affine(offset, parts):
            ends = [sorted(factor * end for end in reach(atom)) for factor, atom in parts]
            return offset + sum(low for low, _ in ends), offset + sum(high for _, high in ends)
        case Quotient(inner, divisor, modulus):
            low, high = (end // divisor for end in reach(inner))
            return (low, high) if modulus is None else (0, modulus - 1)
        case Lookup(positions, _):
            return int(positions.array.min()), int(positions.array.max())


def values_of(term: Term, axes: Mapping[Index, NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return a term's values, given the values of its indices, which broadcast together."""
    match term:
        case int():
            return np.asarray(term)
        case Index():
            return axes[term]
        case Affine(offset, parts):
            total = np.asarray(offset)
            for factor, atom in parts:
                total = total + factor * values_of(atom, axes)
            return total
        case Quotient(inner, divisor, modulus):
            found = values_of(inner, axes) // divisor
            return found if modulus is None else found % modulus
        case Lookup(positions, indices):
            at = tuple(values_of(index, axes) for index in indices)
            return np.asarray(positions.array[at])
