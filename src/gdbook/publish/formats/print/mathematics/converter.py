r"""From LaTeX to Typst: atoms, scripts and groups."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from gdbook.publish.formats.print.markup import quoted
from gdbook.publish.formats.print.mathematics.reader import CLOSE, OPEN, Reader
from gdbook.publish.formats.print.mathematics.symbols import (
    ACCENTS,
    ALPHABETS,
    BARS,
    CHARACTERS,
    ENDINGS,
    OPERATORS,
    SIZES,
    SPELLED,
    SYMBOLS,
)
from gdbook.publish.formats.print.mathematics.tokens import (
    NOTHING,
    Token,
    UnknownMathError,
    written,
)

Stop = Callable[[Token], bool]

_PRIMES = {1: "′", 2: "″", 3: "‴", 4: "⁗"}
_ENDS = {"_": "b", "^": "t"}
_LIMITS = {"limits": "limits", "nolimits": "scripts"}
_LOW = re.compile(r'\\?.|"[^"]*"')  # a base on which a prime needs no raising
_NO_OUTPUT = {
    "nonumber", "notag", "allowbreak", "relax", "nobreak", "mathstrut", "strut", "null",
}  # fmt: skip
_STYLES = {
    "displaystyle": "display", "textstyle": "inline", "scriptstyle": "script",
    "scriptscriptstyle": "sscript",
}  # fmt: skip
_SIZED = {size + end: (size, end) for size in SIZES for end in ENDINGS}
_CLASSES = {
    "mathord": "normal", "mathop": "large", "mathbin": "binary", "mathrel": "relation",
    "mathopen": "opening", "mathclose": "closing", "mathpunct": "punctuation",
    "mathinner": "normal",
}  # fmt: skip
_NEGATED = {
    "∈": "∉", r"\=": "≠", "⊂": "⊄", "⊆": "⊈", "∃": "∄", "≡": "≢", "∼": "≁", "≤": "≰", "≥": "≱",
    r"\<": "≮", r"\>": "≯", "∣": "∤", "∥": "∦", "→": "↛", "≈": "≉", "≅": "≇", "∋": "∌",
}  # fmt: skip


def convert(latex: str, macros: Mapping[str, str] | None = None) -> str:
    r"""Return a formula in Typst's language.

    Parameters
    ----------
    latex : str
        What stands between the dollars, or a whole ``aligned`` and the like.
    macros : mapping of str to str, optional
        Macros of the book, ``{"\R": r"\mathbb{R}"}``.

    Returns
    -------
    str
        For the inside of ``$ … $``, where the book's names for signs (``singlebar``, …)
        are defined.

    Raises
    ------
    UnknownMathError
        With the reason: a command that is not known, a brace that is not closed.
    """
    made = Converter(latex, macros).formula()
    return made or NOTHING


def joined(parts: list[str]) -> str:
    """Join atoms. Typst sets a space beside a text where the source has one; LaTeX doesn't."""
    text = ""
    for part in parts:
        if not part:
            continue
        tight = text.endswith('"') or part.startswith('"') or not text
        text += part if tight else f" {part}"
    return text


