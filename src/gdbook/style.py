"""Colours, sizes and line styles: a leaf that everything that draws may import.

Every colour has a light and a dark value. Figures are drawn with the light one;
the pages replace it by a CSS variable, `var(--gd-blue)`, which follows the theme.
The palette keeps its differences for colour-blind readers, and `cycle` adds a dash
to each colour, so that curves stay apart in grey print.

Matplotlib is imported only inside functions; torch never.
"""

from __future__ import annotations

import io
import sys
from types import MappingProxyType
from typing import Any, Final, NamedTuple

__all__ = [
    "DASHES",
    "FONT_SIZE",
    "HEIGHT",
    "PALETTE",
    "ROLES",
    "SCALE",
    "WIDTH",
    "Colour",
    "colour",
    "colour_map",
    "css_variables",
    "cycle",
    "role",
    "use_style",
]


class Colour(NamedTuple):
    """A colour's value on light and on dark paper, as ``#rrggbb``."""

    light: str
    dark: str


#: Names and values. ``ink`` writes, ``paper`` is written on, ``grid`` stays behind both.
PALETTE: Final = MappingProxyType(
    {
        "ink": Colour("#23272c", "#dcd9d2"),
        "paper": Colour("#fdfcf9", "#14181c"),
        "grid": Colour("#ddd7c9", "#343b43"),
        "blue": Colour("#3c63be", "#33a0ff"),
        "orange": Colour("#bc5a29", "#ee8e3d"),
        "green": Colour("#139a77", "#91ebb7"),
        "purple": Colour("#4b186d", "#b777bb"),
        "red": Colour("#810e13", "#e14d4f"),
        "gold": Colour("#bd8600", "#fecd3c"),
        "grey": Colour("#585a60", "#b0b1b4"),
        # Steps of one quantity, as h → 0: away from the paper from first to last.
        "scale-0": Colour("#07a19b", "#5477c7"),
        "scale-1": Colour("#048599", "#249bd0"),
        "scale-2": Colour("#006a96", "#06bac6"),
        "scale-3": Colour("#174a98", "#5dd3b2"),
        "scale-4": Colour("#342882", "#a7e49d"),
        "scale-5": Colour("#3a0060", "#ecef97"),
    }
)

#: What a colour means wherever it appears in the book.
ROLES: Final = MappingProxyType(
    {
        "function": "blue",
        "path": "orange",
        "derivative": "green",
        "approximation": "purple",
        "error": "red",
        "minimum": "gold",
        "guide": "grey",
    }
)

#: The colours of one ordered quantity, nearest the paper first.
SCALE: Final = tuple(f"scale-{i}" for i in range(6))

#: Colour and dash of each curve in a set; both differ, for readers without colour.
DASHES: Final[MappingProxyType[str, str | tuple[float, tuple[float, ...]]]] = MappingProxyType(
    {
        "blue": "solid",
        "orange": (0, (6, 2)),
        "green": (0, (6, 2, 1.2, 2)),
        "purple": (0, (1.2, 1.6)),
        "red": (0, (10, 2.5)),
        "gold": (0, (6, 2, 1.2, 2, 1.2, 2)),
        "grey": (0, (3, 1.5)),
    }
)

# A page is read down to 390 px, where a figure has 353: then 12 pt in 5.4 in are 8 pt.
#: Of a figure, in inches.
WIDTH: Final = 5.4
#: Of a figure, in inches.
HEIGHT: Final = 3.5
#: Of the letters in figures, in points.
FONT_SIZE: Final = 12.0


def colour(name: str) -> str:
    """Return the light value of a named colour, which is what figures are drawn with.

    Parameters
    ----------
    name : str
        A name in `PALETTE`.

    Raises
    ------
    ValueError
        If no colour has that name.
    """
    try:
        return PALETTE[name].light
    except KeyError:
        raise ValueError(f"unknown colour {name!r}, expected one of {', '.join(PALETTE)}") from None


def role(name: str) -> str:
    """Return the colour of what is drawn: ``role("path")`` is the descent path's orange.

    Parameters
    ----------
    name : str
        A name in `ROLES`.

    Raises
    ------
    ValueError
        If there is no such role.
    """
    try:
        return colour(ROLES[name])
    except KeyError:
        raise ValueError(f"unknown role {name!r}, expected one of {', '.join(ROLES)}") from None


def cycle() -> list[tuple[str, str | tuple[float, tuple[float, ...]]]]:
    """Return the pairs (colour, line style) of a set of curves, in order."""
    return [(colour(name), dash) for name, dash in DASHES.items()]


def css_variables() -> str:
    """Return the CSS text that defines ``--gd-<name>`` for both themes.

    Follows ``data-theme`` on any element (``light``, ``dark``), and the reader's system
    for a ``body`` with ``data-theme="auto"`` or none. Print is always light.
    ``--gd-raster`` is the filter for rasterised layers, whose pixels can't be renamed;
    ``--gd-map`` that for maps, on which what is deep stays dark.
    """
    light, dark = (
        ";".join(f"--gd-{name}:{value}" for name, value in values.items())
        for values in theme_values()
    )
    return (
        f':root,[data-theme="light"]{{{light}}}\n'
        f'[data-theme="dark"]{{{dark}}}\n'
        "@media screen and (prefers-color-scheme:dark){"
        f'body:not([data-theme]),body[data-theme="auto"]{{{dark}}}}}\n'
        f"@media print{{:root,body,[data-theme]{{{light}}}}}\n"
    )


def theme_values() -> tuple[dict[str, str], dict[str, str]]:
    """Return the values of the variables by name, in the light and in the dark theme."""
    light = {name: value.light for name, value in PALETTE.items()}
    dark = {name: value.dark for name, value in PALETTE.items()}
    return (
        light | {"raster": "none", "map": "none"},
        dark
        | {
            "raster": "invert(0.92) hue-rotate(180deg)",
            "map": "brightness(0.42) saturate(1.5)",
        },
    )


