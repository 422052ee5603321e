"""The same operations as functions: ``torch.sin(x)`` beside ``x.sin()``."""

from gdbook.autodiff.dtypes import boolean
from gdbook.autodiff.tensor import Tensor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from gdbook.autodiff.tensor import Operand


def _function(name: str) -> "Callable[..., Tensor]":
    """Return the method of that name as a function, which says so if it gets no tensor."""
    method = getattr(Tensor, name)

    def function(input: Tensor, *args: object, **options: object) -> Tensor:
        if not isinstance(input, Tensor):
            raise TypeError(
                f"{name}(): argument 'input' (position 1) must be Tensor, "
                f"not {type(input).__name__}"
            )
        result: Tensor = method(input, *args, **options)
        return result

    if hasattr(function, "__doc__"):  # MicroPython's functions have neither
        function.__name__ = function.__qualname__ = name
        function.__doc__ = method.__doc__
    return function


exp = _function("exp")
log = _function("log")
sqrt = _function("sqrt")
square = _function("square")
sin = _function("sin")
cos = _function("cos")
tan = _function("tan")
tanh = _function("tanh")
atan = _function("atan")
sigmoid = _function("sigmoid")
relu = _function("relu")
abs = _function("abs")
sign = _function("sign")
pow = _function("pow")
maximum = _function("maximum")
minimum = _function("minimum")
clamp = _function("clamp")
remainder = _function("remainder")
sum = _function("sum")
mean = _function("mean")
prod = _function("prod")
cumsum = _function("cumsum")
diff = _function("diff")
flip = _function("flip")
var = _function("var")
std = _function("std")
norm = _function("norm")
isnan = _function("isnan")
isfinite = _function("isfinite")
amax = _function("amax")
amin = _function("amin")
max = _function("max")
min = _function("min")
argmax = _function("argmax")
argmin = _function("argmin")
matmul = _function("matmul")
dot = _function("dot")
outer = _function("outer")
softmax = _function("softmax")
log_softmax = _function("log_softmax")
reshape = _function("reshape")
transpose = _function("transpose")


def where(condition: Tensor, input: "Operand", other: "Operand") -> Tensor:
    """Return the elements of `input` where the condition holds, else those of `other`.

    The adjoint of an element that was not taken is 0. If its own derivative
    is infinite, 0 · ∞ makes it nan all the same, as in torch.

    Examples
    --------
    >>> import gdbook.autodiff as torch
    >>> x = torch.tensor([-1.0, 2.0])
    >>> torch.where(x > 0, x, 0.0)
    tensor([0., 2.])
    """
    if not isinstance(input, Tensor):
        least = Tensor([False], (), boolean)
        input = (other if isinstance(other, Tensor) else least).beside(input)
    return input.where(condition, other)


def equal(input: Tensor, other: Tensor) -> bool:
    """Return whether two tensors have the same shape and the same elements."""
    return input.shape == other.shape and input.flat == other.flat


def allclose(
    input: Tensor, other: Tensor, rtol: float = 1e-5, atol: float = 1e-8
) -> bool:
    """Return whether everywhere |input − other| ≤ atol + rtol·|other|."""
    a, b = input.detach(), other.detach()
    near = (a - b).abs() <= b.abs() * rtol + atol
    return bool((near | (a == b)).all())
