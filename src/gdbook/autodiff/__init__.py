"""A small torch: tensors, gradients and optimizers in pure Python.

It has torch's names, conventions and errors for the part of torch that it
has, computes in float64 only, and needs nothing but Python: it also runs in
MicroPython, and so in the browser of a reader of this book. Derived, piece by
piece, in the chapter *Build your own autograd*.

>>> import gdbook.autodiff as torch
>>> w = torch.tensor([1.0, 2.0], requires_grad=True)
>>> (w**2).sum().backward()
>>> w.grad
tensor([2., 4.])

To read it, begin with `node` (the graph, and the sweep back), go on with
`operation`, `elementwise` and `linear` (values, each with the way of the
adjoint) and `recorded` (how an operation gets into the graph). The rest is
what tensors can do, a file for each kind of thing.

What differs from torch: shapes are plain tuples, and only `detach` and
`nn.Parameter` share numbers with another tensor, where torch's slices,
transposes and reshapes do too. In MicroPython, a number on the left can't be
compared (write ``x > 0``), ``x *= 2`` makes a new tensor (``x.mul_(2)`` does
not), and numbers are formatted from ``x.item()``.
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
    dot,
    equal,
    exp,
    isfinite,
    isnan,
    log,
    matmul,
    max,
    maximum,
    mean,
    min,
    minimum,
    norm,
    pow,
    relu,
    reshape,
    sigmoid,
    sign,
    sin,
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

bool = boolean
double = float64
long = int64
inf, nan, pi = float("inf"), float("nan"), 3.141592653589793

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
    "dot",
    "double",
    "dtype",
    "enable_grad",
    "equal",
    "exp",
    "eye",
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
    "pi",
    "pow",
    "rand",
    "randn",
    "randperm",
    "relu",
    "reshape",
    "set_default_dtype",
    "set_grad_enabled",
    "sigmoid",
    "sign",
    "sin",
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
