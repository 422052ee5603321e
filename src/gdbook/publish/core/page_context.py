"""What the handlers of ``html-page-context`` share: types, and the links above a chapter's text."""

from __future__ import annotations

from typing import Any, TypeAlias

from docutils import nodes

#: What the template of a page is given, by name.
Context: TypeAlias = dict[str, Any]

#: The page's doctree; pages that are no documents, such as the search, have none.
Document: TypeAlias = nodes.document | None


def add_tool(
    context: Context, label: str, href: str, title: str, *, download: bool = False
) -> None:
    """Add a link to those that the page's template finds as ``gdbook_tools``.

    Parameters
    ----------
    context : dict
        Of the page that is written.
    label, href, title : str
        The link's text, its address, and what it is for.
    download : bool, optional
        Whether the browser saves the file instead of showing it.
    """
    tool = {"href": href, "label": label, "title": title, "download": download}
    context["gdbook_tools"] = [*context.get("gdbook_tools", ()), tool]
