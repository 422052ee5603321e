"""The tensor: numbers with a shape, and how they were computed."""

import sys

from gdbook.autodiff import (
    autograd,
    elementary,
    extremes,
    indexing,
    inplace,
    numbers,
    operators,
    probabilities,
    products,
    reductions,
    shaping,
)
from gdbook.autodiff.dtypes import dtype_of, float64, promoted
from gdbook.autodiff.node import recorded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from gdbook.autodiff.dtypes import DType
    from gdbook.autodiff.node import Node
    from gdbook.autodiff.operation import Operation
    from gdbook.autodiff.shapes import Shape

    Operand: TypeAlias = "Tensor | float"  # what may stand beside a sign


class Tensor:
    """Numbers in rows and columns that remember how they were computed.

    Only `detach` shares `flat` and `edits`: what torch returns as a view (a
    slice, a transpose, a reshape) is a copy here.

    Attributes
    ----------
    flat : list
        The numbers, row after row.
    shape : tuple of int
        The sizes along the axes; () for a single number.
    dtype : DType
        What kind of numbers they are.
    grad : Tensor or None
        The sum of all gradients that arrived here; None until one does.
    node : Node or None
        Where the tensor stands in the graph; None if no gradient flows to it.
    edits : list of int
        How often the numbers were edited in place, in a list of one.
    """

    def __init__(
        self, flat: "list[float]", shape: "Shape", dtype: "DType" = float64
    ) -> None:
        self.flat, self.shape, self.dtype = flat, shape, dtype
        self.grad: Tensor | None = None
        self.node: Node | None = None
        self.edits = [0]

    def apply(self, operation: "Operation", *others: "Operand") -> "Tensor":
        """Return the result of an operation, recorded in the graph if need be."""
        inputs = [self] + [self.beside(other) for other in others]
        flat, shape = operation.forward(*inputs)
        dtype = operation.dtype
        if dtype is None:
            dtype = promoted([x.dtype for x in inputs])
            if dtype is not float64:
                flat = [dtype.kind(value) for value in flat]
        return recorded(operation, inputs, Tensor(flat, shape, dtype))

    def beside(self, other: "Operand") -> "Tensor":
        """Return a tensor as it is, a number as one that fits beside this one."""
        if isinstance(other, Tensor):
            return other
        dtype = promoted([dtype_of(other), self.dtype])
        return Tensor([dtype.kind(other)], (), dtype)

    def new(
        self, flat: "list[float]", shape: "Shape", dtype: "DType"
    ) -> "Tensor":
        """Return a tensor of other numbers, without history."""
        return Tensor(flat, shape, dtype)

    def detach(self) -> "Tensor":
        """Return the same numbers without their history; both see all edits."""
        alone = Tensor(self.flat, self.shape, self.dtype)
        alone.edits = self.edits
        return alone

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def T(self) -> "Tensor":
        """The transpose, as a copy."""
        return self.permute(range(self.ndim)[::-1])

    @property
    def mT(self) -> "Tensor":
        """The transpose of each matrix of a batch, as a copy."""
        return self.transpose(-2, -1)

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to this tensor."""
        return self.node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    @property
    def is_leaf(self) -> bool:
        """Whether it was made, not computed from what requires gradients."""
        return self.node is None or self.node.operation is None

    @property
    def grad_fn(self) -> "Node | None":
        """The node of the operation that made it; None at a leaf."""
        return None if self.is_leaf else self.node

    @property
    def _version(self) -> int:
        return self.edits[0]  # by torch's name

    # All other methods are functions, each in the file that is named: here
    # x.exp() is elementary.exp(x), and x + y is operators.add(x, y).

    backward, retain_grad = autograd.backward, autograd.retain_grad
    requires_grad_ = autograd.requires_grad_

    dim, size, numel = numbers.dim, numbers.size, numbers.numel
    item, tolist = numbers.item, numbers.tolist
    is_floating_point = numbers.is_floating_point
    to, long, double = numbers.to, numbers.long, numbers.double
    float = double  # there are no smaller floating-point numbers here
    __repr__, __format__ = numbers.printed, numbers.formatted
    __len__, __bool__ = numbers.length, numbers.to_bool
    __int__ = numbers.to_int
    # MicroPython would compute 2.0 * tensor with it, and lose the history.
    if sys.implementation.name != "micropython":
        __float__ = numbers.to_float

    __add__ = __radd__ = operators.add
    __sub__, __rsub__ = operators.sub, operators.sub_from
    __mul__ = __rmul__ = operators.mul
    __truediv__, __rtruediv__ = operators.div, operators.div_into
    __mod__, __rmod__ = operators.remainder, operators.remainder_of
    __pow__, __rpow__ = operators.pow, operators.pow_of
    __matmul__ = products.matmul
    __neg__, __pos__, __abs__ = operators.neg, operators.pos, elementary.abs
    __eq__, __ne__ = operators.eq, operators.ne
    __lt__, __le__ = operators.lt, operators.le
    __gt__, __ge__ = operators.gt, operators.ge
    __and__, __or__ = operators.logical_and, operators.logical_or
    __invert__ = operators.logical_not
    __hash__ = operators.identity

    # MicroPython knows += and -= only: x *= 2 is x = x * 2 there.
    __iadd__, __isub__ = inplace.add_, inplace.sub_
    __imul__, __itruediv__ = inplace.mul_, inplace.div_
    __imod__ = inplace.remainder_
    add_, sub_ = inplace.add_, inplace.sub_
    mul_, div_, remainder_ = inplace.mul_, inplace.div_, inplace.remainder_
    fill_, zero_, copy_ = inplace.fill_, inplace.zero_, inplace.copy_

    exp, log, sqrt = elementary.exp, elementary.log, elementary.sqrt
    sin, cos, tan = elementary.sin, elementary.cos, elementary.tan
    tanh, atan = elementary.tanh, elementary.atan
    sigmoid, relu = elementary.sigmoid, elementary.relu
    abs, sign, square = elementary.abs, elementary.sign, elementary.square
    pow, remainder = operators.pow, operators.remainder
    isnan, isfinite = elementary.isnan, elementary.isfinite
    maximum, minimum = elementary.maximum, elementary.minimum
    clamp, where = elementary.clamp, elementary.where

    take, add_up, put = shaping.take, shaping.add_up, shaping.put
    zero_like, sum_to = shaping.zero_like, shaping.sum_to
    reshape = view = shaping.reshape
    flatten, clone = shaping.flatten, shaping.clone
    flip, diff = shaping.flip, shaping.diff
    unsqueeze, squeeze = shaping.unsqueeze, shaping.squeeze
    expand, permute = shaping.expand, shaping.permute
    transpose = shaping.transpose
    __getitem__, __setitem__ = indexing.getitem, indexing.setitem
    __iter__ = indexing.iterate

    sum, mean, cumsum = reductions.sum, reductions.mean, reductions.cumsum
    var, std, norm = reductions.var, reductions.std, reductions.norm
    any, all = reductions.any_of, reductions.all_of
    amax, amin = extremes.amax, extremes.amin
    max, min = extremes.max, extremes.min
    argmax, argmin = extremes.argmax, extremes.argmin
    matmul, dot = products.matmul, products.dot
    outer, prod = products.outer, products.prod
    softmax, log_softmax = probabilities.softmax, probabilities.log_softmax
