"""The torch of checkers in the page: the engine, and what checkers ask for beside it.

A reader's own code gets the engine alone.
"""

import math

from gdbook.autodiff import *  # noqa: F403
from gdbook.autodiff import Tensor, arange, autograd, exp, full, pi, stack, tensor
from gdbook.autodiff import allclose as _allclose
from gdbook.autodiff import rand as _rand
from gdbook.autodiff import randn as _randn
from gdbook.autodiff import random as _random
from gdbook.autodiff import randperm as _randperm

TYPE_CHECKING = False
if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable
    from typing import Any

    from gdbook.autodiff.dtypes import DType


def as_tensor(value: "Any", dtype: "DType | None" = None) -> Tensor:
    """Return a tensor as it is, or in another dtype, and make one of numbers."""
    if isinstance(value, Tensor):
        return value if dtype is None else value.to(dtype)
    return tensor(value, dtype=dtype)


def allclose(  # type: ignore[no-redef]
    a: Tensor,
    b: Tensor,
    rtol: float = 1e-5,
    atol: float = 1e-8,
    equal_nan: "builtins.bool" = False,
) -> "builtins.bool":
    """Return whether all elements agree to a tolerance; with `equal_nan` nan is nan."""
    if equal_nan:
        pairs = [pair for pair in zip(a.flat, b.flat) if not _both_nan(pair)]
        a, b = [
            Tensor(list(column), (len(pairs),)) for column in (zip(*pairs) if pairs else ((), ()))
        ]
    return _allclose(a, b, rtol=rtol, atol=atol)


def _both_nan(pair: "tuple[float, float]") -> "Any":
    """Return whether neither of two numbers is one."""
    return math.isnan(pair[0]) and math.isnan(pair[1])


def cosh(x: Tensor) -> Tensor:
    """Return the hyperbolic cosine."""
    return (exp(x) + exp(-x)) / 2


def sinh(x: Tensor) -> Tensor:
    """Return the hyperbolic sine."""
    return (exp(x) - exp(-x)) / 2


def diag(x: Tensor) -> Tensor:
    """Return a square matrix with these numbers on its diagonal, or the diagonal of one."""
    n = len(x)
    if x.ndim == 2:
        return stack([x[k, k] for k in range(n)])
    return stack([full((n,), 0.0) + x[k] * (arange(n) == k) for k in range(n)])


def acos(x: Tensor) -> Tensor:
    """Return angles of cosines, without a slope."""
    return Tensor([math.acos(value) for value in x.flat], x.shape)


def asin(x: Tensor) -> Tensor:
    """Return angles of sines, without a slope."""
    return Tensor([math.asin(value) for value in x.flat], x.shape)


def rad2deg(x: Tensor) -> Tensor:
    """Return angles in degrees."""
    return x * (180 / pi)


def full_like(like: Tensor, value: float) -> Tensor:
    """Return a tensor of the same shape with one value."""
    return full(like.shape, value, dtype=like.dtype)


class Generator:
    """A source of random numbers of its own, which leaves the reader's as they are."""

    def __init__(self) -> None:
        self.own = _random._Generator(0)

    def manual_seed(self, seed: int) -> "Generator":
        """Begin anew."""
        self.own = _random._Generator(seed)
        return self


def _drawn(draw: "Callable[..., Tensor]") -> "Callable[..., Tensor]":
    """Return a function that makes random numbers, with the options that checkers give."""

    def made(
        *size: "Any", generator: "Generator | None" = None, dtype: "DType | None" = None
    ) -> Tensor:
        own, state = _random._State.generator, _random._State
        state.generator = own if generator is None else generator.own
        try:
            numbers: Tensor = draw(*size)
        finally:
            state.generator = own
        return numbers if dtype is None else numbers.to(dtype)

    return made


rand, randn, randperm = _drawn(_rand), _drawn(_randn), _drawn(_randperm)


class func:  # noqa: N801 (it stands for a module)
    """Derivatives of functions."""

    @staticmethod
    def grad(f: "Callable[[Tensor], Tensor]") -> "Callable[[Tensor], Tensor]":
        """Return the gradient of a function as a function."""

        def gradient(x: Tensor) -> Tensor:
            at = x if x.requires_grad else x.detach().clone().requires_grad_()
            made: Tensor = autograd.grad(f(at), at, create_graph=x.requires_grad)[0]
            return made

        return gradient

    @staticmethod
    def jacrev(f: "Callable[[Tensor], Tensor]") -> "Callable[[Tensor], Tensor]":
        """Return the matrix of partial derivatives of a function as a function."""

        def jacobian(x: Tensor) -> Tensor:
            at = x.detach().clone().requires_grad_()
            flat = f(at).reshape(-1)
            rows = [autograd.grad(flat[k], at, retain_graph=True)[0] for k in range(len(flat))]
            return stack(rows)

        return jacobian
