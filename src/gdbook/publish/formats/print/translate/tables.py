"""Tables as tables."""

from __future__ import annotations

from docutils import nodes

from gdbook.publish.formats.print.markup import block, call, content, quoted
from gdbook.publish.formats.print.translate.writing import Writing, titled

_SIDES = {"text-left": "left", "text-center": "center", "text-right": "right"}


class Tables(Writing):
    """Tables of all origins."""

    def write_table(self, node: nodes.Element) -> str:
        """Write a table with its number and caption."""
        title, _ = titled(node)
        called = self.called("table", node)
        group = next(iter(node.findall(nodes.tgroup)))
        widths = [spec["colwidth"] for spec in group.findall(nodes.colspec)]
        label = self.label(node)
        header, body = self._rows(group, nodes.thead), self._rows(group, nodes.tbody)
        columns = f"{len(widths)}"
        if "colwidths-given" in node["classes"]:
            columns = "(" + "".join(f"{width}fr, " for width in widths) + ")"
        return block(
            "tabular",
            columns,
            "(" + "".join(f"{cell}, " for cell in header) + ")",
            *body,
            head=quoted(called) if called else None,
            caption=content(self.inside(title)) if title else None,
            name=label,
        )

    def _rows(self, group: nodes.Element, part: type[nodes.Element]) -> list[str]:
        return [
            self._entry(entry)
            for rows in group.findall(part)
            for row in rows.children
            for entry in row.children
            if isinstance(entry, nodes.entry)
        ]

    def _entry(self, entry: nodes.Element) -> str:
        side = next((_SIDES[c] for c in entry["classes"] if c in _SIDES), None)
        colspan, rowspan = entry.get("morecols", 0) + 1, entry.get("morerows", 0) + 1
        return call(
            "table.cell",
            content(self.inside(entry)),
            align=side,
            colspan=str(colspan) if colspan > 1 else None,
            rowspan=str(rowspan) if rowspan > 1 else None,
        ).removeprefix("#")
