"""The first cells of a notebook: what it is, and the package that its code needs."""

from __future__ import annotations

from sphinx.config import Config
from sphinx.util.osutil import relative_uri

from gdbook.publish.formats.notebooks import package

WHAT = "*A chapter of {book}, as a notebook: run it, change it. {how}*"
WITHOUT = "*This edition has no solutions. There is another one that has.*"

INSTALL = """\
# Installs the book's package, gdbook, where it is missing.
from importlib import invalidate_caches
from importlib.util import find_spec
from pathlib import Path

if {missing}:
    near = (Path("{wheel}"), Path("{below}"))
    found = [path.resolve().as_uri() for path in near if path.is_file()]
    source = found[0] if found else {address}
{otherwise}"""

#: Where the site's address is known.
FROM_SITE = """\
    %pip install --quiet "{package} @ {{source}}"
    invalidate_caches()
    if find_spec("gdbook") is None:
        raise ModuleNotFoundError(
            f"gdbook could not be installed from {{source}}. Without a network: save that file "
            "from the book's site beside this notebook, and run this cell again."
        )"""
#: Where it is not.
FROM_FILE = """\
    if source is None:
        raise ModuleNotFoundError(
            "The package gdbook is not installed. Its file {wheel} is linked from the "
            "page “Run it yourself” of the site that this notebook is from: save it beside this "
            "notebook, and run this cell again."
        )
    %pip install --quiet "{package} @ {{source}}"
    invalidate_caches()"""

#: What some chapters need besides: the package's extra, which its code names, and what that brings.
EXTRA, BRINGS = "penguins", "palmerpenguins"


def address(config: Config, uri: str) -> str:
    """Return the full address of something in the site, "" where the site's is not known."""
    return f"{config.html_baseurl.rstrip('/')}/{uri}" if config.html_baseurl else ""


def words(config: Config, *, solutions: bool) -> str:
    """Return what a notebook says of itself.

    Parameters
    ----------
    config : Config
    solutions : bool
        Whether the notebook has solutions, or the chapter none.
    """
    page = config.notebooks_how_to
    how = "Its code needs the package that comes with the book."
    if page:
        where = address(config, f"{page}.html")
        how = f"{how} [Run it yourself]({where})" if where else f"{how} The page “Run it yourself”"
        how += " says how."
    made = WHAT.format(book=config.project, how=how)
    return made if solutions else f"{made}\n\n{WITHOUT}"


def install(config: Config, notebook: str, code: str) -> str:
    """Return the code that installs the package where it is missing.

    Parameters
    ----------
    config : Config
    notebook : str
        Where the notebook is, seen from the top of the site: in a copy of the whole site the
        wheel is found from there.
    code : str
        What the notebook runs: it decides which of the package's extras are installed.
    """
    wheel, where = package.wheel_name(), address(config, package.uri())
    needed, missing = "gdbook", 'find_spec("gdbook") is None'
    if EXTRA in code:  # gdbook may be there from another chapter's notebook, without the extra
        needed = f"gdbook[{EXTRA}]"
        missing = f'find_spec("gdbook") is None or find_spec("{BRINGS}") is None'
    otherwise = (FROM_SITE if where else FROM_FILE).format(wheel=wheel, package=needed)
    return INSTALL.format(
        wheel=wheel,
        missing=missing,
        below=relative_uri(notebook, package.uri()),
        address=f'"{where}"' if where else None,
        otherwise=otherwise,
    )
