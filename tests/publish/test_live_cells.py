"""Live cells, without a browser: what is packed, what they print, what is refused, how heavy."""

from __future__ import annotations

import ast
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from gdbook.publish.live import cells
from gdbook.publish.live.assets import SCRIPT, STYLESHEET, assets
from gdbook.publish.live.pack import packed
from gdbook.publish.live.stripping import stripped
from live_cells import LIVE, in_cpython, in_micropython, live_cells

CHAPTERS = {
    "book/calculus/descent-in-one-dimension",
    "book/calculus/gradients",
    "book/autograd/autograd",
    "book/autograd/computation-graph",
    "book/autograd/build-your-own",
    "book/optimizers/momentum",
    "book/losses/mse-loss",
    "book/losses/absolute-error",
    "book/losses/relu-network",
}


def test_chapters_that_the_engine_reaches_have_live_cells() -> None:
    assert LIVE.keys() >= CHAPTERS


@pytest.mark.parametrize("name", LIVE)
def test_a_page_s_live_cells_need_no_other_and_print_the_same_everywhere(
    name: str, tmp_path: Path
) -> None:
    with_torch = in_cpython(LIVE[name], small=False)
    assert in_cpython(LIVE[name], small=True) == with_torch
    in_the_page = in_micropython(LIVE[name], tmp_path)
    assert [outcome["failure"] for _, outcome in in_the_page] == [None] * len(with_torch)
    assert [text for text, _ in in_the_page] == with_torch
    assert any(with_torch), "no live cell of this page prints anything"


REFUSED = {
    "import numpy": "Code in the page can import torch, math and matplotlib.pyplot.",
    "torch.linalg.eigvalsh(torch.eye(2))": "The page runs the book's own engine",
    "torch.ones(2).cuda()": "The page runs the book's own engine",
    "torch.tensor(1.0, dtype=torch.float32)": "in float64; this is not in it",
    "torch.nn.Conv2d(1, 1, 3)": "this is not in it",
    "torch.linspace(0, 5, 3, dtype=torch.int64)": "linspace makes float64 only",
    "f'{torch.ones(2).sum():.2f}'": "write x.item() for x",
    "0 < torch.ones(2)": "write x > 0 for 0 < x",
    "torch.ones(2).sum(device='cpu')": "does not have this option",
    "x = torch.ones(2)\nx *= 2": "write x = x * y, or x.mul_(y)",
    "x = [torch.ones(2)]\nfor k in (0,): x[k] /= 2": "write x = x / y",
    "x = torch.ones(2); y = 1; y **= 2; x **= 2": "write x = x ** y",
    "import matplotlib.pyplot as plt\nplt.subplots()": "a small part of pyplot",
    "import matplotlib.pyplot as plt\nplt.plot([1], color='red')": "colours are C0 to C9",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], 's-')": "the format 's-' is not drawn",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2], linewidth=3)": "does not have this option",
    "[0] * 100_000_000": "64 MB",
}


def test_what_the_page_lacks_is_refused_in_words(tmp_path: Path) -> None:
    ran = in_micropython(["import torch", *REFUSED], tmp_path)[1:]
    for (code, words), (text, outcome) in zip(REFUSED.items(), ran, strict=True):
        failure = outcome["failure"]
        assert words in f"{failure['text']} {failure['hint']}", (code, failure)
        assert text == "", code
        assert failure["line"] == code.count("\n") + 1


ALLOWED = {
    "x = torch.ones(3)\nx[1] *= 4\nx[0:1] *= 2\nprint(x.tolist())": "[2.0, 4.0, 1.0]\n",
    "x = torch.ones(2)\ny = x\nx += 1\nx -= 3\nprint(y.tolist())": "[-1.0, -1.0]\n",
    "n = 3; n *= 2; n //= 4\nd = {'a *= 1': 5}\nd['a *= 1'] *= 2 # b *= c\nn, d": (
        "(1, {'a *= 1': 10})\n"
    ),
    'x = """\ny *= 2\n"""\nx': "'\\ny *= 2\\n'\n",
    "print('no end', end='')": "no end",
    "x = 3;": "",
    "3 + 4  # the value is shown": "7\n",
    "(1,\n 2,\n)": "(1, 2)\n",
    "None": "",
    "def f():\n    return 1\n\nf()": "1\n",
}


