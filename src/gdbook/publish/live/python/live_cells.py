"""Run the cells of a page, one after the other, in MicroPython.

The cells share their names, as in a notebook. An error comes back as its words and the
line of the reader's cell. What the page's Python would do otherwise than torch is refused.
"""

import io
import json
import re
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

WORDS = (
    ("no module named", "Code in the page can import torch, math and matplotlib.pyplot."),
    (
        "module 'gdbook.autodiff",
        "The page runs the book's own engine, a small part of torch in float64; this is not in it.",
    ),
    (
        "module 'matplotlib.pyplot'",
        "The page draws with a small part of pyplot: plot, scatter, contour, axhline, axvline, "
        "semilogy, semilogx, loglog, xlabel, ylabel, xlim, ylim, xscale, yscale, title, legend, "
        "figure, show.",
    ),
    (
        "'Tensor' object has no attribute",
        "The page runs the book's own engine, a small part of torch; this is not in it.",
    ),
    (
        "object of type 'Tensor'",
        "Python in the page formats numbers only: write x.item() for x.",
    ),
    ("can't convert Tensor to float", "Write x.item() for x."),
    (", 'Tensor'", "Python in the page wants the tensor on the left: write x > 0 for 0 < x."),
    ("unexpected keyword argument", "What the page runs does not have this option."),
    ("take keyword arguments", "Python in the page does not have this option."),
    ("memory allocation failed", "Python in the page has 64 MB."),
)
IN_PLACE = re.compile(r"[*/%@&|^]=[^=]")

_names: "dict[str, Any]" = {"__name__": "__main__"}


def _keep(value: "Any", holder: "Any", sign: str) -> None:
    """Refuse an edit in place that would make a new tensor here, where torch edits the old one."""
    if hasattr(value, "requires_grad") and not hasattr(holder, "requires_grad"):
        raise TypeError(
            f"in the page x {sign}= y makes a new tensor, where torch changes x itself: "
            f"write x = x {sign} y, or x.mul_(y), x.div_(y)"
        )


_names["__keep"] = _keep


def _blanked(text: str) -> str:
    """Return the text with spaces for what stands in strings and comments."""
    made: "list[str]" = []
    at = 0
    while at < len(text):
        end = at + 1
        if text[at] == "#":
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
        elif text[at] in "'\"":
            quote = text[at : at + 3]
            quote = quote if quote == text[at] * 3 else text[at]
            end = at + len(quote)
            while end < len(text) and text[end : end + len(quote)] != quote:
                if len(quote) == 1 and text[end] == "\n":
                    break
                end += 2 if text[end] == "\\" else 1
            end = min(end + len(quote), len(text))
        else:
            made.append(text[at])
            at = end
            continue
        made.append("".join(["\n" if c == "\n" else " " for c in text[at:end]]))
        at = end
    return "".join(made)


def _target(bare: str, end: int) -> "tuple[int, int | None]":
    """Return where the target of an edit begins that ends before `end`, and its own bracket."""
    depth = 0
    bracket: "int | None" = None
    for at in range(end - 1, -1, -1):
        sign = bare[at]
        if sign in ")]}":
            depth += 1
        elif sign in "([{":
            if depth == 0:
                return at + 1, bracket
            depth -= 1
            if depth == 0 and bracket is None and bare[:end].rstrip().endswith("]"):
                bracket = at
        elif (
            depth == 0
            and not (sign.isalpha() or sign.isdigit() or sign in "._")
            and bare[at + 1 : end].strip()
        ):
            return at + 1, bracket
    return 0, bracket


def _guarded(text: str) -> str:
    """Return the text with a look at each target of ``*=`` and its kind before it is edited."""
    lines = text.split("\n")
    for number, bare in enumerate(_blanked(text).split("\n")):
        found, end = IN_PLACE.search(bare + " "), 0
        looks = []
        while found:
            end = bare.index(found.group(0)[:2], end)
            sign = bare[end]
            if end and bare[end - 1] == sign:
                end, sign = end - 1, sign * 2
            start, bracket = _target(bare, end)
            target = lines[number][start:end].strip()
            holder = "None" if bracket is None else lines[number][start:bracket]
            looks.append((start, f"__keep({target}, {holder}, {sign!r}); "))
            end += len(sign) + 1
            found = IN_PLACE.search(bare[end:] + " ")
        for start, look in reversed(looks):
            lines[number] = lines[number][:start] + look + lines[number][start:]
    return "\n".join(lines)


def _compiles(text: str, name: str) -> "Any":
    try:
        return compile(text, name, "exec")
    except SyntaxError:
        return None


def _showing(text: str, name: str) -> "Any":
    """Return the code that also shows the value of a last expression; None if there is none."""
    lines = text.rstrip().split("\n")
    for at in range(len(lines) - 1, -1, -1):
        first = lines[at][:1]
        if not first or first in " \t#":
            continue
        shown = lines[:at] + ["__shown = (" + lines[at]] + lines[at + 1 :]
        code = _compiles("\n".join(shown) + "\n)", name)
        if code or first not in ")]}":
            return code
    return None


def failure_of(error: BaseException, name: str, lines: int) -> "dict[str, Any]":
    """Return what went wrong: its words, and the line and cell where the reader's code was."""
    buffer = io.StringIO()
    sys.print_exception(error, buffer)  # type: ignore[attr-defined]
    places = re.compile(r'File "(cell \d+|answer)", line (\d+)')
    place = None
    for line in buffer.getvalue().split("\n"):
        found = places.search(line)
        if found:
            place = found
    cell = place.group(1) if place else ""
    number = int(place.group(2)) if place else 0
    if cell == name:
        number = min(number, lines)  # a shown value is closed by a line that is not the reader's
    text = type(error).__name__ + (": " + str(error) if str(error) else "")
    hint = [words for mark, words in WORDS if mark in text]
    return {
        "text": text,
        "hint": hint[0] if hint else "",
        "cell": cell,
        "line": number,
    }


def execute(text: str, name: str, names: "dict[str, Any]") -> "dict[str, Any] | None":
    """Run a cell with these names; return what went wrong, None if nothing did.

    Parameters
    ----------
    text : str
    name : str
        As ``"cell 2"``.
    names : dict
        What the cell sees and defines.
    """
    try:
        guarded = _guarded(text)
        code = _showing(guarded, name)
        names["__shown"] = None
        exec(code or compile(guarded, name, "exec"), names)
        if names["__shown"] is not None:
            print(repr(names["__shown"]))
    except BaseException as error:
        return failure_of(error, name, len(text.rstrip().split("\n")))
    return None


def drawings() -> "list[dict[str, Any]]":
    """Return what was drawn since this was last asked."""
    made: "list[dict[str, Any]]" = sys.modules["matplotlib.pyplot"]._take()
    return made


def run(text: str, name: str) -> str:
    """Run a cell of the page; return its failure and its drawings as JSON.

    Parameters
    ----------
    text : str
    name : str
        As ``"cell 2"``.
    """
    failure = execute(text, name, _names)
    return json.dumps({"failure": failure, "drawings": drawings()})


def names_so_far() -> "dict[str, Any]":
    """Return a copy of the names that the page's cells have defined."""
    return dict(_names)
