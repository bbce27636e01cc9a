"""Lifetime value and the points of the five indicators as measures that tiers go by."""

import json
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from crmdash.cli import main
from crmdash.columns import MONEY_SCALE
from crmdash.evaluate import Evaluation, evaluate, missing_measures
from crmdash.i18n import Wording
from crmdash.lines import ledger, why_moved
from crmdash.link import from_query, to_query
from crmdash.model.reasons.tiers import why_tier
from crmdash.phrases import say
from crmdash.scope import Scope
from crmdash.settings import Settings, parse_settings
from crmdash.summary import Summary, summarise, to_date
from crmdash.systems.evidence import Evidence
from crmdash.systems.lifetime_fit import fit_key
from crmdash.systems.registry import gather
from crmdash.systems.tier_measures import WORKED_OUT, measured_by, measures_held, with_tier_measure
from crmdash.view import View
from tests.unit.frames import Row, labels, of_customer, sales, summarised, tables, there

POINTS = {"tiers": {"measure": "indicator_total"}}
LIFETIME = {"tiers": {"measure": "lifetime_value"}}

FOUR = [row for place, name in enumerate("abcd") for row in sales(name, {900: 10 + place})]
"""Four customers of one day: only contribution is known, and their places among each other are 12.5 … 87.5."""


def random_base(customers: int = 120, days: int = 800) -> list[Row]:
    """Buyers with rhythms and baskets of their own, some of whom stop."""
    random, rows = Random(7), []
    for number in range(customers):
        rhythm, basket = random.uniform(20, 90), random.uniform(20, 400)
        day = random.randrange(200)
        end = days if random.random() < 0.6 else random.randrange(day + 1, days)
        while day <= end:
            rows += sales(f"c{number:03}", {day: round(basket * random.uniform(0.6, 1.4), 2)})
            day += max(1, round(random.expovariate(1 / rhythm)))
    return rows


def judged(tree: Row, rows: list[Row], **more: Any) -> tuple[Summary, Evaluation]:
    settings = parse_settings(tree)
    summary = with_tier_measure(summarised(rows, **more), settings)
    return summary, evaluate(summary, settings)


def gathered(tree: Row, rows: list[Row], scope: Scope = Scope(), **more: Any) -> Evidence:
    settings, data = parse_settings(tree), tables(rows, **more)
    at = cache(lambda day: with_tier_measure(summarise(data, settings.period, day), settings))
    return gather(data, at(None), evaluate(at(None), settings, scope), at)


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return random_base()


def test_points_are_a_measure_in_ten_thousandths():
    summary, found = judged(POINTS, FOUR)
    assert labels(found, "indicator_total") == {"a": 125_000, "b": 375_000, "c": 625_000, "d": 875_000}
    assert summary.customers.schema["indicator_total"] == pl.Int64
    # Half of all 200 points is 100: d and c reach it; 80 % is 160: so does b with 187.5, and a is left over.
    assert found.cuts == {"platinum": 625_000, "gold": 375_000, "iron": 125_000, "lead": None}
    assert labels(found, "tier") == {"d": "platinum", "c": "platinum", "b": "gold", "a": "iron"}


def test_lines_by_amount_are_points():
    tiers = {"measure": "indicator_total", "mode": "amount", "amounts": {"platinum": 80, "gold": 62.5, "iron": 20}}
    _, found = judged({"tiers": tiers}, FOUR)
    assert labels(found, "tier") == {"d": "platinum", "c": "gold", "b": "iron", "a": "lead"}


def test_who_has_no_points_stands_in_the_last_tier():
    settings = parse_settings(POINTS)
    summary = with_tier_measure(
        summarised(customers=[{"customer_id": "a", "revenue": 5}, {"customer_id": "b", "orders": 1}]), settings
    )
    found = evaluate(summary, settings)
    assert labels(found, "value") == {"a": 500_000, "b": None}
    assert labels(found, "tier") == {"a": "platinum", "b": "lead"}


def test_the_distance_to_a_line_is_said_in_points():
    _, found = judged(POINTS, FOUR)
    reason = why_tier(of_customer(found.customers, "b"), found.rulebook)
    assert reason.way_out is not None
    assert say(reason.because, Wording()) == "37.50 reaches the Gold line at 37.50"
    assert say(reason.way_out, Wording()) == "25.00 short of Platinum"


