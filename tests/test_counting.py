"""Counts against counts by hand, and against what torch says of memory and of products."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.flop_counter import FlopCounterMode

from gdbook.counting import NumbersComputed, NumbersKept

SIZE = st.integers(1, 40)


@settings(max_examples=25, deadline=None)
@given(n=SIZE)
def test_each_result_counts_and_a_view_does_not(n: int) -> None:
    a = torch.ones(n, 3)
    with NumbersComputed() as cost:
        b = a * 2  # 3n
        c = b.T[:1].reshape(-1)  # a view, n numbers
        c.add_(1)  # n, in place
        c.sum()  # 1
        torch.max(a, dim=1)  # n values and n indices
        a.unsqueeze_(0).squeeze_(0)  # another shape, in place: nothing
        torch.ops.aten._unsafe_view(a, (3, n))  # nothing
        torch._efficientzerotensor(n)  # nothing
    assert cost.numbers == 3 * n + n + 1 + 2 * n


@settings(max_examples=25, deadline=None)
@given(n=SIZE)
def test_backward_is_counted_like_everything_else(n: int) -> None:
    a = torch.ones(n, requires_grad=True)
    with NumbersComputed() as forward:
        loss = torch.exp(a).sum()
    with NumbersComputed() as backward:
        torch.autograd.backward(loss)
    assert forward.numbers == n + 1
    # The first adjoint, 1, is a number; it is spread as a view, and multiplied by exp(a).
    assert backward.numbers == 1 + n


@settings(max_examples=25, deadline=None)
@given(rows=SIZE, inner=SIZE, columns=SIZE)
def test_products_write_one_number_for_so_many_operations(
    rows: int, inner: int, columns: int
) -> None:
    a, b = torch.ones(rows, inner), torch.ones(inner, columns)
    with NumbersComputed() as cost:
        a @ b
    with FlopCounterMode(display=False) as flops:
        a @ b
    assert cost.numbers * 2 * inner == flops.get_total_flops()


@settings(max_examples=25, deadline=None)
@given(n=SIZE, passes=st.integers(1, 9))
def test_what_is_kept_is_counted_once_and_while_it_is_kept(n: int, passes: int) -> None:
    a = torch.ones(n, requires_grad=True)
    with NumbersKept() as kept:
        b = a
        for _ in range(passes):
            b = torch.exp(b)  # each keeps its result
        assert kept.numbers == passes * n
        loss = (b * b).sum()  # keeps b, which is kept already
        assert kept.numbers == passes * n
        torch.autograd.backward(loss)
    assert kept.numbers == 0
    assert kept.most == passes * n


def test_a_graph_that_goes_takes_its_numbers_along() -> None:
    a = torch.ones(10, requires_grad=True)
    with NumbersKept() as kept:
        b = torch.exp(a)
        assert kept.numbers == 10
        del b
        assert kept.numbers == 0
        c = torch.sin(a[:2])  # a view into a
        assert kept.numbers == 10
        torch.exp(c.detach())
        assert kept.numbers == 10
    with torch.no_grad(), NumbersKept() as nothing:
        torch.exp(a)
    assert nothing.numbers == 0


def test_gradients_do_not_mind_being_counted() -> None:
    a = torch.linspace(0.1, 1, 7, dtype=torch.float64, requires_grad=True)

    def twice() -> tuple[torch.Tensor, ...]:
        (once,) = torch.autograd.grad((a.exp() * a.tanh() / a).sum(), a, create_graph=True)
        return once, *torch.autograd.grad((once**2).sum(), a)

    plain = twice()
    with NumbersKept(), NumbersComputed():
        counted = twice()
    assert all(map(torch.equal, plain, counted))
