"""Expected profit: what a customer will bring in the next window if nothing changes.

expected profit = customer profit of the last L days x W / L x keep rate of the customer's phase. Where the data holds
no profit, revenue takes its place, and the report says so. With `lifetime.expected_profit_from` "fitted" the models of
lifetime value say it instead.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.systems.conditions import everybody_labelled
from crmdash.systems.evidence import Evidence
from crmdash.systems.keep_rates import KeepRate, keep_rates
from crmdash.systems.report import CUSTOMER, STAGE, TIER, Column, Explanation, Report, System, Table, row_of

PHASE: Final = Column("phase", "code", "model:phase")
_ROWS: Final = (
    *CUSTOMER, TIER, STAGE, PHASE, Column("expected_profit", "money"), Column("profit_a_window", "money"),
    Column("keep_rate", "percent"),
)  # fmt: skip
_RATES: Final = (
    PHASE, Column("customers", "count"), Column("bought_since", "count"), Column("keep_rate", "percent"),
    Column("measured", "flag"),
)  # fmt: skip


def expected_profits(evidence: Evidence) -> pl.DataFrame:
    """Return expected_profit, profit_a_window (ten-thousandths) and keep_rate of the base, in its order; computed once.

    Missing without dates of purchase, and where no profit of the last period is known though something was sold.
    """
    return evidence.remember("expected_profits", lambda: _expected(evidence))


def usual_expectations(evidence: Evidence) -> pl.Series:
    """Return what is expected of everybody in the base, whatever filter is on, in ten-thousandths.

    By the models of lifetime value only those looked at have an expectation; then it is that of these.
    """
    if not evidence.evaluation.scope.active or fits(evidence):
        return expected_profits(evidence)["expected_profit"]
    return _by_keep_rates(everybody_labelled(evidence), evidence)["expected_profit"]


def _expected(evidence: Evidence) -> pl.DataFrame:
    return expected_of(evidence.base, evidence)


def expected_of(base: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Return the same for some customers of the base."""
    return _fitted(base, evidence) if fits(evidence) else _by_keep_rates(base, evidence)


def _by_keep_rates(base: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    clock = evidence.clock
    rates = {rate.phase: rate.rate for rate in keep_rates(evidence)}
    keep = pl.col("phase").replace_strict(rates, default=None, return_dtype=pl.Float64)
    if clock.comparison is None or "revenue_late" not in base.columns:
        late = pl.lit(None, pl.Float64)
    elif in_profit(evidence):
        # Who neither bought nor returned anything earned us nothing: that is known.
        idle = (pl.col("revenue_late") == 0) & (pl.col("orders_late") == 0)
        late = pl.coalesce("customer_profit_late", pl.when(idle).then(0)) * (clock.window / clock.comparison)
    else:
        late = pl.col("revenue_late") * (clock.window / clock.comparison)
    priced = base.select(profit_a_window=late, keep_rate=keep)
    return priced.select(
        expected_profit=_whole(pl.col("profit_a_window") * pl.col("keep_rate")),
        profit_a_window=_whole(pl.col("profit_a_window")),
        keep_rate="keep_rate",
    )


def _whole(value: pl.Expr) -> pl.Expr:
    """Return whole ten-thousandths; missing beyond 64 bits, which a sum carried over a year can leave."""
    return (value + 0.5).floor().cast(pl.Int64, strict=False)


def in_profit(evidence: Evidence) -> bool:
    """Say whether profit is known at all; else revenue takes its place."""
    return "customer_profit_late" in evidence.summary.customers.columns


def fits(evidence: Evidence) -> bool:
    """Say whether the models of lifetime value are to say what is expected, and can."""
    wanted = evidence.settings.lifetime.expected_profit_from == "fitted"
    return wanted and evidence.can("lifetime_value") and bool(evidence.report("lifetime_value").figures["fitted"].value)


def _fitted(base: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Return purchases expected in the next W x spend of each x margin, by the models of lifetime value."""
    rows = evidence.report("lifetime_value").rows.frame
    worth = _whole(pl.col("expected_purchases") * pl.col("expected_value_each") * pl.col("margin"))
    valued = rows.select("customer_id", expected_profit=worth, keep_rate="p_alive")
    found = base.select("customer_id").join(valued, on="customer_id", how="left", maintain_order="left")
    return found.select("expected_profit", pl.lit(None, pl.Int64).alias("profit_a_window"), "keep_rate")


def expected_profit_report(evidence: Evidence) -> Report:
    """List what is expected of every customer of the base, and the keep rates behind it."""
    held = [column.name for column in _ROWS if column.name in evidence.base.columns]
    rows = evidence.base.select(held).hstack(expected_profits(evidence))
    # Of equals the more valuable first: the base is in that order.
    rows = rows.sort("expected_profit", descending=True, nulls_last=True, maintain_order=True)
    rates = keep_rates(evidence)
    figures = {
        "expected_profit": Figure("money", int(rows["expected_profit"].sum())),
        "customers": Figure("count", len(rows) - rows["expected_profit"].null_count()),
        "in_profit": Figure("flag", in_profit(evidence)),
        "fitted": Figure("flag", fits(evidence)),
    }
    return Report(figures, Table(rows, _ROWS), {"keep_rates": rates_table(rates)}, expectation_notes(evidence))


def rates_table(rates: tuple[KeepRate, ...]) -> Table:
    """Return the keep rates as a table: phase, customers one L ago, bought since, rate in force, measured."""
    rows = [(rate.phase, rate.customers, rate.bought, rate.rate, rate.measured) for rate in rates]
    names = {
        "phase": pl.String, "customers": pl.Int64, "bought_since": pl.Int64, "keep_rate": pl.Float64,
        "measured": pl.Boolean,
    }  # fmt: skip
    return Table(pl.DataFrame(rows, schema=names, orient="row"), _RATES)


def expectation_notes(evidence: Evidence) -> tuple[Phrase, ...]:
    """Say what expected profit rests on where it is not the profit and keep rates of this file."""
    notes = [] if in_profit(evidence) else [Phrase("note.in_revenue", kind="warnings")]
    if fits(evidence):
        return (*notes, Phrase("note.fitted", kind="warnings"))
    usual = [rate for rate in keep_rates(evidence) if not rate.measured]
    if usual:
        fewest = Figure("count", evidence.settings.warning.keep_measured_from)
        notes.append(Phrase("note.usual_keep_rates", {"fewest": fewest, "phases": _phases(usual)}, "warnings"))
    return tuple(notes)


def _phases(rates: list[KeepRate]) -> Figure:
    return Figure("count", len(rates))


def explain(report: Report, customer: Customer) -> Explanation | None:
    """Say what is expected of one customer, and from what."""
    row = row_of(report, customer)
    if row is None or row["expected_profit"] is None:
        return None
    label = Phrase("expected.label", {"expected": Figure("money", row["expected_profit"])}, "warnings")
    if row["profit_a_window"] is None:
        return Explanation(label, (Phrase("expected.fitted", kind="warnings"),))
    key = "expected.because" if report.figures["in_profit"].value else "expected.because_revenue"
    figures = {
        "profit": Figure("money", row["profit_a_window"]),
        "keep": Figure("percent", row["keep_rate"]),
        "phase": Figure("term", f"model:phase.{row['phase']}"),
    }
    return Explanation(label, (Phrase(key, figures, "warnings"),))


EXPECTED_PROFIT: Final = System("expected_profit", "D0", (("transactions",),), expected_profit_report, explain)
"""Expected profit."""
