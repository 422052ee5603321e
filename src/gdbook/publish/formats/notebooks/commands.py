"""The package's wheel in sentences and commands: the role ``{wheel}``, the directive ``{command}``.

Both wait for the page to be written. Only then is it known where the page lies, and the address
of the site may have changed since the page was read.
"""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst.states import Inliner
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri

from gdbook.publish.formats.notebooks import opening, package

#: What stands for the wheel in a command.
PLACE = "{wheel}"
ATTRIBUTE = "names_wheel"


class CommandDirective(SphinxDirective):
    """Commands to type, in which ``{wheel}`` is the wheel's address, or else its file.

    ::

        :::{command}
        pip install {wheel} jupyterlab
        :::
    """

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = {}

    def run(self) -> list[nodes.Node]:
        """Return a block of code."""
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, language="console", **{ATTRIBUTE: True})
        self.set_source_info(block)
        return [block]


def wheel_role(
    _name: str, _raw: str, text: str, _line: int, _inliner: Inliner, *_: Any
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """Return a link to the wheel, for ``{wheel}`` with the link's text."""
    return [nodes.literal(text, text, **{ATTRIBUTE: True})], []


class NameWheel(SphinxPostTransform):
    """Put the wheel's address into commands, and a link where a sentence names it."""

    default_priority = 5

    def run(self, **kwargs: Any) -> None:
        """Go through one document."""
        for node in list(self.document.findall(lambda n: bool(_waits(n)))):
            full = opening.address(self.config, package.uri())
            if isinstance(node, nodes.literal_block):
                text = node.astext().replace(PLACE, full or f"./{package.wheel_name()}")
                node.rawsource = text
                node.children = [nodes.Text(text)]
                continue
            assert isinstance(node, nodes.literal)
            name = nodes.literal("", package.wheel_name())
            page = self.app.builder.get_target_uri(self.env.docname)
            on_site = self.app.builder.format == "html"
            target = relative_uri(page, package.uri()) if on_site else full
            node.replace_self(nodes.reference("", "", name, refuri=target) if target else name)


def _waits(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Element) and ATTRIBUTE in node


def setup(app: Sphinx) -> None:
    """Register role, directive and transform."""
    app.add_role("wheel", wheel_role)
    app.add_directive("command", CommandDirective)
    app.add_post_transform(NameWheel)
