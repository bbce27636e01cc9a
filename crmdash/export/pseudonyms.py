"""Names replaced by pseudonyms that hold in one download only.

Each customer, contact person and owner gets a code from a keyed hash; the key is made for one download and kept
nowhere, so that nobody can work out the names from the codes or compare two files. Everything in one file that is of
the same customer bears the same code. Figures, dates and regions stay: who knows a customer's turnover may still know
the customer, so this is pseudonymous, not anonymous.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from secrets import token_bytes
from typing import Final, get_args

import polars as pl

from crmdash.export.facts import Facts
from crmdash.export.sheet import Person, Sheet, SheetColumn
from crmdash.i18n import Wording

SHORTEST: Final = 6
"""Codes have this many characters, and more as soon as two would be the same."""

_DIGEST_BYTES: Final = 32
_KEY_BYTES: Final = 32

Pseudonyms = Mapping[Person, Mapping[str, str]]


def pseudonymous(
    sheets: Sequence[Sheet], facts: Facts, wording: Wording, key: bytes | None = None
) -> tuple[tuple[Sheet, ...], Facts]:
    """Return sheets and facts in which nobody is named.

    Reasons hold figures and words of ours alone, so they need no change; filters by owner are replaced in the facts.

    Parameters
    ----------
    key : up to 64 secret bytes; made anew unless given.

    Raises
    ------
    ValueError
        If a sheet names customers and has no customer ids to know them by.
    """
    secret = token_bytes(_KEY_BYTES) if key is None else key
    named = _everybody(sheets, facts)
    chosen: Pseudonyms = {
        person: {
            value: wording.term("export", f"pseudonym.{person}", code=code)
            for value, code in codes(person, values, secret).items()
        }
        for person, values in named.items()
    }
    owners = tuple(chosen["owner"][owner] for owner in facts.scope.owner)
    hidden = replace(facts, scope=replace(facts.scope, owner=owners), pseudonyms=True)
    return tuple(_renamed(sheet, chosen) for sheet in sheets), hidden


def codes(person: Person, values: Iterable[str], key: bytes) -> dict[str, str]:
    """Return a code of its own for each value: the shortest beginnings of their keyed hashes that all differ."""
    digests = {value: _digest(person, value, key) for value in values}
    for length in range(SHORTEST, 2 * _DIGEST_BYTES + 1):
        shortened = {value: digest[:length] for value, digest in digests.items()}
        if len(set(shortened.values())) == len(shortened):
            return shortened
    raise ValueError("two names have the same hash; try again with another key")


def _digest(person: Person, value: str, key: bytes) -> str:
    hashed = blake2b(value.encode(), key=key, person=person.encode(), digest_size=_DIGEST_BYTES)
    return hashed.hexdigest().upper()


def _everybody(sheets: Sequence[Sheet], facts: Facts) -> dict[Person, set[str]]:
    named: dict[Person, set[str]] = {person: set() for person in get_args(Person)}
    named["owner"].update(facts.scope.owner)
    for sheet in sheets:
        for column in sheet.columns:
            if column.person is not None and (column.person != "customer" or column.kind == "id"):
                named[column.person].update(column.values.drop_nulls())
    return named


def _renamed(sheet: Sheet, chosen: Pseudonyms) -> Sheet:
    return replace(sheet, columns=tuple(_hidden(column, sheet, chosen) for column in sheet.columns))


def _hidden(column: SheetColumn, sheet: Sheet, chosen: Pseudonyms) -> SheetColumn:
    if column.person is None:
        return column
    known_by = _customer_ids(sheet) if column.person == "customer" else column.values
    names = chosen[column.person]
    hidden = [None if value is None else names[value] for value in known_by]
    return column.with_values(pl.Series(hidden, dtype=pl.String))


def _customer_ids(sheet: Sheet) -> pl.Series:
    for column in sheet.columns:
        if column.person == "customer" and column.kind == "id":
            return column.values
    raise ValueError(f"sheet {sheet.name!r} names customers and has no customer ids")
