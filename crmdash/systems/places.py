"""Where customers stand in the summary: frames of different days, set beside each other by number instead of by id.

A place is the row of a customer in `Summary.customers`. Looking up a million rows by number takes a tenth of the time
of looking them up by a text, and systems do it dozens of times.
"""

import polars as pl

from crmdash.systems.evidence import Evidence
from crmdash.systems.order import in_order


def places_of(evidence: Evidence, ids: pl.Series) -> pl.Series:
    """Return the place of each customer id; missing for those that the summary does not hold."""
    return find_places(evidence.summary.customers["customer_id"], ids)


def find_places(known: pl.Series, ids: pl.Series) -> pl.Series:
    """Return the row in `known`, which holds every id once, of each of `ids`; missing for those not in it."""
    if ids.equals(known):
        return pl.int_range(len(known), dtype=pl.UInt32, eager=True).alias("place")
    numbered = known.alias("customer_id").to_frame().with_row_index("place")
    asked = ids.alias("customer_id").to_frame()
    return asked.join(numbered, on="customer_id", how="left", maintain_order="left")["place"]


def customer_places(evidence: Evidence) -> pl.Series:
    """Return the places of `Evidence.customers`, in their order."""
    return evidence.remember("places", lambda: _customer_places(evidence))


def _customer_places(evidence: Evidence) -> pl.Series:
    # The board puts the summary's customers in order by value: so found, texts need not be looked up.
    known, ids = evidence.summary.customers, evidence.customers["customer_id"]
    measure = evidence.settings.tiers.measure
    if measure not in known.columns:
        return places_of(evidence, ids)
    by_value = in_order(known.select(measure).with_row_index("place"), (measure, True))["place"]
    return by_value if known["customer_id"].gather(by_value).equals(ids) else places_of(evidence, ids)


def base_places(evidence: Evidence) -> pl.Series:
    """Return the places of `Evidence.base`, in its order."""
    return evidence.remember("base places", lambda: customer_places(evidence).filter(evidence.customers["in_base"]))


def by_place(evidence: Evidence, frame: pl.DataFrame, places: pl.Series) -> pl.DataFrame:
    """Return the rows of `frame` in the order of the summary; all missing for customers that it does not hold.

    Parameters
    ----------
    places : of the rows, each at most once and none missing.
    """
    return spread(frame, places, len(evidence.summary.customers))


def spread(frame: pl.DataFrame, places: pl.Series, height: int) -> pl.DataFrame:
    """Return `height` rows: each of `frame` at its place, and rows of missing values between them."""
    if len(frame) == height and places.is_sorted():
        return frame
    rows = pl.repeat(None, height, dtype=pl.UInt32, eager=True)
    return frame[rows.scatter(places, pl.int_range(len(frame), dtype=pl.UInt32, eager=True))]


def before_places(evidence: Evidence) -> pl.Series:
    """Return the places of `Evidence.before`, in its order; none where there is no such day."""

    def find() -> pl.Series:
        before, day = evidence.before, evidence.clock.period_ago
        if before is None or day is None:
            return pl.Series([], dtype=pl.UInt32)
        if evidence.evaluation.scope.active:
            return places_of(evidence, before["customer_id"])
        return places_at(evidence, day)

    return evidence.remember("before places", find)


def places_at(evidence: Evidence, day: int) -> pl.Series:
    """Return the places of `Evidence.everybody_at` of a day, in its order, which is that of the summary of then."""
    return evidence.remember_lasting(
        f"places at {day}", lambda: places_of(evidence, evidence.summary_at(day).customers["customer_id"])
    )
