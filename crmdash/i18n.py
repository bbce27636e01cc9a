"""Words, numbers and dates in the reader's language.

English is the source language. Sentences in code are written in English and looked up by that text; words that belong
to a code (a stage, a setting, a finding) stand in ``data/words/<kind>.toml`` and are looked up by their dotted key.
Translations are the ``data/locales/<language>/LC_MESSAGES/crmdash.po`` files, read as they are; what they lack shows
in English. `Wording` holds a language and nothing else, so it may be passed around, cached and compared.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from math import isfinite
from pathlib import Path
from typing import Any, Final, Literal, get_args

from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol, get_group_symbol, get_minus_sign_symbol

from crmdash.columns import MONEY_SCALE
from crmdash.issues import Issue

Language = Literal["en", "zh_Hans", "zh_Hant"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

MISSING: Final = "–"
"""How a missing value reads, in every language."""

DATA: Final = Path(__file__).resolve().parent.parent / "data"

_LOCALES: Final[dict[Language, str]] = {"en": "en", "zh_Hans": "zh_Hans_CN", "zh_Hant": "zh_Hant_TW"}
_COMPACT: Final[dict[Language, tuple[tuple[int, str], ...]]] = {
    "en": ((10**3, "K"), (10**6, "M"), (10**9, "B")),
    "zh_Hans": ((10**4, "\u00a0万"), (10**8, "\u00a0亿")),
    "zh_Hant": ((10**4, "\u00a0萬"), (10**8, "\u00a0億")),
}
"""No line breaks between a number and its unit."""
_COMPACT_STEP: Final[dict[Language, int]] = {"en": 10**3, "zh_Hans": 10**4, "zh_Hant": 10**4}
_COMPACT_FROM: Final = 10_000
_CENTS_BELOW: Final = 100
_EPOCH: Final = date(1970, 1, 1)


def match_language(locale: str | None) -> Language:
    """Return the language for a browser's locale, such as ``zh-TW`` or ``en-US``.

    A named script decides; without one, Taiwan, Hong Kong and Macau read traditional characters and every other
    Chinese locale simplified ones. Anything else reads English.
    """
    parts = (locale or "").lower().replace("_", "-").split("-")
    if parts[0] != "zh":
        return "en"
    if "hans" in parts:
        return "zh_Hans"
    return "zh_Hant" if {"hant", "tw", "hk", "mo"} & set(parts) else "zh_Hans"


@dataclass(frozen=True)
class Wording:
    """What the reader sees, in one language; called with an English sentence, it returns the reader's.

    Every message goes through `str.format` with the values given by name, so a literal brace is written twice. Values
    are data: they are inserted as they are, never translated and never formatted as templates; None reads "–".

    Examples
    --------
    >>> Wording("en")("{count} customers of {total}", count=3, total=None)
    '3 customers of –'
    """

    language: Language = "en"

    def __call__(self, message: str, /, **values: Any) -> str:
        """Return `message` in the reader's language with its placeholders filled.

        Raises
        ------
        KeyError
            If the message has a placeholder without a value.
        """
        return _fill(_catalogue(self.language).gettext(message), values)

    def plural(self, singular: str, plural: str, n: int, /, **values: Any) -> str:
        """Return the form for `n` things; ``{n}`` in the message is `n` as the reader writes it."""
        message = _catalogue(self.language).ngettext(singular, plural, n)
        return _fill(message, {"n": self.integer(n), **values})

    def term(self, kind: str, key: str, /, **values: Any) -> str:
        """Return the words of ``data/words/<kind>.toml`` under the dotted `key`.

        Raises
        ------
        KeyError
            If there is no such kind or key (the message names the nearest known one), or a placeholder has no value.
        """
        known = terms(kind)
        if key not in known:
            raise KeyError(_unknown(f"no words for {key!r} in data/words/{kind}.toml", key, known))
        return _fill(_catalogue(self.language).pgettext(f"{kind}.{key}", known[key]), values)

    def has_term(self, kind: str, key: str) -> bool:
        """Say whether ``data/words/<kind>.toml`` exists and has `key`."""
        return kind in _kinds() and key in terms(kind)

    def issue(self, issue: Issue) -> str:
        """Return what is the matter and the way out; the placeholders are the issue's fields and its `values`."""
        values = {
            "severity": issue.severity,
            "code": issue.code,
            "table": issue.table,
            "column": self._column(issue),
            "row": issue.row,
            "count": self.integer(issue.count),
            "example": issue.example,
            **issue.values,
        }
        message = self.term("issues", f"{issue.code}.message", **values)
        way_out = self.term("issues", f"{issue.code}.way_out", **values)
        return f"{message} {way_out}" if self.language == "en" else message + way_out

    def _column(self, issue: Issue) -> str | None:
        """Return the reader's name of the issue's column or measure where it is one of ours, else the file's own."""
        for kind, key in (("columns", f"{issue.table}.{issue.column}.label"), ("model", f"measure.{issue.column}")):
            if self.has_term(kind, key):
                return self.term(kind, key)
        return issue.column

    def integer(self, n: float | None) -> str:
        """Return a count with the reader's grouping."""
        return self.decimal(n, 0)

    def decimal(self, x: float | None, digits: int = 2) -> str:
        """Return a number with exactly `digits` decimals, halves away from zero."""
        value = _exact(x)
        return MISSING if value is None else self._number(value, digits)

    def signed(self, x: float | None, digits: int = 0) -> str:
        """Return a change with its sign: +3, -1.5, 0."""
        value = _exact(x)
        if value is None:
            return MISSING
        rounded = _rounded(value, digits)
        return ("+" if rounded > 0 else "") + self._number(rounded, digits)

    def joined(self, words: Sequence[str]) -> str:
        """Return words one after the other, separated as the reader does."""
        return (", " if self.language == "en" else "、").join(words)

    def percent(self, fraction: float | None, digits: int = 1) -> str:
        """Return a fraction (0-1) as a percentage."""
        value = _exact(fraction)
        return MISSING if value is None else self._number(value * 100, digits) + "%"

    def money(self, ten_thousandths: float | None, digits: int = 0) -> str:
        """Return an amount in currency units, from ten-thousandths, without a currency sign."""
        value = _exact(ten_thousandths)
        return MISSING if value is None else self._number(value / MONEY_SCALE, digits)

    def compact_money(self, ten_thousandths: float | None) -> str:
        """Return an amount short enough for a tile: 115.3 万, 115.3 萬, 1.15M.

        Below ten thousand the amount stays plain, with cents only below a hundred where it has some.
        """
        value = _exact(ten_thousandths)
        if value is None:
            return MISSING
        value /= MONEY_SCALE
        if abs(_rounded(value, 0)) < _COMPACT_FROM:
            cents = abs(value) < _CENTS_BELOW and value != value.to_integral_value()
            return self._number(value, 2 if cents else 0)
        for scale, suffix in _COMPACT[self.language]:
            scaled = value / scale
            digits = 2 if abs(_rounded(scaled, 2)) < 10 else 1
            text = self._number(scaled, digits) + suffix
            if abs(_rounded(scaled, digits)) < _COMPACT_STEP[self.language]:
                break
        return text

    def number_rules(self) -> dict[str, Any]:
        """Return what a browser needs to write numbers as this class does: marks, scales, the missing value."""
        locale = _LOCALES[self.language]
        return {
            "missing": MISSING,
            "group": get_group_symbol(locale),
            "decimal": get_decimal_symbol(locale),
            "minus": get_minus_sign_symbol(locale),
            "compact": [list(scale) for scale in _COMPACT[self.language]],
            "compact_step": _COMPACT_STEP[self.language],
            "compact_from": _COMPACT_FROM,
            "cents_below": _CENTS_BELOW,
        }

    def date(self, day_number: int | None) -> str:
        """Return a day, from its number since 1970-01-01."""
        if day_number is None:
            return MISSING
        return format_date(_day(day_number), "medium", locale=_LOCALES[self.language])

    def month(self, day_number: int | None) -> str:
        """Return the month that holds a day, from the day's number since 1970-01-01."""
        if day_number is None:
            return MISSING
        return format_skeleton("yMMM", _day(day_number), locale=_LOCALES[self.language])

    def _number(self, value: Decimal, digits: int) -> str:
        return _formatted(self.language, _rounded(value, digits), digits)


