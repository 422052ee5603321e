"""How a build ends: the last lines on the terminal say what matters, and nothing is left behind.

Jupyter Book follows every failure with an error of its own, which Python tells with two
tracebacks, and a stranger's error with the advice to report it to Sphinx. Here a failed build
ends in sentences: the errors', or under ``-W --keep-going`` those of its warnings.
"""

from __future__ import annotations

import errno
import logging
import signal
import sys
import threading
from typing import Any, NoReturn, TextIO

from sphinx.application import Sphinx
from sphinx.errors import ExtensionError, SphinxError
from sphinx.util.console import red
from sphinx.util.exceptions import save_traceback
from sphinx.util.logging import WarningStreamHandler

from gdbook.publish.core import upstream

FAILED = "The build failed:"
"""The line before the last sentences."""

MANY = 20
"""How many warnings are repeated at the end."""

ERRORS = "jupyter_book.sphinx:handle_exception"
COMMAND = "jupyter_book.cli.main:builder_specific_actions"

_OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM)


class Stopped(KeyboardInterrupt):
    """The build was asked to end by a signal; it ends as by Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {signal.Signals(number).name}")
        self.number = number


def stop_in_order() -> None:
    """Let SIGTERM and SIGHUP end a build as Ctrl-C does, so that it can clean up."""

    def stop(number: int, _frame: Any) -> NoReturn:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)
        raise Stopped(number)

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    if threading.current_thread() is threading.main_thread():
        for number in numbers:
            if signal.getsignal(number) == signal.SIG_DFL:
                signal.signal(number, stop)


def sentence(app: Sphinx | None, error: BaseException) -> str:
    """Say what ended a build.

    Parameters
    ----------
    app : Sphinx, optional
        Missing if it could not be made.
    error : BaseException
        Sphinx's errors and this package's are sentences; of any other the traceback is saved.
    """
    while isinstance(error, ExtensionError) and error.orig_exc is not None:
        error = error.orig_exc  # Sphinx wraps what an event's handler raises
    if isinstance(error, KeyboardInterrupt):
        return str(error) or "interrupted"
    if isinstance(error, SphinxError):
        return str(error)
    if isinstance(error, OSError) and error.errno in _OF_THE_DISK:
        where = error.filename or "a file of the build"
        return f"{where} cannot be written: {error.strerror}; the next build writes every page"
    said = " ".join(str(error).split())
    if error.__cause__ is not None:  # MyST-NB names the chapter, and the cause says what happened
        said = ": ".join([said, *str(error.__cause__).strip().splitlines()[-1:]])
    try:
        saved = f"the full traceback is in {save_traceback(app, error)}"
    except OSError as full:
        saved = f"the full traceback could not be saved: {full.strerror}"
    return f"{type(error).__name__}: {said} ({saved})"


def warnings_of(messages: list[str]) -> str:
    """Return the first lines of a build's warnings, each once, and how many more there are."""
    told = list(dict.fromkeys(message.splitlines()[0] for message in messages))
    more = [f"and {len(told) - MANY} more"] if len(told) > MANY else []
    return "\n".join(told[:MANY] + more)


def note_warnings() -> list[str]:
    """Return a list to which the warnings that Sphinx tells will be added."""
    noted: list[str] = []

    def note(record: logging.LogRecord) -> bool:
        noted.append(record.getMessage())
        return True

    for handler in logging.getLogger("sphinx").handlers:
        if isinstance(handler, WarningStreamHandler):
            handler.addFilter(note)  # the last of its filters: the others suppress, and add places
    return noted


def end_in_sentences(warned: list[str]) -> None:
    """Replace how Jupyter Book tells a failure, if it is Jupyter Book that builds.

    Parameters
    ----------
    warned : list of str
        The build's warnings, from `note_warnings`.
    """
    if COMMAND.partition(":")[0] not in sys.modules:
        return

    def handle_exception(
        app: Sphinx | None, _args: Any, error: BaseException, stderr: TextIO = sys.stderr
    ) -> None:
        print(f"\n{red(FAILED)}\n{sentence(app, error)}", file=stderr)

    def builder_specific_actions(result: Any, *rest: Any, **more: Any) -> None:
        if isinstance(result, KeyboardInterrupt):
            sys.exit(128 + getattr(result, "number", signal.SIGINT))
        if isinstance(result, BaseException):
            sys.exit(1)
        if result:
            print(f"\n{red(FAILED)}\n{warnings_of(warned)}", file=sys.stderr)
            sys.exit(result)
        upstream.original(COMMAND)(result, *rest, **more)

    upstream.replace(ERRORS, handle_exception)
    upstream.replace(COMMAND, builder_specific_actions)


def begin() -> None:
    """Be there before any other part can fail."""
    stop_in_order()
    end_in_sentences(note_warnings())
