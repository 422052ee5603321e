"""Checkers of chapter 9, stochastic gradient descent: one epoch, and a batch in pieces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from gdbook.exercises.verdict import (
    Verdict,
    Wrong,
    checker,
    function,
    kind,
    recognise,
    run,
)

F64 = torch.float64


# --- one epoch ----------------------------------------------------------------------------


def _epoch(answer: Callable[..., Any], *arguments: Any) -> list[list[int]]:
    """Return the batches of the reader's epoch as lists of row numbers."""
    made = run(answer, *arguments)
    try:
        batches = [[int(row) for row in (b.tolist() if isinstance(b, Tensor) else b)] for b in made]
    except Exception:
        raise Wrong(f"the function should return a list of batches, got {kind(made)}.") from None
    if batches and not any(batches):
        raise Wrong("the batches are empty.")
    return batches


@checker("prob-epoch-batches")
def epoch_batches(answer: Any) -> Verdict:
    """Judge epoch_batches(N, B, generator, drop_last)."""
    make = function(answer)
    random = torch.Generator().manual_seed(7)
    before = torch.get_rng_state()
    for N, B in ((10, 4), (12, 4), (7, 7), (5, 1), (3, 8)):
        for drop in (False, True):
            batches = _epoch(make, N, B, random, drop)
            said = f"for N = {N}, B = {B} and drop_last={drop} "
            sizes = [B] * (N // B) + ([] if drop or N % B == 0 else [N % B])
            rows = [row for batch in batches for row in batch]
            if len(set(rows)) < len(rows):
                raise Wrong(said + "a row comes twice: draw without replacement.")
            if not set(rows) <= set(range(N)):
                raise Wrong(said + f"the rows should be numbered from 0 to {N - 1}.")
            got = [len(batch) for batch in batches]
            if got != sizes:
                hint = ""
                if drop and got == [*sizes, N % B]:
                    hint = " drop_last leaves the smaller one out."
                elif not drop and got == sizes[:-1]:
                    hint = " The last, smaller batch is missing."
                raise Wrong(said + f"the batches have {got} rows instead of {sizes}.{hint}")
    if not torch.equal(before, torch.get_rng_state()):
        raise Wrong("this draws from torch's global random numbers; draw from `generator`.")
    _shuffled(make)
    return Verdict(True, "each row once an epoch, in a new order each time, from the generator.")


def _shuffled(make: Callable[..., Any]) -> None:
    """Say what is wrong with the order of the rows, over many epochs."""
    random = torch.Generator().manual_seed(1)
    epochs = [_epoch(make, 6, 2, random, False) for _ in range(300)]
    orders = {str(epoch) for epoch in epochs}
    if len(orders) == 1:
        rows = [row for batch in epochs[0] for row in batch]
        raise Wrong(
            "the rows come in their own order: shuffle them."
            if rows == sorted(rows)
            else "each call gives the same order. Is a seed set inside of the function?"
        )
    again = torch.Generator().manual_seed(1)
    if [_epoch(make, 6, 2, again, False) for _ in range(3)] != epochs[:3]:
        raise Wrong(
            "a generator with the same seed gives other batches: draw all random numbers from it."
        )
    if len({str(sorted(sorted(batch) for batch in epoch)) for epoch in epochs}) == 1:
        raise Wrong(
            "the same rows share a batch in every epoch: shuffle the rows, not the batches."
        )
    leading = torch.tensor([epoch[0][0] for epoch in epochs])
    if not bool((leading.bincount(minlength=6) > 20).all()):  # 50 expected, 6.5 standard deviation
        raise Wrong("some rows hardly ever come first: each order should be equally likely.")
    _evenly([[row for batch in epoch for row in batch] for epoch in epochs])
    more = (_epoch(make, 6, 2, random, False) for _ in range(2700))
    _evenly([[row for batch in epoch for row in batch] for epoch in [*epochs, *more]])


def _evenly(orders: list[list[int]]) -> None:
    """Say whether some neighbours, or some places of a row, come too often among many orders.

    The sums of squares are distributed like χ² with 29 and 25 degrees of freedom at most. A right
    shuffle exceeds 110 about once in 10¹⁰ times; a rotation, or a swap of each row with any other,
    exceeds it in 3000 orders.
    """
    rows = torch.tensor(orders)
    count, length = rows.shape
    expected = count / length
    follows = rows[:, :-1] * length + rows[:, 1:]
    pairs = follows.flatten().bincount(minlength=length**2).to(F64).reshape(length, length)
    others = pairs[~torch.eye(length, dtype=torch.bool)]
    if float(((others - expected) ** 2).sum()) > 110 * expected:
        raise Wrong(
            "some rows follow each other far more often than others: each order should be "
            "equally likely."
        )
    places = torch.arange(length) * length + rows
    found = places.flatten().bincount(minlength=length**2).to(F64)
    if float(((found - expected) ** 2).sum()) > 110 * expected:
        raise Wrong(
            "some rows come to some places more often than others: each order should be equally "
            "likely. Does each swap choose only among the rows that are still to be placed?"
        )


# --- a batch in pieces ---------------------------------------------------------------------------


def same(a: Tensor, b: Tensor, tol: float) -> bool:
    """Say whether two tensors agree, to a tolerance that their largest entry sets."""
    return bool((a - b).abs().max() <= tol * max(1.0, float(b.abs().max())))


def _data(seed: int, sizes: list[int], dtype: torch.dtype) -> list[tuple[Tensor, Tensor]]:
    random = torch.Generator().manual_seed(seed)
    x = torch.randn(sum(sizes), 3, generator=random, dtype=F64).to(dtype)
    y = torch.randn(sum(sizes), generator=random, dtype=F64).to(dtype)
    return list(zip(torch.split(x, sizes), torch.split(y, sizes), strict=True))


def _pieces(w: Tensor) -> Callable[[Tensor, Tensor], Tensor]:
    return lambda x, y: ((x @ w - y) ** 2).mean()


class _Watched:
    """The mean loss of a piece, which notes its calls and which of them went backward in time.

    Attributes
    ----------
    lengths : list of int
        The rows of each call.
    late : bool
        Whether a call came before the backward pass of the one before it.
    """

    def __init__(self, w: Tensor) -> None:
        self.lengths: list[int] = []
        self.late = False
        self._loss = _pieces(w)
        self._backward = 0

    def __call__(self, x: Tensor, y: Tensor) -> Tensor:
        """Return the mean loss, and note the call and later its backward pass."""
        self.late |= self._backward < len(self.lengths)
        self.lengths.append(len(x))
        loss = self._loss(x, y)
        if loss.requires_grad:
            loss.register_hook(self._done)  # type: ignore[no-untyped-call]
        return loss

    def _done(self, _: Tensor) -> None:
        self._backward += 1

    def judge(self, lengths: list[int]) -> None:
        """Say it if more than the graph of one piece was in memory."""
        if sorted(self.lengths) != sorted(lengths):
            raise Wrong(
                "the step is right, but loss_of should be called once for each piece, with that "
                f"piece's rows: for pieces of {lengths} rows it was called with {self.lengths}."
            )
        if self.late:
            raise Wrong(
                "the step is right, but the graphs of several pieces are in memory together: call "
                "backward() on a piece's loss before you ask for the next one."
            )


def _by_mistake(steps: list[list[tuple[Tensor, Tensor]]], how: str, dtype: torch.dtype) -> Tensor:
    """Return where a well-known mistake, or none, leads."""
    w = torch.tensor([1.0, -1.0, 0.5], dtype=dtype, requires_grad=True)
    optimizer = torch.optim.SGD([w], lr=0.05, momentum=0.9)
    loss_of = _pieces(w)
    for pieces in steps:
        if how != "never zeroed":
            optimizer.zero_grad()
        rows = sum(len(x) for x, _ in pieces)
        for x, y in pieces:
            if how == "last piece":
                optimizer.zero_grad()
            share = {"equal": 1 / len(pieces), "sum": 1.0, "rows": float(len(x))}
            torch.autograd.backward(loss_of(x, y) * share.get(how, len(x) / rows))
            if how == "a step each":
                optimizer.step()
                optimizer.zero_grad()
        if how != "a step each":
            optimizer.step()
    return w.detach().to(F64)


@checker("prob-accumulate")
def accumulate(answer: Any) -> Verdict:
    """Judge accumulated_step(optimizer, loss_of, pieces), against torch on all rows at once."""
    step = function(answer)
    for dtype, tol in ((F64, 1e-12), (torch.float32, 1e-5)):
        steps = [_data(seed, [5, 3, 1 + seed], dtype) for seed in range(5)]
        w = torch.tensor([1.0, -1.0, 0.5], dtype=dtype, requires_grad=True)
        whole = w.detach().clone().requires_grad_()
        ours = torch.optim.SGD([w], lr=0.05, momentum=0.9)
        theirs = torch.optim.SGD([whole], lr=0.05, momentum=0.9)
        watched: list[_Watched] = []
        for pieces in steps:
            watched.append(_Watched(w))
            run(step, ours, watched[-1], pieces)
            theirs.zero_grad()
            x, y = (torch.cat(part) for part in zip(*pieces, strict=True))
            torch.autograd.backward(_pieces(whole)(x, y))
            theirs.step()
        got, right = w.detach().to(F64), whole.detach().to(F64)
        if same(got, right, tol):
            for seen, pieces in zip(watched, steps, strict=True):
                seen.judge([len(x) for x, _ in pieces])
            continue
        start = torch.tensor([1.0, -1.0, 0.5], dtype=F64)
        recognise(
            got,
            {
                "w has not moved: is optimizer.step() called, and before zero_grad()?": start,
                **{
                    sentence: _by_mistake(steps, how, dtype)
                    for how, sentence in (
                        (
                            "equal",
                            "this gives each piece the same weight; the pieces differ in length.",
                        ),
                        (
                            "sum",
                            "this adds up the pieces' means; the step is as many times too long "
                            "as there are pieces.",
                        ),
                        ("rows", "this is the gradient of the sum over all rows, not the mean."),
                        (
                            "last piece",
                            "the gradients are zeroed between the pieces: only the last one "
                            "counts.",
                        ),
                        (
                            "never zeroed",
                            "the gradients are never zeroed: the second step has those of the "
                            "first as well.",
                        ),
                        ("a step each", "this takes a step for each piece; take one for all."),
                    )
                },
            },
            tol=max(tol, 1e-6),
        )
        raise Wrong(
            "the steps are not those of torch on all rows at once: the mean of all rows is the "
            "sum over pieces of (rows in the piece)/(all rows) times the piece's mean."
        )
    return Verdict(True, "the same steps as on all rows at once, one graph at a time.")
