"""The code behind *Downhill*, a book on gradient descent and automatic differentiation.

``import gdbook`` is cheap: a part, and with it torch or Matplotlib, is imported
when it is first asked for, as in ``gdbook.functions`` or ``from gdbook import plots``.
"""

from __future__ import annotations

import importlib
from types import ModuleType

__version__ = "0.1.0"

_PARTS = (
    "autodiff",
    "checks",
    "counting",
    "datasets",
    "derivatives",
    "descent",
    "exercises",
    "functions",
    "graph",
    "losses",
    "models",
    "optimizers",
    "plots",
    "rates",
    "style",
)

__all__ = ["__version__", *_PARTS]  # noqa: PLE0604


def __getattr__(name: str) -> ModuleType:
    if name in _PARTS:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"gdbook has no part {name!r}; it has {', '.join(_PARTS)}")


def __dir__() -> list[str]:
    return sorted(__all__)
