"""The package reference: pages that Sphinx's autodoc makes of docstrings, fitted to the book.

A page names modules, in RST, which is what autodoc writes::

    ```{eval-rst}
    .. automodule:: gdbook.losses
    ```

Documented is what a module's ``__all__`` lists. A name between single backticks is a link where
the package has it, and code elsewhere. The title of a chapter or section in a sentence that
begins with *Derived in* is a link to it.
"""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config

from gdbook.publish.reference.derived import LinkDerivations
from gdbook.publish.reference.members import ValueDocumenter
from gdbook.publish.reference.tidying import DropIndexEntries, UnwrapLists
from gdbook.publish.reference.usage import Usage

#: Settings of autodoc and napoleon. Defaults are written as in the source: what an object's
#: `repr` says may hold its address in memory. Types stand in the docstrings, in words.
SETTINGS = {
    "autodoc_default_options": {"members": True, "no-value": True},
    "autodoc_member_order": "bysource",
    "autodoc_preserve_defaults": True,
    "autodoc_typehints": "none",
    "default_role": "py:obj",
    "html_domain_indices": False,
    "napoleon_custom_sections": [("Attributes", "params_style")],
    "napoleon_google_docstring": False,
    "napoleon_use_param": False,
    "napoleon_use_rtype": False,
    "toc_object_entries_show_parents": "hide",
}


def configure(_app: Sphinx, config: Config) -> None:
    """Set what autodoc and napoleon need."""
    for name, value in SETTINGS.items():
        config[name] = value


def setup(app: Sphinx) -> None:
    """Load autodoc and napoleon, and register the transforms."""
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("sphinx.ext.napoleon")
    app.add_autodocumenter(ValueDocumenter, override=True)
    app.add_directive("usage", Usage)
    app.add_transform(DropIndexEntries)
    app.add_post_transform(UnwrapLists)
    app.add_post_transform(LinkDerivations)
