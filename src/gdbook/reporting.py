"""What a cell tells the page: a line for each check, a number for a sentence."""

from __future__ import annotations

import math
import re
import sys
from typing import Any


class CheckFailed(AssertionError):  # noqa: N818
    """A displayed formula is not true; the message says where it fails and by how much."""


def report(line: str, record: dict[str, Any]) -> None:
    """Show that a check passed, and leave a record of what was checked.

    In a notebook the line is an output of its own, so that one cell can hold several
    checks, and the record travels in the output's metadata, where the builder holds it
    against the formula that the page displays. In a plain program the line is printed.

    Parameters
    ----------
    line : str
        What was checked, and how.
    record : dict
        ``kind``, ``sides``, ``relations`` and so on: JSON only.
    """
    text = f"✓ {line}"
    if _in_ipython():
        _display({"text/plain": text}, {"gdbook": record})
    else:
        print(text)


def say(**values: Any) -> None:
    """Give numbers to the chapter's sentences, silently.

    ``say(steps=17, err=loss)`` lets the text say ``{n}`err:.1e```. MyST-NB's glue keeps
    them; outside of a notebook nothing happens.

    Parameters
    ----------
    **values
        Numbers and texts. Tensors and arrays must hold one element; inf and nan may be said.

    Raises
    ------
    ValueError
        For a value that is neither, and for a name that the text could not call.
    """
    said = {name: _plain(name, value) for name, value in values.items()}
    if not said:
        raise ValueError("say needs at least one value: say(steps=17)")
    if not _in_ipython():
        return
    for name, value in said.items():
        prefix = "application/papermill.record/"
        glue = {"scrapbook": {"name": name, "mime_prefix": prefix}}
        _display({f"{prefix}text/plain": repr(value)}, glue)


def _plain(name: str, value: Any) -> float | int | str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name):
        raise ValueError(
            f"say: the name {name} must be letters, digits and underscores, with a letter in front"
        )
    if callable(getattr(value, "item", None)):
        if math.prod(getattr(value, "shape", ())) != 1:
            raise ValueError(f"say: {name} must hold one number, got shape {tuple(value.shape)}")
        value = value.item()
    if isinstance(value, bool):
        raise ValueError(  # noqa: TRY004
            f"say: {name} is {value}; a sentence needs a number or a text"
        )
    if not isinstance(value, int | float | str):
        raise ValueError(  # noqa: TRY004
            f"say: {name} must be a number or a text, got {type(value).__name__}"
        )
    return value


def _display(bundle: dict[str, str], metadata: dict[str, Any]) -> None:
    import IPython.display

    show: Any = IPython.display.display
    show(bundle, raw=True, metadata=metadata)


def _in_ipython() -> bool:
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    return get_ipython() is not None
