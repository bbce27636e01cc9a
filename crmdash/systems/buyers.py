"""Who is the customer? (S2, S24): who pays, who decides and who uses.

Where each of the three is empty or the customer itself, the buyer is the user. Elsewhere the three are listed, and of
the two upper classes it matters if nobody knows who decides.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of

ROLES: Final = ("paid_by", "decided_by", "used_by")
BUYING: Final = Column("buying", "code", "kinds:buying")

_VALUABLE: Final = ("top", "upper")


def buyers(customers: pl.DataFrame) -> pl.DataFrame:
    """Add buying (buyer_is_user or roles_apart) and decider_unknown to customers with any of the three roles."""
    roles = [role for role in ROLES if role in customers.columns]
    themselves = [pl.col(name) for name in ("customer_id", "name") if name in customers.columns]
    apart = pl.any_horizontal(
        *(pl.all_horizontal(*(_other(pl.col(role), own) for own in themselves)) for role in roles)
    )
    decider = pl.col("decided_by").is_null() if "decided_by" in roles else pl.lit(True)
    marked = customers.with_columns(
        buying=pl.when(apart).then(pl.lit("roles_apart")).otherwise(pl.lit("buyer_is_user"))
    )
    return marked.with_columns(decider_unknown=apart & decider & pl.col("tier_class").is_in(_VALUABLE).fill_null(False))


def _other(role: pl.Expr, own: pl.Expr) -> pl.Expr:
    """Return whether somebody else has the role; nobody does where it is empty."""
    return (role != own.fill_null("")).fill_null(False)


def report(evidence: Evidence) -> Report:
    """Say of every customer of the base who buys; those of value whose decider nobody knows first."""
    wanted = ("customer_id", "name", "tier", "tier_class", "value", *ROLES)
    base = buyers(evidence.base.select(name for name in wanted if name in evidence.base.columns))
    apart = base.filter(pl.col("buying") == "roles_apart")
    unknown = apart.filter("decider_unknown")
    # The base comes with the largest value first, and stays so in each of the three parts.
    ordered = pl.concat([unknown, apart.filter(~pl.col("decider_unknown")), base.filter(buying="buyer_is_user")])
    figures = {
        "customers": Figure("count", len(base)),
        "roles_apart": Figure("count", len(apart)),
        "decider_unknown": Figure("count", len(unknown)),
        "value_decider_unknown": Figure("money", int(unknown["value"].sum())),
    }
    return Report(figures, Table(ordered, _ROWS), {"by_buying": Table(_by_buying(base), _TABLE)})


def _by_buying(base: pl.DataFrame) -> pl.DataFrame:
    counted = base.group_by("buying").agg(customers=pl.len().cast(pl.Int64), value=pl.col("value").sum())
    whole = counted["value"].sum()
    return counted.sort("buying").with_columns(
        share=pl.col("customers") / max(1, len(base)),
        value_share=pl.col("value") / pl.lit(whole if whole > 0 else None),
    )


_TABLE: Final = (
    BUYING, Column("customers", "count"), Column("share", "percent"), Column("value", "money"),
    Column("value_share", "percent"),
)  # fmt: skip


_ROWS: Final = (
    *CUSTOMER, TIER, BUYING, *(Column(role, "text") for role in ROLES), Column("decider_unknown", "flag"),
    Column("value", "money"),
)  # fmt: skip


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say who buys at a customer."""
    row = row_of(found, customer)
    if row is None:
        return None
    label = Phrase(f"say.{row['buying']}", kind="kinds")
    if row["buying"] == "buyer_is_user":
        return Explanation(label)
    roles = {role: Figure("text", row.get(role)) for role in ROLES}
    unknown = (Phrase("because.decider_unknown", kind="kinds"),) if row["decider_unknown"] else ()
    return Explanation(label, (Phrase("because.roles_apart", roles, "kinds"), *unknown))


BUYERS: Final = System(
    "buyers", "S2", (("customers.paid_by", "customers.decided_by", "customers.used_by"),), report, explain
)
