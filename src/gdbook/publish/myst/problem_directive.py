"""Problems: the ``{problem}`` directive, with its facts, a hint, and folded solutions.

Numbers, references and gated solutions (``{solution-start}`` … ``{solution-end}``, whose
cells run with the chapter) are sphinx-exercise's.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms import SphinxTransform
from sphinx_exercise.directive import ExerciseDirective
from sphinx_exercise.nodes import solution_node

from gdbook import hints
from gdbook.publish.core import upstream

REGISTRY = "sphinx_exercise:BuildEnvironment.sphinx_exercise_registry"
TIERS = ("predict", "derive", "implement", "debug", "investigate")
DIFFICULTIES = ("easy", "moderate", "demanding")
# What is handed in, as the card calls it; a checker looks at all but words.
ANSWERS = {
    "number": "one number",
    "tensor": "a tensor",
    "function": "a function",
    "code": "code",
    "words": "in words",
}

NEEDED = ("label", "tier", "difficulty", "minutes")
UNHINTED = (
    "{label} has no hint: write one to three, from general to specific, into a file of "
    "gdbook/hints, as {label} = ['…']; or, in another book, give it one as :hint:"
)


def _tier(argument: str) -> str:
    return directives.choice(argument, TIERS)


def _difficulty(argument: str) -> int:
    return 1 + DIFFICULTIES.index(directives.choice(argument, DIFFICULTIES))


def _answer(argument: str) -> tuple[str, str]:
    """Return the kind of answer and what it is exactly, "" if nothing more is said."""
    kind, _, exactly = argument.partition(",")
    return directives.choice(kind, tuple(ANSWERS)), exactly.strip()


_SIGNATURE = re.compile(r"(\w+)\(.*\)")
_CLASS = re.compile(r"(?:the|a) class (\w+)(?:\((.*?)\))?.*")


def name_of(exactly: str) -> str:
    """Return the name by which an answer is handed in, from the option's words after its comma."""
    signature = _SIGNATURE.fullmatch(exactly)
    return signature[1] if signature else "answer"


def skeleton(exactly: str) -> str:
    """Return code that a reader completes to an answer: the signature that is asked for."""
    if _SIGNATURE.fullmatch(exactly):
        return f"import torch\n\n\ndef {exactly}:\n    ..."
    if wanted := _CLASS.fullmatch(exactly):
        name, options = wanted.groups()
        given = f"self, {options}" if options else "self"
        lines = (f"class {name}:", f"    def __init__({given}):", "        ...")
        return "\n".join(("import torch", "", "", *lines, "", "", f"answer = {name}"))
    return "answer = ..."


