"""The directive ``{usage}``: how a command is called, as its own ``--help`` says it."""

from __future__ import annotations

import argparse
from functools import partial
from importlib import import_module

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

WIDTH = 78
NO_COMMAND = "{module} has no command {name!r}; it has {known}"


class Usage(SphinxDirective):
    """Show the help of a part of a command.

    ::

        ```{usage} gdbook.cli grade
        ```

    The module has a function ``arguments`` that returns the parser of its command line.
    """

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        """Return what the command prints."""
        module = import_module(self.arguments[0])
        self.env.note_dependency(str(module.__file__))
        parsers = _parts(module.arguments())
        name = self.arguments[1]
        if name not in parsers:
            known = ", ".join(parsers)
            raise self.error(NO_COMMAND.format(module=module.__name__, name=name, known=known))
        parser = parsers[name]
        # The width of a terminal is no property of the book.
        parser.formatter_class = partial(argparse.HelpFormatter, width=WIDTH)
        block = nodes.literal_block("", parser.format_help().rstrip())
        block["language"] = "text"
        self.set_source_info(block)
        return [block]


def _parts(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """Return the parsers of a command's parts, by name. argparse has no public way to them."""
    groups = (it for it in parser._actions if isinstance(it, argparse._SubParsersAction))
    return {name: part for group in groups for name, part in group.choices.items()}
