"""The file ``index.html``, which redirects to the landing page if that is in a folder.

sphinx-external-toc would write one of a single tag, without a language, a title or an icon.
"""

from __future__ import annotations

import html
from pathlib import Path

from sphinx.application import Sphinx

from gdbook.publish.core import files

PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="_static/favicon.svg">
<meta http-equiv="refresh" content="0; url={target}">
</head>
<body><main><h1>{title}</h1><p><a href="{target}">{title}</a></p></main></body>
</html>
"""


def write(app: Sphinx, exception: Exception | None) -> None:
    """Write the page, unless the landing page is the site's ``index.html`` itself."""
    root = app.config.root_doc
    if exception is not None or app.builder.format != "html" or root == "index":
        return
    page = PAGE.format(
        language=app.config.language,
        title=html.escape(app.config.html_title),
        target=app.builder.get_target_uri(root),
    )
    files.write(Path(app.outdir) / "index.html", page)
