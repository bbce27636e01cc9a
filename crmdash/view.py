"""What a board shows: settings, the day it stands at, and which customers are looked at."""

from dataclasses import dataclass

from crmdash.scope import Scope
from crmdash.settings import Settings


@dataclass(frozen=True)
class View:
    """Everything that changes the figures of one data set: undone, redone, pinned and linked as a whole.

    `as_of` is a day number, None for the last day of the data.
    """

    settings: Settings = Settings()
    as_of: int | None = None
    scope: Scope = Scope()
