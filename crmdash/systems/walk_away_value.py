"""S26b · Whose customer is it? The value known to one person only, which would walk out with that person.

It counts customers of whom at least `one_person_share` of the contacts are by one person and whose file is less than
`complete_file` complete: nobody else could take over.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.profile_completeness import base_completeness
from crmdash.systems.report import CUSTOMER, STAGE, TIER, Column, Explanation, Report, System, Table, row_of

ROWS: Final = (
    *CUSTOMER, Column("main_contact", "text"), Column("value", "money"), Column("main_contact_share", "percent"),
    Column("completeness", "percent"), Column("contacts_made", "count"), TIER, STAGE,
)  # fmt: skip
_PEOPLE: Final = (
    Column("main_contact", "text"), Column("walk_away_value", "money"), Column("living_value", "money"),
    Column("customers", "count"), Column("customers_all", "count"), Column("value_all", "money"),
    Column("share_at_risk", "percent"),
)  # fmt: skip


def walk_away_value_report(evidence: Evidence) -> Report:
    """List the customers known to one person only, the largest value first, and sum them by person."""
    described = _described(evidence)
    rows = described.filter("known_to_one").sort(["value", "customer_id"], descending=[True, False], nulls_last=True)
    people = _people(described)
    shown = rows.select([column.name for column in ROWS if column.name in rows.columns])
    concerned = people.filter(pl.col("customers") > 0)
    figures = {
        "customers": Figure("count", len(rows)),
        "walk_away_value": Figure("money", int(rows["value"].sum())),
        "living_value": Figure("money", int(rows.filter("living")["value"].sum())),
        "people_concerned": Figure("count", len(concerned)),
        "foremost": Figure("text", concerned["main_contact"][0] if len(concerned) else None),
    }
    return Report(figures, Table(shown, ROWS), {"people": Table(people, _PEOPLE)})


def _described(evidence: Evidence) -> pl.DataFrame:
    base, limits = evidence.base, evidence.settings.warning
    known = base.columns
    if "main_contact" not in known:
        nobody = {"main_contact": pl.lit(None, pl.String), "main_contact_share": pl.lit(None, pl.Float64)}
        base = base.with_columns(**nobody)
    held = [name for name in ("name", "tier", "stage", "contacts_made") if name in known]
    living = pl.lit(True)
    if "phase" in known:
        living = pl.col("phase").is_null() | (pl.col("phase") != "gone")
    described = base.select(
        "customer_id", *held, "value", "main_contact", "main_contact_share",
        completeness=base_completeness(evidence), living=living,
    )  # fmt: skip
    alone = pl.col("main_contact_share") >= limits.one_person_share / 100 - 1e-9
    poor = pl.col("completeness") < limits.complete_file / 100 - 1e-9
    return described.with_columns(known_to_one=(alone & poor).fill_null(False))


def _people(described: pl.DataFrame) -> pl.DataFrame:
    """Sum by person: the value that would walk out, how much of it is of living customers, and of all its value."""
    alone, value = pl.col("known_to_one"), pl.col("value").fill_null(0)
    found = (
        described.filter(pl.col("main_contact").is_not_null())
        .group_by("main_contact")
        .agg(
            walk_away_value=value.filter(alone).sum(),
            living_value=value.filter(alone & pl.col("living")).sum(),
            customers=alone.sum().cast(pl.Int64),
            customers_all=pl.len().cast(pl.Int64),
            value_all=value.sum(),
        )
    )
    share = pl.when(pl.col("value_all") > 0).then(pl.col("walk_away_value") / pl.col("value_all"))
    return found.with_columns(share_at_risk=share).sort(["walk_away_value", "main_contact"], descending=[True, False])


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say who alone knows a customer."""
    row = row_of(report, customer)
    if row is None:
        return None
    figures = {
        "person": Figure("text", row["main_contact"]),
        "share": Figure("percent", row["main_contact_share"]),
        "complete": Figure("percent", row["completeness"]),
    }
    label = Phrase("walk_away.label", {"person": figures["person"]}, "warnings")
    return Explanation(label, (Phrase("walk_away.because", figures, "warnings"),))


WALK_AWAY_VALUE: Final = System("walk_away_value", "S26b", (("contacts.staff",),), walk_away_value_report, explain)
"""Walk-away value."""
