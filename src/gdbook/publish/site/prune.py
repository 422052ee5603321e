"""Remove from the site what removed chapters left there; Sphinx itself never does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder


def prune_pages(app: Sphinx, removed: Iterable[str]) -> None:
    """Remove the pages, sources, notebooks and doctrees of chapters that are no more.

    Parameters
    ----------
    app : Sphinx
        Its builder's folder is pruned, if it writes HTML.
    removed : iterable of str
        Names of documents.
    """
    builder = app.builder
    if not isinstance(builder, StandaloneHTMLBuilder):
        return
    outdir = Path(builder.outdir)
    for docname in removed:
        page = Path(builder.get_outfilename(docname))
        suffixes = (".md", ".md.txt", ".ipynb", ".ipynb.txt")
        sources = [outdir / "_sources" / f"{docname}{suffix}" for suffix in suffixes]
        executed = outdir.parent / "jupyter_execute" / docname
        for path in (
            page,
            *sources,
            executed.with_name(executed.name + ".ipynb"),
            executed.with_name(executed.name + ".glue.json"),
            Path(app.doctreedir) / f"{docname}.doctree",
        ):
            path.unlink(missing_ok=True)
        for folder in (page.parent, sources[0].parent):
            _remove_if_empty(folder, outdir)


def prune_images(app: Sphinx, before: Iterable[str]) -> None:
    """Remove images that no page shows any more.

    Parameters
    ----------
    app : Sphinx
        Its builder's folder is pruned, if it writes HTML.
    before : iterable of str
        Names in `_images` that pages showed after the last build.
    """
    if not isinstance(app.builder, StandaloneHTMLBuilder):
        return
    now = set(image_names(app))
    for name in before:
        if name not in now:
            (Path(app.builder.outdir) / app.builder.imagedir / name).unlink(missing_ok=True)


def image_names(app: Sphinx) -> list[str]:
    """Return the names in `_images` of all images that the environment knows."""
    return sorted(name for _, name in app.env.images.values())


def _remove_if_empty(folder: Path, outdir: Path) -> None:
    while folder != outdir and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
