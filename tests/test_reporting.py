"""Reports and said numbers as a real notebook keeps them."""

import math
from typing import Any

import nbformat
import pytest
from myst_nb.core.variables import format_plain_text
from nbclient import NotebookClient

CELLS = [
    "from gdbook.checks import holds, say\nfrom gdbook.mathematics import real\n"
    "import torch\nimport numpy as np",
    "holds('eq-a', 'x + x = 2 x', x=real())\nholds('eq-b', 'x - x = 0', x=real())",
    "say(steps=17, err=torch.tensor(3.2178e-9, dtype=torch.float64), rate=np.float32(0.5),\n"
    "    one=torch.tensor([2]), name='Adam', none=float('nan'), far=float('-inf'))",
    "try:\n    say(two=torch.zeros(2))\nexcept ValueError as error:\n    print(error)",
]


@pytest.fixture(scope="module")
def outputs() -> list[list[Any]]:
    cells = [nbformat.v4.new_code_cell(c) for c in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    done = NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return [c.outputs for c in done.cells]


def test_each_check_is_an_output_with_its_record(outputs: list[list[Any]]) -> None:
    first, second = outputs[1]
    assert first.data["text/plain"].startswith("✓ exactly (SymPy); 40 random numbers")
    assert first.metadata["gdbook"] == {"kind": "holds", "of": "eq-a", "latex": "x + x = 2 x"}
    assert second.metadata["gdbook"]["of"] == "eq-b"


def test_said_values_are_glue(outputs: list[list[Any]]) -> None:
    prefix = "application/papermill.record/"
    said = {o.metadata["scrapbook"]["name"]: o.data[f"{prefix}text/plain"] for o in outputs[2]}
    assert all(o.metadata["scrapbook"]["mime_prefix"] == prefix for o in outputs[2])
    assert format_plain_text(said["steps"], "d") == "17"
    assert format_plain_text(said["err"], ".1e") == "3.2e-09"
    assert format_plain_text(said["rate"], ".2f") == "0.50"
    assert format_plain_text(said["one"], "") == "2"
    assert format_plain_text(said["name"], "") == "Adam"
    assert math.isnan(float(format_plain_text(said["none"], "f")))
    assert format_plain_text(said["far"], ".1f") == "-inf"


def test_more_than_one_number_is_refused(outputs: list[list[Any]]) -> None:
    (shown,) = outputs[3]
    assert shown.text == "say: two must hold one number, got shape (2,)\n"