def test_losing_money_is_lead_whatever_the_points():
    rows = [*FOUR, *sales("e", {900: 99}, profit=-1)]
    _, found = judged({"tiers": {"measure": "indicator_total", "lead_if_loss": True}}, rows)
    assert labels(found, "tier")["e"] == "lead"


def test_a_potential_in_money_reaches_no_line_of_points():
    customers = [{"customer_id": "a", "potential_value": 5000}, {"customer_id": "p", "potential_value": 5000}]
    _, by_points = judged(POINTS, FOUR, customers=customers)
    _, by_revenue = judged({}, FOUR, customers=customers)
    assert [labels(found, "potential_tier")["p"] for found in (by_points, by_revenue)] == ["iron", "platinum"]
    assert [labels(found, "upside")["a"] for found in (by_points, by_revenue)] == [False, True]
    because = why_tier(of_customer(by_points.customers, "p"), by_points.rulebook).because
    assert say(because, Wording()) == (
        "No purchase yet, and tiers go by points: its potential of 5,000 has none; treated as Iron"
    )


def test_an_earlier_day_has_the_points_of_that_day():
    rows = [*sales("a", {100: 9, 900: 1}), *sales("b", {100: 5, 900: 50}), *sales("c", {900: 1})]
    found = gathered(POINTS, rows)
    before = there(found.before)
    assert dict(before.select("customer_id", "indicator_total").drop_nulls().iter_rows()) == {
        "a": 750_000,
        "b": 250_000,
    }
    steps = found.report("dynamic_tiers")
    assert steps.figures["periods"].value == 3
    told = dict(steps.rows.frame.select("customer_id", "value_before").iter_rows())
    assert told == {"a": 750_000, "b": 250_000, "c": None}


def test_the_past_does_not_know_what_a_file_says_today():
    rows = [row for name in "ab" for row in sales(name, {0: 5, 100: 5, 500: 5, 900: 5})]
    customers = [{"customer_id": "a", "share_of_wallet": 1.0}, {"customer_id": "b", "share_of_wallet": 0.0}]
    found = gathered(POINTS, rows, customers=customers)
    now = dict(found.base.select("customer_id", "indicator_total").iter_rows())
    assert now["a"] > now["b"]
    clock = found.clock
    assert clock.as_of is not None and clock.comparison is not None
    then = there(found.everybody_at(clock.as_of - clock.comparison))
    assert then["indicator_total"].n_unique() == 1


def test_lifetime_value_orders_the_tiers(rows: list[Row]):
    summary, found = judged(LIFETIME, rows)
    values = found.customers["lifetime_value"]
    assert values.dtype == pl.Int64 and values.null_count() == 0
    assert values.is_sorted(descending=True)
    assert found.cuts["platinum"] == values.gather(found.tiers["customers"][0] - 1).item()
    report = gathered(LIFETIME, rows).report("lifetime_value").rows.frame
    assert (
        report.select("customer_id", "lifetime_value")
        .sort("customer_id")
        .equals(summary.customers.select("customer_id", "lifetime_value"))
    )


def test_an_earlier_lifetime_value_is_that_of_its_day(rows: list[Row]):
    found = gathered(LIFETIME, rows)
    assert found.clock.as_of is not None
    day = found.clock.as_of - 365
    alone = with_tier_measure(summarised(rows, as_of=day), found.settings).customers.select(
        "customer_id", "lifetime_value"
    )
    assert there(found.labelled_at(day)).select("customer_id", "lifetime_value").equals(alone)


def test_too_little_data_leaves_the_measure_missing():
    settings = parse_settings(LIFETIME)
    summary = summarised(FOUR)
    assert with_tier_measure(summary, settings) is summary
    assert missing_measures(summary, settings) == ("lifetime_value",)
    assert measures_held(summary, settings) == ("revenue", "indicator_total")


def test_where_a_day_has_too_little_there_is_no_such_period(rows: list[Row]):
    late = [row | {"date": row["date"] + 2000} for row in rows] + sales("old", {0: 1})
    found = gathered(LIFETIME, late)
    assert found.labelled_at(1500) is None
    assert found.everybody_at(1500) is None
    assert found.report("dynamic_tiers").figures["periods"].value == 2


def test_a_file_without_amounts_offers_neither():
    bought = [{"customer_id": name, "orders": 3, "recency": 5} for name in "ab"]
    assert measures_held(summarised(customers=bought), Settings()) == ()


def test_other_measures_leave_the_summary_as_it_is(rows: list[Row]):
    summary = summarised(rows)
    assert with_tier_measure(summary, Settings()) is summary
    assert measures_held(summary, Settings()) == ("revenue", "lifetime_value", "indicator_total")


