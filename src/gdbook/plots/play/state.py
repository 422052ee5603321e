"""All that a reader sets: the landscape, the start, the methods with their rates, the dials."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any

from gdbook._expect import known_name
from gdbook.plots.play.grounds import GROUNDS

#: The methods by their names in an address, and in words.
METHODS: Mapping[str, str] = MappingProxyType(
    {
        "sgd": "SGD",
        "momentum": "momentum",
        "nesterov": "Nesterov",
        "adagrad": "AdaGrad",
        "rmsprop": "RMSprop",
        "adam": "Adam",
        "amsgrad": "AMSGrad",
        "adamw": "AdamW",
    }
)


def _within(low: float, high: float, usual: float) -> Any:
    return field(default=usual, metadata={"ends": (low, high)})


@dataclass(frozen=True, kw_only=True)
class State:
    """A state of the playground.

    Attributes
    ----------
    f : str
        A key of `GROUNDS`.
    start : pair of float
        Inside the landscape's domain.
    eta : mapping of str to float
        For each method that runs its learning rate.
    kappa, angle : float
        Of the ravine: its condition number, and how far it is turned, in degrees.
    beta : float
        The momentum, and β₁ of Adam.
    beta2, alpha : float
        Of the running mean of squares: Adam's β₂, RMSprop's α.
    decay : float
        ``weight_decay``.
    batch : int
        Rows in a batch, drawn with replacement; 0 for all rows at every step.
    seed : int
        Of the batches.
    steps : int
    linear : int
        1 if the loss has a linear axis, 0 for a logarithmic one.
    blind : int
        Not 0: a seed. The data then hide another sine, and the map is not shown.
    """

    f: str
    start: tuple[float, float]
    eta: Mapping[str, float]
    kappa: float = _within(1, 1000, 20)
    angle: float = _within(0, 90, 0)
    beta: float = _within(0, 0.99, 0.9)
    beta2: float = _within(0.5, 0.9999, 0.999)
    alpha: float = _within(0.5, 0.9999, 0.99)
    decay: float = _within(0, 0.5, 0)
    batch: int = _within(0, 1000, 0)
    seed: int = _within(1, 1e9, 1)
    steps: int = _within(5, 1000, 100)
    linear: int = _within(0, 1, 0)
    blind: int = _within(0, 1e9, 0)

    def __post_init__(self) -> None:
        ground = GROUNDS[known_name(self.f, GROUNDS, "landscape of the playground")]
        if not self.eta:
            raise ValueError("a state needs a method with its rate, such as sgd=0.3")
        for method, rate in self.eta.items():
            known_name(method, METHODS, "method of the playground")
            _inside(rate, 1e-4, 10, f"the rate of {method}")
        ends = ground.drawn.domain
        if len(self.start) != len(ends):
            raise ValueError(f"start must be a pair of numbers, got {len(self.start)}")
        for number, (low, high), name in zip(self.start, ends, ground.variables, strict=True):
            _inside(number, low, high, f"{name} of the start")
        for entry in fields(self):
            if "ends" in entry.metadata:
                low, high = entry.metadata["ends"]
                _inside(getattr(self, entry.name), low, high, entry.name)

    @property
    def query(self) -> str:
        """The state as an address names it: ``f=ravine&start=-4,1&sgd=0.3``."""
        parts = [f"f={self.f}", "start=" + ",".join(map(_short, self.start))]
        parts += [f"{method}={_short(rate)}" for method, rate in self.eta.items()]
        for entry in fields(self):
            value = getattr(self, entry.name)
            if "ends" in entry.metadata and value != entry.default:
                parts.append(f"{entry.name}={_short(value)}")
        return "&".join(parts)

    @classmethod
    def numbers(cls) -> list[str]:
        """Return the names of the numbers beside start and rates."""
        return [entry.name for entry in fields(cls) if "ends" in entry.metadata]

    def with_rates(self, eta: Mapping[str, float]) -> State:
        """Return the state with other rates."""
        return replace(self, eta=eta)

    def for_browser(self) -> dict[str, Any]:
        """Return the state as the browser keeps it."""
        made = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        return made | {"start": list(self.start), "eta": dict(self.eta)}

    def options(self, method: str) -> dict[str, Any]:
        """Return the options of a method's rule, but for its rate."""
        betas = (self.beta, self.beta2)
        own: dict[str, dict[str, Any]] = {
            "momentum": {"momentum": self.beta},
            "nesterov": {"momentum": self.beta, "nesterov": self.beta > 0},
            "rmsprop": {"alpha": self.alpha},
            "adam": {"betas": betas},
            "amsgrad": {"betas": betas, "amsgrad": True},
            "adamw": {"betas": betas},
        }
        return {**own.get(method, {}), "weight_decay": self.decay}


def _inside(number: float, low: float, high: float, name: str) -> None:
    if not (math.isfinite(number) and low <= number <= high):
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, got {number:g}")


def _short(number: float) -> str:
    """Write a number as short as JavaScript does."""
    return repr(int(number) if float(number).is_integer() else float(number))
