"""The speaker's view of reveal.js, without inline style and script.

Its plugin writes a page of its own into a new window. That window is under the
Content-Security-Policy of the deck, and a strict one lets neither act. So both become files.
"""

from __future__ import annotations

import re

from gdbook.publish.core.npm import AssetsError

_BEGIN = ".document.write(`"
#: A text between back quotes, in which a backslash keeps the next character from its meaning.
_TEXT = re.compile(re.escape(_BEGIN) + r"((?:[^`\\]|\\.)*)`", re.DOTALL)
_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_SCRIPT = re.compile(r"<script>(.*?)<\\/script>", re.DOTALL)
#: What a deck without times does not need is hidden by script, which may set styles.
_HIDDEN = ' style="display: none"'
_HIDE = """for (const part of document.querySelectorAll(".pacing-title, .pacing")) {
  part.style.display = "none";
}
"""
_ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|(.))", re.DOTALL)
#: Where the plugin itself was loaded from: the files are beside it.
_HERE = "const besideNotes = document.currentScript.src;\n"


def split(plugin: str) -> tuple[str, str, str]:
    """Take the style and the script of the speaker's view out of the plugin.

    Parameters
    ----------
    plugin : str
        ``dist/plugin/notes.js`` of reveal.js.

    Returns
    -------
    tuple of str
        The plugin, ``speaker.css`` and ``speaker.js``.

    Raises
    ------
    AssetsError
        If the plugin is not written as it was.
    """
    page = _TEXT.search(plugin)
    style, script = (page and pattern.search(page[1]) for pattern in (_STYLE, _SCRIPT))
    if page is None or style is None or script is None or "${" in page[1]:
        raise AssetsError("the speaker's view of this reveal.js has another form: mend speaker.py")
    text = page[1].replace(
        style[0],
        '<link rel="stylesheet" href="${new URL("speaker.css", besideNotes)}">',
    )
    text = text.replace(
        script[0],
        r'<script src="${new URL("speaker.js", besideNotes)}"><\/script>',
    )
    text = text.replace(_HIDDEN, "")
    begin, end = page.span(1)
    made = _HERE + plugin[:begin] + text + plugin[end:]
    return made, _plain(style[1]), _HIDE + _plain(script[1])


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda met: chr(int(met[1], 16)) if met[1] else met[2], text)
