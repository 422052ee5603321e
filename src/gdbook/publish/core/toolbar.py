"""The links above a chapter's text, which several parts of the build add to."""

from __future__ import annotations

from typing import Any


def add_tool(
    context: dict[str, Any], label: str, href: str, title: str, *, download: bool = False
) -> None:
    """Add a link to those that the page's template finds as ``gdbook_tools``.

    Parameters
    ----------
    context : dict
        Of the page that is written.
    label, href, title : str
        What the link says, where it leads, and what it is for.
    download : bool, optional
        Whether the browser is to keep the file.
    """
    tool = {"href": href, "label": label, "title": title, "download": download}
    context["gdbook_tools"] = [*context.get("gdbook_tools", ()), tool]
