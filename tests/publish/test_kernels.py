from __future__ import annotations

import asyncio
import importlib.metadata
import json
import os
import select
import socket
from collections.abc import Iterator

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from gdbook.publish.core.versions import LIBRARIES
from gdbook.publish.execute.kernels import pool
from gdbook.publish.execute.kernels.pool import Kernels
from gdbook.publish.execute.kernels.provisioner import ForkProvisioner
from gdbook.publish.execute.runner import steady


@pytest.fixture(scope="module")
def forked() -> Iterator[Kernels]:
    with Kernels() as source:
        yield source


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[Kernels]:
    with monkeypatch.context() as patched:
        patched.delattr(os, "fork")
        source = Kernels()
        source.start()
    with source:
        yield source


def notebook_of(cells: tuple[str, ...]) -> nbformat.NotebookNode:
    made: nbformat.NotebookNode = nbformat.from_dict(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "source": cell,
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                }
                for cell in cells
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
    )
    return made


def run(source: Kernels, *cells: str) -> list[str]:
    """Run cells in one fresh kernel and return the text that each showed."""

    async def execute() -> nbformat.NotebookNode:
        notebook = notebook_of(cells)
        with source.kernel("python3") as kernel:
            client = NotebookClient(
                notebook,
                km=kernel.manager,
                shutdown_kernel="immediate",
                coalesce_streams=True,
                allow_errors=True,
            )
            client.reset_execution_trackers()
            async with client.async_setup_kernel(cleanup_kc=True, **kernel.options):
                for index, cell in enumerate(notebook.cells):
                    await client.async_execute_cell(cell, index)
        steady(notebook)
        return notebook

    return [shown(cell) for cell in asyncio.run(execute()).cells]


def shown(cell: nbformat.NotebookNode) -> str:
    parts = []
    for output in cell.outputs:
        if output.output_type == "stream":
            parts.append(output.text)
        elif output.output_type == "error":
            parts.append(f"{output.ename}: {output.evalue}")
        else:
            parts.append(str(dict(output.data)))
    return "".join(parts)


STATE = """\
import math, os, random, sys, warnings
import matplotlib as mpl, numpy as np, torch
print(torch.get_default_dtype(), torch.get_num_threads(), torch.tensor([1 / 3]))
print(torch.is_grad_enabled(), torch.are_deterministic_algorithms_enabled())
print(np.get_printoptions()["precision"], mpl.rcParams["figure.dpi"], mpl.get_backend())
print(math.sin(0), os.environ.get("LEFT"), "left" in sys.modules, "left" in sys.path)
print(sorted(set("some letters")), sorted(globals()), os.path.basename(os.getcwd()))
print(sys.argv[1:2], sys.stdin.closed)
"""

LEAVE = """\
import builtins, math, os, random, sys, types
import matplotlib as mpl, numpy as np, torch
torch.manual_seed(1); torch.set_default_dtype(torch.float64); torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True); torch.set_num_threads(2)
np.set_printoptions(precision=2); mpl.rcParams["figure.dpi"] = 30; mpl.use("svg")
math.sin = None; os.environ["LEFT"] = "1"; sys.modules["left"] = types.ModuleType("left")
sys.path.append("left"); os.chdir("/"); builtins.left = 1; builtins.print = None
"""


def test_what_one_chapter_does_never_shows_in_another(forked: Kernels) -> None:
    before = run(forked, STATE)
    run(forked, LEAVE)
    assert run(forked, STATE) == before


def test_forked_and_plain_kernels_start_and_show_the_same(forked: Kernels, plain: Kernels) -> None:
    cells = [
        STATE,
        "import torch\nx = torch.linspace(0, 1, 5, requires_grad=True); y = (x ** 2).sum(); y",
        "y.backward(); x.grad, y.grad_fn",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2, 4]);",
        "w = torch.ones(2, requires_grad=True)\noptimizer = torch.optim.SGD([w], lr=0.1)\n"
        "(w ** 2).sum().backward(); optimizer.step(); optimizer, w",
        "torch.func.hessian(lambda z: (z ** 3).sum())(torch.ones(2))",
        "import sympy\nx = sympy.Symbol('x')\nsympy.diff(sympy.sin(x) / x, x)",
        "def f(a):\n    return 1 / a\nf(0)",
        "import sys; print('out'); print('err', file=sys.stderr)",
        "!echo a process",
        "import warnings\nwarnings.warn('old', DeprecationWarning)\nwarnings.warn('odd')",
    ]
    assert run(forked, *cells) == run(plain, *cells)


