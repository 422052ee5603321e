"""What tensors are called: by the argument, by the variable that holds them, by their module."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from gdbook.graph.latex import symbol_of

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
        inner = where if re.fullmatch(r"[\d.]+", where) else in_full(where)
        return f"{letter}^{{({inner})}}" if where else letter
    if letter := _letter(name):
        return letter
    if (match := re.fullmatch(r"(.*?)_?(\d+)", name)) and (letter := _letter(match[1])):
        return f"{letter}_{{{match[2]}}}"
    return in_full(name)


def _letter(name: str) -> str:
    """Return a name that is a letter, as LaTeX; nothing for others."""
    if name in _ALPHABET:
        return rf"\{_ALPHABET[name]}"
    if name in _ALPHABET.values():
        return rf"\{name}"
    return name if len(name) == 1 and name.isalpha() else ""


def in_full(name: str) -> str:
    r"""Return a name upright, letter by letter: ``\mathrm{step\_size}``."""
    plain = re.sub(r"[~^\\]", "-", name)
    return rf"\mathrm{{{re.sub(r'[_%#&${}]', lambda sign: chr(92) + sign[0], plain)}}}"


def distinct(tensors: Mapping[int, tuple[str, int]], chosen: Mapping[str, str]) -> dict[int, str]:
    r"""Return a symbol for each tensor, its name in full where two symbols would look alike.

    ``x1`` and ``x_1`` are both :math:`x_1`, which is also the second element of ``x``; and
    :math:`v_1` is a node, :math:`\delta_{ij}` Kronecker's, :math:`e` the base of the exponential.

    Parameters
    ----------
    tensors : mapping of int to (str, int)
        The names of tensors, and how many axes they have.
    chosen : mapping of str to str
        Name → symbol that the caller has chosen, which stays.
    """
    symbols = {uid: chosen.get(name, latex_name(name)) for uid, (name, _) in tensors.items()}
    parts = {uid: symbol_of(symbol) for uid, symbol in symbols.items()}
    elements = {
        uid: (letter, tensors[uid][1] + bool(below) + below.count(","))
        for uid, (letter, below) in parts.items()
    }
    known = Counter(parts.values())
    written = {elements[uid] for uid, (_, below) in parts.items() if below == ""}
    for uid, (name, _) in tensors.items():
        letter, below = parts[uid]
        alike = known[parts[uid]] > 1 or (below != "" and elements[uid] in written)
        reserved = letter in _RESERVED and (below == "" or letter in ("v", r"\delta"))
        if (alike or reserved) and name not in chosen:
            symbols[uid] = in_full(name)
    return symbols


# What a derivation's own signs look like: nodes, δ, the exponential's base, π and tables.
_RESERVED = {"v", r"\delta", "e", r"\pi"}


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