@lru_cache(maxsize=20_000)
def _formatted(language: Language, rounded: Decimal, digits: int) -> str:
    """Write a number; most of those on a page are the same as a moment ago."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(rounded, pattern, locale=_LOCALES[language])


@lru_cache
def terms(kind: str) -> Mapping[str, str]:
    """Return the English words of ``data/words/<kind>.toml``, nested tables flattened to dotted keys.

    Raises
    ------
    KeyError
        If there is no such file.
    ValueError
        If a value in it is not text.
    """
    if kind not in _kinds():
        raise KeyError(_unknown(f"no words of the kind {kind!r}: data/words/{kind}.toml is missing", kind, _kinds()))
    with (DATA / "words" / f"{kind}.toml").open("rb") as file:
        return dict(_flatten(tomllib.load(file), kind))


def _kinds() -> list[str]:
    return sorted(path.stem for path in (DATA / "words").glob("*.toml"))


def _flatten(tree: Mapping[str, Any], kind: str, prefix: str = "") -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in tree.items():
        if isinstance(value, dict):
            flat += _flatten(value, kind, f"{prefix}{name}.")
        elif isinstance(value, str):
            flat.append((f"{prefix}{name}", value))
        else:
            raise ValueError(f"data/words/{kind}.toml: {prefix}{name} must be text, not {type(value).__name__}")
    return flat


@lru_cache
def _catalogue(language: Language) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    with (DATA / "locales" / language / "LC_MESSAGES" / "crmdash.po").open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return GNUTranslations(compiled)


def _fill(template: str, values: Mapping[str, Any]) -> str:
    return template.format_map({name: MISSING if value is None else value for name, value in values.items()})


def _unknown(message: str, word: str, known: Mapping[str, str] | list[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"{message}; did you mean {near[0]!r}?" if near else message


def _exact(x: float | None) -> Decimal | None:
    if x is None or not isfinite(x):
        return None
    return Decimal(str(x))


def _rounded(value: Decimal, digits: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return rounded if rounded else abs(rounded)


def _day(day_number: int) -> date:
    return _EPOCH + timedelta(days=day_number)
