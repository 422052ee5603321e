"""Numbers in rows and columns: one flat list and a shape."""

import sys

from gdbook.autodiff.dtypes import float64
from gdbook.autodiff.printing import text
from gdbook.autodiff.shapes import nested, numel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.autodiff.dtypes import DType
    from gdbook.autodiff.shapes import Nested, Shape


class Array:
    """Numbers, all of one kind.

    Attributes
    ----------
    flat : list
        The numbers, row after row. `detach` returns a tensor that shares this
        list.
    shape : tuple of int
        The sizes along the axes; () for a single number.
    dtype : DType
        Their kind.
    """

    def __init__(
        self, flat: "list[float]", shape: "Shape", dtype: "DType" = float64
    ) -> None:
        self.flat, self.shape, self.dtype = flat, shape, dtype
        # How often the list was edited; shared by all that share it.
        self.edits = [0]

    @property
    def version(self) -> int:
        """How often the numbers were edited in place."""
        return self.edits[0]

    _version = version  # torch's name

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    def dim(self) -> int:
        """Return the number of axes."""
        return len(self.shape)

    def size(self, dim: "int | None" = None) -> "int | Shape":
        """Return the shape, or one size of it."""
        return self.shape if dim is None else self.shape[dim]

    def numel(self) -> int:
        """Return the number of elements."""
        return numel(self.shape)

    def item(self) -> float:
        """Return the only element as a Python number.

        Raises
        ------
        RuntimeError
            If there are more of them, or none.
        """
        if len(self.flat) != 1:
            raise RuntimeError(
                f"a Tensor with {len(self.flat)} elements cannot be converted to Scalar"
            )
        return self.flat[0]

    def tolist(self) -> "Nested":
        """Return the elements as nested lists of Python numbers."""
        return nested(self.flat, self.shape)

    def is_floating_point(self) -> bool:
        """Return whether the elements are floating-point numbers."""
        return self.dtype is float64

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of a 0-d tensor")
        return self.shape[0]

    def __bool__(self) -> bool:
        if len(self.flat) != 1:
            count = "more than one value" if self.flat else "no values"
            raise RuntimeError(
                f"Boolean value of Tensor with {count} is ambiguous"
            )
        return bool(self.flat[0])

    # MicroPython would use it to compute 2.0 * tensor, and lose the history:
    # use item() there.
    if sys.implementation.name != "micropython":

        def __float__(self) -> float:
            return float(self.item())

    def __format__(self, spec: str) -> str:
        return (
            format(self.item(), spec)
            if spec and not self.shape
            else repr(self)
        )

    def __int__(self) -> int:
        return int(self.item())

    def __repr__(self) -> str:
        return text(self.flat, self.shape, self.dtype, [])
