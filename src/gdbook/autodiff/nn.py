"""Parameters, modules and losses, by torch's names."""

from gdbook.autodiff.grad_mode import no_grad
from gdbook.autodiff.random import rand
from gdbook.autodiff.tensor import Tensor

__all__ = [
    "L1Loss",
    "Linear",
    "MSELoss",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Tanh",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class Parameter(Tensor):
    """A tensor that is there to be trained: it requires a gradient and shares its numbers."""

    def __init__(self, data: Tensor, requires_grad: bool = True) -> None:
        super().__init__(data.flat, data.shape, data.dtype)
        self.edits = data.edits
        self.requires_grad_(requires_grad)

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()


class Module:
    """A function with parameters; subclasses define ``forward``."""

    def __init__(self) -> None:
        self._members: list[Parameter | Module] = []

    def __setattr__(self, name: str, value: object) -> None:
        before = getattr(self, name, None)
        object.__setattr__(self, name, value)
        if isinstance(before, (Parameter, Module)):
            self._members = [m for m in self._members if m is not before]
        if isinstance(value, (Parameter, Module)):
            self._members.append(value)

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the value at some inputs."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    def __call__(self, *inputs: Tensor) -> Tensor:  # noqa: D102
        return self.forward(*inputs)

    def parameters(self) -> "Iterator[Parameter]":
        """Yield the parameters, in the order in which they were set."""
        for member in self._members:
            if isinstance(member, Module):
                yield from member.parameters()
            else:
                yield member

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.grad = None


class Linear(Module):
    """x ↦ xWᵀ + b, begun as in torch with uniform numbers up to ±1/√in_features.

    Examples
    --------
    >>> import gdbook.autodiff as torch
    >>> torch.nn.Linear(3, 2)(torch.ones(4, 3)).shape
    (4, 2)
    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True
    ) -> None:
        super().__init__()
        bound = in_features**-0.5
        with no_grad():
            self.weight = Parameter(
                (2 * rand(out_features, in_features) - 1) * bound
            )
            self.bias = (
                Parameter((2 * rand(out_features) - 1) * bound)
                if bias
                else None
            )

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return xWᵀ + b for rows x."""
        product = inputs[0] @ self.weight.T
        return product if self.bias is None else product + self.bias


class Sequential(Module):
    """Modules, one after the other."""

    def __init__(self, *modules: Module) -> None:
        super().__init__()
        self._members += modules
        self.modules = modules

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the value of the last module at that of the one before."""
        (x,) = inputs
        for module in self.modules:
            x = module(x)
        return x

    def __getitem__(self, index: int) -> Module:
        return self.modules[index]


class ReLU(Module):
    """The rectifier, elementwise."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the positive part."""
        return inputs[0].relu()


class Tanh(Module):
    """The hyperbolic tangent, elementwise."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the hyperbolic tangent."""
        return inputs[0].tanh()


class Sigmoid(Module):
    """The logistic function, elementwise."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the logistic function."""
        return inputs[0].sigmoid()


class _Loss(Module):
    def __init__(self, reduction: str = "mean") -> None:
        super().__init__()
        if reduction not in ("none", "mean", "sum"):
            raise ValueError(
                f"{reduction} is not a valid value for reduction"
            )
        self.reduction = reduction

    def reduced(self, losses: Tensor) -> Tensor:
        """Return the losses themselves, their mean or their sum."""
        if self.reduction == "none":
            return losses
        return losses.mean() if self.reduction == "mean" else losses.sum()


class MSELoss(_Loss):
    """The mean of squared differences, without ½; or their sum, or none of both."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the loss of a prediction against a target."""
        prediction, target = inputs
        return self.reduced((prediction - target) ** 2)


class L1Loss(_Loss):
    """The mean of absolute differences; or their sum, or none of both."""

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the loss of a prediction against a target."""
        prediction, target = inputs
        return self.reduced((prediction - target).abs())
