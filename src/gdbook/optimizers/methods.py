"""The optimizers by name, with the arguments and defaults of ``torch.optim``."""

from gdbook.optimizers import rules
from gdbook.optimizers.optimizer import Optimizer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from gdbook.optimizers.optimizer import Parameters


class SGD(Optimizer):
    """Gradient descent with momentum; see `rules.sgd`."""

    rule = staticmethod(rules.sgd)

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-3,
        *,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        _at_least_zero(lr, "learning rate")
        _at_least_zero(momentum, "momentum value")
        _at_least_zero(weight_decay, "weight_decay value")
        if nesterov and (momentum <= 0 or dampening != 0):
            raise ValueError(
                "Nesterov momentum requires a momentum and zero dampening"
            )
        super().__init__(
            params,
            lr=lr,
            momentum=momentum,
            # torch has no v without momentum, and so nothing to dampen.
            dampening=dampening if momentum else 0.0,
            weight_decay=weight_decay,
            nesterov=nesterov,
        )


class Adagrad(Optimizer):
    """Rates that fall with all past gradients; see `rules.adagrad`."""

    rule = staticmethod(rules.adagrad)

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-2,
        *,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        _at_least_zero(lr, "learning rate")
        _at_least_zero(lr_decay, "lr_decay value")
        _at_least_zero(weight_decay, "weight_decay value")
        _at_least_zero(
            initial_accumulator_value, "initial_accumulator_value value"
        )
        _at_least_zero(eps, "epsilon value")
        super().__init__(
            params,
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )


class RMSprop(Optimizer):
    """Gradients over the root of their mean square; see `rules.rmsprop`."""

    rule = staticmethod(rules.rmsprop)

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-2,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        _at_least_zero(lr, "learning rate")
        _at_least_zero(eps, "epsilon value")
        _at_least_zero(momentum, "momentum value")
        _at_least_zero(weight_decay, "weight_decay value")
        _at_least_zero(alpha, "alpha value")
        super().__init__(
            params,
            lr=lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
        )


class Adam(Optimizer):
    """Momentum and rates for each coordinate, both corrected; see `rules.adam`."""

    rule = staticmethod(rules.adam)

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-3,
        *,
        betas: "tuple[float, float]" = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        _at_least_zero(lr, "learning rate")
        _at_least_zero(eps, "epsilon value")
        for i, beta in enumerate(betas):
            if not 0 <= beta < 1:
                raise ValueError(
                    f"Invalid beta parameter at index {i}: {beta}"
                )
        _at_least_zero(weight_decay, "weight_decay value")
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
        )


class AdamW(Adam):
    """Adam with the decay apart from the gradient; see `rules.adamw`."""

    rule = staticmethod(rules.adamw)

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-3,
        *,
        betas: "tuple[float, float]" = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
        )


def _at_least_zero(value: float, name: str) -> None:
    if not value >= 0:
        raise ValueError(f"Invalid {name}: {value}")
