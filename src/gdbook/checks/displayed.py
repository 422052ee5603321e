"""The check of a displayed formula that needs nothing but the formula."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gdbook.checks.common import passed
from gdbook.reporting import CheckFailed


def holds(
    label: str,
    latex: str = "",
    /,
    *,
    using: Mapping[str, str] | str | None = None,
    within: float | None = None,
    loose: str = "",
    at_least: str = "",
    **letters: Any,
) -> None:
    r"""Check a displayed formula, from its LaTeX alone, on random shapes and values.

    Parameters
    ----------
    label : str
        Of the equation.
    latex : str
        What is displayed. The build writes it in: a chapter gives the label alone.
    using : str or mapping
        Labels of displayed definitions, ``"def-step def-loss"``, which are read before: what
        they define has that meaning. The build writes in what they display.
    within : float, optional
        How near the sides of ≈ must be, relatively.
    loose : str, optional
        Why a bound is not sharp. Without it each term of a bound, 10 % larger or smaller, must
        break it somewhere.
    at_least : str, optional
        Why O(…) says less than is true.
    **letters
        What each letter is: a declaration of `gdbook.mathematics`, a number, or code that
        computes it from other letters. Names follow the print: ``lambda_``, ``x_star``, ``v_bar``.

    Raises
    ------
    CheckFailed
        With the values at which the sides differ, and how the formula was read.
    ValueError
        For a formula that has two readings, or isn't read, with the question that it raises.
    """
    from gdbook.mathematics import judge

    if not latex:
        raise ValueError(f'holds("{label}"): no equation of this page has that label')
    if isinstance(using, str):
        raise ValueError(f'holds("{label}"): this page does not display all of {using}')  # noqa: TRY004
    definitions = dict(using or {})
    verdict = judge(
        latex,
        using=list(definitions.values()),
        within=within,
        loose=bool(loose),
        at_least=bool(at_least),
        **letters,
    )
    if verdict.outcome == "refused":
        raise ValueError(f"{label}: {verdict.why}")
    if verdict.outcome == "false":
        raise CheckFailed(f"{label}, read as {verdict.reading}: {verdict.why}")
    line = verdict.tried
    if reasons := [r for r in (loose, at_least) if r]:
        line += f"; {'; '.join(reasons)}"
    passed("holds", line, of=label, latex=latex)
