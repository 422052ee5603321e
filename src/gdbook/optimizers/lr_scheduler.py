"""Schedulers, with the names and arguments of ``torch.optim.lr_scheduler``.

A scheduler writes the rates of `schedules` into an optimizer's groups. It is
stepped after the optimizer: stepped before, the first rate is never used.

>>> import torch
>>> from gdbook.optimizers import SGD
>>> from gdbook.optimizers.lr_scheduler import StepLR
>>> w = torch.tensor([4.0], requires_grad=True)
>>> optimizer = SGD([w], lr=0.2)
>>> scheduler = StepLR(optimizer, step_size=2, gamma=0.5)
>>> for _ in range(3):
...     optimizer.zero_grad()
...     (w**2).sum().backward()
...     optimizer.step()
...     scheduler.step()
>>> scheduler.get_last_lr()
[0.1]
"""

from gdbook.optimizers import schedules

__all__ = [
    "CosineAnnealingLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "OneCycleLR",
    "SequentialLR",
    "StepLR",
]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class LRScheduler:
    """What every scheduler does around its formula.

    Parameters
    ----------
    optimizer : Optimizer
        One of this package or of ``torch.optim``; what counts is that it has
        ``param_groups``.

    Attributes
    ----------
    last_epoch : int
        How often `step` was called.
    base_lrs : list of float
        The rate of each group when the first scheduler was made.
    """

    def __init__(self, optimizer: "Any") -> None:
        self.optimizer = optimizer
        self.last_epoch = 0
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [g["initial_lr"] for g in optimizer.param_groups]
        self._write()

    def rate(self, k: int, base: float) -> float:
        """Return the rate after `k` steps of the scheduler, from a group's first rate."""
        raise NotImplementedError

    def step(self) -> None:
        """Go on by one, and write the rates of the next step."""
        if getattr(self.optimizer, "steps_taken", 1) == 0:
            _warn(
                "scheduler.step() came before optimizer.step(): the first rate "
                "of the schedule is skipped; step the optimizer first"
            )
        self.last_epoch += 1
        self._write()

    def _write(self) -> None:
        for group, base in zip(self.optimizer.param_groups, self.base_lrs):  # noqa: B905 - MicroPython's has no strict
            group["lr"] = self.rate(self.last_epoch, base)

    def get_last_lr(self) -> "list[float]":
        """Return the rate that each group has now."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> "dict[str, Any]":
        """Return what `load_state_dict` needs."""
        return {
            "last_epoch": self.last_epoch,
            "base_lrs": list(self.base_lrs),
        }

    def load_state_dict(self, state_dict: "dict[str, Any]") -> None:
        """Go on from a saved state; the optimizer's own holds the rates."""
        self.last_epoch = state_dict["last_epoch"]
        self.base_lrs = list(state_dict["base_lrs"])


class LambdaLR(LRScheduler):
    """The first rate times a function of the number of steps.

    Parameters
    ----------
    optimizer : Optimizer
    lr_lambda : callable
        Takes k, returns the factor: ``lambda k: 1 / (k + 1)``.
    """

    def __init__(
        self, optimizer: "Any", lr_lambda: "Callable[[int], float]"
    ) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def rate(self, k: int, base: float) -> float:
        """Return η₀ times the function's value."""
        return base * self.lr_lambda(k)


class StepLR(LRScheduler):
    """The rate times γ after every `step_size` steps; see `schedules.step_decay`."""

    def __init__(
        self, optimizer: "Any", step_size: int, gamma: float = 0.1
    ) -> None:
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer)

    def rate(self, k: int, base: float) -> float:
        """Return η₀·γ^⌊k/s⌋."""
        return schedules.step_decay(
            k, base, step_size=self.step_size, gamma=self.gamma
        )


class ExponentialLR(LRScheduler):
    """The rate times γ after every step; see `schedules.exponential`."""

    def __init__(self, optimizer: "Any", gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def rate(self, k: int, base: float) -> float:
        """Return η₀·γᵏ."""
        return schedules.exponential(k, base, gamma=self.gamma)


class LinearLR(LRScheduler):
    """A straight line between two shares of the rate: a warm-up; see `schedules.linear`."""

    def __init__(
        self,
        optimizer: "Any",
        start_factor: float = 1 / 3,
        end_factor: float = 1.0,
        total_iters: int = 5,
    ) -> None:
        if not 0 < start_factor <= 1:
            raise ValueError(
                "Starting multiplicative factor expected to be greater than 0 "
                "and less or equal to 1."
            )
        if not 0 <= end_factor <= 1:
            raise ValueError(
                "Ending multiplicative factor expected to be between 0 and 1."
            )
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = total_iters
        super().__init__(optimizer)

    def rate(self, k: int, base: float) -> float:
        """Return the rate on the line."""
        return schedules.linear(
            k,
            base,
            start_factor=self.start_factor,
            end_factor=self.end_factor,
            total=self.total_iters,
        )


class CosineAnnealingLR(LRScheduler):
    """Half a wave down to `eta_min`; see `schedules.cosine`."""

    def __init__(
        self, optimizer: "Any", T_max: int, eta_min: float = 0.0
    ) -> None:
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer)

    def rate(self, k: int, base: float) -> float:
        """Return the rate on the wave."""
        return schedules.cosine(
            k, base, total=self.T_max, lowest=self.eta_min
        )


