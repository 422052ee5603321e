"""The files that live cells need: the page's script, and what it loads when a cell is opened."""

from __future__ import annotations

import json
import platform
import re
from functools import cache
from pathlib import Path

from gdbook.publish.core import checked, files, npm, user_cache
from gdbook.publish.core.scripts import bundle
from gdbook.publish.live.checkers import checks
from gdbook.publish.live.offered import OFFERED
from gdbook.publish.live.pack import ENGINE, PARTS, as_json, packed

HERE = Path(__file__).parent
#: On each page with a live cell. The ending keeps Jupyter Book from adding it to all pages.
SCRIPT, STYLESHEET = "code.mjs", "code.css"
#: Below ``_static``: what is loaded on first use.
FOLDER = "live"
MICROPYTHON = "@micropython/micropython-webassembly-pyscript"
EDITOR = "prism-code-editor"
#: The editor's modules, from which the others are imported; the first two give what is called.
MODULES = (
    "index.js",
    "extensions/commands/index.js",
    "languages/python.js",
    "prism/languages/python.js",
)
LAYOUT, SHEET = "layout.css", "editor.css"
ENGINE_FILE = "engine.json"
#: What the files are made of: files and folders, and npm packages.
SOURCES = [HERE, *(ENGINE / folder for folder in (*PARTS, "exercises", "hints"))]
PACKAGES = [MICROPYTHON, EDITOR]
_IMPORTED = re.compile(rb'^(?:import|export)[^;"]*"(\.[^"]+)";', re.MULTILINE)
_MAP = re.compile(rb"^//# sourceMappingURL=.*\n?", re.MULTILINE)


@cache
def assets() -> dict[str, bytes]:
    """Return the content of each file, by its name below ``_static``."""
    python = npm.package(MICROPYTHON)
    python_folder = f"{FOLDER}/micropython-{version(python)}"
    editor = npm.package(EDITOR)
    editor_folder = f"{FOLDER}/{EDITOR}-{version(editor)}"
    worker, python_files = (HERE / "worker.mjs").read_bytes(), _python_files()
    engine = python_files.pop(ENGINE_FILE).encode()
    # Ours come last: what both say of the editor holds as we say it.
    sheet = (editor / "dist" / LAYOUT).read_bytes() + b"\n" + (HERE / SHEET).read_bytes()
    judges = {
        f"{FOLDER}/checks-{module}.json": needed.encode() for module, needed in python_files.items()
    }
    made = {
        f"{FOLDER}/worker.mjs": worker,
        f"{FOLDER}/{ENGINE_FILE}": engine,
        **judges,
        f"{FOLDER}/{SHEET}": sheet,
        STYLESHEET: (HERE / STYLESHEET).read_bytes(),
    }
    for name in ("micropython.mjs", "micropython.wasm"):
        made[f"{python_folder}/{name}"] = (python / name).read_bytes()
    for name, content in _with_imports(editor / "dist", MODULES).items():
        made[f"{editor_folder}/{name}"] = content
    judged = files.fingerprint(b"".join(judges.values()))[:8]
    places = {
        "worker": f"{FOLDER}/worker.mjs?v={files.fingerprint(worker)[:8]}",
        "engine": f"{FOLDER}/{ENGINE_FILE}?v={files.fingerprint(engine)[:8]}",
        "checks": f"{FOLDER}/checks-MODULE.json?v={judged}",
        "micropython": f"{python_folder}/micropython.mjs",
        "wasm": f"{python_folder}/micropython.wasm",
        "editor": {
            "folder": f"{editor_folder}/",
            "modules": MODULES,
            "sheet": f"{FOLDER}/{SHEET}?v={files.fingerprint(sheet)[:8]}",
        },
    }
    script = bundle(HERE / "element.mjs").replace('"FILES"', json.dumps(json.dumps(places)))
    return made | {SCRIPT: script.encode()}


def _python_files() -> dict[str, str]:
    """Return what a page's Python loads, as JSON: the engine, and the checks of each module.

    To strip both takes 0.6 s, and depends on the package alone.
    """

    def stripped() -> bytes:
        judges = {module: as_json(needed) for module, needed in checks(OFFERED).items()}
        return as_json({ENGINE_FILE: packed()} | judges).encode()

    question = ["live", platform.python_version(), [files.digest(path) for path in SOURCES]]
    made_by = [Path(checked.__file__)]
    made: dict[str, str] = json.loads(user_cache.kept(question, stripped, made_by))
    return made


def version(package: Path) -> str:
    """Return the version of an npm package: it names a folder, so that no browser keeps an old."""
    return str(json.loads((package / "package.json").read_text(encoding="utf-8"))["version"])


def _with_imports(folder: Path, names: tuple[str, ...]) -> dict[str, bytes]:
    """Return modules and those that they import, by their places in a folder."""
    made: dict[str, bytes] = {}
    left = list(names)
    while left:
        name = left.pop()
        if name not in made:
            made[name] = _MAP.sub(b"", (folder / name).read_bytes())
            above = (folder / name).parent
            for other in _IMPORTED.findall(made[name]):
                path = (above / other.decode()).resolve()
                left.append(path.relative_to(folder.resolve()).as_posix())
    return made


def write_assets(static: Path) -> list[str]:
    """Write all files into a folder, and remove what live cells no longer load.

    Parameters
    ----------
    static : Path
        As ``_build/html/_static``.

    Returns
    -------
    list of str
        Their names.
    """
    names = files.write_all(static, assets())
    kept = {static / name for name in names}
    for suffix in sorted({path.suffix for path in kept}):
        files.prune(static / FOLDER, f"*{suffix}", kept)
    return names
