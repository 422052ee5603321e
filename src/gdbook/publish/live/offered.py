"""The problems that a page can judge itself; `tests/publish/test_page_checks.py` derives them."""

from __future__ import annotations

OFFERED: tuple[str, ...] = ()
