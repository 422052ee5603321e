"""SVG figures that follow the theme, beside HTML pages; and figures that move.

Other builders' documents keep their images. A builder that renders pages of its own
calls `write_assets` and links `STYLESHEET` and, where a page has ``<gd-frames>``, ``<gd-live>`` or
``<gd-play>``, the script that `scripts` names.
"""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx

from gdbook import style
from gdbook.publish.core import files
from gdbook.publish.core.made_files import write_once
from gdbook.publish.core.page_context import Context, Document
from gdbook.publish.core.scripts import bundle
from gdbook.publish.figures.transform import ShowFigures

HERE = Path(__file__).parent
STYLESHEET = "figures.css"
#: The script of each custom element. They are classic scripts: modules don't load from file://;
#: the ending keeps Jupyter Book from adding them to every page.
SCRIPTS = {"gd-frames": "frames.mjs", "gd-live": "live.mjs", "gd-play": "play.mjs"}
#: What tells WebKit in which theme it draws the pictures of a page.
SCHEME = "scheme.mjs"
#: The script that loads them, each when a figure of its kind comes near the window.
NEAR = "near.mjs"
#: Where a script begins, if not in the module of its name.
_ENTRIES = {"play.mjs": "play/element.mjs"}


def assets() -> dict[str, str]:
    """Return the text of the style sheet and of each script, by its name in the site."""
    sheets = [HERE / STYLESHEET, HERE / "play" / "play.css"]
    styles = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
    made = {STYLESHEET: style.css_variables() + styles}
    made |= {name: bundle(HERE / name) for name in (NEAR, SCHEME)}
    for name in SCRIPTS.values():
        made[name] = bundle(HERE / _ENTRIES.get(name, name))
        mark = files.fingerprint(made[name].encode())[:8]  # no browser keeps an old one
        made[NEAR] = made[NEAR].replace(f'"{name}"', f'"{name}?v={mark}"')
    return made


def write_assets(static: Path) -> list[str]:
    """Write the style sheet and the scripts into a folder, if they differ from what is there.

    Parameters
    ----------
    static : Path
        As ``_build/html/_static``; made if missing.

    Returns
    -------
    list of str
        Their names.
    """
    return files.write_all(static, assets())


def scripts(body: str) -> list[str]:
    """Return the scripts that a page's or deck's figures need."""
    return [NEAR] if any(f"<{element}" in body for element in SCRIPTS) else []


def write_stylesheet(app: Sphinx) -> None:
    """Write style sheet and script before any page: Sphinx puts their checksums on pages."""
    if app.builder.format == "html":
        write_once(app, "figures", write_assets, [HERE, Path(style.__file__)])


def add_script(app: Sphinx, _page: str, _template: str, context: Context, _: Document) -> None:
    """Add the scripts that the figures of a page need."""
    body = context.get("body", "")
    for script in [*scripts(body), *([SCHEME] if "/figure-" in body else [])]:
        app.add_js_file(script, loading_method="defer")


def setup(app: Sphinx) -> None:
    """Register the post-transform and the style sheet."""
    app.add_post_transform(ShowFigures)
    app.add_css_file(STYLESHEET)
