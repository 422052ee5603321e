r"""From LaTeX to Typst: atoms, scripts and groups."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from gdbook.latex import Cursor, Token, Unreadable, expanded, written
from gdbook.publish.formats.print.mathematics.symbols import (
    CHARACTERS,
    DELIMITERS,
    INSTEAD,
    NOTHING,
    SYMBOLS,
)
from gdbook.publish.math.font_subset import italic
from gdbook.publish.math.temml import Typesetter

Stop = Callable[[Token], bool]

_PRIMES = {1: "′", 2: "″", 3: "‴", 4: "⁗"}
_ENDS = {"_": "b", "^": "t"}
_LIMITS = {"limits": "limits", "nolimits": "scripts"}
_LOW = re.compile(r'\\?.|"[^"]*"')  # a base on which a prime needs no raising
_STYLES = {
    "displaystyle": "display", "textstyle": "inline", "scriptstyle": "script",
    "scriptscriptstyle": "sscript",
}  # fmt: skip


def convert(latex: str, typesetter: Typesetter) -> str:
    r"""Return a formula in Typst's language.

    Parameters
    ----------
    latex : str
        What stands between the dollars, or a whole ``aligned`` and the like.
    typesetter : Typesetter
        The page's, which has the book's macros, and knows the signs that commands stand for.

    Returns
    -------
    str
        For the inside of ``$ … $``, where the book's names for signs (``singlebar``, …)
        are defined.

    Raises
    ------
    Unreadable
        With the reason: a command that is not known, a brace that is not closed.
    """
    return Converter(expanded(latex, typesetter.macros), typesetter).formula() or NOTHING


def joined(parts: list[str]) -> str:
    """Join atoms. Typst sets a space beside a text where the source has one; LaTeX doesn't."""
    text = ""
    for part in parts:
        if not part:
            continue
        tight = text.endswith('"') or part.startswith('"') or not text
        text += part if tight else f" {part}"
    return text


