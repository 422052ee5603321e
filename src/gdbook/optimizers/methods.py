"""The optimizers by name, with the arguments and defaults of ``torch.optim``."""

from gdbook.optimizers import rules
from gdbook.optimizers.optimizer import Optimizer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from gdbook.optimizers.optimizer import Parameters


class SGD(Optimizer):
    """Gradient descent with momentum; see `sgd`."""

    torch_names = (("b", "momentum_buffer"),)

    @staticmethod
    def rule(
        x: "Any", g: "Any", state: "dict[str, Any]", **options: "Any"
    ) -> "tuple[Any, dict[str, Any]]":
        """Take one step; without momentum no buffer is kept, as in torch."""
        moved, after = rules.sgd(x, g, state, **options)
        return moved, after if options["momentum"] else {}

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-3,
        *,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        maximize: bool = False,
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
            maximize=maximize,
            lr=lr,
            momentum=momentum,
            dampening=dampening,
            weight_decay=weight_decay,
            nesterov=nesterov,
        )


class Adagrad(Optimizer):
    """Rates that fall with all past gradients; see `adagrad`."""

    rule = staticmethod(rules.adagrad)
    torch_names = (("t", "step"), ("s", "sum"))

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-2,
        *,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
        maximize: bool = False,
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
            maximize=maximize,
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )

    def add_param_group(self, group: "dict[str, Any]") -> None:
        """Take in more parameters; their sums begin now, as in torch."""
        super().add_param_group(group)
        begin = self.param_groups[-1]["initial_accumulator_value"]
        for parameter in self.param_groups[-1]["params"]:
            sums = parameter.detach() * 0 + begin
            self.state[id(parameter)] = {"t": 0, "s": sums}


class RMSprop(Optimizer):
    """Gradients over the root of their mean square; see `rmsprop`."""

    rule = staticmethod(rules.rmsprop)
    torch_names = (
        ("t", "step"),
        ("s", "square_avg"),
        ("m", "grad_avg"),
        ("b", "momentum_buffer"),
    )

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
        maximize: bool = False,
    ) -> None:
        _at_least_zero(lr, "learning rate")
        _at_least_zero(eps, "epsilon value")
        _at_least_zero(momentum, "momentum value")
        _at_least_zero(weight_decay, "weight_decay value")
        _at_least_zero(alpha, "alpha value")
        super().__init__(
            params,
            maximize=maximize,
            lr=lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
        )

    def _saved(
        self, state: "dict[str, Any]", group: "dict[str, Any]"
    ) -> "dict[str, Any]":
        """Leave out what this group does not use, as torch does."""
        kept = super()._saved(state, group)
        if not group["centered"]:
            kept.pop("grad_avg", None)
        if not group["momentum"]:
            kept.pop("momentum_buffer", None)
        return kept


class Adam(Optimizer):
    """Momentum and rates for each coordinate, both corrected; see `adam`."""

    rule = staticmethod(rules.adam)
    torch_names = (
        ("t", "step"),
        ("m", "exp_avg"),
        ("v", "exp_avg_sq"),
        ("top", "max_exp_avg_sq"),
    )

    def __init__(
        self,
        params: "Parameters",
        lr: float = 1e-3,
        *,
        betas: "tuple[float, float]" = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        maximize: bool = False,
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
            maximize=maximize,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
        )

    def _saved(
        self, state: "dict[str, Any]", group: "dict[str, Any]"
    ) -> "dict[str, Any]":
        """Leave out the largest v where AMSGrad is off, as torch does."""
        kept = super()._saved(state, group)
        if not group["amsgrad"]:
            kept.pop("max_exp_avg_sq", None)
        return kept


class AdamW(Adam):
    """Adam with the decay apart from the gradient; see `adamw`."""

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
        maximize: bool = False,
    ) -> None:
        super().__init__(
            params,
            lr,
            maximize=maximize,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
        )


def _at_least_zero(value: float, name: str) -> None:
    if not value >= 0:
        raise ValueError(f"Invalid {name}: {value}")
