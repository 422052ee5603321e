"""Random numbers that are the same everywhere, in CPython and in the reader's browser.

They are not torch's: a seed gives other numbers there.
"""

import math

from gdbook.autodiff.dtypes import int64
from gdbook.autodiff.shapes import numel, sizes_of
from gdbook.autodiff.tensor import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.shapes import Shape


class _Generator:
    """Marsaglia's xorshift with the shifts 13, 7, 17, on 64 bits (Marsaglia 2003)."""

    def __init__(self, seed: int) -> None:
        # Seeds that differ in few bits must not give rows that resemble each
        # other.
        self.state = (
            seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019
        ) % 2**64 or 1
        for _ in range(16):
            self.bits()

    def bits(self) -> int:
        x = self.state
        x ^= (x << 13) % 2**64
        x ^= x >> 7
        x ^= (x << 17) % 2**64
        self.state = x
        return x

    def uniform(self) -> float:
        """Return a number from [0, 1), all 53 bits of it random."""
        return (self.bits() >> 11) / 2**53


class _State:
    generator = _Generator(0)


def manual_seed(seed: int) -> None:
    """Begin the random numbers anew."""
    _State.generator = _Generator(seed)


def rand(*size: "int | Shape") -> Tensor:
    """Return numbers uniform on [0, 1)."""
    shape = sizes_of(size)
    return Tensor(
        [_State.generator.uniform() for _ in range(numel(shape))], shape
    )


def randn(*size: "int | Shape") -> Tensor:
    """Return numbers of the standard normal distribution (Box & Muller 1958)."""
    shape = sizes_of(size)
    flat = []
    for _ in range(numel(shape)):
        radius = math.sqrt(-2 * math.log(1 - _State.generator.uniform()))
        flat.append(
            radius * math.cos(2 * math.pi * _State.generator.uniform())
        )
    return Tensor(flat, shape)


def randperm(n: int) -> Tensor:
    """Return 0, …, n − 1 in random order."""
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = int(_State.generator.uniform() * (i + 1))
        order[i], order[j] = order[j], order[i]
    return Tensor(list(order), (n,), int64)
