"""Rows that hold by themselves but not beside others: ids that look alike, lives that end before they begin."""

import polars as pl

from crmdash.ingest.identifiers import alike_among, stands_for_nobody
from crmdash.ingest.options import Mapping
from crmdash.issues import Issue


def settle_ids(
    frame: pl.DataFrame, rows: pl.Series, mapping: Mapping, distinct: pl.Series | None = None
) -> tuple[pl.DataFrame, list[Issue]]:
    """Ask about ids that differ in looks only, or count them together on wish, and name those that stand for nobody.

    Parameters
    ----------
    frame
        The typed rows.
    rows
        Their rows in the file.
    distinct
        All different ids of these rows in the order of their first row, where they are known already.
    """
    if "customer_id" not in frame.columns:
        return frame, []
    ids, header = frame["customer_id"], " + ".join(mapping.columns["customer_id"])
    distinct = ids.unique(maintain_order=True).drop_nulls() if distinct is None else distinct
    issues = _nobody(ids, distinct, rows, mapping, header)
    several = alike_among(distinct)
    if several.is_empty():
        return frame, issues
    groups = several.group_by("first", maintain_order=True).agg("id")
    together = mapping.options.policy("alike_ids") == "together"
    # Written out, so that a blank or an invisible character shows.
    example = " / ".join(repr(one)[1:-1] for one in groups["id"][0])
    values = {"header": header, "customers": several.height - groups.height}
    told = Issue(
        "info" if together else "question", "ids_together" if together else "ids_alike", mapping.table, "customer_id",
        count=groups.height, example=example, values=values,
    )  # fmt: skip
    if together:
        frame = frame.with_columns(pl.col("customer_id").replace(several["id"], several["first"]))
    return frame, [*issues, told]


def _nobody(ids: pl.Series, distinct: pl.Series, rows: pl.Series, mapping: Mapping, header: str) -> list[Issue]:
    nobody = stands_for_nobody(ids, distinct)
    if not nobody.any():
        return []
    at = int(nobody.arg_max() or 0)
    return [
        Issue(
            "warning", "id_stands_for_nobody", mapping.table, "customer_id", int(rows[at]), int(nobody.sum()), ids[at],
            values={"header": header},
        )
    ]  # fmt: skip


def settle_lifetimes(frame: pl.DataFrame, rows: pl.Series, mapping: Mapping) -> tuple[pl.DataFrame, list[Issue]]:
    """Drop the first and the last purchase of customers whose first one is later: nobody knows which is wrong.

    Parameters
    ----------
    frame
        The typed rows.
    rows
        Their rows in the file.
    """
    if not {"first_purchase", "last_purchase"} <= set(frame.columns):
        return frame, []
    wrong = (frame["first_purchase"] > frame["last_purchase"]).fill_null(False)
    if not wrong.any():
        return frame, []
    at = int(wrong.arg_max() or 0)
    header, other = (" + ".join(mapping.columns[name]) for name in ("first_purchase", "last_purchase"))
    issue = Issue(
        "warning", "first_after_last", "customers", "first_purchase", int(rows[at]), int(wrong.sum()),
        frame["customer_id"][at], values={"header": header, "other": other},
    )  # fmt: skip
    both = pl.col("first_purchase", "last_purchase")
    return frame.with_columns(pl.when(~pl.lit(wrong)).then(both)), [issue]
