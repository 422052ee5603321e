"""Quick questions: which answers are right, which are wrong and by which mistake.

Each chapter's answers stand in a TOML file of this folder, by the question's label. The chapter
itself holds only the question. The page and `gdbook.exercises.check` judge by the same entries.
"""

from __future__ import annotations

from gdbook.quick.catalogue import FOLDER, Mistake, Question, catalogue, question
from gdbook.quick.numbers import UnreadableError, read

__all__ = ["FOLDER", "Mistake", "Question", "UnreadableError", "catalogue", "question", "read"]
