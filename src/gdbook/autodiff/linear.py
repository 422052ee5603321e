"""Operations that move and add elements, each beside its transpose.

Reading elements somewhere and adding them up somewhere are transposes of one
another. So broadcasting, indexing and transposing go back by adding, and a
sum goes back by copying.
"""

from gdbook.autodiff.operation import Operation
from gdbook.autodiff.shapes import numel, strides, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.operation import VJP
    from gdbook.autodiff.shapes import Shape
    from gdbook.autodiff.tensor import Tensor


class Moving(Operation):
    """What is done at a list of places, and the shape of the result."""

    def __init__(
        self, places: "list[int]", shape: "Shape", name: str
    ) -> None:
        self.places, self.shape, self.name = places, shape, name


class Take(Moving):
    """Read the elements at `places`: y[i] = x[places[i]]."""

    vjps = (lambda g, at: g.add_up(at.operation.places, at.shapes[0]),)

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the elements read."""
        flat = inputs[0].flat
        return [flat[place] for place in self.places], self.shape


class AddUp(Moving):
    """Add each element up at its place: y[places[i]] += x[i]."""

    vjps = (lambda g, at: g.take(at.operation.places, at.shapes[0]),)

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the sums."""
        sums = [0.0] * numel(self.shape)
        for place, value in zip(self.places, inputs[0].flat):
            sums[place] += value
        return sums, self.shape


class RunningSum(Operation):
    """The sum of each element and all before it along an axis, or all after it."""

    name = "Cumsum"
    vjps = (lambda g, at: g.apply(at.operation.transposed()),)

    def __init__(self, axis: int, *, backwards: bool = False) -> None:
        self.axis, self.backwards = axis, backwards

    def transposed(self) -> "RunningSum":
        """Return the sums from the other end."""
        return RunningSum(self.axis, backwards=not self.backwards)

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the sums."""
        (x,) = inputs
        flat = list(x.flat)
        if not x.shape:
            return flat, ()
        size, step = x.shape[self.axis], strides(x.shape)[self.axis]
        first = x.shape[: self.axis] + (1,) + x.shape[self.axis + 1 :]
        start = (size - 1) * step if self.backwards else 0
        step = -step if self.backwards else step
        for place in walk(first, strides(x.shape)) if flat else []:
            for i in range(1, size):
                at = place + start + i * step
                flat[at] += flat[at - step]
        return flat, x.shape


class Reshape(Operation):
    """The same elements in another shape."""

    vjps = (lambda g, at: g.reshape(at.shapes[0]),)

    def __init__(self, shape: "Shape", name: str = "View") -> None:
        self.shape, self.name = shape, name

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the elements as they are."""
        return list(inputs[0].flat), self.shape


class Put(Operation):
    """A copy of the first input, with the second one's elements at `places`."""

    name = "CopySlices"
    vjps = (
        lambda g, at: g.put(at.operation.places, g.zero_like(at.shapes[1])),
        lambda g, at: g.take(at.operation.places, at.shapes[1]),
    )

    def __init__(self, places: "list[int]") -> None:
        self.places = places

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the copy."""
        target, values = inputs
        flat = list(target.flat)
        for place, value in zip(self.places, values.flat):
            flat[place] = value
        return flat, target.shape


class Join(Operation):
    """All inputs' elements, one input after the other, in one row."""

    name = "Cat"

    def __init__(self, sizes: "list[int]") -> None:
        ends = [sum(sizes[: k + 1]) for k in range(len(sizes))]
        self.vjps = [
            _part(k, end - sizes[k], end) for k, end in enumerate(ends)
        ]

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the row."""
        flat: list[float] = []
        for x in inputs:
            flat += x.flat
        return flat, (len(flat),)


def _part(k: int, start: int, end: int) -> "VJP":
    return lambda g, at: g.take(list(range(start, end)), at.shapes[k])


class MatMul(Operation):
    """The matrix product: (…, n, k) @ (…, k, m) → (…, n, m)."""

    name = "Mm"
    vjps = (lambda g, at: g @ at.b.mT, lambda g, at: at.a.mT @ g)

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the products of rows and columns."""
        a, b = inputs
        n, k, m = a.shape[-2], a.shape[-1], b.shape[-1]
        batch = a.shape[:-2]
        flat: list[float] = []
        for i in range(numel(batch)):
            left, right = (
                a.flat[i * n * k : (i + 1) * n * k],
                b.flat[i * k * m : (i + 1) * k * m],
            )
            columns = [[right[r * m + c] for r in range(k)] for c in range(m)]
            for r in range(n):
                row = left[r * k : (r + 1) * k]
                flat += [
                    sum([u * v for u, v in zip(row, column)])
                    for column in columns
                ]
        return flat, batch + (n, m)
