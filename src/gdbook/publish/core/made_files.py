"""Files of the site that are made of the package alone: made again when the package changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from sphinx.application import Sphinx

from gdbook.publish.core import npm, scripts
from gdbook.publish.core.cache import fingerprints, memo
from gdbook.publish.core.files import digest


def write_once(
    app: Sphinx,
    name: str,
    write: Callable[[Path], Iterable[str]],
    sources: Iterable[Path],
    packages: Iterable[str] = (),
) -> None:
    """Write files below ``_static``, unless an earlier build did and nothing has changed since.

    Parameters
    ----------
    app : Sphinx
    name : str
        Of the files, for the cache.
    write : callable
        Given ``_static``, writes the files there and returns their names.
    sources : iterable of Path
        Files, and folders with all that is in them, of which the files are made; beside them,
        what joins scripts.
    packages : iterable of str
        The npm packages that help to make them; beside them, esbuild.
    """
    static = Path(app.outdir, "_static")
    at = [
        [
            digest(path) if path.is_dir() else fingerprints([path])
            for path in (*sources, Path(scripts.__file__))
        ],
        fingerprints(npm.package(package) / "package.json" for package in (*packages, "esbuild")),
    ]
    names = memo(app, "made files", lambda: "").answer(name, lambda: sorted(write(static)), at)
    if not all((static / name).is_file() for name in names):
        write(static)
