"""A small torch: tensors, gradients and optimizers in pure Python.

It has torch's names, conventions and errors for the part of torch that it
has, computes in float64 only, and needs nothing but Python: it also runs in
MicroPython, and so in the browser of a reader of this book. Derived in *Build
your own autograd*, piece by piece.

>>> import gdbook.autodiff as torch
>>> w = torch.tensor([1.0, 2.0], requires_grad=True)
>>> (w**2).sum().backward()
>>> w.grad
tensor([2., 4.])

To read it, begin with ``node.py``, the graph and the sweep back. Then

- ``operation.py``, ``elementwise.py`` and ``linear.py``: the operations, each
  a value and its vector-Jacobian products;
- ``tensor.py``: the tensor, how an operation is applied to it, and the table
  of its methods. Each is a function in the file that the table names, as
  ``operators.py``, ``elementary.py``, ``reductions.py``, ``indexing.py``;
- ``autograd.py``: `backward` and `grad`, which start the sweep.

The rest makes tensors (``making.py``, ``joining.py``, ``random.py``), trains
(``nn.py``, ``optim.py``) or helps: ``shapes.py`` and ``select.py`` say where
elements stand, ``scalars.py`` computes with single numbers, ``functional.py``
has `torch.sin(x)` beside `x.sin()`. ``dual.py`` stands alone: forward mode.

What differs from torch:

- only `detach` and `nn.Parameter` share numbers with another tensor: torch's
  slices, transposes and reshapes are views, here they are copies, so that
  after ``b = a[1:]`` an edit of `b` leaves `a` as it is;
- numbers are float64, int64 (without overflow) or bool; shapes are plain
  tuples; random numbers are not torch's;
- what is missing raises an error, as a part of torch that is not here
  (`AttributeError`) or an option of a function (`TypeError`);
- the spread of equal numbers is exactly 0, and so is its gradient; in torch,
  rounding may leave a `std` of 1e-17 and a gradient of 0.4;
- in MicroPython, a number on the left can't be compared (write ``x > 0``),
  ``x *= 2`` makes a new tensor (``x.mul_(2)`` does not), and numbers are
  formatted from ``x.item()``.
"""

from gdbook.autodiff import autograd, nn, optim
from gdbook.autodiff.dtypes import DType as dtype  # noqa: N813 - torch's name
from gdbook.autodiff.dtypes import (
    boolean,
    float64,
    get_default_dtype,
    int64,
    set_default_dtype,
)
from gdbook.autodiff.functional import (
    abs,
    allclose,
    amax,
    amin,
    argmax,
    argmin,
    atan,
    clamp,
    cos,
    cumsum,
    diff,
    dot,
    equal,
    exp,
    flip,
    isfinite,
    isnan,
    log,
    log_softmax,
    matmul,
    max,
    maximum,
    mean,
    min,
    minimum,
    norm,
    outer,
    pow,
    prod,
    relu,
    remainder,
    reshape,
    sigmoid,
    sign,
    sin,
    softmax,
    sqrt,
    square,
    std,
    sum,
    tan,
    tanh,
    transpose,
    var,
    where,
)
from gdbook.autodiff.grad_mode import (
    enable_grad,
    is_grad_enabled,
    no_grad,
    set_grad_enabled,
)
from gdbook.autodiff.joining import cat, stack
from gdbook.autodiff.making import (
    arange,
    eye,
    full,
    linspace,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from gdbook.autodiff.random import manual_seed, rand, randn, randperm
from gdbook.autodiff.tensor import Tensor

#: True and False.
bool = boolean
#: float64, by its name in C.
double = float64
#: int64, by its name in C.
long = int64
#: Greater than every number.
inf = float("inf")
#: Not a number; it differs from itself.
nan = float("nan")
#: π, to the last bit.
pi = 3.141592653589793

__all__ = [
    "Tensor",
    "abs",
    "allclose",
    "amax",
    "amin",
    "arange",
    "argmax",
    "argmin",
    "atan",
    "autograd",
    "bool",
    "cat",
    "clamp",
    "cos",
    "cumsum",
    "diff",
    "dot",
    "double",
    "dtype",
    "enable_grad",
    "equal",
    "exp",
    "eye",
    "flip",
    "float64",
    "full",
    "get_default_dtype",
    "inf",
    "int64",
    "is_grad_enabled",
    "isfinite",
    "isnan",
    "linspace",
    "log",
    "log_softmax",
    "long",
    "manual_seed",
    "matmul",
    "max",
    "maximum",
    "mean",
    "min",
    "minimum",
    "nan",
    "nn",
    "no_grad",
    "norm",
    "ones",
    "ones_like",
    "optim",
    "outer",
    "pi",
    "pow",
    "prod",
    "rand",
    "randn",
    "randperm",
    "relu",
    "remainder",
    "reshape",
    "set_default_dtype",
    "set_grad_enabled",
    "sigmoid",
    "sign",
    "sin",
    "softmax",
    "sqrt",
    "square",
    "stack",
    "std",
    "sum",
    "tan",
    "tanh",
    "tensor",
    "transpose",
    "var",
    "where",
    "zeros",
    "zeros_like",
]