class ProblemDirective(ExerciseDirective):
    """A problem: what to do, what kind of work it is, how hard and how long.

    ::

        :::{problem} A cube by hand
        :label: prob-cube
        :tier: derive
        :difficulty: easy
        :minutes: 10
        :answer: function, cube_slope(x)
        Find the derivative of $x^3$ from the definition.
        :::

    ``:answer:`` is one of number, tensor, function, code or words. What follows a comma says
    exactly what is handed in. The card shows it, with the line that checks it; on the page a
    button copies that.

    The hint is the first that `gdbook.hints` has under this label, where `check` finds it as well.
    ``:hint:`` comes before it: for another book, and while a chapter is being written.
    """

    option_spec: ClassVar[dict[str, Any]] = {
        **ExerciseDirective.option_spec,
        "label": directives.unchanged_required,
        "tier": _tier,
        "difficulty": _difficulty,
        "minutes": directives.positive_int,
        "answer": _answer,
        "hint": directives.unchanged_required,
    }

    def run(self) -> list[nodes.Node]:
        """Return sphinx-exercise's node with facts below its title, answer and hint at its end."""
        self.name = "exercise"  # what sphinx-exercise numbers, and looks for by name
        missing = [name for name in NEEDED if name not in self.options]
        if missing:
            raise self.error(f"a problem needs :{': and :'.join(missing)}:")
        if not self.options["label"].startswith("prob-"):
            raise self.error(f"a problem's label starts with prob-, got {self.options['label']!r}")
        hint = self._first_hint()
        made: list[nodes.Node] = super().run()
        upstream.inside(self.env, REGISTRY)  # just filled, or `forget_content` would miss it
        for node in made:
            assert isinstance(node, nodes.Element)
            node["classes"].append("problem")
            node["facts"] = {k: self.options[k] for k in ("tier", "difficulty", "minutes")}
            node.insert(1, self._facts())
            if "answer" in self.options:
                kind, exactly = self.options["answer"]
                node["facts"] |= {"answer": kind, "exactly": exactly}
                node.append(self._handed_in())
            node.append(self._hint(hint))
        return made

    def _first_hint(self) -> str:
        """Return the hint of the card, from the option or else from `gdbook.hints`."""
        if given := self.options.get("hint"):
            return str(given)
        label = self.options["label"]
        try:
            known = hints.catalogue().get(label)
        except ValueError as error:
            raise self.error(str(error)) from None
        for path in hints.FOLDER.glob(f"{known.chapter if known else '*'}.toml"):
            self.env.note_dependency(str(path))
        if known is None:
            raise self.error(UNHINTED.format(label=label))
        return known.texts[0]

    def _facts(self) -> nodes.paragraph:
        level = self.options["difficulty"]
        difficulty = nodes.inline("", DIFFICULTIES[level - 1])
        difficulty["classes"] += ["difficulty", f"difficulty-{level}"]
        tier = nodes.inline("", self.options["tier"], classes=["tier", self.options["tier"]])
        minutes = nodes.inline("", f"{self.options['minutes']} minutes", classes=["minutes"])
        facts = nodes.paragraph("", "", tier, nodes.Text(" · "), difficulty, nodes.Text(" · "))
        facts += minutes
        facts["classes"].append("problem-facts")
        return facts

    def _handed_in(self) -> nodes.paragraph:
        """Return the line that says what the answer is, and how it is checked."""
        kind, exactly = self.options["answer"]
        line = nodes.paragraph("", "", nodes.strong("", "Answer:"), nodes.Text(" "))
        line["classes"].append("problem-answer")
        signature = _SIGNATURE.fullmatch(exactly)
        if signature:
            line += [nodes.Text("the function "), nodes.literal("", exactly)]
        else:
            line += nodes.Text(exactly or ANSWERS[kind])
        if kind == "words":
            line += nodes.Text(". The solution has one to compare with.")
        else:
            given = name_of(exactly)
            call = f'check("{self.options["label"]}", {given})'
            line += [nodes.Text(". To check it: "), nodes.literal("", call, classes=["check-call"])]
        return line

    def _hint(self, words: str) -> nodes.hint:
        hint = nodes.hint(classes=["dropdown"])
        text = StringList(words.splitlines(), source=self.get_source_info()[0])
        self.state.nested_parse(text, self.content_offset, hint)
        return hint


class FoldSolutions(SphinxTransform):
    """Fold every solution: the class ``dropdown`` is what folds a box on the page."""

    default_priority = 400  # after sphinx-exercise has gathered the gated parts

    def apply(self, **kwargs: Any) -> None:
        """Go through the solutions of one document."""
        for node in self.document.findall(solution_node):
            if "dropdown" not in node["classes"]:
                node["classes"].append("dropdown")


def forget_content(app: Sphinx, env: BuildEnvironment) -> None:
    """Keep of each problem and solution in the environment only its title, for references.

    sphinx-exercise keeps whole ones: two thirds of the environment that each build pickles.
    """
    for entry in vars(env).get(REGISTRY.rpartition(".")[2], {}).values():
        whole = entry["node"]
        entry["node"] = head = whole.copy()
        head += [part.deepcopy() for part in whole.children[:1]]
        for node in head.findall():
            node.document = None


def setup(app: Sphinx) -> None:
    """Register the directive and the transform."""
    app.setup_extension("sphinx_exercise")
    app.add_directive("problem", ProblemDirective)
    app.add_transform(FoldSolutions)
