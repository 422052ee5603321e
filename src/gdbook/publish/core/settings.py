"""The settings of the publishing wing: names, types, defaults and meanings, in one place.

They stand in ``_config.yml`` under ``sphinx: config:`` (or in a ``conf.py``) and are read as
``app.config.<name>``. Wrong values, and names that are almost one of these, end the build
before anything is written. ``docs/settings.md`` is made from this file::

    python -m gdbook.publish.core.settings > docs/settings.md
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Collection, Iterator
from dataclasses import MISSING, Field, dataclass, field, fields
from typing import Any, Literal

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError


def _about(meaning: str, rebuild: str = "") -> dict[str, str]:
    """Return what is known of a setting: its meaning, and what Sphinx repeats if it changes."""
    return {"meaning": meaning, "rebuild": rebuild}


def _shared() -> list[str]:
    return ["sphinx-design.min.css", "design-tabs.js", "gdbook-*"]


@dataclass(frozen=True)
class Settings:
    """Every setting, with its type and its default."""

    audit: Literal["none", "pages", "chapters"] = field(
        default="none",
        metadata=_about(
            "What the editor asks: nothing; what every page owes its readers; that, and what "
            "every chapter owes.",
            "env",
        ),
    )
    audit_notation: str = field(
        default="",
        metadata=_about("The page whose tables list the symbols of displayed formulas."),
    )
    also_build: list[str] | None = field(
        default=None,
        metadata=_about(
            "The builders that write after the pages, in the same build: `slides`, `notebooks`, "
            "`typst` (print). Not set: slides and notebooks."
        ),
    )
    gdbook_macros: dict[str, str] = field(
        default_factory=dict,
        metadata=_about(r"LaTeX macros for page and print, as `{\R: \mathbb{R}}`.", "env"),
    )
    gdbook_parts: list[str] | None = field(
        default=None,
        metadata=_about(
            "The parts of the publishing wing to load, for small books. Not set: all.", "env"
        ),
    )
    print_name: str = field(
        default="",
        metadata=_about("The name of the PDF, without `.pdf`. Empty: made from `project`."),
    )
    print_subtitle: str = field(
        default="", metadata=_about("The line below the title of the printed book.")
    )
    print_cover: str = field(
        default="", metadata=_about("The picture on its cover, a file below the source folder.")
    )
    print_imprint: list[str] = field(
        default_factory=list, metadata=_about("The paragraphs on the back of its title page.")
    )
    print_leave_out: list[str] = field(
        default_factory=list, metadata=_about("Pages that are not printed.")
    )
    print_without_solutions: bool = field(
        default=True,
        metadata=_about("Whether there is a second PDF, without solutions, if a book has some."),
    )
    print_chapter: str = field(
        default="",
        metadata=_about(
            "The one chapter to print, as a handout. The environment variable `GDBOOK_CHAPTER` "
            "goes before it."
        ),
    )
    slides_shared: list[str] = field(
        default_factory=_shared,
        metadata=_about(
            "Stylesheets and scripts of the pages that decks load too; `*` stands for anything.",
            "html",
        ),
    )


#: A name that begins so and is no setting at all is a mistake.
PREFIXES = ("audit", "gdbook_", "print_", "slides_", "also_")

_TYPES = typing.get_type_hints(Settings)


def register(app: Sphinx, parts: Collection[str]) -> None:
    """Register the settings with Sphinx, and note the names that `gdbook_parts` may hold."""
    for one in fields(Settings):
        kinds = [bool] if _TYPES[one.name] is bool else []
        app.add_config_value(one.name, _default(one), one.metadata["rebuild"], types=kinds)
    unknown = [name for name in app.config.gdbook_parts or () if name not in parts]
    if unknown:
        raise ConfigError(_no_such("gdbook_parts names", unknown[0], parts))
    if app.config.gdbook_parts is None:
        app.config.gdbook_parts = list(parts)


def parts(config: Config) -> list[str]:
    """Return the names of the parts that this build loads."""
    return list(config.gdbook_parts)


def check(app: Sphinx, config: Config) -> None:
    """End the build if a setting has a wrong value, or a name is almost a setting's.

    Raises
    ------
    ConfigError
        With a sentence for each mistake.
    """
    wrong = [*_misnamed(config), *_mistyped(config), *_unknown_outputs(app, config)]
    if wrong:
        raise ConfigError("\n".join(wrong))


def _misnamed(config: Config) -> Iterator[str]:
    names = [one.name for one in fields(Settings)]
    for name in sorted({*config.overrides, *config._raw_config} - set(config.values)):
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.8)
        if near or name.startswith(PREFIXES):
            yield _no_such("the configuration has", name, names)


def _mistyped(config: Config) -> Iterator[str]:
    for name, kind in _TYPES.items():
        value = config[name]
        if not _fits(value, kind):
            choices = typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
            near = difflib.get_close_matches(str(value), map(str, choices), n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            yield f"the setting {name} must be {_in_words(kind)}, got {value!r}{meant}"


def _unknown_outputs(app: Sphinx, config: Config) -> Iterator[str]:
    if isinstance(config.also_build, list):
        for name in config.also_build:
            if name not in app.registry.builders:
                yield _no_such("also_build names", str(name), app.registry.builders)


def _no_such(where: str, name: str, names: Collection[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    meant = f"did you mean {near[0]}?" if near else f"expected one of {', '.join(names)}"
    return f"{where} {name!r}, which does not exist; {meant}"


def _fits(value: Any, kind: Any) -> bool:
    """Return whether a value is of a type, which is one of those that `Settings` uses."""
    inner = typing.get_args(kind)
    match typing.get_origin(kind) or kind:
        case typing.Literal:
            return value in inner
        case types.UnionType:
            return any(_fits(value, one) for one in inner)
        case origin if origin is list:
            return isinstance(value, (list, tuple)) and all(_fits(v, inner[0]) for v in value)
        case origin if origin is dict:
            return isinstance(value, dict) and all(
                _fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items()
            )
    return isinstance(value, kind)


def _in_words(kind: Any) -> str:
    """Return a type in words: ``a list of texts``."""
    if typing.get_origin(kind) is Literal:
        return " or ".join(", ".join(typing.get_args(kind)).rsplit(", ", 1))
    if typing.get_origin(kind) is types.UnionType:
        return " or ".join(_in_words(one) for one in typing.get_args(kind) if one is not type(None))
    words = {str: "a text", bool: "true or false", list[str]: "a list of texts"}
    return words.get(kind, "a mapping of texts to texts")


def _default(one: Field[Any]) -> Any:
    return one.default if one.default_factory is MISSING else one.default_factory()


def table() -> str:
    """Return `docs/settings.md`."""
    rows = [
        f"| `{one.name}` | {_in_words(_TYPES[one.name])} | {_shown(_default(one))} "
        f"| {one.metadata['meaning']} |"
        for one in fields(Settings)
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Made from `src/gdbook/publish/core/settings.py`. They stand in `_config.yml`, under",
            "`sphinx: config:`.",
            "",
            "| setting | is | default | meaning |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _shown(default: Any) -> str:
    return "not set" if default is None else f"`{default!r}`" if default != "" else "empty"


if __name__ == "__main__":
    print(table(), end="")