class Converter(Reader):
    """A formula on its way from LaTeX to Typst; see `convert`."""

    # ------------------------------------------------------------ rows and sequences

    def formula(self) -> str:
        """Return the whole formula, whose own rows are the equation's rows."""
        from gdbook.publish.formats.print.mathematics.environments import whole

        made = whole(self)
        return made if made is not None else self.sequence(None)

    def inner(self, tokens: list[Token]) -> str:
        """Return some tokens in Typst, as an argument of a function."""
        part = Converter("", self.macros)
        part.tokens = tokens
        return part.sequence(None) or NOTHING

    def argument(self) -> str:
        """Return the next argument in Typst."""
        return self.inner(self.group())

    def sequence(self, stop: Stop | None) -> str:
        """Return what stands here up to a token that `stop` knows, or the end."""
        parts: list[str] = []
        while (token := self.peek()) is not None and not (stop and stop(token)):
            if token == CLOSE:
                raise UnknownMathError("a brace is closed that was not opened")
            if token.kind == "command" and token.text in _STYLES:
                self.at += 1
                rest = self.sequence(stop) or NOTHING
                parts.append(f"{_STYLES[token.text]}({rest})")
            else:
                parts.append(self.atom_with_scripts())
        if stop is not None and self.peek() is None:
            raise UnknownMathError("it ends too early")
        return joined(parts)

    # ------------------------------------------------------------ scripts

    def atom_with_scripts(self) -> str:
        """Return an atom with its primes, index and exponent."""
        token = self.peek()
        assert token is not None
        grouped = token == OPEN
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
        while (token := self.peek()) is not None:
            if token == Token("char", "'"):
                self.at += 1
                primes += 1
            elif token.kind == "command" and token.text in _LIMITS:
                self.at += 1
                limits = _LIMITS[token.text]
            elif token.kind == "char" and token.text in _ENDS:
                self.at += 1
                if token.text in scripts:
                    raise UnknownMathError("two indices" if token.text == "_" else "two exponents")
                scripts[token.text] = self.argument()
            else:
                break
        return primes, limits, scripts

    # ------------------------------------------------------------ atoms

    def atom(self) -> str:
        """Return the next atom, which may be a command with its arguments."""
        token = self.take()
        if token.kind == "number":
            return token.text
        if token.kind == "char":
            return self.character(token)
        return self.command(token.text)

    def character(self, token: Token) -> str:
        """Return a plain character, or the group that it opens."""
        if token == OPEN:
            self.at -= 1
            return self.braced(self.group())
        if token.text in "&":
            raise UnknownMathError("& outside an environment")
        return CHARACTERS.get(token.text, token.text)

    def braced(self, tokens: list[Token]) -> str:
        """Return a group: a sign in braces is no operator any more."""
        made = self.inner(tokens)
        kept = [token for token in tokens if token.kind != "space"]
        single = len(kept) == 1 and kept[0].kind in ("char", "command")
        sign = single and not (kept[0].kind == "char" and kept[0].text.isalnum())
        if not kept:
            return NOTHING
        return f'class("normal", {made})' if sign else made

    def command(self, name: str) -> str:  # noqa: PLR0911, PLR0912
        """Return a command with its arguments."""
        from gdbook.publish.formats.print.mathematics import constructs, environments

        if name in BARS:
            return BARS[name]
        if name in SYMBOLS:
            return SYMBOLS[name]
        if name in OPERATORS:
            return self.operator(SPELLED.get(name, name), limits=OPERATORS[name])
        if name in ACCENTS:
            return f"{ACCENTS[name]}({self.argument()})"
        if name in ALPHABETS:
            return self.alphabet(name)
        if name in _NO_OUTPUT:
            return ""
        if name in _SIZED:
            size, end = _SIZED[name]
            return f'class("{ENDINGS[end]}", lr(size: #{SIZES[size]}, {self.delimiter()}))'
        if name in _CLASSES:
            return f'class("{_CLASSES[name]}", {self.argument()})'
        if name == "left":
            return self.stretched()
        if name == "not":
            negated = self.atom()
            return _NEGATED.get(negated) or f"cancel({negated})"
        if name == "begin":
            return environments.nested(self, self.name())
        if name in "{}":
            return "\\" + name
        if name in ("lbrace", "rbrace", "langle", "rangle", "lfloor", "rfloor", "lceil", "rceil",
                    "lbrack", "rbrack"):  # fmt: skip
            self.at -= 1
            return self.delimiter()
        made = constructs.construct(self, name)
        if made is None:
            raise UnknownMathError(f"\\{name} is not known")
        return made

    def operator(self, words: str, *, limits: bool) -> str:
        """Return the name of a function, upright."""
        return f"op({quoted(words)}{', limits: #true' * limits})"

    def alphabet(self, name: str) -> str:
        """Return letters of another alphabet; several upright letters are one word."""
        tokens = self.group()
        text = written(tokens)
        if name in ("mathrm", "mathsf", "mathtt", "mathit", "mathbf") and re.fullmatch(
            r"[A-Za-z][A-Za-z0-9 \-]+", text
        ):
            made = quoted(text.replace(" ", ""))
            return made if name == "mathrm" else ALPHABETS[name] % made
        return ALPHABETS[name] % self.inner(tokens)

    def stretched(self) -> str:
        r"""Return ``\left( … \right)``, with brackets as high as what they hold."""
        opening = self.delimiter()
        inside = self.sequence(lambda token: token == Token("command", "right"))
        self.at += 1
        closing = self.delimiter()
        return f"lr({joined([opening, inside, closing]) or NOTHING})"
