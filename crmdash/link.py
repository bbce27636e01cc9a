"""A board as the query of an address, and back.

A link carries what differs from the defaults: settings by their dotted path (``tiers.shares.platinum=60``), the as-at
day, filters by region, format, market and nature, and whether lines are redrawn. It never carries an owner or a
customer, as addresses end up in mails, histories and logs. Anybody can write an address, so everything read from one
is limited in size and checked by the settings model; what cannot be taken is left out and named.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import ValidationError

from crmdash.errors import SettingsError
from crmdash.scope import Scope
from crmdash.settings import (
    LINE_FIELDS,
    SCHEMES,
    SECTIONS,
    Settings,
    TierSettings,
    differences,
    get_value,
    parse_settings,
)
from crmdash.summary import to_date, to_day
from crmdash.view import View

LINKED_COLUMNS: Final = ("region", "format", "market", "nature")
"""Columns whose filters a link carries."""

MOST_KEYS: Final = 800
MOST_VALUES: Final = 100
LONGEST_VALUE: Final = 200
LONGEST_KEY: Final = 60
MOST_NAMED: Final = 20
"""So many keys that were not understood are named, each cut to `LONGEST_KEY`."""

_NUMBER: Final = re.compile(r"-?\d{1,30}(\.\d{1,30})?(e[+-]?\d{1,3})?", re.ASCII)
_WHOLE: Final = re.compile(r"-?\d{1,15}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_ANSWERS: Final = {"true": True, "false": False}
_TIERS: Final = frozenset(code for codes in SCHEMES.values() for code in codes)

Query = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class LinkedView:
    """A view read from an address, and the keys of it that were not understood.

    `ignored` is text that anybody may have written: show it as plain text.
    """

    view: View
    ignored: tuple[str, ...] = ()


def to_query(view: View) -> dict[str, str | list[str]]:
    """Return the query of a link to `view`: nothing at all for the defaults.

    Examples
    --------
    >>> to_query(View(parse_settings({"tiers": {"shares": {"platinum": 60}}}), as_of=0))
    {'tiers.shares.platinum': '60', 'as_of': '1970-01-01'}
    """
    query: dict[str, str | list[str]] = {path: _text(value) for path, value in _changed(view.settings)}
    if view.as_of is not None:
        query["as_of"] = to_date(view.as_of).isoformat()
    kept = view.scope.chosen.items() - {(name, view.scope.chosen[name]) for name in left_out(view)}
    query |= {name: list(values) for name, values in sorted(kept)}
    if view.scope.redraw:
        query["redraw"] = "true"
    return query


def left_out(view: View) -> tuple[str, ...]:
    """Return the columns whose filters are not in the link: owner, and what is too long for an address."""
    return tuple(
        column
        for column, values in view.scope.chosen.items()
        if column not in LINKED_COLUMNS or len(values) > MOST_VALUES or not all(map(_fits, values))
    )


def from_query(query: Query) -> LinkedView:
    """Return the view of a link; what is not understood, out of range or contradictory keeps its default.

    Never an error. Whether the data holds the day and the filters' values is for the caller to see.

    Parameters
    ----------
    query : values by key, a list where a key is repeated.
    """
    reading = _Reading()
    for place, (key, given) in enumerate(query.items()):
        values = [given] if isinstance(given, str) else list(given[: MOST_VALUES + 1])
        if place >= MOST_KEYS or not reading.take(key, values):
            reading.ignored.append(key)
    settings, refused = _settle(reading.settings)
    named = [key[:LONGEST_KEY] for key in (*reading.ignored, *refused)]
    view = View(settings, reading.as_of, Scope(**reading.filters, redraw=reading.redraw))
    return LinkedView(view, tuple(dict.fromkeys(named))[:MOST_NAMED])


class _Reading:
    """What has been understood of a query so far."""

    def __init__(self) -> None:
        self.settings: dict[str, Any] = {}
        self.filters: dict[str, Any] = {}
        self.as_of: int | None = None
        self.redraw = False
        self.ignored: list[str] = []

    def take(self, key: str, values: list[str]) -> bool:
        """Take over one key, and return whether all of it was understood."""
        if key in LINKED_COLUMNS:
            return self._take_filter(key, values)
        if len(values) != 1 or not _fits(values[0]):
            return False
        if key == "redraw":
            self.redraw = values[0] == "true"
            return values[0] in _ANSWERS
        if key == "as_of":
            self.as_of = _day(values[0])
            return self.as_of is not None
        return self._take_setting(key, values[0])

    def _take_filter(self, column: str, values: list[str]) -> bool:
        known = [value for value in values[:MOST_VALUES] if _fits(value)]
        self.filters[column] = tuple(dict.fromkeys(known))
        return len(known) == len(values) > 0

    def _take_setting(self, path: str, text: str) -> bool:
        if not _is_setting(path):
            return False
        try:
            self.settings[path] = _parsed(path, text)
        except ValueError:
            return False
        return True


def _fits(value: str) -> bool:
    return len(value) <= LONGEST_VALUE


def _changed(settings: Settings) -> Iterator[tuple[str, Any]]:
    """Yield what differs from the defaults; another scheme brings usual lines and a mode of its own."""
    tiers = settings.tiers
    # The scheme of typed amounts needs one to be made at all; its lines all belong into the link.
    amounts = {"amounts": {"tier1": 1}} if tiers.scheme == "amounts" else {}
    usual = TierSettings.model_validate({"scheme": tiers.scheme, **amounts}).model_dump() | {"amounts": {}}
    changed = differences(settings)
    for section, values in ((name, changed[name]) for name in SECTIONS if name in changed):
        for name, value in values.items():
            path = f"{section}.{name}"
            if isinstance(value, dict):
                lines = usual[name] if section == "tiers" else {}
                yield from ((f"{path}.{code}", line) for code, line in value.items() if lines.get(code) != line)
            elif path != "tiers.mode" or value != usual["mode"]:
                yield path, value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _day(text: str) -> int | None:
    try:
        return to_day(date.fromisoformat(text)) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _is_setting(path: str) -> bool:
    section, _, rest = path.partition(".")
    name, _, code = rest.partition(".")
    if section not in SECTIONS or name not in SECTIONS[section].model_fields:
        return False
    lined = section == "tiers" and name in LINE_FIELDS.values()
    return code in _TIERS if lined else path == f"{section}.{name}"


def _parsed(path: str, text: str) -> Any:
    """Return the value that a text stands for, by the type of the default; its range is checked later.

    Raises
    ------
    ValueError
        If the text is no such value.
    """
    default = 0.0 if path.count(".") > 1 else get_value(Settings(), path)
    if isinstance(default, str):
        return text
    if isinstance(default, bool):
        if text not in _ANSWERS:
            raise ValueError(text)
        return _ANSWERS[text]
    whole = isinstance(default, int)
    if not (_WHOLE if whole else _NUMBER).fullmatch(text):
        raise ValueError(text)
    return int(text) if whole else float(text)


def _settle(chosen: Mapping[str, Any]) -> tuple[Settings, list[str]]:
    """Return settings of as many of the chosen values as hold together, and the paths of the others."""
    kept = dict(chosen)
    while True:
        error = _error(kept)
        if error is None:
            return parse_settings(_tree(kept)), [path for path in chosen if path not in kept]
        for path in _culprits(kept, error):
            del kept[path]


def _error(chosen: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return where and what the first error is, None where the values hold together."""
    try:
        parse_settings(_tree(chosen))
    except SettingsError as error:
        cause = error.__cause__
        assert isinstance(cause, ValidationError)
        first = cause.errors()[0]
        return ".".join(map(str, first["loc"])), first["msg"]
    return None


def _culprits(chosen: Mapping[str, Any], error: tuple[str, str]) -> list[str]:
    """Return the paths to give up for one error: the value itself, one alone that mends it, else all it is about."""
    place, message = error
    if place in chosen:
        return [place]
    named = [path for path in chosen if any(_within(path, word.strip(",:;")) for word in message.split())]
    section = [path for path in chosen if _within(path, place)]
    for path in (*named, *section):
        rest = {other: value for other, value in chosen.items() if other != path}
        if not _same_trouble(_error(rest), error):
            return [path]
    return named or section or list(chosen)


def _same_trouble(left: tuple[str, str] | None, right: tuple[str, str]) -> bool:
    """Say whether two errors are about the same lines or the same pair."""
    return left is not None and left[1].partition(":")[0] == right[1].partition(":")[0]


def _within(path: str, whole: str) -> bool:
    return bool(whole) and (path == whole or path.startswith(f"{whole}."))


def _tree(chosen: Mapping[str, Any]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for path, value in chosen.items():
        *parents, last = path.split(".")
        inner = tree
        for part in parents:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return tree
