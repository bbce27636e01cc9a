"""A filter narrows who is listed, and changes nobody's label: what is usual comes from everybody."""

import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.scope import Scope
from crmdash.settings import Settings
from crmdash.summary import Summary, summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import SYSTEMS, gather
from crmdash.systems.report import Column
from tests.unit.frames import contact, evidence, labels, money, sales, tables
from tests.unit.recounts.found import gather_sample

OF_THOSE_LOOKED_AT = {
    "loss_of_the_top": "the largest of those looked at",
    "audit_period": "tenths of those looked at",
    "recommendations": "who was brought is counted among those looked at",
    "lifetime_value": "ranks among those looked at; its models are fitted to everybody",
}
"""Systems of which rows depend on the filter by what they tell."""

EAST = Scope(region=("East",))


def narrowed(found: Evidence, scope: Scope, settings: Settings = Settings()) -> Evidence:
    """Return the same evidence with only some customers looked at."""
    return gather(found.tables, found.summary, evaluate(found.summary, settings, scope), found.summary_at)


@pytest.fixture(scope="module")
def sample() -> tuple[Evidence, Evidence]:
    """The sample whole and narrowed to one region."""
    read, days = gather_sample().evidence, dict[int, Summary]()

    def at(day: int) -> Summary:
        if day not in days:
            days[day] = summarise(read.tables, as_of=day)
        return days[day]

    whole = gather(read.tables, read.summary, read.evaluation, at)
    return whole, narrowed(whole, EAST)


@pytest.mark.parametrize("code", [code for code in SYSTEMS if code not in OF_THOSE_LOOKED_AT])
def test_a_filter_changes_no_row(sample: tuple[Evidence, Evidence], code: str):
    whole, part = (found.report(code).rows for found in sample)
    if "customer_id" not in part.frame.columns:
        return
    looked_at = whole.frame.join(sample[1].customers.select("customer_id"), on="customer_id", how="semi")
    assert sorted(part.frame["customer_id"]) == sorted(looked_at["customer_id"])
    beside = part.frame.join(looked_at, on="customer_id", suffix=":whole")
    for column in (column for column in part.held if column.name != "customer_id"):
        assert _differing(beside, column) == 0, column.name


def _differing(beside: pl.DataFrame, column: Column) -> int:
    here, there = beside[column.name], beside[f"{column.name}:whole"]
    if here.dtype.is_float():
        here, there = here.round(9), there.round(9)
    return int(here.ne_missing(there).sum())


def test_redrawn_lines_are_redrawn_a_period_ago_too():
    # Of both, a is above the line of the upper half of heads; looked at alone, each is the best of its own.
    rows = [*sales("a", {0: 100, 400: 100, 740: 100}), *sales("b", {0: 1, 400: 1, 740: 1})]
    customers = [{"customer_id": "a", "region": "x"}, {"customer_id": "b", "region": "y"}]
    settings = {"tiers": {"scheme": "two", "heads": {"gold": 50}}}
    found = evidence(rows, settings, customers=customers)
    part = narrowed(found, Scope(region=("y",), redraw=True), found.settings)
    assert labels(part.evaluation, "tier") == {"b": "gold"}
    before = part.before
    assert before is not None and before["tier"].to_list() == ["gold"]
    assert part.report("tiers_help").figures["same_tier"].value == 1
    assert part.report("what_followed").rows.frame["tier_before"].to_list() == ["gold"]


def test_what_is_usual_in_a_tier_comes_from_all_its_customers():
    names = [f"c{number}" for number in range(9)]
    rows = [row for name in (*names, "dear") for row in sales(name, {0: 10, 300: 10})]
    served = [contact(name, 5, "visit", cost=2) for name in names] + [contact("dear", 5, "visit", cost=20)]
    customers = [{"customer_id": "dear", "region": "East"}]
    found = evidence(
        rows, {"tiers": {"scheme": "amounts", "amounts": {"tier1": 1}}}, customers=customers, contacts=served
    )
    alone = narrowed(found, EAST, found.settings).report("transaction_cost")
    # 10 an order against the 1 that is usual, on two orders.
    assert alone.rows.frame.select("customer_id", "usual_cost_per_order", "saving").rows() == [
        ("dear", money(1), money(18))
    ]


def test_nobody_in_the_base_has_no_peers_and_no_warning():
    data = tables([*sales("a", {0: 5, 10: 5})], customers=[{"customer_id": "a", "nature": "internal"}])
    summary = summarise(data)
    found = gather(data, summary, evaluate(summary), lambda day: summarise(data, as_of=day))
    assert found.report("early_warning").figures["alerts"].value == 0
    assert found.report("lost_customers").figures["lost"].value == 0
