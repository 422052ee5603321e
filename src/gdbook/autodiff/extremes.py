"""The largest and the smallest elements, and where they stand."""

from gdbook.autodiff import elementwise as rule
from gdbook.autodiff.dtypes import int64
from gdbook.autodiff.operation import Operation
from gdbook.autodiff.shapes import groups, numel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gdbook.autodiff.node import Node
    from gdbook.autodiff.shapes import Dims, Shape
    from gdbook.autodiff.tensor import Tensor


class Extreme(Operation):
    """The largest or smallest of the elements that meet at one place."""

    vjps = (lambda g, at: at.operation.share(g, at),)

    def __init__(
        self,
        places: "list[int]",
        shape: "Shape",
        better: "Callable[..., float]",
        name: str,
    ) -> None:
        self.places, self.shape, self.better, self.name = (
            places,
            shape,
            better,
            name,
        )

    def forward(self, *inputs: "Tensor") -> "tuple[list[float], Shape]":
        """Return the extremes."""
        found: dict[int, float] = {}
        for place, value in zip(self.places, inputs[0].flat):
            best = found.get(place, value)
            found[place] = self.better(best, value)
        if len(found) < numel(self.shape):
            raise RuntimeError(
                f"{self.name.lower()}(): Expected reduction dim to be specified for input.numel() "
                "== 0. Specify the reduction dim with the 'dim' argument."
            )
        return [found[i] for i in range(len(found))], self.shape

    def share(self, g: "Tensor", at: "Node") -> "Tensor":
        """Give the adjoint to the extreme element; those that tie share it."""
        shape = at.shapes[0]
        ties: Tensor = (at.x == at.y.take(self.places, shape)).double()
        return ties * (g / ties.add_up(self.places, self.shape)).take(
            self.places, shape
        )


def amax(x: "Tensor", dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
    """Return the largest elements; where several tie, each gets a share of the adjoint."""
    places, shape = groups(x.shape, dim, keepdim)
    return x.apply(Extreme(places, shape, rule.MAXIMUM.value, "Amax"))


def amin(x: "Tensor", dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
    """Return the smallest elements; where several tie, each gets a share of the adjoint."""
    places, shape = groups(x.shape, dim, keepdim)
    return x.apply(Extreme(places, shape, rule.MINIMUM.value, "Amin"))


def max(x: "Tensor") -> "Tensor":
    """Return the largest element of all."""
    return _of_all(x, rule.MAXIMUM.value, "Max")


def min(x: "Tensor") -> "Tensor":
    """Return the smallest element of all."""
    return _of_all(x, rule.MINIMUM.value, "Min")


def _of_all(
    x: "Tensor", better: "Callable[..., float]", name: str
) -> "Tensor":
    return x.apply(Extreme([0] * len(x.flat), (), better, name))


def argmax(x: "Tensor", dim: "int | None" = None) -> "Tensor":
    """Return the index of the first largest element, in the flat list or along an axis."""
    return _first(x, x.amax(dim, True), dim)


def argmin(x: "Tensor", dim: "int | None" = None) -> "Tensor":
    """Return the index of the first smallest element, in the flat list or along an axis."""
    return _first(x, x.amin(dim, True), dim)


def _first(x: "Tensor", best: "Tensor", dim: "int | None") -> "Tensor":
    """Return the index of the first element that equals the best of its group."""
    places, shape = groups(x.shape, dim, False)
    found = [-1] * numel(shape)
    counts = [0] * len(found)
    for place, value, goal in zip(places, x.flat, best.expand(x.shape).flat):
        same = value == goal or (value != value and goal != goal)  # noqa: PLR0124
        if same and found[place] < 0:
            found[place] = counts[place]
        counts[place] += 1
    return x.new(list(found), shape, int64)
