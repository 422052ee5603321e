"""From LaTeX to trees: a display is read over declared letters, or refused by name."""

from __future__ import annotations

from gdbook.mathematics.reading.display import Chain, Display, read

__all__ = ["Chain", "Display", "read"]
