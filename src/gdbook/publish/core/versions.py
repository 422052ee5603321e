"""Versions of what is installed, each looked up once."""

from __future__ import annotations

import importlib.metadata
import platform
from functools import cache

LIBRARIES = ("torch", "numpy", "matplotlib", "sympy", "mpmath")
"""Packages whose versions are part of every key: forked kernels find them imported."""


@cache
def versions() -> dict[str, str | None]:
    """Return the versions of Python and of the libraries that every chapter may show."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


@cache
def version(distribution: str) -> str | None:
    """Return the installed version of a distribution, None if it is not installed."""
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None