class Converter(Cursor):
    """A formula on its way from LaTeX to Typst; see `convert`."""

    def __init__(self, tokens: Iterable[Token], typesetter: Typesetter) -> None:
        super().__init__(tokens)
        self.typesetter = typesetter

    # ------------------------------------------------------------ rows and sequences

    def formula(self) -> str:
        """Return the whole formula, whose own rows are the equation's rows."""
        from gdbook.publish.formats.print.mathematics.environments import whole

        made = whole(self)
        return made if made is not None else self.sequence(None)

    def inner(self, tokens: list[Token]) -> str:
        """Return some tokens in Typst, as an argument of a function."""
        return Converter(tokens, self.typesetter).sequence(None) or NOTHING

    def argument(self) -> str:
        """Return the next argument in Typst: a group, a token, a command with its arguments."""
        if self.is_("command"):
            return self.atom() or NOTHING
        return self.inner(self.group())

    def sequence(self, stop: Stop | None) -> str:
        """Return what stands here up to a token that `stop` knows, or the end."""
        parts: list[str] = []
        while (token := self.next()).kind != "end" and not (stop and stop(token)):
            if token.kind == "endgroup":
                raise Unreadable("a brace is closed that was not opened")
            if token.kind == "command" and token.text in _STYLES:
                self.at += 1
                rest = self.sequence(stop) or NOTHING
                parts.append(f"{_STYLES[token.text]}({rest})")
            else:
                parts.append(self.atom_with_scripts())
        if stop is not None and self.is_("end"):
            raise Unreadable("it ends too early")
        return joined(parts)

    # ------------------------------------------------------------ scripts

    def atom_with_scripts(self) -> str:
        """Return an atom with its primes, index and exponent."""
        token = self.next()
        grouped = token.kind == "group"
        bare = token.kind == "char" and token.text in "_^'"
        base = NOTHING if bare else self.atom()
        primes, limits, scripts = self.scripts()
        if primes:
            marks = _PRIMES.get(primes) or " ".join("′" * primes)
            if _LOW.fullmatch(base) and not (scripts or grouped):
                # The sign itself is raised; after a space, a word would keep away from it.
                base += marks if base.endswith('"') else f" {marks}"
            else:
                scripts["^"] = joined([marks, scripts.get("^", "")])
        if limits:
            base = f"{limits}({base or NOTHING})"
        if not scripts:
            return base
        if grouped or not base:
            ends = [f"{_ENDS[sign]}: {script}" for sign, script in sorted(scripts.items())]
            return f"attach({', '.join([base or NOTHING, *ends])})"
        return base + "".join(f"{sign}({script})" for sign, script in sorted(scripts.items())[::-1])

    def scripts(self) -> tuple[int, str, dict[str, str]]:
        """Read what hangs on an atom.

        Returns
        -------
        primes : int
        limits : str
            Typst's function that says where scripts stand, "" where nothing does.
        scripts : dict of str to str
            By ``_`` and ``^``.
        """
        primes, limits = 0, ""
        scripts: dict[str, str] = {}
        while (token := self.next()).kind != "end":
            if self.skip("char", "'"):
                primes += 1
            elif token.kind == "command" and token.text in _LIMITS:
                self.at += 1
                limits = _LIMITS[token.text]
            elif token.kind == "char" and token.text in _ENDS:
                self.at += 1
                if token.text in scripts:
                    raise Unreadable("two indices" if token.text == "_" else "two exponents")
                scripts[token.text] = self.argument()
            else:
                break
        return primes, limits, scripts

    # ------------------------------------------------------------ atoms

    def atom(self) -> str:
        """Return the next atom, which may be a command with its arguments."""
        token = self.take()
        if token.kind == "command":
            return self.command(token.text)
        if token.kind == "group":
            self.at -= 1
            return self.braced(self.group())
        return self.character(token.text)

    def character(self, text: str) -> str:
        """Return a number, a letter or another character."""
        if text == "&":
            raise Unreadable("& outside an environment")
        # Typst would pair brackets, and look for what is under a root.
        special = unicodedata.category(text[0]) in ("Ps", "Pe") or text in "√∛∜⎰⎱⌜⌝⌞⌟"
        return CHARACTERS.get(text, f"\\{text}" if special else text)

    def braced(self, tokens: list[Token]) -> str:
        """Return a group: a sign in braces is no operator any more."""
        made = self.inner(tokens)
        kept = [token for token in tokens if token.kind != "space"]
        sign = len(kept) == 1 and (
            kept[0].kind == "command" or (kept[0].kind == "char" and not kept[0].text.isalnum())
        )
        return f'class("normal", {made})' if sign else made

    def command(self, name: str) -> str:
        """Return a command with its arguments, or the sign that it stands for."""
        from gdbook.publish.formats.print.mathematics.constructs import COMMANDS

        return COMMANDS[name](self) if name in COMMANDS else self.sign(name)

    def sign(self, name: str) -> str:
        """Return the sign that a command without arguments stands for."""
        found = self.typesetter.sign(name) if name else None
        if found is None:
            advice = f"; write {INSTEAD[name]}" if name in INSTEAD else ""
            raise Unreadable(f"\\{name} is not known{advice}" if name else "a backslash at the end")
        sign, upright = found
        if sign in "&_":
            return SYMBOLS[sign]
        # Typst sets capital Greek letters upright by itself.
        slanted = italic(sign) != sign and not "Α" <= sign <= "Ω"
        return f"upright({sign})" if upright and slanted else self.character(sign)

    def delimiter(self) -> str:
        r"""Return what follows ``\left``, ``\right`` or ``\big`` in Typst; "" for a full stop."""
        token = self.single()
        if token.text not in DELIMITERS or (token.kind == "command" and token.text in "/."):
            raise Unreadable(f"{written([token])} is no bracket")
        return DELIMITERS["Vert" if token == Token("command", "|") else token.text]

    def stretched(self) -> str:
        r"""Return ``\left( … \right)``, with brackets as high as what they hold."""
        opening = self.delimiter()
        inside = self.sequence(lambda token: token == Token("command", "right"))
        self.at += 1
        closing = self.delimiter()
        return f"lr({joined([opening, inside, closing]) or NOTHING})"
