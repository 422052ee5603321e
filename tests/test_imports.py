"""Who imports whom: two wings that never meet, and one direction inside the teaching wing."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import gdbook

SOURCE = Path(gdbook.__file__).parent

# Leaves import nothing of the package but how LaTeX is cut, and both wings may import them.
LEAVES = ("style", "latex", "quick", "hints")

# What a page takes to its own Python runs there and not in the build, which never imports it.
CARRIED = ("publish", "live", "python")

# The command is the door to both wings: it may open either, and neither imports it.
DOOR = "cli"

# The order in which the teaching wing imports: a part takes from its own row or from those
# above it. A new part needs a row here.
ROWS = (
    (*LEAVES, "_expect", "reporting"),
    ("functions", "losses", "tables", "penguins", "datasets", "counting", "mathematics"),
    ("derivatives", "optimizers", "autodiff", "graph", "sampling", "rates", "models"),
    ("trajectory", "_walking", "descent"),
    ("plots",),
    ("checks", "exercises", "lab"),
    ("grading",),
)
ROW = {part: row for row, parts in enumerate(ROWS) for part in parts}

# The rooms of the publishing wing, and which others each may import.
ROOMS = {
    "core": (),
    "myst": ("core",),
    "math": ("core",),
    "figures": ("core",),
    "live": ("core", "myst"),
    "site": ("core",),
    "claims": ("core", "myst"),
    "search": ("core", "math"),
    "reference": (),
    "theme": ("core", "math"),
    "execute": ("core", "site"),
    "formats": ("core", "myst", "math", "claims", "figures", "live", "site", "theme"),
    "audit": ("core", "myst", "formats"),
    "authoring": ("core",),
    "preview": ("core", "execute", "formats"),
}


def imports_of(path: Path, package: str) -> Iterator[str]:
    """Yield the dotted names that a module takes in, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            origin = ".".join(base if node.level else []) + ("." if node.level else "")
            origin = (origin + (node.module or "")).strip(".")
            # `from gdbook import plots` takes in gdbook.plots.
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def edges(source: Path) -> Iterator[tuple[str, str]]:
    """Yield (part, part that it imports) for every import of gdbook inside gdbook."""
    for path in sorted(source.rglob("*.py")):
        inside = path.relative_to(source).with_suffix("").parts
        package = ".".join([source.name, *inside[:-1]])
        if inside == ("__init__",) or inside[: len(CARRIED)] == CARRIED:
            continue
        for name in imports_of(path, package):
            first, *rest = name.split(".")
            if first == source.name and rest and rest[0] not in (inside[0], "__version__"):
                yield inside[0], rest[0]


def doors(source: Path) -> Iterator[tuple[str, str]]:
    """Yield (room, room that it imports) for every import of one in another of `publish`."""
    wing = source / "publish"
    for path in sorted(wing.rglob("*.py")):
        inside = path.relative_to(wing).with_suffix("").parts
        if inside == ("__init__",):  # it opens all rooms
            continue
        package = ".".join([source.name, "publish", *inside[:-1]])
        for name in imports_of(path, package):
            of, *rest = name.removeprefix(f"{source.name}.publish").lstrip(".").split(".")
            if name.startswith(f"{source.name}.publish.") and rest and of != inside[0]:
                yield inside[0], of


def faults(source: Path) -> list[str]:
    """Return a sentence for every import that breaks a rule."""
    found = [
        f"the room {room} of the publishing wing imports {other}"
        for room, other in sorted(set(doors(source)))
        if other not in ROOMS.get(room, ())
    ]
    graph: dict[str, set[str]] = {}
    for part, other in sorted(set(edges(source))):
        if part == DOOR:
            continue
        if part in LEAVES and other != "latex":
            found.append(f"{part}, which is a leaf, imports {other}")
        elif other == DOOR:
            found.append(f"{part} imports the command")
        elif part == "publish":
            if other not in LEAVES:
                found.append(f"the publishing wing imports {other}")
        elif other == "publish":
            found.append(f"{part} imports the publishing wing")
        elif part not in ROW or other not in ROW:
            unknown = part if part not in ROW else other
            found.append(f"{unknown} has no row in the order of imports")
        elif ROW[other] > ROW[part]:
            found.append(f"{part} imports {other}, which comes after it")
        graph.setdefault(part, set()).add(other)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        found.append(f"imports run in a circle: {' → '.join(error.args[1])}")
    return found


