"""What stands in checkers for Python that MicroPython lacks."""

from collections import OrderedDict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

__all__ = ["OrderedDict", "merged", "replace", "strict_zip"]


def merged(*parts: "Any") -> "dict[Any, Any]":
    """Return one dictionary of dictionaries and lists of pairs, later ones winning."""
    made: "dict[Any, Any]" = OrderedDict()
    for part in parts:
        for key, value in part.items() if hasattr(part, "items") else part:
            made[key] = value
    return made


def replace(thing: "Any", **changes: "Any") -> "Any":
    """Return a copy of what was a dataclass, with some of its fields changed."""
    fields = dict(thing.__dict__)
    fields.update(changes)
    return type(thing)(**fields)


def strict_zip(*columns: "Sequence[Any]") -> "list[tuple[Any, ...]]":
    """Return rows of columns, which must be of one length."""
    lists = [list(column) for column in columns]
    if len({len(column) for column in lists}) > 1:
        raise ValueError("zip() arguments are not of one length")
    return list(zip(*lists))
