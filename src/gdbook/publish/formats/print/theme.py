"""Colours of code in print: those of the pages, as the theme file that Typst reads."""

from __future__ import annotations

import plistlib
from typing import Any

from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Token

from gdbook.publish.theme.highlighting import Light

#: TextMate's names of what Pygments tells apart.
_SCOPES = {
    "comment": Comment,
    "keyword, storage, keyword.operator.logical, keyword.control": Keyword,
    "keyword.operator": Operator,
    "string": String,
    "constant.numeric, constant.language": Number,
    "entity.name.function, entity.name.class, entity.name.type, meta.annotation": Name.Function,
    "punctuation": Punctuation,
    "variable.language, support.function": Name.Builtin,
}


def tm_theme() -> bytes:
    """Return the theme in TextMate's format."""
    rules: list[dict[str, Any]] = [{"settings": _look(Token)}]
    rules += [{"scope": scope, "settings": _look(token)} for scope, token in _SCOPES.items()]
    return plistlib.dumps({"name": "Downhill", "settings": rules})


def _look(token: Any) -> dict[str, str]:
    style = Light.style_for_token(token)
    slant = {"fontStyle": "italic"} if style["italic"] else {}
    return {"foreground": f"#{style['color']}", **slant}
