"""Views, indexing and copies: operations that only say which element stands where.

One rule serves them all. The operation is applied to the positions 0, 1, 2, … of its
operand's elements, and the positions that come out are read as a formula of the indices:
affine if they can be, quotients and remainders after a reshape, else a table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdbook.graph.algebra import deltas
from gdbook.graph.indices import (
    Index,
    Lookup,
    Positions,
    Term,
    affine,
    fresh,
    quotient,
    values_of,
)
from gdbook.graph.rules.operation import Local, Operand, Operation
from gdbook.graph.terms import Expression

Whole = NDArray[np.int64]

#: Names of operations that this rule serves, and how a few of them are written.
REINDEXING = {
    "T": r"#0^\top",
    "mT": r"#0^\top",
    "t": r"#0^\top",
    **dict.fromkeys(("view", "reshape", "view_as", "reshape_as"), r"\operatorname{reshape} #0"),
    **{
        name: rf"\operatorname{{{name.replace('_', ' ')}}} #0"
        for name in (
            *("flatten", "unflatten", "ravel", "squeeze", "unsqueeze", "transpose", "permute"),
            *("movedim", "moveaxis", "swapaxes", "swapdims", "expand", "expand_as", "broadcast_to"),
            *("select", "narrow", "diagonal", "flip", "fliplr", "flipud", "roll", "rot90"),
            *("gather", "index_select", "take", "masked_select", "tile", "repeat"),
            *("repeat_interleave", "take_along_dim", "adjoint", "unbind", "split", "chunk"),
            *("tensor_split", "unfold", "hsplit", "vsplit"),
        )
    },
    "getitem": "#0[…]",
}


def reindexed(short: str, x: Operand, flat: Whole) -> Operation:
    """Return the operation whose result holds, at each place, the element of x given by `flat`.

    Parameters
    ----------
    short : str
        As `Operation.short`.
    x : Operand
    flat : numpy.ndarray of int64, of the result's shape
        Positions in x, its elements counted row by row.
    """
    indices = fresh(flat.shape)
    terms = _terms(flat, x.shape, indices)
    local: dict[int, Local] = {}
    if flat.size == math.prod(x.shape) and not all(isinstance(t, int | Index) for t in terms):
        back = np.full(flat.size, -1)
        back[flat.reshape(-1)] = np.arange(flat.size)
        if (back >= 0).all():
            local[0] = _inverse(back.reshape(x.shape), flat.shape)
    return Operation(short, "the same elements", (x,), flat.shape, indices, x.at(terms), local)


def _inverse(back: Whole, shape: Sequence[int]) -> Local:
    """Return the δ of a bijection, solved for the result's indices so that sums collapse."""

    def local(i: Sequence[Term], j: Sequence[Term]) -> Expression:
        return deltas(i, _terms(back, shape, j))

    return local


def _terms(flat: Whole, shape: Sequence[int], indices: Sequence[Term]) -> tuple[Term, ...]:
    """Return the indices, one an axis of `shape`, that positions amount to."""
    if not shape:
        return ()
    found = []
    for axis, positions in enumerate(np.unravel_index(flat, tuple(shape))):
        stride = math.prod(shape[axis + 1 :])
        found.append(_term(np.asarray(positions), flat, stride, shape[axis], indices))
    return tuple(found)


def _term(positions: Whole, flat: Whole, stride: int, extent: int, indices: Sequence[Term]) -> Term:
    if positions.size == 0 or extent == 1:
        return 0
    for guess in (_affine(positions, indices), _reshape(flat, stride, extent, indices)):
        if _agrees(guess, positions, indices):
            return guess
    return _table(positions, indices)


def _affine(array: Whole, indices: Sequence[Term]) -> Term:
    origin = (0,) * array.ndim
    offset = int(array[origin])
    parts: list[tuple[int, Term]] = []
    for axis, index in enumerate(indices):
        if isinstance(index, Index):
            step = (*origin[:axis], 1, *origin[axis + 1 :])
            parts.append((int(array[step]) - offset, index))
    return affine(offset, parts)


def _reshape(flat: Whole, stride: int, extent: int, indices: Sequence[Term]) -> Term:
    """Guess ``⌊flat / stride⌋ mod extent``, without the parts that change nothing."""
    block = stride * extent
    guess = _affine(flat, indices)
    parts = [(c, a) for c, a in _parts(guess) if c % block]
    reach = sum(c * (a.extent - 1) for c, a in parts if isinstance(a, Index))
    common = math.gcd(stride, *(c for c, _ in parts)) if parts else 1
    inner = affine(0, [(c // common, a) for c, a in parts])
    return quotient(inner, stride // common, None if reach < block else extent)


def _parts(term: Term) -> list[tuple[int, Term]]:
    if isinstance(term, int):
        return []
    return [(1, term)] if isinstance(term, Index) else list(getattr(term, "parts", []))


def _agrees(guess: Term, positions: Whole, indices: Sequence[Term]) -> bool:
    axes = {}
    for axis, index in enumerate(indices):
        if isinstance(index, Index):
            along = [1] * positions.ndim
            along[axis] = index.extent
            axes[index] = np.arange(index.extent).reshape(along)
    return bool(np.all(values_of(guess, axes) == positions))


def _table(positions: Whole, indices: Sequence[Term]) -> Term:
    """Return a table over those indices on which the positions depend."""
    kept: list[Term] = []
    for axis in reversed(range(positions.ndim)):
        first = positions.take([0], axis=axis)
        if np.all(positions == first):
            positions = first.squeeze(axis)
        else:
            kept.insert(0, indices[axis])
    return Lookup(Positions(positions), tuple(kept))


def index_text(index: Any) -> str:
    """Return what stands in the brackets of ``x[index]``, as LaTeX."""
    items = index if isinstance(index, tuple) else (index,)
    return r",\,".join(map(_item_text, items))


def _item_text(item: Any) -> str:
    if isinstance(item, slice):
        bounds = ["" if b is None else str(b) for b in (item.start, item.stop)]
        step = [] if item.step is None else [str(item.step)]
        return "{:}".join([*bounds, *step])
    if item is Ellipsis:
        return r"\dots"
    if item is None:
        return r"\mathrm{new}"
    if isinstance(item, int):
        return str(item)
    return r"\pi"