def test_imports_run_one_way() -> None:
    assert faults(SOURCE) == []
    assert ("_walking", "functions") in set(edges(SOURCE))


def test_the_build_does_not_import_what_the_page_s_python_runs() -> None:
    for path in (SOURCE / "publish").rglob("*.py"):
        inside = path.relative_to(SOURCE).with_suffix("").parts
        if inside[: len(CARRIED)] != CARRIED:
            package = ".".join([SOURCE.name, *inside[:-1]])
            carried = ".".join([SOURCE.name, *CARRIED])
            assert not [name for name in imports_of(path, package) if name.startswith(carried)]


def test_every_room_has_a_row_and_is_used() -> None:
    wing = SOURCE / "publish"
    assert {path.parent.name for path in wing.glob("*/__init__.py")} == set(ROOMS)
    assert [path.name for path in wing.glob("*.py")] == ["__init__.py"]
    allowed = {(room, other) for room, others in ROOMS.items() for other in others}
    assert set(doors(SOURCE)) == allowed, "a row of the table that no import needs"


def test_every_part_has_a_row() -> None:
    parts = {path.stem for path in SOURCE.glob("*.py")} | {
        path.parent.name for path in SOURCE.glob("*/__init__.py")
    }
    assert parts - {"__init__", "publish", DOOR} <= ROW.keys()


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"publish/cells.py": "from gdbook import plots"}, "the publishing wing imports plots"),
        ({"publish/x/y.py": "from ...checks import say"}, "the publishing wing imports checks"),
        (
            {"plots.py": "def f():\n    import gdbook.publish.myst.cell_renderer"},
            "plots imports the publishing",
        ),
        ({"checks.py": "from . import publish"}, "checks imports the publishing wing"),
        ({"functions/line.py": "from gdbook import descent"}, "functions imports descent, which"),
        ({"style.py": "import gdbook.functions"}, "style, which is a leaf, imports functions"),
        ({"latex/a.py": "from .. import plots"}, "latex, which is a leaf, imports"),
        ({"descent.py": "from gdbook import cli"}, "descent imports the command"),
        ({"publish/serve.py": "from gdbook.cli import main"}, "publish imports the command"),
        ({"surprise.py": "import gdbook.style"}, "surprise has no row in the order of imports"),
        (
            {"publish/math/temml.py": "def f():\n    from gdbook.publish.theme import fonts"},
            "the room math of the publishing wing imports theme",
        ),
        (
            {"publish/core/files.py": "import gdbook.publish.site.prune"},
            "the room core of the publishing wing imports site",
        ),
        (
            {"publish/attic/old.py": "from gdbook.publish.core.files import write"},
            "the room attic of the publishing wing imports core",
        ),
        (
            {"trajectory.py": "import gdbook.descent", "descent.py": "import gdbook.trajectory"},
            "imports run in a circle",
        ),
    ],
)
def test_what_breaks_the_rules_is_seen(
    tmp_path: Path, files: dict[str, str], sentence: str
) -> None:
    for name, text in files.items():
        path = tmp_path / "gdbook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert any(fault.startswith(sentence) for fault in faults(tmp_path / "gdbook"))


def test_what_keeps_the_rules_is_let_be(tmp_path: Path) -> None:
    for name, text in {
        "publish/figures.py": "from gdbook.style import COLOURS\nfrom gdbook.publish import cells",
        "plots.py": "from gdbook import style\nfrom .functions import landscape\nimport torch",
        "cli.py": "def main():\n    from gdbook import checks, publish",
        "publish/formulas/tokens.py": "from gdbook import __version__, latex",
        "functions/line.py": "from .landscape import Landscape\nfrom .. import _expect",
    }.items():
        path = tmp_path / "gdbook" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert faults(tmp_path / "gdbook") == []


def test_importing_the_package_is_cheap() -> None:
    heavy = ("torch", "matplotlib", "numpy", "scipy", "sympy", "sphinx", "IPython")
    code = f"import sys, gdbook; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_parts_load_when_they_are_asked_for() -> None:
    code = "import sys, gdbook; gdbook.functions.landscape('square'); print('torch' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "True"
    with pytest.raises(AttributeError, match="gdbook has no part 'function'"):
        _ = gdbook.function
