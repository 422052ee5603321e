"""A small torch: tensors, gradients and optimizers in pure Python.

It has torch's names, conventions and errors for the part of torch that it has, computes in
float64 only, and needs nothing but Python: it also runs in MicroPython, and so in the
browser of a reader of this book. Derived, piece by piece, in the chapter *Build your own
autograd*.

>>> import gdbook.autodiff as torch
>>> w = torch.tensor([1.0, 2.0], requires_grad=True)
>>> (w**2).sum().backward()
>>> w.grad
tensor([2., 4.])
"""

from gdbook.autodiff import autograd, nn, optim
from gdbook.autodiff.dtypes import DType as dtype  # noqa: N813 - torch's name
from gdbook.autodiff.dtypes import boolean, float64, int64
from gdbook.autodiff.functional import (
    abs,  # noqa: A004
    amax,
    amin,
    argmax,
    argmin,
    atan,
    clamp,
    cos,
    dot,
    exp,
    log,
    matmul,
    max,  # noqa: A004
    maximum,
    mean,
    min,  # noqa: A004
    minimum,
    pow,  # noqa: A004
    relu,
    reshape,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    sum,  # noqa: A004
    tan,
    tanh,
    transpose,
    where,
)
from gdbook.autodiff.grad_mode import enable_grad, is_grad_enabled, no_grad, set_grad_enabled
from gdbook.autodiff.making import (
    arange,
    cat,
    eye,
    full,
    linspace,
    ones,
    ones_like,
    stack,
    tensor,
    zeros,
    zeros_like,
)
from gdbook.autodiff.random import manual_seed, rand, randn, randperm
from gdbook.autodiff.tensor import Tensor

bool = boolean  # noqa: A001 - torch's name
double = float64
long = int64
inf, nan, pi = float("inf"), float("nan"), 3.141592653589793

__all__ = [
    "Tensor",
    "abs",
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
    "exp",
    "eye",
    "float64",
    "full",
    "inf",
    "int64",
    "is_grad_enabled",
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
    "set_grad_enabled",
    "sigmoid",
    "sign",
    "sin",
    "sqrt",
    "square",
    "stack",
    "sum",
    "tan",
    "tanh",
    "tensor",
    "transpose",
    "where",
    "zeros",
    "zeros_like",
]
