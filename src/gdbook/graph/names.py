"""What tensors are called: by the argument, by the variable that holds them, by their module."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

# Without omicron, which has no command. Final sigma has no name of its own.
_ALPHABET = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψω",
        (
            *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota"),
            *("kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon"),
            *("phi", "chi", "psi", "omega"),
        ),
        strict=True,
    )
)


def latex_name(name: str) -> str:
    r"""Return a variable's name as LaTeX: ``omega`` and ``ω`` are ``\omega``, ``0.weight`` W⁽⁰⁾."""
    stem, _, last = name.rpartition(".")
    if last in ("weight", "bias"):
        letter = "W" if last == "weight" else "b"
        where = ".".join(re.findall(r"\d+", stem)) or stem.rpartition(".")[2]
        inner = where if where.isdigit() else rf"\mathrm{{{where}}}"
        return f"{letter}^{{({inner})}}" if where else letter
    if name in _ALPHABET:
        return rf"\{_ALPHABET[name]}"
    if name in _ALPHABET.values():
        return rf"\{name}"
    if len(name) == 1:
        return name
    if match := re.fullmatch(r"([A-Za-z])_?(\d+)", name):
        return f"{match[1]}_{{{match[2]}}}"
    return rf"\mathrm{{{name}}}".replace("_", r"\_")


class Names:
    """Names of the tensors that a function can reach: its variables', its modules'."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.tensors: dict[int, str] = {}
        self.modules: dict[int, str] = {}
        self._kept: list[Any] = []
        self._look(function, "")
        for name, value in _variables(function).items():
            self._look(value, name)

    def _look(self, value: Any, name: str) -> None:
        if isinstance(value, Tensor):
            self._enter(self.tensors, value, name)
        elif isinstance(value, torch.nn.Module):
            for inner, parameter in value.named_parameters():
                self._enter(self.tensors, parameter, ".".join(filter(None, (name, inner))))
            for inner, buffer in value.named_buffers():
                self._enter(self.tensors, buffer, ".".join(filter(None, (name, inner))))
            for inner, module in value.named_modules():
                self._enter(self.modules, module, ".".join(filter(None, (name, inner))))

    def _enter(self, table: dict[int, str], value: Any, name: str) -> None:
        table.setdefault(id(value), name)
        self._kept.append(value)  # or its id could come to mean something else

    def give(self, tensor: Tensor, name: str) -> None:
        """Call a tensor by a name, whatever it was called before."""
        self.tensors[id(tensor)] = name
        self._kept.append(tensor)


def _variables(function: Callable[..., Any]) -> Mapping[str, Any]:
    inner = getattr(function, "__func__", function)
    if not inspect.isfunction(inner):
        return {}
    found = inspect.getclosurevars(inner)
    return {**found.globals, **found.nonlocals}
