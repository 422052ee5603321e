"""Let pages run again on purpose: forget what running them gave."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path

from gdbook.publish.site.journal import lock, unlock


def forget(book: Path, pages: Sequence[str] = ()) -> list[str]:
    """Forget the outputs of pages, so that the next build runs them.

    Parameters
    ----------
    book : Path
        The folder of ``_config.yml``.
    pages : sequence of str
        Names or files of pages, or the ends of names that are unique; all pages if empty.

    Returns
    -------
    list of str
        The pages' names.

    Raises
    ------
    FileNotFoundError
        If there is no book in the folder.
    ValueError
        If outputs of no page, or of several, go by such a name; then nothing is forgotten.
    """
    if not (book / "_config.yml").is_file():
        raise FileNotFoundError(f"{book.resolve()} holds no book: there is no _config.yml in it")
    kept = book / "_build" / ".gdbook"
    lock(kept / "lock", lambda: print("a build of this book is running; waiting for it"))
    try:
        files = {
            path.relative_to(kept / "outputs").with_suffix("").as_posix(): path
            for path in sorted((kept / "outputs").rglob("*.json"))
        }
        chosen = [_found(page, list(files)) for page in pages] or list(files)
        for name in chosen:
            files[name].unlink(missing_ok=True)
    finally:
        unlock(kept / "lock")
    return chosen


def _found(page: str, names: list[str]) -> str:
    wanted = page.removesuffix(".md").removesuffix(".ipynb").removeprefix("./")
    found = [name for name in names if f"/{name}".endswith(f"/{wanted}")]
    if wanted in found or len(found) == 1:
        return wanted if wanted in found else found[0]
    ends = ["/".join(name.split("/")[at:]) for name in names for at in range(name.count("/") + 1)]
    near = found or difflib.get_close_matches(wanted, ends)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise ValueError(f"there are no outputs of a page {page!r} to forget{hint}")