def test_forked_kernels_find_torch_imported_and_others_start_plainly(
    forked: Kernels, plain: Kernels
) -> None:
    cell = "import sys; print('torch' in sys.modules, 'gdbook' in sys.modules)"
    assert run(forked, cell) == ["True False\n"]
    assert run(plain, cell, "1 + 1") == ["False False\n", "{'text/plain': '2'}"]
    assert forked.why_plain is None
    assert plain.why_plain == "this system cannot fork a process"


def test_a_key_holds_the_versions_of_what_is_preloaded_and_worked_with(forked: Kernels) -> None:
    cell = "import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    modules = "".join(run(forked, cell)).split()
    sources = importlib.metadata.packages_distributions()
    preloaded = {name for module in modules for name in sources.get(module, ())}
    reckoned_with = {"torch", "numpy", "matplotlib", "sympy", "mpmath", "scipy", "pandas"}
    assert preloaded & reckoned_with == set(LIBRARIES)


def test_threads_are_bounded(forked: Kernels) -> None:
    assert run(forked, "import torch; torch.get_num_threads()") == ["{'text/plain': '1'}"]


def test_unseeded_numbers_differ_between_kernels(forked: Kernels) -> None:
    draws = ["numpy.random.rand()", "torch.rand(1)", "random.random()"]
    cells = [f"import {draw.partition('.')[0]}; {draw}" for draw in draws]
    for one, other in zip(run(forked, *cells), run(forked, *cells), strict=True):
        assert one != other


def test_where_preloading_fails_kernels_start_plainly() -> None:
    with Kernels(preload=["no_such_library"]) as source:
        assert run(source, "1 + 1") == ["{'text/plain': '2'}"]
        assert source.why_plain is not None
        assert "No module named 'no_such_library'" in source.why_plain


def test_whoever_asks_may_be_killed_at_any_moment() -> None:
    with Kernels(preload=["ipykernel.kernelapp"]) as source:
        address = source.address()
        assert address is not None
        asked = {"argv": ["kernel"], "cwd": "/", "env": {}, "log": os.devnull}
        for said in ("", json.dumps(asked)[:9], json.dumps(asked) + "\n"):
            asking = socket.socket(socket.AF_UNIX)
            asking.connect(address)
            asking.sendall(said.encode())
            if said.endswith("\n"):
                select.select([asking], [], [], 60)  # the answer is there, and not read
            asking.close()
        assert run(source, "print('still there')") == ["still there\n"]


def test_a_killed_server_is_an_error_and_not_a_wait(forked: Kernels) -> None:
    with Kernels(preload=["ipykernel.kernelapp"]) as source:
        assert source.address() is not None
        with pytest.raises(DeadKernelError):
            run(source, "import os; os.kill(os.getppid(), 9)\nimport time; time.sleep(60)")


@pytest.mark.parametrize(("end", "code"), [("os._exit(3)", 3), ("os.kill(os.getpid(), 9)", -9)])
def test_the_exit_code_of_a_kernel_arrives(forked: Kernels, end: str, code: int) -> None:
    async def execute() -> int | None:
        with forked.kernel("python3") as kernel:
            await kernel.manager.start_kernel(**kernel.options)
            client = kernel.manager.client()
            client.start_channels()
            await client.wait_for_ready()
            client.execute(f"import os; {end}")
            provisioner = kernel.manager.provisioner
            assert isinstance(provisioner, ForkProvisioner)
            ended = await asyncio.wait_for(provisioner.wait(), 30)
            client.stop_channels()
            await kernel.manager.cleanup_resources()
        return ended

    assert asyncio.run(execute()) == code


def test_closing_leaves_no_process_and_no_file() -> None:
    source = Kernels(preload=["ipykernel.kernelapp"])
    address = source.address()
    assert address is not None
    folder = source.folder()
    source.close()
    assert not folder.exists()
    with socket.socket(socket.AF_UNIX) as connection, pytest.raises(OSError, match="No such file"):
        connection.connect(address)


def test_the_environment_of_whoever_builds_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONSTARTUP", "mine.py")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.setenv("OMP_NUM_THREADS", "16")
    env = pool.kernel_environment()
    assert "PYTHONSTARTUP" not in env
    assert (env["PYTHONHASHSEED"], env["OMP_NUM_THREADS"]) == ("0", "1")
