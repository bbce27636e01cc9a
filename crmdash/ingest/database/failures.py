"""What a database could not do, as one issue without its address, user or password."""

import re
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from crmdash.errors import CrmdashError
from crmdash.issues import Issue

_USER: Final = re.compile(r"""\b(user|role|login)\s+(["'`])[^"'`]*\2(?:@(["'`])[^"'`]*\3)?""", re.IGNORECASE)
_LONGEST: Final = 300


class DatabaseFailed(CrmdashError):
    """A database that cannot be reached or cannot answer; `issue` says why and what to do."""

    def __init__(self, issue: Issue) -> None:
        super().__init__(issue.code)
        self.issue = issue


def failed(code: str, database: str, **details: object) -> DatabaseFailed:
    """Return the failure `code` of the connection called `database`; `example` is the issue's, the rest its values."""
    example = details.pop("example", None)
    values = {"file": database, **details}
    return DatabaseFailed(Issue("error", code, example=None if example is None else str(example), values=values))


def message_of(error: DBAPIError, url: URL) -> str:
    """Return the first line of what the database itself said, with everything secret of its address blotted out."""
    match getattr(error.orig, "args", ()):
        case (int(), str(words)):  # MySQL's drivers put a number before it
            said = words
        case _:
            said = getattr(getattr(error.orig, "diag", None), "message_primary", None) or str(error.orig)
    line = next((line.strip() for line in said.splitlines() if line.strip()), type(error.orig).__name__)
    return blot(line, url)[:_LONGEST]


def blot(text: str, url: URL) -> str:
    """Return `text` without the password, the parameters of the address, and names given as user or role."""
    parameters = (part for value in url.query.values() for part in ([value] if isinstance(value, str) else value))
    for secret in filter(None, (url.password, *parameters)):
        text = text.replace(secret, "***")
    return _USER.sub(r"\1 ***", text)
