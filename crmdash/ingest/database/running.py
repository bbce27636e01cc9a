"""Work that takes long, on a thread of its own: how far it is, what came of it, and a way to stop it."""

import weakref
from collections.abc import Callable
from threading import Event, Thread
from typing import Generic, TypeVar

from crmdash.ingest.database.failures import DatabaseFailed
from crmdash.issues import Issue

T = TypeVar("T")


class _Outcome(Generic[T]):
    """What the thread and its owner share; the thread knows nothing of the owner, so that the owner can be dropped."""

    def __init__(self) -> None:
        self.rows = 0
        self.result: T | None = None
        self.issue: Issue | None = None
        self.error: BaseException | None = None
        self.done = Event()

    def told(self, rows: int) -> None:
        self.rows = rows


class Running(Generic[T]):
    """One piece of work under way.

    `work` gets a function to call with the rows so far, and an event that asks it to stop. Work that nobody holds any
    more, because its browser tab is gone, is asked to stop too.
    """

    def __init__(self, work: Callable[[Callable[[int], None], Event], T]) -> None:
        self._outcome: _Outcome[T] = _Outcome()
        self._cancel = Event()
        weakref.finalize(self, self._cancel.set)
        Thread(target=_run, args=(work, self._outcome, self._cancel), name="crmdash-database", daemon=True).start()

    @property
    def rows(self) -> int:
        """The rows that have come so far."""
        return self._outcome.rows

    @property
    def done(self) -> bool:
        """Whether there is a result, or a reason for none."""
        return self._outcome.done.is_set()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to stop."""
        return self._cancel.is_set()

    @property
    def issue(self) -> Issue | None:
        """Why there is no result; None while it runs and where it succeeded."""
        return self._outcome.issue

    def cancel(self) -> None:
        """Ask it to stop; `done` tells when it has."""
        self._cancel.set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the end, and return whether it came."""
        return self._outcome.done.wait(seconds)

    def result(self) -> T | None:
        """Return what came of it; None while it runs, and where there is an issue instead.

        Raises
        ------
        Exception
            Whatever went wrong that is no failure of the database.
        """
        if self._outcome.error is not None:
            raise self._outcome.error
        return self._outcome.result


def _run(work: Callable[[Callable[[int], None], Event], T], outcome: _Outcome[T], cancel: Event) -> None:
    try:
        outcome.result = work(outcome.told, cancel)
    except DatabaseFailed as failure:
        outcome.issue = failure.issue
    except BaseException as error:
        outcome.error = error
    finally:
        outcome.done.set()
