"""Whether what somebody wrote is one SELECT. The database's read-only transaction is the lock; this is the bell.

No parser: which texts are strings, comments or quoted names differs between databases, and a statement that a parser
misunderstands is the one that matters. So a semicolon may stand only at the end, wherever else it would stand, and the
first word is SELECT or WITH. Writing inside of that (``WITH x AS (DELETE …)``, a function that updates) the database
refuses.
"""

import re
from typing import Final

from crmdash.ingest.database.failures import failed

_ENDING: Final = re.compile(r"[\s;]+\Z")
_BEFORE: Final = re.compile(r"(?:\s+|--[^\n]*(?:\n|\Z)|/\*(?!!).*?\*/|\()*", re.DOTALL)
_FIRST: Final = re.compile(r"(?:select|with)\b", re.IGNORECASE)


def one_select(query: str, database: str) -> str:
    """Return the query without a semicolon at its end.

    Raises
    ------
    DatabaseFailed
        If it is blank, not a SELECT, or holds a semicolon elsewhere.
    """
    query = _ENDING.sub("", query).strip()
    if not query:
        raise failed("query_blank", database)
    start = _BEFORE.match(query)
    at = start.end() if start else 0
    if not _FIRST.match(query, at):
        first = query[at:].split(maxsplit=1)
        raise failed("query_not_select", database, example=first[0][:40] if first else "–")
    if ";" in query:
        raise failed("query_several", database)
    return query
