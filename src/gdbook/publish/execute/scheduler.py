"""Chapters that execute while Sphinx reads: a thread, and who waits for which chapter."""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping

from gdbook.publish.execute.kernels.pool import Kernels
from gdbook.publish.execute.notebook import Chapter
from gdbook.publish.execute.runner import Outcome, Run, run_all
from gdbook.publish.execute.staleness import Surroundings, distributions

_running: set[Runs] = set()


@atexit.register
def stop() -> None:
    """Cancel what runs: a build may be ended at any place, as by Ctrl-C."""
    for runs in list(_running):
        runs.cancel()


class Runs:
    """Chapters that execute side by side, in a thread of their own.

    Sphinx may read meanwhile: it waits for a chapter when it comes to its page.

    Parameters
    ----------
    chapters : iterable of Chapter
        In any order.
    kernels : Kernels
        Where kernels come from; closed when all chapters have ended.
    surroundings : Surroundings
        Decides which files a chapter may depend on.
    seconds : mapping
        How long chapters took the last time, by name. The longest start first, new ones
        before them, so that no core waits for a long one in the end.
    done : callable
        Told of each chapter as it ends; called in that thread, one call at a time.
    """

    def __init__(
        self,
        chapters: Iterable[Chapter],
        *,
        kernels: Kernels,
        surroundings: Surroundings,
        seconds: Mapping[str, float],
        done: Callable[[Outcome], None],
    ) -> None:
        order = sorted(
            chapters,
            key=lambda chapter: (-seconds.get(chapter.docname, float("inf")), -len(chapter.text)),
        )
        self.kernels = kernels
        self.ended = {chapter.docname: threading.Event() for chapter in order}
        self._done = done
        self._runs = [Run(chapter, kernels, surroundings) for chapter in order]
        self._error: BaseException | None = None
        # A loop and thread of its own, so that Ctrl-C reaches the build's thread at once
        # and not a handler of asyncio's.
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(run_all(self._runs, self._tell))
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> None:
        """Let the chapters run."""
        _running.add(self)
        self.kernels.start()  # in this thread, so that `cancel` finds it started
        self._thread.start()

    def wait(self, docname: str | None = None) -> None:
        """Wait until a chapter has ended, or all have.

        Raises
        ------
        BaseException
            What went wrong beside the chapters' own failures.
        """
        try:
            if docname is not None:
                self.ended[docname].wait()
            else:
                self._join()
        except KeyboardInterrupt:
            self.cancel()
            raise
        if self._error is not None:
            raise self._error

    def cancel(self) -> None:
        """Stop what still runs, and wait for its end."""
        with contextlib.suppress(RuntimeError):  # the loop was closed a moment ago
            self._loop.call_soon_threadsafe(self._task.cancel)
        self.kernels.give_up()
        self._join()

    def _join(self) -> None:
        self._thread.join()
        _running.discard(self)

    def _tell(self, outcome: Outcome) -> None:
        self._done(outcome)
        self.ended[outcome.chapter.docname].set()

    def _work(self) -> None:
        loop = self._loop
        asyncio.set_event_loop(loop)
        try:
            # Preloading takes seconds, and its result is the same for all. Meanwhile there is
            # time for what is needed when the first chapter ends.
            distributions()
            self.kernels.address()
            loop.run_until_complete(self._task)
        except asyncio.CancelledError:
            pass
        except BaseExceptionGroup as errors:
            self._error = errors.exceptions[0]
        except BaseException as error:
            self._error = error
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            asyncio.set_event_loop(None)
            loop.close()
            self.kernels.close()
            for event in self.ended.values():
                event.set()  # nobody may wait for ever
