r"""Symbols of formulas: Greek letters, and letters with a star, hat, bar and the like.

Plain Latin letters come and go within a sentence, and no table could list them all.
"""

from __future__ import annotations

from gdbook.latex import Cursor, Token, Unreadable, tokenise, written

_NAMES = """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa
lambda mu nu xi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta
Lambda Xi Sigma Upsilon Phi Psi Omega ell"""
_GREEK = frozenset(_NAMES.split())
_ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde", "check": "check", "dot": "dot", "ddot": "ddot", "vec": "vec",
    "mathbf": "mathbf", "boldsymbol": "boldsymbol", "bm": "boldsymbol", "mathcal": "mathcal",
    "mathfrak": "mathfrak", "mathscr": "mathscr",
}  # fmt: skip
_STARS = {"*": r"\star", "ast": r"\star", "star": r"\star", "dagger": r"\dagger"}
_WORDS = {"text", "mathrm", "operatorname", "operatorname*", "label", "begin", "end"}


def symbols(latex: str) -> set[str]:
    r"""Return the symbols of a formula that a notation page should list.

    Parameters
    ----------
    latex : str
        Without dollars. A letter with a decoration is one symbol: in ``\hat\omega^\star`` and
        ``\hat{\omega}_0`` it is ``\hat\omega``.
    """
    at, found = Cursor(tokenise(latex)), set[str]()
    while not at.is_("end"):
        token = at.take()
        name = token.text if token.kind == "command" else ""
        if name in _WORDS:
            _argument(at)
        elif name in _ACCENTS:
            letter = _argument(at) if at.is_("group") or _is_letter(at.next()) else []
            if len(letter) == 1 and _is_letter(letter[0]):
                gap = " " * (letter[0].kind == "letter")
                found.add(f"\\{_ACCENTS[name]}{gap}{written(letter)}")
            else:
                found |= symbols(written(letter))
        elif _is_letter(token):
            star = ""
            while at.is_("char", "_", "^"):
                raised = at.take().text == "^"
                if at.is_("command") and not (_is_letter(at.next()) or at.next().text in _STARS):
                    break  # with arguments of its own, perhaps
                script = written(_argument(at))
                found |= symbols(script)
                star = _STARS.get(script.lstrip("\\"), star) if raised else star
            if star:
                found.add(f"{written([token])}^{star}")
            elif name:
                found.add(f"\\{name}")
    return found


def _is_letter(token: Token) -> bool:
    return token.kind == "letter" or (token.kind == "command" and token.text in _GREEK)


def _argument(at: Cursor) -> list[Token]:
    """Take an argument; where there is none, or its brace is not closed, nothing."""
    start = at.at
    try:
        return [token for token in at.group() if token.kind != "space"]
    except Unreadable:
        at.at = start
        return []
