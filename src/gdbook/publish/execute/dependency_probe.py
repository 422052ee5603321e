"""What a chapter read: run inside its kernel, which knows nothing of `gdbook.publish`.

`runner.py` sends this file's text to the kernel before the first cell, so it imports the
standard library alone, and leaves no name among the chapter's own.
"""

from __future__ import annotations

import importlib.machinery
import json
import os
import sys
from types import CodeType, ModuleType
from typing import Any

NAME = "_gdbook_probe"
"""Under which the report waits in `sys.modules`."""


def start(inside: list[str], outside: list[str]) -> None:
    """Note from now on which files are read and which folders are listed.

    Parameters
    ----------
    inside, outside : list of str
        Real paths of folders whose files count, and of those whose files don't; of
        several that hold a file, the deepest decides.
    """
    files: dict[str, list[int] | None] = {}
    folders: set[str] = set()
    written: set[str] = set()
    before = {name.partition(".")[0] for name in sys.modules}
    ranked = sorted(
        [(path + os.sep, True) for path in inside] + [(path + os.sep, False) for path in outside],
        key=lambda pair: -len(pair[0]),
    )

    def counts(path: str) -> bool:
        if f"{os.sep}__pycache__{os.sep}" in path:
            return False
        return next((yes for prefix, yes in ranked if (path + os.sep).startswith(prefix)), False)

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
        elif event in ("os.listdir", "os.scandir"):
            path, flags = args[0] if args[0] is not None else ".", 0
            # Python's importer lists every folder that it searches.
            if sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
                return
        else:
            return
        if not isinstance(path, (str, bytes, os.PathLike)):
            return
        full = os.path.realpath(os.fsdecode(path))
        if not counts(full) or full in written:
            return
        if event != "open":
            folders.add(full)
        elif flags & (os.O_WRONLY | os.O_TRUNC):
            # What a chapter wrote itself is no input of it.
            if full not in files:
                written.add(full)
        elif full not in files:
            # Compared afterwards: a file that was saved while the chapter ran, or made
            # by it, must not be taken for what was read.
            try:
                stat = os.stat(full)
                files[full] = [stat.st_mtime_ns, stat.st_size]
            except OSError:
                files[full] = None

    # A compiled file tells its source's age in whole seconds. Of two savings within one
    # second it would bring back the first, so the book's own modules are always compiled.
    loader = importlib.machinery.SourceFileLoader
    compiled = loader.get_code

    def get_code(self: importlib.machinery.SourceFileLoader, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        if not counts(os.path.realpath(path)):
            return compiled(self, fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code

    loader.get_code = get_code  # type: ignore[method-assign, assignment]
    sys.addaudithook(hook)

    def report() -> str:
        imported = {name.partition(".")[0] for name in list(sys.modules)} - before
        noted = [[path, stat] for path, stat in sorted(files.items())]
        return json.dumps({"files": noted, "folders": sorted(folders), "modules": sorted(imported)})

    module = ModuleType(NAME)
    module.report = report  # type: ignore[attr-defined]
    sys.modules[NAME] = module
