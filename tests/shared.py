"""Folders that are made once for all workers of a session of tests."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


class Shared:
    """Folders by name, each made by the first worker that asks; the others wait for it.

    Parameters
    ----------
    root : Path
        The folder of the session, the same for all workers.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of(cls, factory: pytest.TempPathFactory) -> Shared:
        """Return what the workers of this session share."""
        own = factory.getbasetemp()
        return cls(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)

    def __call__(self, name: str, make: Callable[[Path], str | None]) -> Path:
        """Return a folder, made at the first call.

        Parameters
        ----------
        name : str
            Tells the folder from others.
        make : callable
            Fills it; returns what went wrong, if something did. Then each test that asks for
            the folder fails with it.
        """
        folder = self.root / f"shared-{name}"
        verdict = folder.with_suffix(".verdict")
        with FileLock(folder.with_suffix(".lock")):
            if not verdict.exists():
                folder.mkdir()
                try:
                    wrong = make(folder)
                except BaseException as error:
                    verdict.write_text(repr(error), "utf-8")
                    raise
                verdict.write_text(wrong or "", "utf-8")
        if wrong := verdict.read_text("utf-8"):
            pytest.fail(wrong, pytrace=False)
        return folder
