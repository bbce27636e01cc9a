"""What a customer's file should hold, how much each part counts, and what must not be shown (S29, D13)."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.rule_settings import ProfileSettings


@dataclass(frozen=True)
class FilePart:
    """A part of the file, weighed by the setting ``profile.weight_<code>``.

    Attributes
    ----------
    fields : what it is made of, each an equal share of the weight; of columns named together one is enough.
    """

    code: str
    fields: tuple[tuple[str, ...], ...]


PARTS: Final = (
    FilePart("identity", (("name",), ("contact_person",))),
    FilePart("decider", (("decided_by",),)),
    FilePart("industry", (("industry", "format"),)),
    FilePart("needs", (("needs",), ("pain_points",))),
    FilePart("source", (("source",),)),
    FilePart("introducer", (("referred_by",),)),
    FilePart("buying_habits", (("buying_habits",),)),
    FilePart("preferences", (("preferences",),)),
    FilePart("birthday", (("birthday",),)),
)
"""Parts of the file, by default the weightiest first. Age and gender are never asked for."""

WANTED: Final = tuple(field for part in PARTS for field in part.fields)
"""What a customer's file should hold, in the order of the parts."""

PERSONAL: Final = frozenset(
    "contact_person decided_by paid_by used_by situation preferences character taste awareness occupation position "
    "birthday age gender".split()
)
"""Fields about people: hidden for customers who do not want to be contacted, and then no gap."""


def part_weight(code: str, settings: ProfileSettings) -> int:
    """Return how much a part of the file counts."""
    weight: int = getattr(settings, f"weight_{code}")
    return weight


def said(customers: pl.DataFrame) -> pl.DataFrame:
    """Return what the file holds of every customer, without the words: true where a field says something, else missing.

    For `weigh_file` as good as the fields themselves, and settings change nothing of it.
    """
    held = dict.fromkeys(name for field in WANTED for name in field if name in customers.columns)
    told = customers.select("customer_id", *(pl.when(_said(name, customers)).then(True).alias(name) for name in held))
    return told.with_columns(customers["may_contact"]) if "may_contact" in customers.columns else told


def weigh_file(customers: pl.DataFrame, settings: ProfileSettings) -> pl.DataFrame:
    """Return for every customer and part the weight that is asked for and not filled, and the weight asked for at all.

    Columns: ``gap.<part>`` and `asked`, in the order of `customers`. Personal fields are not asked for where
    `may_contact` is false; blank text is empty; a column that the customers table lacks is empty with everybody.
    """
    gaps = [_gap(part, customers, settings).alias(f"gap.{part.code}") for part in PARTS]
    whole = pl.sum_horizontal(_asked(part, customers, settings) for part in PARTS)
    return customers.select(*gaps, asked=whole.cast(pl.Float64))


def _gap(part: FilePart, customers: pl.DataFrame, settings: ProfileSettings) -> pl.Expr:
    share = part_weight(part.code, settings) / len(part.fields)
    missing = [_wanted(columns, customers) & ~_filled(columns, customers) for columns in part.fields]
    return pl.sum_horizontal(gap.cast(pl.Float64) for gap in missing) * share


def _asked(part: FilePart, customers: pl.DataFrame, settings: ProfileSettings) -> pl.Expr:
    share = part_weight(part.code, settings) / len(part.fields)
    return pl.sum_horizontal(_wanted(columns, customers).cast(pl.Float64) for columns in part.fields) * share


def _wanted(columns: tuple[str, ...], customers: pl.DataFrame) -> pl.Expr:
    if "may_contact" not in customers.columns or not PERSONAL.intersection(columns):
        return pl.repeat(True, len(customers))
    return pl.col("may_contact").fill_null(True)


def _filled(columns: tuple[str, ...], customers: pl.DataFrame) -> pl.Expr:
    held = [name for name in columns if name in customers.columns]
    return pl.any_horizontal(_said(name, customers) for name in held) if held else pl.repeat(False, len(customers))


def _said(name: str, customers: pl.DataFrame) -> pl.Expr:
    if customers.schema[name] != pl.String:
        return pl.col(name).is_not_null()
    return (pl.col(name).str.strip_chars() != "").fill_null(False)


def completeness(customers: pl.DataFrame, settings: ProfileSettings) -> pl.Series:
    """Return how complete each customer's file is, 0-1; missing where nothing at all is asked for.

    completeness = weight of what is filled / weight asked for.
    """
    return share_filled(weigh_file(customers, settings))


def share_filled(weighed: pl.DataFrame) -> pl.Series:
    """Return the completeness of files as `weigh_file` weighed them."""
    gaps = pl.sum_horizontal(f"gap.{part.code}" for part in PARTS)
    share = pl.when(pl.col("asked") > 0).then((pl.col("asked") - gaps) / pl.col("asked"))
    return weighed.select(completeness=share)["completeness"]
