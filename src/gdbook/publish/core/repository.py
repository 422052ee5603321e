"""The repository that a book is from, as Jupyter Book's settings name it, and addresses in it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from sphinx.application import Sphinx
from sphinx.config import Config

#: What Jupyter Book sets where a book names none: its own.
UNNAMED = "https://github.com/executablebooks/jupyter-book"
GITHUB = "https://github.com/"
COLAB = "https://colab.research.google.com/github/"


@dataclass(frozen=True)
class Repository:
    """Where a book's sources are.

    Attributes
    ----------
    url : str
        Without a slash at its end.
    branch : str
    folder : str
        The book's folder in it, "" or with a slash at its end.
    """

    url: str
    branch: str
    folder: str

    @property
    def on_github(self) -> bool:
        """Whether addresses inside of it are known."""
        return self.url.startswith(GITHUB)

    def source(self, path: str) -> str:
        """Return the address of a file, that of the repository where it is not known."""
        return f"{self.url}/blob/{self.branch}/{self.folder}{path}" if self.on_github else self.url

    def correction(self, title: str, path: str) -> str:
        """Return the address at which to report a mistake in a file, "" where it is not known."""
        if not self.on_github:
            return ""
        body = f"In {self.folder}{path}:\n\nIt says:\n\nIt should say:\n"
        return f"{self.url}/issues/new?{urlencode({'title': f'Correction: {title}', 'body': body})}"

    def colab(self, branch: str, path: str) -> str:
        """Return the address that opens a notebook of a branch in Colab, "" where it can't."""
        if not (self.on_github and branch):
            return ""
        return f"{COLAB}{self.url.removeprefix(GITHUB)}/blob/{branch}/{path}"


def take(_app: Sphinx, config: Config) -> None:
    """Take from the theme's options what Jupyter Book put there of the repository."""
    options = config.html_theme_options
    url = str(options.get("repository_url") or "").removesuffix(".git").rstrip("/")
    if not config.gdbook_repository and url not in ("", UNNAMED):
        config.gdbook_repository = {
            "url": url,
            "branch": str(options.get("repository_branch") or "main"),
            "folder": str(options.get("path_to_docs") or ""),
        }


def of(config: Config) -> Repository | None:
    """Return the repository that the configuration names, None if it names none."""
    named: dict[str, str] = config.gdbook_repository
    if not named.get("url"):
        return None
    folder = named.get("folder", "").strip("/")
    return Repository(named["url"], named.get("branch", "main"), f"{folder}/" if folder else "")
