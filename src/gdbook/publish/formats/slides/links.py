"""Links and footnotes of a deck."""

from __future__ import annotations

from docutils import nodes

from gdbook.publish.formats.slides.nodes import slide, slide_body, slide_footnotes


def lead_to_the_page(document: nodes.document, page: str) -> None:
    """Let references to what the deck hasn't got lead to the chapter's page.

    Parameters
    ----------
    document : docutils.nodes.document
        The regrouped chapter.
    page : str
        Where the page is, seen from the deck.
    """
    shown = (node for node in document.findall(nodes.Element) if not node.get("skipped"))
    here = {name for node in shown for name in node["ids"]}
    for reference in document.findall(nodes.reference):
        uri = reference.get("refuri", "")
        target = reference.get("refid") or (uri[1:] if uri.startswith("#") else "")
        if target and target not in here:
            reference.attributes.pop("refid", None)
            reference["refuri"] = f"{page}#{target}"
            reference["internal"] = True


def gather_footnotes(document: nodes.document) -> dict[str, nodes.footnote]:
    """Return a chapter's footnotes by id, to be set on the slides that refer to them."""
    return {name: note for note in document.findall(nodes.footnote) for name in note["ids"]}


def set_footnotes(document: nodes.document, footnotes: dict[str, nodes.footnote]) -> None:
    """Set each footnote at the foot of the slides that refer to it."""
    if not footnotes:
        return
    placed: set[str] = set()
    for made in document.findall(slide):
        wanted = dict.fromkeys(
            reference["refid"]
            for body in made.findall(slide_body)
            for reference in body.findall(nodes.footnote_reference)
            if reference.get("refid") in footnotes
        )
        if not wanted:
            continue
        foot = slide_footnotes()
        for name in wanted:
            note = footnotes[name].deepcopy()
            note["backrefs"] = []
            if name in placed:
                note["ids"] = []  # an id may stand once in the deck
            placed.add(name)
            foot.append(note)
        made.append(foot)
