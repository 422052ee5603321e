"""Many elements into few: sums, means, largest and smallest."""

from gdbook.autodiff import elementwise as rule
from gdbook.autodiff.brackets import Brackets
from gdbook.autodiff.dtypes import boolean, float64, int64
from gdbook.autodiff.operation import Operation
from gdbook.autodiff.shapes import axis_of, numel, stretched

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gdbook.autodiff.node import Node
    from gdbook.autodiff.shapes import Shape
    from gdbook.autodiff.tensor import Tensor

    Dims = int | Shape | None


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
        found: list[float | None] = [None] * numel(self.shape)
        for place, value in zip(self.places, inputs[0].flat):
            best = found[place]
            found[place] = value if best is None else self.better(best, value)
        if None in found:
            raise RuntimeError(
                f"{self.name.lower()}(): Expected reduction dim to be specified for input.numel() "
                "== 0. Specify the reduction dim with the 'dim' argument."
            )
        return found, self.shape  # type: ignore[return-value]

    def share(self, g: "Tensor", at: "Node") -> "Tensor":
        """Give the adjoint to the extreme element; those that tie share it."""
        shape = at.shapes[0]
        ties = (at.x == at.y.take(self.places, shape)).double()
        return ties * (g / ties.add_up(self.places, self.shape)).take(
            self.places, shape
        )


class Reductions(Brackets):
    """Sums, means and extremes."""

    def sum(self, dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
        """Return the sum over some axes, or over all of them."""
        numbers = self.to(int64) if self.dtype is boolean else self
        places, shape = self._groups(dim, keepdim)
        return numbers.add_up(places, shape, "Sum")

    def mean(self, dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
        """Return the mean over some axes, or over all of them.

        Raises
        ------
        RuntimeError
            For integers and booleans, as in torch.
        """
        if self.dtype is not float64:
            raise RuntimeError(
                "mean(): could not infer output dtype. Input dtype must be either a floating "
                f"point or complex dtype. Got: {self.dtype.scalar}"
            )
        total = self.sum(dim, keepdim)
        return total / (len(self.flat) / max(len(total.flat), 1))

    def var(
        self,
        dim: "Dims" = None,
        *,
        correction: int = 1,
        keepdim: bool = False,
    ) -> "Tensor":
        """Return the variance: the sum of squared deviations, divided by n − `correction`."""
        deviations = self - self.mean(dim, keepdim=True)
        sums = (deviations * deviations).sum(dim, keepdim)
        count = len(self.flat) // max(len(sums.flat), 1)
        return sums / max(count - correction, 0)

    def std(
        self,
        dim: "Dims" = None,
        *,
        correction: int = 1,
        keepdim: bool = False,
    ) -> "Tensor":
        """Return the root of the variance."""
        return self.var(dim, correction=correction, keepdim=keepdim).sqrt()

    def norm(self, *, dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
        """Return the Euclidean length; its gradient at zero counts as zero."""
        squared = (self * self).sum(dim, keepdim)  # type: ignore[operator]
        some = squared != 0
        return squared.where(some, 1.0).sqrt().where(some, 0.0)

    def amax(self, dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
        """Return the largest elements; where several tie, each gets a share of the adjoint."""
        places, shape = self._groups(dim, keepdim)
        return self.apply(Extreme(places, shape, rule.MAXIMUM.value, "Amax"))

    def amin(self, dim: "Dims" = None, keepdim: bool = False) -> "Tensor":
        """Return the smallest elements; where several tie, each gets a share of the adjoint."""
        places, shape = self._groups(dim, keepdim)
        return self.apply(Extreme(places, shape, rule.MINIMUM.value, "Amin"))

    def max(self) -> "Tensor":
        """Return the largest element of all."""
        return self._all_of(rule.MAXIMUM.value, "Max")

    def min(self) -> "Tensor":
        """Return the smallest element of all."""
        return self._all_of(rule.MINIMUM.value, "Min")

    def _all_of(self, better: "Callable[..., float]", name: str) -> "Tensor":
        return self.apply(Extreme([0] * len(self.flat), (), better, name))

    def argmax(self, dim: "int | None" = None) -> "Tensor":
        """Return the index of the first largest element, in the flat list or along an axis."""
        return self._first(self.amax, dim)

    def argmin(self, dim: "int | None" = None) -> "Tensor":
        """Return the index of the first smallest element, in the flat list or along an axis."""
        return self._first(self.amin, dim)

    def any(self) -> "Tensor":
        """Return whether some element is true."""
        return self._new([any(self.flat)], (), boolean)

    def all(self) -> "Tensor":
        """Return whether every element is true."""
        return self._new([all(self.flat)], (), boolean)

    def _groups(
        self, dim: "Dims", keepdim: bool
    ) -> "tuple[list[int], Shape]":
        """Return, for each element, where in the result it belongs; and the result's shape."""
        if dim is None or dim == ():
            axes = list(range(self.ndim))
        else:
            axes = [
                axis_of(d, self.ndim)
                for d in ([dim] if isinstance(dim, int) else dim)
            ]
        if self.ndim and len(set(axes)) < len(axes):
            twice = next(axis for axis in axes if axes.count(axis) > 1)
            raise RuntimeError(
                f"dim {twice} appears multiple times in the list of dims"
            )
        kept = tuple(
            [1 if i in axes else n for i, n in enumerate(self.shape)]
        )
        left = tuple([n for i, n in enumerate(self.shape) if i not in axes])
        return stretched(kept, self.shape), kept if keepdim else left

    def _first(
        self, extreme: "Callable[..., Tensor]", dim: "int | None"
    ) -> "Tensor":
        best = extreme(dim, True)
        places, shape = self._groups(dim, False)
        found: list[int] = [-1] * numel(shape)
        counts = [0] * len(found)
        for place, equal in zip(places, (self == best).flat):
            if equal and found[place] < 0:
                found[place] = counts[place]
            counts[place] += 1
        return self._new(list(found), shape, int64)
