r"""What a printed formula is worth: LaTeX in index notation, read and evaluated on its own.

The conventions are those of a reader: a sum reaches over the product that follows it, a
function takes what stands right behind it, a bracket that is 0 makes its product 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf

Array = NDArray[Any]

TOKEN = re.compile(
    r"\\(?:mathrm|operatorname)\{(?:\\.|[^{}])*\}|\\bar v|\\[A-Za-z]+|\\[,;!]|\d+(?:\.\d+)?|\S"
)
FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    **{rf"\{name}": getattr(np, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{rf"\{name}": getattr(np, name) for name in ("arcsin", "arccos", "arctan")},
    r"\ln": np.log,
    r"\operatorname{expm1}": lambda x: np.exp(x) - 1,
    r"\operatorname{log1p}": lambda x: np.log(1 + x),
    r"\operatorname{sign}": np.sign,
    r"\operatorname{round}": np.round,
    r"\operatorname{softplus}": lambda x: np.log1p(np.exp(x)),
    r"\operatorname{relu}": lambda x: x * (x > 0),
    r"\operatorname{erf}": erf,
}
RELATIONS: dict[str, Callable[[Array, Array], Array]] = {
    ">": np.greater,
    "<": np.less,
    "=": np.equal,
    r"\ge": np.greater_equal,
    r"\le": np.less_equal,
    r"\ne": np.not_equal,
}
FENCES: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "(": (")", np.asarray),
    "|": ("|", np.abs),
    r"\lfloor": (r"\rfloor", np.floor),
    r"\lceil": (r"\rceil", np.ceil),
}
REDUCTIONS: dict[str, Callable[..., Array]] = {
    r"\sum": np.sum,
    r"\prod": np.prod,
    r"\max": np.max,
    r"\min": np.min,
}
ENDS = {"", "+", "-", ")", "]", "}", ",", "|", r"\right", r"\bmod", *RELATIONS}


class Reader:
    r"""Reads formulas.

    Parameters
    ----------
    tensors : mapping of (str, str) to array
        Values by letter and what stands below it, as ``("x", "1")`` for :math:`x_{1,i}`.
    extents : mapping of str to int
        How many values each index letter has.
    tables : mapping of str to array
        Tables of positions by their letter, as ``\pi``.
    """

    def __init__(
        self,
        tensors: Mapping[tuple[str, str], Array],
        extents: Mapping[str, int],
        tables: Mapping[str, Array],
    ) -> None:
        self.tensors, self.tables = tensors, tables
        self.letters = list(extents)
        self.axes = {}
        for axis, (letter, extent) in enumerate(extents.items()):
            along = [1] * len(extents)
            along[axis] = extent
            self.axes[letter] = np.arange(extent).reshape(along)
        self.tokens: list[str] = []

    def value(self, text: str, free: list[str]) -> Array:
        """Return a formula's values for all values of its free indices, in that order."""
        self.tokens = [t for t in TOKEN.findall(text) if t not in (r"\,", r"\;", r"\!")]
        with np.errstate(all="ignore"):
            found = self.sum()
        assert self.tokens == [], f"not read to its end: {text}"
        shape = [self.axes[k].size if k in free else 1 for k in self.letters]
        found = np.broadcast_to(found, shape)
        order = [self.letters.index(k) for k in free]
        rest = [k for k in range(found.ndim) if k not in order]
        kept = [self.axes[k].size for k in free]
        return np.transpose(found, [*order, *rest]).reshape(kept)

    # ------------------------------------------------------------ tokens

    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *expected: str) -> str:
        token = self.tokens.pop(0)
        assert not expected or token in expected, (token, expected, self.tokens)
        return token

    def group(self) -> list[str]:
        """Take a group in braces, or one token, unread."""
        if self.next() != "{":
            return [self.take()]
        depth, out = 0, []
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            out.append(token)
            if not depth:
                return out[1:-1]

    def inside(self, tokens: list[str], read: Callable[[], Array]) -> Array:
        """Read other tokens, and come back."""
        kept, self.tokens = self.tokens, tokens
        found = read()
        assert self.tokens == [], tokens
        self.tokens = kept
        return found

    # ------------------------------------------------------------ numbers

    def sum(self) -> Array:
        sign = -1 if self.next() == "-" and self.take() else 1
        found = sign * self.term()
        while self.next() in ("+", "-"):
            found = found + (1 if self.take() == "+" else -1) * self.term()
        return found

    def term(self) -> Array:
        found: Array = np.asarray(1.0)
        masks = []
        while self.next() not in ENDS:
            if self.next() in REDUCTIONS:
                found = found * self.reduction()
                break
            masked = self.next() in ("[", r"\delta")
            factor = self.factor()
            if masked:
                masks.append(factor)
            else:
                found = found * factor
        for mask in masks:
            found = np.where(mask == 0, 0.0, found)
        return found

    def reduction(self) -> Array:
        reduce = REDUCTIONS[self.take()]
        self.take("_")
        over = "".join(self.group()).split(",")
        inner = self.term()
        shape = list(np.broadcast_shapes(inner.shape, [1] * len(self.letters)))
        axes = tuple(self.letters.index(letter) for letter in over)
        for axis in axes:
            shape[axis] = self.axes[self.letters[axis]].size
        return np.asarray(reduce(np.broadcast_to(inner, shape), axis=axes, keepdims=True))

    def factor(self) -> Array:
        """Read what stands alone, with its exponent."""
        found = self.atom()
        if self.next() == "^":
            self.take()
            found = np.power(found, self.inside(self.group(), self.sum))
            assert self.next() != "^", "a power of a power without brackets"
        return found

    def atom(self) -> Array:  # noqa: PLR0911, PLR0912
        token = self.take()
        if token[0].isdigit():
            found = np.asarray(float(token))
            if self.next() == r"\times":
                self.take()
                self.take("10")
                self.take("^")
                found = found * 10.0 ** self.inside(self.group(), self.sum)
                assert self.next() != "^", "a power of a power of ten"
            return found
        if token in (r"\frac", r"\tfrac"):
            above, below = self.group(), self.group()
            found = self.inside(above, self.sum) / self.inside(below, self.sum)
            assert self.next() != "^", "a fraction raised without brackets"
            return found
        if token == r"\sqrt":
            return np.sqrt(self.inside(self.group(), self.sum))
        if token == r"\left":
            closing, apply = FENCES[self.take()]
            found = self.sum()
            self.take(r"\right")
            self.take(closing)
            return apply(found)
        if token == "[":
            left = self.side()
            if self.next() == "]":
                self.take()
                return np.asarray(left != 0, dtype=float)
            relation = self.take()
            found = RELATIONS[relation](left, self.side())
            self.take("]")
            return np.asarray(found, dtype=float)
        if token == r"\delta" and ("v", "") not in self.tensors:
            self.take("_")
            left, right = self.places(self.group())
            return np.asarray(left == right, dtype=float)
        if token in FUNCTIONS or token == r"\log":
            return self.function(token)
        if token == r"\sigma" and self.next() == "(":
            self.take()
            found = 1 / (1 + np.exp(-self.sum()))
            self.take(")")
            return found
        if token == "e" and ("e", "") not in self.tensors and self.next() == "^":
            return np.asarray(np.e)
        if token == r"\pi" and self.next() not in ("(", "'"):
            return np.asarray(np.pi)
        if token == r"\infty":
            return np.asarray(np.inf)
        return self.element(token)

    def side(self) -> Array:
        """Read a side of a relation, of numbers or of indices."""
        end = next(k for k, token in enumerate(self.tokens) if token == "]" or token in RELATIONS)
        first = self.tokens[:end]
        letters = [t for t in first if t.isalpha() and t != "e"]
        if letters and all(t in self.axes for t in letters) and not {"_", "{"} & set(first):
            self.tokens = self.tokens[end:]
            return self.inside(first, self.place)
        return self.sum()

    def function(self, token: str) -> Array:
        apply = FUNCTIONS.get(token)
        if apply is None:
            self.take("_")
            apply = {"2": np.log2, "10": np.log10}["".join(self.group())]
        exponent = None
        if self.next() == "^":
            self.take()
            exponent = self.inside(self.group(), self.sum)
        assert self.next() not in REDUCTIONS, "a function of a sum without brackets"
        found = apply(self.factor())
        return found if exponent is None else np.power(found, exponent)

    # ------------------------------------------------------------ elements

    def element(self, head: str) -> Array:
        """Read an element of a tensor, which must be no other's element too."""
        below: list[str] | None = None
        while self.next() in ("_", "^"):
            if self.next() == "_":
                assert below is None, "two subscripts"
                self.take()
                below = self.group()
                continue
            raised = self.tokens[:]
            self.take()
            longer = f"{head}^{{{''.join(self.group())}}}"
            if not any(letter == longer for letter, _ in self.tensors):
                self.tokens = raised
                break
            head = longer
        candidates = []
        for (letter, start), array in self.tensors.items():
            if letter != head:
                continue
            rest = below or []
            if start:
                begins = TOKEN.findall(start)
                if rest[: len(begins)] != begins or rest[len(begins) :][:1] not in ([], [","]):
                    continue
                rest = rest[len(begins) + 1 :]
            places = self.places(rest) if rest else []
            if len(places) == array.ndim:
                candidates.append(array[tuple(places)] if places else array)
        assert len(candidates) == 1, f"{head} with {below} is {len(candidates)} tensors"
        return np.asarray(candidates[0])

    def places(self, tokens: list[str]) -> list[Array]:
        """Read indices: ``ij`` side by side, or separated by commas."""
        if len(tokens) > 1 and all(t in self.axes for t in tokens):
            return [self.axes[t] for t in tokens]
        parts: list[list[str]] = [[]]
        depth = 0
        for token in tokens:
            depth += (token == "(") - (token == ")")
            if token == "," and not depth:
                parts.append([])
            else:
                parts[-1].append(token)
        out = []
        for part in parts:
            if len(part) > 1 and all(t in self.axes for t in part):
                out += [self.axes[t] for t in part]
            else:
                out.append(self.inside(part, self.place))
        return out

    def place(self) -> Array:
        sign = -1 if self.next() == "-" and self.take() else 1
        found, alone = sign * self.step(), True
        while self.next() in ("+", "-"):
            found, alone = found + (1 if self.take() == "+" else -1) * self.step(), False
        if self.next() == r"\bmod":
            assert alone, "a remainder of a sum without brackets"
            self.take()
            found = found % int(self.take())
        return found

    def step(self) -> Array:
        token = self.take()
        if token.isdigit():
            size = int(token)
            if self.next() in self.axes or self.next() in ("(", r"\lfloor", r"\pi"):
                found = size * self.step()
                assert self.next() != r"\bmod", "a multiple's remainder, or a remainder's multiple"
                return found
            return np.asarray(size)
        if token == "(":
            found = self.place()
            self.take(")")
            return found
        if token == r"\lfloor":
            found = self.step()
            self.take("/")
            found = found // int(self.take())
            self.take(r"\rfloor")
            return found
        if token == r"\pi":
            while self.next() == "'":
                token += self.take()
            self.take("(")
            depth = next(
                k
                for k, _ in enumerate(self.tokens)
                if self.tokens[: k + 1].count(")") > self.tokens[: k + 1].count("(")
            )
            inner, self.tokens = self.tokens[:depth], self.tokens[depth + 1 :]
            return np.asarray(self.tables[token][tuple(self.places(inner))])
        assert token in self.axes, token
        while self.next() == "'":
            token += self.take()
        return self.axes[token]
