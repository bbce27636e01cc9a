"""What holds for every file and every setting, on small files made at random."""

from typing import Any, Final

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from crmdash.evaluate import Evaluation, evaluate
from crmdash.model.reasons import why_stage, why_tier
from crmdash.settings import parse_settings
from tests.unit.frames import Row, evaluated, money, of_customer, sale, summarised

# One evaluation takes some 60 ms: few examples, and no explanation of failures, which would take minutes.
PHASES: Final = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)
small = settings(max_examples=20, deadline=None, phases=PHASES, suppress_health_check=[HealthCheck.too_slow])
slow = settings(small, max_examples=12, phases=PHASES[:-1])

IDS: Final = "abcdef"
AMOUNTS: Final = {"platinum": 30, "gold": 10, "iron": 2}


@st.composite
def files(draw: st.DrawFn, lowest: int = -20) -> list[Row]:
    """Transactions of up to six customers over up to three years, with ties, zeros and returns."""
    days = st.one_of(st.integers(0, 1_100), st.sampled_from([0, 30, 60, 90, 1_000]))
    amounts = st.one_of(st.integers(lowest, 60), st.sampled_from([0, 10, 10.5]))
    triples = draw(st.lists(st.tuples(st.sampled_from(IDS), days, amounts), min_size=1, max_size=30))
    profits = draw(st.lists(st.integers(-15, 15), min_size=len(triples), max_size=len(triples)))
    categories = draw(st.lists(st.sampled_from("xyz"), min_size=len(triples), max_size=len(triples)))
    return [
        sale(name, day, amount, profit=profit, category=category)
        for (name, day, amount), profit, category in zip(triples, profits, categories, strict=True)
    ]


def profiles() -> SearchStrategy[list[Row]]:
    """Customers of any standing, among them prospects and internal ones."""
    fields = {
        "nature": st.sampled_from([None, "retail", "internal"]),
        "status": st.sampled_from([None, "active", "closed"]),
        "tags": st.sampled_from([None, "strategic", "competitor;benchmark"]),
        "share_of_wallet": st.sampled_from([None, 0.3, 0.9]),
        "potential_value": st.sampled_from([None, 0, 20]),
        "contract_end": st.sampled_from([None, 0, 1_200]),
    }
    rows = st.fixed_dictionaries({"customer_id": st.sampled_from(IDS + "pqr"), **fields})
    return st.lists(rows, max_size=5, unique_by=lambda row: row["customer_id"])


def tier_settings() -> SearchStrategy[Row]:
    schemes = st.sampled_from(["pyramid", "two", "three", "abc", "textbook"])
    chosen = st.fixed_dictionaries(
        {"scheme": schemes, "mode": st.sampled_from(["share", "heads", "score"])},
        optional={"measure": st.sampled_from(["gross_profit", "customer_profit"]), "lead_if_loss": st.booleans()},
    )
    return st.one_of(chosen, st.just({"mode": "amount", "amounts": AMOUNTS}))


def base_of(found: Evaluation) -> pl.DataFrame:
    return found.customers.filter("in_base")


@small
@given(files(), profiles(), tier_settings())
def test_everybody_has_one_place_and_the_tables_add_up(rows: list[Row], customers: list[Row], tiers: Row):
    found = evaluated(rows, {"tiers": tiers}, customers=customers)
    base = base_of(found)
    assert base.height == found.base == found.tiers["customers"].sum()
    assert base.select(pl.col("tier", "stage", "strategy", "reason_code").null_count().sum()).row(0) == (0, 0, 0, 0)
    internal = {row["customer_id"] for row in customers if row["nature"] == "internal"}
    measure = {"measure": "revenue"} | tiers
    column = "amount" if measure["measure"] == "revenue" else "profit"
    total = sum(money(row[column]) for row in rows if row["customer_id"] not in internal)
    assert found.tiers["value"].sum() == found.concentration.total == total
    counted = found.customers.filter(~pl.col("internal")).height
    for shown in (found.stages, found.matrix, found.strategies):
        assert (shown["customers"].sum(), shown["value"].sum()) == (counted, total)
    by_stage = found.matrix.group_by("stage").agg(pl.col("customers", "value").sum())
    assert sorted(by_stage.rows()) == sorted(found.stages.rows())


