"""Colours of code in print: those of the pages, as the theme file that Typst reads."""

from __future__ import annotations

from xml.sax.saxutils import escape

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


def tm_theme() -> str:
    """Return the theme in TextMate's format."""
    rules = "".join(_rule(scope, Light.style_for_token(token)) for scope, token in _SCOPES.items())
    ink = Light.style_for_token(Token)["color"]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>'
        "<key>name</key><string>Downhill</string><key>settings</key><array>"
        f"<dict><key>settings</key><dict><key>foreground</key><string>#{ink}</string>"
        f"</dict></dict>{rules}</array></dict></plist>\n"
    )


def _rule(scope: str, style: dict[str, object]) -> str:
    slant = "<key>fontStyle</key><string>italic</string>" if style["italic"] else ""
    return (
        f"<dict><key>scope</key><string>{escape(scope)}</string><key>settings</key><dict>"
        f"<key>foreground</key><string>#{style['color']}</string>{slant}</dict></dict>"
    )
