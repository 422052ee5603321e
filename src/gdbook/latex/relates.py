"""Whether a formula says something, or is an expression only."""

from __future__ import annotations

from gdbook import latex as tex
from gdbook.latex.notation import CLOSING, OPENING, RELATIONS

_NAMES = """
asymp coloneqq cong doteq equiv gets gg gtrsim iff impliedby implies leftarrow Leftarrow
leftrightarrow Leftrightarrow lesssim ll Longleftarrow longleftrightarrow Longleftrightarrow
Longrightarrow longmapsto mapsto ni notin parallel perp prec preceq propto Rightarrow sim simeq
subset subseteq succ succeq supset supseteq triangleq
"""
#: Relations, also those that the reader does not read: what says one of them needs a label.
_SIGNS = frozenset(_NAMES.split()) | RELATIONS.keys()
#: Commands that hold a relation in braces.
_AROUND = frozenset({"boxed", "overset", "stackrel"})
#: What is followed by words, or by what stands below a sign: no statement.
_INNER = frozenset({"_", "^", "underset", "begin", "end", "text", "operatorname", "mathrm"})
_OPEN = {"(", "[", "{", "left", "langle"} | {name for name in OPENING if name.isalpha()}
_CLOSE = {")", "]", "}", "right", "rangle"} | {name for name in CLOSING if name.isalpha()}


def relates(latex: str) -> bool:
    r"""Whether a displayed formula relates its sides to each other, as far as one can tell.

    Parameters
    ----------
    latex : str
        ``a = b`` does, ``\sum_{k=0}^n a_k`` does not. Where braces don't match, any sign of
        a relation counts.
    """
    at, depth = tex.Cursor(tex.tokenise(latex)), 0
    around = any(t.kind == "command" and t.text in _AROUND for t in at.tokens)
    try:
        while not at.is_("end"):
            text = at.take().text
            if text in _INNER:
                at.group()
            elif text in ("left", "right"):
                at.take()
            if text in _SIGNS and (depth == 0 or around):
                return True
            depth += (text in _OPEN) - (text in _CLOSE)
    except tex.Unreadable:
        return any(token.text in _SIGNS for token in at.tokens)
    return False