def test_what_python_does_is_left_as_it_is(tmp_path: Path) -> None:
    ran = in_micropython(["import torch", *ALLOWED], tmp_path)[1:]
    for (code, want), (text, outcome) in zip(ALLOWED.items(), ran, strict=True):
        assert outcome["failure"] is None, (code, outcome)
        assert text == want, code
    assert in_cpython(["import torch", *ALLOWED], small=False)[1:] == list(ALLOWED.values())


def test_an_error_names_the_line_of_the_cell_that_made_it(tmp_path: Path) -> None:
    made = "def f(x):\n    return x + missing\n"
    failed = in_micropython([made, "y = 1\n\nf(2)", "a = 1\nb = (2,\nc 3", "# a\n1 / 0"], tmp_path)
    places = [(o["failure"] or {}).get("cell", "") for _, o in failed]
    assert places == ["", "cell 1", "cell 3", "cell 4"]
    assert [failed[k][1]["failure"]["line"] for k in (1, 2, 3)] == [2, 3, 2]
    assert failed[1][1]["failure"]["text"].startswith("NameError: name 'missing'")


def test_drawings_are_what_was_asked_for(tmp_path: Path) -> None:
    code = """
import math
import matplotlib.pyplot as plt
plt.plot([0, 1, 2], [1.0, math.nan, 4.0], "o--", label="a", color="C3")
plt.axhline(2)
plt.show()
plt.contour(range(2), [0, 1, 2], [[1, 2], [3, 4], [5, 6]], levels=[4, 2])
plt.xlim(0, 1)
plt.yscale("log")
"""
    ((text, outcome),) = in_micropython([code], tmp_path)
    assert (text, outcome["failure"]) == ("", None)
    first, second = outcome["drawings"]
    line, rule = first["layers"]
    assert (line["x"], line["y"]) == ([0, 1, 2], [1, None, 4])
    assert (line["line"], line["marker"], line["label"], line["colour"]) == ("--", "o", "a", 3)
    assert (rule["kind"], rule["at"]) == ("across", 2)
    assert second["layers"][0]["levels"] == [2, 4]
    assert (second["xlim"], second["ylog"], second["xlog"]) == ([0, 1], True, False)


def test_packing_takes_away_words_only() -> None:
    source = '''"""A module."""
from __future__ import annotations
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any
LIMIT: int = 3
unset: "Any"

class Empty:
    """Nothing."""

def double(x: "Any", *, by: int = 2) -> "Any":
    """Double."""
    def inner(y: int) -> int:
        """Inner."""
        return y * by  # a comment
    return inner(x)
'''
    made = stripped(source)
    assert not any(word in made for word in ("Any", "Nothing", "->", "comment", '"""', ": int"))
    names: dict[str, Any] = {}
    exec(made, names)
    assert names["double"](4) == 8
    assert names["Empty"]()
    assert names["LIMIT"] == 3
    assert "unset" not in names


def test_the_engine_is_packed_whole() -> None:
    files = json.loads(packed())
    for text in files.values():
        assert ast.parse(text) is not None
    assert {"/gdbook/autodiff/node.py", "/gdbook/optimizers/rules.py", "/live_cells.py"} <= set(
        files
    )
    assert not any(part in place for place in files for part in ("/cli.py", "publish", "plots"))


def test_first_use_weighs_less_than_300_kb() -> None:
    sizes = {name: len(gzip.compress(content, 6)) for name, content in assets().items()}
    # With the first *Check* of a problem come the checkers of its module.
    checkers = [sizes.pop(name) for name in sorted(sizes) if name.startswith("live/checks-")]
    assert len(checkers) > 12
    assert sum(sizes.values()) + max(checkers) < 300_000, (sizes, max(checkers))
    assert sizes[SCRIPT] + sizes[STYLESHEET] < 10_000, "what every page with a live cell loads"


def test_what_a_page_cannot_import_is_found_when_it_is_read() -> None:
    assert list(cells.faults("import torch, math\nfrom torch import nn\nx = 1")) == []
    assert list(cells.faults("from gdbook import plots\nimport numpy as np")) == [
        cells.CANNOT.format(name="gdbook"),
        cells.CANNOT.format(name="numpy"),
    ]
    assert list(cells.faults("def f():\n    from .x import y")) == [cells.CANNOT.format(name="x")]


def test_cells_are_found_by_their_tag() -> None:
    text = "```{code-cell} ipython3\n:tags: [live]\nx = 1\n```\n\n```{code-cell}\ny = 2\n```\n"
    text += "```{code-cell}\n---\ntags: [live, wide]\nalt: z\n---\nz = 3\n```\n"
    assert live_cells(text) == ["x = 1\n", "z = 3\n"]
