"""The settings of the publishing wing: names, types, defaults and meanings, in one place.

They stand in ``_config.yml`` under ``sphinx: config:`` (or in a ``conf.py``) and are read as
``app.config.<name>``. Wrong values, and names that are almost one of these, end the build
before anything is written. ``docs/settings.md`` is what `table` returns.
"""

from __future__ import annotations

import difflib
import inspect
import re
import types
import typing
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ConfigError


@dataclass(frozen=True)
class Settings:
    r"""Every setting; a second part of its type says what Sphinx repeats when it changes.

    Attributes
    ----------
    audit
        What the editor asks: nothing; what every page owes its readers; that, and what every
        chapter owes.
    audit_notation
        The page whose tables list the symbols of displayed formulas.
    audit_standard
        The pages that are held to the standard for chapters: a core that fits a class, shown
        code that is complete, symbols listed for them, no promise without a reference.
    also_build
        The builders that write after the pages, in the same build: `slides`, `notebooks`,
        `typst` (print). Not set: slides and notebooks.
    gdbook_macros
        LaTeX macros for page and print, as `{\R: \mathbb{R}}`.
    gdbook_parts
        The parts of the publishing wing to load, for small books. Not set: all.
    gdbook_repository
        The book's repository: its `url`, `branch` and `folder`. Taken from Jupyter Book's own
        `repository:`, if that is set.
    notebooks_package
        Whether the site carries the wheel of `gdbook`, which notebooks install where it is
        missing.
    notebooks_how_to
        The page that tells how to run notebooks.
    notebooks_branch
        The branch of a repository on GitHub that holds the site's folder `notebooks`: Colab opens
        them from there. Empty: no link to Colab.
    print_subtitle
        The line below the title of the printed book.
    print_cover
        The picture on its cover, a file below the source folder.
    print_imprint
        The paragraphs on the back of its title page.
    print_leave_out
        Pages that are not printed.
    print_handouts
        Whether each numbered chapter is a PDF of its own, too, below `print/`.
    print_chapter
        The one chapter to print, with its solutions and without. The environment variable
        `GDBOOK_CHAPTER` goes before it.
    """

    audit: Annotated[Literal["none", "pages", "chapters"], "env"] = "none"
    audit_notation: str = ""
    audit_standard: Annotated[list[str], "env"] = field(default_factory=list)
    also_build: list[str] | None = None
    gdbook_macros: Annotated[dict[str, str], "env"] = field(default_factory=dict)
    gdbook_parts: Annotated[list[str] | None, "env"] = None
    gdbook_repository: Annotated[dict[str, str], "html"] = field(default_factory=dict)
    notebooks_package: Annotated[bool, "html"] = False
    notebooks_how_to: Annotated[str, "html"] = ""
    notebooks_branch: Annotated[str, "html"] = "notebooks"
    print_subtitle: str = ""
    print_cover: str = ""
    print_imprint: list[str] = field(default_factory=list)
    print_leave_out: list[str] = field(default_factory=list)
    print_handouts: bool = False
    print_chapter: str = ""


#: A name that begins so and is no setting at all is a mistake.
PREFIXES = ("audit", "gdbook_", "notebooks_", "print_", "slides_", "also_")

_TYPES = typing.get_type_hints(Settings)


def register(app: Sphinx, parts: Collection[str]) -> None:
    """Register the settings with Sphinx; decide which of the wing's parts this build loads."""
    repeated = typing.get_type_hints(Settings, include_extras=True)
    for name, default in vars(Settings()).items():
        rebuild: Any = getattr(repeated[name], "__metadata__", ("",))[0]
        app.add_config_value(name, default, rebuild, [bool] if _TYPES[name] is bool else [])
    config = app.config
    if config.gdbook_parts is None:
        config.gdbook_parts = list(parts)
    for sentence in _mistyped(config, "gdbook_parts"):
        raise ConfigError(sentence)
    for name in config.gdbook_parts:
        if name not in parts:
            raise ConfigError(_no_such("gdbook_parts names", name, parts))


def check(app: Sphinx, config: Config) -> None:
    """End the build if a setting has a wrong value, or a name is almost a setting's.

    Raises
    ------
    ConfigError
        With a sentence for each mistake.
    """
    builders = app.registry.builders
    wrong = [*_misnamed(config), *_mistyped(config, *_TYPES)] or [
        _no_such("also_build names", name, builders)
        for name in config.also_build or ()
        if name not in builders
    ]
    if wrong:
        raise ConfigError("\n".join(wrong))


def _misnamed(config: Config) -> Iterator[str]:
    for name in sorted({*config.overrides, *config._raw_config} - set(config.values)):
        near = difflib.get_close_matches(name, _TYPES, n=1, cutoff=0.8)
        if near or name.startswith(PREFIXES):
            yield _no_such("the configuration has", name, _TYPES)


def _mistyped(config: Config, *names: str) -> Iterator[str]:
    for name in names:
        value, kind = config[name], _TYPES[name]
        if not _fits(value, kind):
            choices = typing.get_args(kind) if typing.get_origin(kind) is Literal else ()
            near = difflib.get_close_matches(str(value), choices, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            yield f"the setting {name} must be {_in_words(kind)}, got {value!r}{meant}"


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
                isinstance(v, str) for kv in value.items() for v in kv
            )
    return isinstance(value, kind)


def _in_words(kind: Any) -> str:
    """Return a type in words: ``a list of texts``."""
    inner = typing.get_args(kind)
    if typing.get_origin(kind) is Literal:
        return f"{', '.join(inner[:-1])} or {inner[-1]}"
    if typing.get_origin(kind) is types.UnionType:
        return _in_words(inner[0])
    words = {str: "a text", bool: "true or false", list[str]: "a list of texts"}
    return words.get(kind, "a mapping of texts to texts")


FRONT_MATTER = """

A page's front matter has settings of that page:

| entry | is | meaning |
| --- | --- | --- |
| `given` | a mapping | The decimals that its sentences state without a computation, each with \
the reason. |
| `slides` | `blocks` | Each block has its place in the deck by what it is \
(`formats/slides/roles.py`, `layout.py`). Not set: cells have theirs by their slide types. |
"""


def table() -> str:
    """Return `docs/settings.md`."""
    said = re.findall(r"^(\w+)\n((?:    .*\n?)+)", inspect.getdoc(Settings) or "", re.MULTILINE)
    meanings = {name: " ".join(meaning.split()) for name, meaning in said}
    rows = [
        f"| `{name}` | {_in_words(_TYPES[name])} | `{default!r}` | {meanings[name]} |"
        for name, default in vars(Settings()).items()
    ]
    head = """\
# Settings

They stand in `_config.yml`, under `sphinx: config:`. This table is made from
`src/gdbook/publish/core/settings.py`:

    .venv/bin/python -c 'from gdbook.publish.core.settings import table; print(table(), end="")'

| setting | is | default | meaning |
| --- | --- | --- | --- |
"""
    return head + "\n".join(rows) + FRONT_MATTER