class OneCycleLR(LRScheduler):
    """Up and down once, the momentum the other way; see `schedules.one_cycle`.

    Parameters
    ----------
    optimizer : Optimizer
    max_lr : float
        The rate at the top, of all groups.
    total_steps : int
        The number of steps of the cycle.
    pct_start : float
        The share of the steps that goes up.
    cycle_momentum : bool
        Whether the momentum, in Adam β₁, goes from `max_momentum` down to
        `base_momentum` and back.
    base_momentum, max_momentum : float
    div_factor, final_div_factor : float
        The first rate is ``max_lr / div_factor``, the last one that divided
        by `final_div_factor`.

    Raises
    ------
    ValueError
        If the optimizer has no momentum to cycle.
    """

    def __init__(
        self,
        optimizer: "Any",
        max_lr: float,
        total_steps: int,
        *,
        pct_start: float = 0.3,
        cycle_momentum: bool = True,
        base_momentum: float = 0.85,
        max_momentum: float = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        options = optimizer.param_groups[0]
        if cycle_momentum and not (
            "momentum" in options or "betas" in options
        ):
            raise ValueError(
                "optimizer must support momentum or beta1 with `cycle_momentum` option enabled"
            )
        self.max_lr, self.total_steps = max_lr, total_steps
        self.pct_start, self.cycle_momentum = pct_start, cycle_momentum
        self.base_momentum, self.max_momentum = base_momentum, max_momentum
        self.div_factor = div_factor
        self.final_div_factor = final_div_factor
        for group in optimizer.param_groups:
            group["initial_lr"] = max_lr / div_factor
        super().__init__(optimizer)

    def rate(self, k: int, base: float) -> float:
        """Return the rate of the cycle."""
        return schedules.one_cycle(
            k,
            self.max_lr,
            total=self.total_steps,
            rising=self.pct_start,
            div_factor=self.div_factor,
            final_div_factor=self.final_div_factor,
        )

    def _write(self) -> None:
        super()._write()
        if not self.cycle_momentum:
            return
        momentum = schedules.one_cycle_between(
            self.last_epoch,
            self.max_momentum,
            self.base_momentum,
            self.max_momentum,
            total=self.total_steps,
            rising=self.pct_start,
        )
        for group in self.optimizer.param_groups:
            if "betas" in group:
                group["betas"] = (momentum, group["betas"][1])
            else:
                group["momentum"] = momentum


class SequentialLR(LRScheduler):
    """One scheduler after the other: a warm-up, then a decay.

    Parameters
    ----------
    optimizer : Optimizer
    schedulers : list of LRScheduler
        Made for the same optimizer. Each counts from 0 when its turn comes.
    milestones : list of int
        The steps at which the second, third, … take over, rising.

    Raises
    ------
    ValueError
        If the milestones are not one fewer than the schedulers.
    """

    def __init__(
        self,
        optimizer: "Any",
        schedulers: "list[LRScheduler]",
        milestones: "list[int]",
    ) -> None:
        if len(milestones) != len(schedulers) - 1:
            raise ValueError(
                "SequentialLR expects one milestone between each two schedulers, "
                f"but got {len(schedulers)} schedulers and {len(milestones)} milestones"
            )
        self.schedulers, self.milestones = schedulers, milestones
        super().__init__(optimizer)

    def rate(self, k: int, base: float) -> float:
        """Return the rate of the scheduler whose turn it is."""
        turn = sum(milestone <= k for milestone in self.milestones)
        begun = self.milestones[turn - 1] if turn else 0
        return self.schedulers[turn].rate(k - begun, base)


def _warn(sentence: str) -> None:
    try:
        import warnings
    except ImportError:  # MicroPython has none
        print("UserWarning: " + sentence)
    else:
        warnings.warn(sentence, UserWarning, stacklevel=3)