@small
@given(files(), tier_settings())
def test_equal_value_is_equal_tier_and_more_is_never_lower(rows: list[Row], tiers: Row):
    found = evaluated(rows, {"tiers": tiers})
    order = list(found.cuts)
    base = base_of(found).filter(pl.col("customer_profit") > 0) if tiers.get("lead_if_loss") else base_of(found)
    places = [(row["value"], order.index(row["tier"])) for row in base.iter_rows(named=True)]
    for value, place in places:
        assert all(place <= other for smaller, other in places if smaller <= value)


@small
@given(files(), profiles(), tier_settings(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[Row], customers: list[Row], tiers: Row, random: Any):
    shuffled, others = random.sample(rows, len(rows)), random.sample(customers, len(customers))
    one = evaluated(rows, {"tiers": tiers}, customers=customers)
    other = evaluated(shuffled, {"tiers": tiers}, customers=others)
    assert one.customers.select(other.customers.columns).equals(other.customers)
    assert one.matrix.equals(other.matrix) and one.strategies.equals(other.strategies)
    assert (one.concentration, one.whale, one.cuts) == (other.concentration, other.whale, other.cuts)


@small
@given(files(), st.sampled_from(["shares", "heads", "scores", "amounts"]), st.integers(1, 20), st.integers(1, 20))
def test_raising_a_line_never_lets_more_customers_in(rows: list[Row], field: str, line: int, more: int):
    mode = {"shares": "share", "scores": "score", "amounts": "amount"}.get(field, field)
    falls = field in ("scores", "amounts")
    lines = {"platinum": 90, "gold": 40, "iron": 1} if falls else {"platinum": 5, "gold": 41, "iron": 95}
    moved = [lines | {"gold": 20 + line}, lines | {"gold": 20 + line + more}]
    loose, strict = moved if falls else reversed(moved)
    summary = summarised(rows)
    counts = [
        evaluate(summary, parse_settings({"tiers": {"mode": mode, field: chosen}})).tiers["customers"][:2].sum()
        for chosen in (loose, strict)
    ]
    assert counts[1] <= counts[0]


@small
@given(files(), tier_settings())
def test_ten_times_the_money_changes_no_share_and_no_tier(rows: list[Row], tiers: Row):
    assume(tiers["mode"] != "amount")
    tenfold = [row | {"amount": row["amount"] * 10, "profit": row["profit"] * 10} for row in rows]
    one, ten = (evaluated(given, {"tiers": tiers}) for given in (rows, tenfold))
    labels = ["customer_id", "tier", "stage", "strategy"]
    assert one.customers.select(labels).equals(ten.customers.select(labels))
    a, b = one.concentration, ten.concentration
    assert b.total == 10 * a.total
    assert (b.top20_share, b.customers_for_80, b.gini) == pytest.approx((a.top20_share, a.customers_for_80, a.gini))


@slow
@given(files())
def test_what_is_short_of_the_next_tier_reaches_it(rows: list[Row]):
    tiers = {"tiers": {"mode": "amount", "amounts": AMOUNTS}}
    found = evaluated(rows, tiers)
    order = list(found.cuts)
    for customer in base_of(found).iter_rows(named=True):
        way_out = why_tier(customer, found.rulebook).way_out
        if customer["tier"] == order[0] or way_out is None:
            continue
        missing, next_tier = way_out.figures["missing"].value, way_out.figures["tier"].value
        assert missing == found.cuts[next_tier] - customer["value"]
        for amount, expected in ((missing, next_tier), (missing - 1, customer["tier"])):
            more = sale(customer["customer_id"], found.clock.as_of or 0, amount / 10_000, profit=0, category="x")
            reached = of_customer(evaluated([*rows, more], tiers).customers, customer["customer_id"])
            assert reached["tier"] == expected
        return  # one customer per file is enough


@slow
@given(files(lowest=0))
def test_the_dates_that_stages_name_are_right(rows: list[Row]):
    found = evaluated(rows)
    named: list[tuple[str, str, int]] = []
    for customer in base_of(found).iter_rows(named=True):
        reason = why_stage(customer, found.rulebook)
        if reason is not None and reason.way_out is not None and "date" in reason.way_out.figures:
            named.append((customer["customer_id"], reason.way_out.key, reason.way_out.figures["date"].value))
    for name, key, day in named[:3]:
        before, on, after = (of_customer(evaluated(rows, as_of=at).customers, name) for at in (day - 1, day, day + 1))
        if key == "stage.order_before":
            assert (before["stage"], on["stage"]) == ("deterioration", "ended")
        elif key == "stage.stays_with_order_by":
            assert on["silence"] < 2 and on["stage"] != "ended"
            assert after["stage"] in ("deterioration", "ended")
