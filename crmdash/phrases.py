"""Sentences as values: a key into the catalogues and the figures in it, put into words only when shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording

SMALL = 100 * MONEY_SCALE
"""Below this an amount is shown with cents, so that "0.40 short" does not read as nothing."""

Unit = Literal[
    "money", "count", "times", "percent", "growth", "score", "days", "date", "decimal", "flag", "text",
    "tier", "stage", "strategy", "term", "quarter", "list",
]  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A number or code with the unit in which it is shown.

    `percent` and `growth` are fractions, `times` a multiple, `date` a day number, `tier` … `strategy` codes, `text`
    words of the data, `term` a key of the catalogues as ``kind:dotted.key``, `quarter` a name such as ``2024-Q1``, and
    `list` several figures.
    """

    unit: Unit
    value: Any


@dataclass(frozen=True)
class Phrase:
    """A sentence of ``data/words/<kind>.toml`` with its figures by placeholder."""

    key: str
    figures: Mapping[str, Figure] = field(default_factory=dict)
    kind: str = "reasons"


def say(phrase: Phrase, wording: Wording) -> str:
    """Return the phrase in the reader's language."""
    shown = {name: show(figure, wording) for name, figure in phrase.figures.items()}
    return wording.term(phrase.kind, phrase.key, **shown)


def show(figure: Figure, wording: Wording) -> str:
    """Return a figure in the reader's numbers, dates and words."""
    if figure.value is None:
        return wording.integer(None)
    if figure.unit == "term":
        kind, _, key = figure.value.partition(":")
        return wording.term(kind, key)
    if figure.unit in ("tier", "stage", "strategy"):
        return wording.term("model", f"{figure.unit}.{figure.value}")
    return _SHOWN[figure.unit](wording, figure.value)


def _quarter(wording: Wording, name: str) -> str:
    """Return a quarter in a form that still sorts by time as text."""
    year, _, place = name.partition("-Q")
    return wording("{year}-Q{quarter}", year=year, quarter=place)


_SHOWN: Mapping[str, Callable[[Wording, Any], str]] = {
    "money": lambda wording, value: wording.money(value, 0 if abs(value) >= SMALL else 2),
    "count": lambda wording, value: wording.integer(value),
    "days": lambda wording, value: wording.integer(value),
    "times": lambda wording, value: wording.decimal(value, 1),
    "score": lambda wording, value: wording.decimal(value, 1),
    "percent": lambda wording, value: wording.percent(value, 0),
    "growth": lambda wording, value: wording.decimal(value, 2),
    "decimal": lambda wording, value: wording.decimal(value, 2),
    "flag": lambda wording, value: wording.term("export", "answer.yes" if value else "answer.no"),
    "text": lambda wording, value: str(value),
    "date": lambda wording, value: wording.date(value),
    "quarter": _quarter,
    # Entries of the data may hold commas.
    "list": lambda wording, value: wording("; ").join(show(figure, wording) for figure in value),
}
