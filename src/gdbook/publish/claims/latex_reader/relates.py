"""Whether a formula says something, or is an expression only."""

from __future__ import annotations

import re

from gdbook.publish.claims.latex_reader.tokens import RELATIONS, Unreadable, tokenise

_NAMES = """
asymp coloneqq cong doteq equiv gets gg gtrsim iff impliedby implies leftarrow Leftarrow
leftrightarrow Leftrightarrow lesssim ll Longleftarrow longleftrightarrow Longleftrightarrow
Longrightarrow longmapsto mapsto ni notin parallel perp prec preceq propto Rightarrow sim simeq
subset subseteq succ succeq supset supseteq triangleq
"""
#: Relations that the reader does not read; what says one of them needs a label all the same.
_MORE = frozenset(_NAMES.split())
#: Commands that hold a relation in braces.
_AROUND = frozenset({"boxed", "overset", "stackrel"})
_WORDS = "|".join(sorted(_MORE | {name for name in RELATIONS if name.isalpha()}))
_UNREAD = re.compile(rf"[=<>≤≥≈→≠]|\\(?:{_WORDS})(?![A-Za-z])")
#: What stands below and above signs, or in brackets: its relations are no statements.
_INNER = re.compile(
    r"[_^]\s*(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\[A-Za-z]+)|\\underset\{[^{}]*\}|\([^()]*\)"
)


def relates(latex: str) -> bool:
    r"""Whether a displayed formula relates its sides to each other, as far as one can tell.

    Parameters
    ----------
    latex : str
        ``a = b`` does, ``\sum_{k=0}^n a_k`` does not. Where the formula can't be cut into
        tokens, any sign of a relation counts.
    """
    try:
        tokens = tokenise(latex)
    except Unreadable:
        return _UNREAD.search(_INNER.sub("", latex)) is not None
    depth, before = 0, ""
    around = any(t.kind == "command" and t.text in _AROUND for t in tokens)
    for token in tokens:
        depth += (token.kind in ("open", "group")) - (token.kind in ("close", "endgroup"))
        if token.kind == "relation" and (depth == 0 or around):
            return True
        if (
            token.kind == "command"
            and token.text in _MORE
            and depth == 0
            and before not in ("^", "_")
        ):
            return True
        before = token.text
    return False