def colour_map(name: str = "descent") -> Any:
    """Return the sequential colour map of landscapes, lightness falling steadily.

    Low values are nearly paper, high values a middle blue, so that ink and paths stay
    legible on all of it. On dark pages the raster layer is inverted, and low is dark.

    Parameters
    ----------
    name : str
        The name that the map is given.

    Returns
    -------
    matplotlib.colors.LinearSegmentedColormap
    """
    from matplotlib.colors import LinearSegmentedColormap

    stops = ["#f9fbfc", "#c8e4ea", "#97ccde", "#6cb2d3", "#4e95c8", "#4076b9"]
    return LinearSegmentedColormap.from_list(name, stops)


def use_style() -> None:
    """Make the book's style Matplotlib's default, and SVG the format of notebooks.

    Idempotent. In IPython, figures become SVG without dates, in their full size (so that
    a point is a point on every page), each is drawn once, and a cell that ends in an `Axes`,
    or an array of them, shows the figure and no ``<Axes: …>`` beneath it.
    """
    import matplotlib as mpl

    parameters: Any = _parameters()
    mpl.rcParams.update(parameters)
    _configure_ipython()


def _parameters() -> dict[str, Any]:
    from cycler import cycler

    ink, grid = colour("ink"), colour("grid")
    colours, dashes = zip(*cycle(), strict=True)
    return {
        "figure.figsize": (WIDTH, HEIGHT),
        "figure.dpi": 150,
        "figure.constrained_layout.use": True,
        "figure.facecolor": "none",
        "figure.edgecolor": "none",
        "figure.titlesize": FONT_SIZE,
        "savefig.facecolor": "none",
        "savefig.edgecolor": "none",
        "savefig.dpi": 150,
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": FONT_SIZE,
        "mathtext.fontset": "dejavuserif",
        "text.color": ink,
        "axes.facecolor": "none",
        "axes.edgecolor": ink,
        "axes.labelcolor": ink,
        "axes.titlecolor": ink,
        "axes.titlesize": FONT_SIZE,
        "axes.titlelocation": "left",
        "axes.labelsize": FONT_SIZE,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "axes.prop_cycle": cycler(color=colours) + cycler(linestyle=dashes),
        "grid.color": grid,
        "grid.linewidth": 0.7,
        "xtick.color": ink,
        "ytick.color": ink,
        "xtick.labelsize": FONT_SIZE,
        "ytick.labelsize": FONT_SIZE,
        "xtick.minor.width": 0.5,
        "ytick.minor.width": 0.5,
        "lines.linewidth": 2.0,
        "lines.markersize": 6.0,
        "lines.solid_capstyle": "round",
        "lines.scale_dashes": True,
        "patch.edgecolor": ink,
        "hatch.color": ink,
        "legend.frameon": False,
        "legend.fontsize": FONT_SIZE,
        "image.cmap": "viridis",
        "svg.fonttype": "path",
        "svg.hashsalt": "gdbook",
        "pdf.fonttype": 42,
    }


_SAVED: Final[dict[str, Any]] = {"bbox_inches": None, "metadata": {"Date": None}}


def _configure_ipython() -> None:
    try:
        from IPython.core.getipython import get_ipython
        from matplotlib_inline.config import InlineBackend
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return
    backend: Any = InlineBackend.instance(parent=shell)
    backend.print_figure_kwargs = dict(_SAVED)
    backend.figure_formats = {"svg"}
    if _draw_once not in shell.events.callbacks["post_execute"]:
        shell.events.register("post_execute", _draw_once)
    # Named, not imported: the formatter then waits until Matplotlib's axes exist.
    formatter: Any = shell.display_formatter
    silent = formatter.ipython_display_formatter
    for name in ("matplotlib.axes._axes", "mpl_toolkits.mplot3d.axes3d"):
        kind = "Axes" if name.endswith("_axes") else "Axes3D"
        silent.for_type_by_name(name, kind, lambda axes: None)
    silent.for_type_by_name("numpy", "ndarray", _say_nothing_of_axes)
    _write_once()


def _draw_once() -> None:
    """Spare the drawings that nobody sees.

    After every cell pyplot draws each new figure on its canvas, for windows that follow what
    is typed. The inline backend has no window, and draws the figure again as what it shows: by
    `savefig`, which draws it twice, the first time for its layout.
    """
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not pyplot.get_backend().endswith("inline"):
        return
    pyplot.uninstall_repl_displayhook()
    _write_once()


def _write_once() -> None:
    """Have figures written by `_svg`, unless a reader asked for another format or margin."""
    from IPython.core.getipython import get_ipython
    from matplotlib.figure import Figure
    from matplotlib_inline.config import InlineBackend

    shell: Any = get_ipython()
    backend = InlineBackend.instance()
    if backend.figure_formats == {"svg"} and backend.print_figure_kwargs == _SAVED:
        shell.display_formatter.formatters["image/svg+xml"].for_type(Figure, _svg)


def _svg(figure: Any) -> str | None:
    """Return a figure's SVG, the one that `savefig` would write; None if nothing is in it."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    if not figure.axes and not figure.lines:
        return None
    out = io.StringIO()
    FigureCanvasSVG(figure).print_svg(out, metadata={"Date": None})  # type: ignore[no-untyped-call]
    return out.getvalue()


def _say_nothing_of_axes(array: Any) -> None:
    from matplotlib.axes import Axes

    if array.dtype != object or not all(isinstance(item, Axes) for item in array.flat):
        raise NotImplementedError  # IPython then shows the array as it would have