def test_a_fit_serves_every_horizon(rows: list[Row]):
    fits: dict[str, Any] = {}
    summary, settings = summarised(rows), parse_settings(LIFETIME)
    short = with_tier_measure(summary, settings, fits)
    fit = fits[fit_key(summary, settings.lifetime)]
    longer = with_tier_measure(summary, parse_settings(LIFETIME | {"lifetime": {"horizon_years": 5}}), fits)
    assert list(fits.values()) == [fit]
    assert longer.customers["lifetime_value"].sum() > short.customers["lifetime_value"].sum()


def test_what_a_measure_depends_on_is_told_apart():
    trees = [{}, POINTS, POINTS | {"worth": {"weight_growth": 50}}, LIFETIME, LIFETIME | {"lifetime": {"discount": 5}}]
    assert len({measured_by(parse_settings(tree)) for tree in trees}) == len(trees)
    assert measured_by(parse_settings({"lifetime": {"discount": 5}})) == measured_by(Settings())


@pytest.mark.parametrize("measure", WORKED_OUT)
def test_why_a_customer_moved_names_the_measure(measure: str, rows: list[Row]):
    _, before = judged({}, rows)
    _, now = judged({"tiers": {"measure": measure}}, rows)
    moves = [row for row in ledger(before, now).moves.iter_rows(named=True) if row["cause"] == "measure_changed"]
    assert moves
    words = {"lifetime_value": "Tiers now go by lifetime value", "indicator_total": "Tiers now go by points"}
    assert say(why_moved(moves[0], before, now), Wording()).startswith(words[measure])


@pytest.mark.parametrize("measure", WORKED_OUT)
def test_a_link_opens_the_same_measure(measure: str):
    view = View(parse_settings({"tiers": {"measure": measure, "shares": {"platinum": 40}}}))
    query = {key: values if isinstance(values, list) else [values] for key, values in to_query(view).items()}
    assert from_query(query).view == view


@pytest.mark.parametrize("measure", WORKED_OUT)
def test_every_system_has_an_answer(measure: str, rows: list[Row]):
    regions = [{"customer_id": f"c{n:03}", "region": "north" if n % 2 else "south"} for n in range(120)]
    found = gathered({"tiers": {"measure": measure}}, rows, Scope(region=("north",), redraw=True), customers=regions)
    asked = [code for code in found.systems if found.can(code)]
    assert len(asked) > 20
    for code in asked:
        listed = found.report(code).rows.frame
        if "customer_id" in listed.columns:
            assert set(listed["customer_id"]) <= set(found.customers["customer_id"]), code


@pytest.mark.parametrize("measure", WORKED_OUT)
def test_the_command_line_writes_the_measure(measure: str, rows: list[Row], tmp_path: Path):
    lines = [f"{row['customer_id']},{to_date(row['date'])},{row['amount']}" for row in rows]
    (tmp_path / "orders.csv").write_text("\n".join(["customer_id,date,amount", *lines]))
    chosen = {"tiers": {"measure": measure}, "systems": ["lifetime_value", "five_indicators", "dynamic_tiers"]}
    (tmp_path / "S.json").write_text(json.dumps(chosen))
    out = tmp_path / "out"
    asked = ["evaluate", str(tmp_path / "orders.csv"), "--out", str(out), "--settings", str(tmp_path / "S.json")]
    assert main(asked) == 0
    written = json.loads((out / "summary.json").read_text())
    _, found = judged({"tiers": {"measure": measure}}, rows)
    assert written["concentration"]["measure"] == measure
    assert [row["cut"] for row in written["tiers"]] == [cut and cut / MONEY_SCALE for cut in found.cuts.values()]
    values = pl.read_csv(out / "customers.csv")[measure].to_list()
    assert values == [value / MONEY_SCALE for value in found.customers["value"]]


def test_the_command_line_refuses_a_fit_to_too_little(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "orders.csv").write_text("customer_id,date,amount\na,2024-01-05,3\nb,2024-02-05,4\n")
    (tmp_path / "S.json").write_text(json.dumps(LIFETIME))
    asked = ["evaluate", str(tmp_path / "orders.csv"), "--out", str(tmp_path / "out")]
    assert main([*asked, "--settings", str(tmp_path / "S.json")]) == 1
    assert "Lifetime value" in capsys.readouterr().err
