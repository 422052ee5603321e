"""MicroPython, as the reader's browser runs it, in Node."""

from __future__ import annotations

import subprocess
from pathlib import Path

import gdbook
from gdbook.publish.core import npm

HERE = Path(__file__).parent
SOURCE = Path(gdbook.__file__).parent
PACKAGE = "@micropython/micropython-webassembly-pyscript"


def micropython(program: Path, files: dict[str, Path]) -> subprocess.CompletedProcess[str]:
    """Run a program with the engine at hand, and `files` at their places."""
    places = dict(files)  # without gdbook's own __init__, which is for CPython
    for part in ("autodiff", "optimizers"):
        for path in sorted((SOURCE / part).glob("*.py")):
            places[f"/gdbook/{part}/{path.name}"] = path
    command = [str(npm.node()), str(HERE / "micropython.mjs"), str(npm.package(PACKAGE))]
    command += [str(program), *(f"{path}={place}" for place, path in places.items())]
    return subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
