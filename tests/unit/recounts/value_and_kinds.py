"""Recounts of what the pages of value and kinds show."""

import pandas as pd
import pytest

from tests.unit import reference_sample
from tests.unit.recounts.found import PENCE, ROUNDED, Found, alike, recount, same
from tests.unit.reference_systems import board, kinds, lifetime, worth
from tests.unit.reference_systems.sample import Day


@recount("S1")
def nature(found: Found, day: Day) -> None:
    customers = found.table("nature", "by_nature", "nature", "customers")
    assert {code: customers[code] for code in kinds.natures()} == kinds.natures()


@recount("S2")
def buyers(found: Found, day: Day) -> None:
    own = kinds.deciders(day)
    assert found.figure("buyers", "decider_unknown") == own["decider_unknown"]
    assert found.figure("buyers", "roles_apart") == len(day.base) - own["alone"]


@recount("S3")
def quality_traits(found: Found, day: Day) -> None:
    own = worth.traits(day)
    for code, column in (("reliable", "reliable"), ("potential_profit", "potential"), ("values_us", "values_us")):
        assert found.figure("quality_traits", code) == own[column].sum()
    assert found.figure("quality_traits", "all_three") == (own.sum(axis=1) == 3).sum()


@recount("S14")
def survey(found: Found, day: Day) -> None:
    own = worth.survey_items(day)
    frame = found.evidence.report("survey").rows.frame
    told = {row["item"]: (row["customers"], row["dissatisfied"], row["value"]) for row in frame.iter_rows(named=True)}
    assert told == {topic: (asked, low, revenue * PENCE) for topic, asked, low, revenue in own.itertuples()}


@recount("S14b")
def complaint_iceberg(found: Found, day: Day) -> None:
    low, silent = worth.iceberg(day)
    assert found.figure("complaint_iceberg", "dissatisfied") == low
    assert found.figure("complaint_iceberg", "share") == pytest.approx(silent / low, rel=1e-9)


@recount("S15")
def lifetime_value(found: Found, day: Day) -> None:
    own = lifetime.histories(day)
    fitted = [found.figure("lifetime_value", name) for name in ("r", "alpha", "a", "b")]
    reached = found.figure("lifetime_value", "log_likelihood")
    assert found.figure("lifetime_value", "repeaters") == (own["x"] > 0).sum()
    assert reached == pytest.approx(lifetime.log_likelihood(own, *fitted), rel=1e-9)
    # The sample's buyers hardly drop out: the likelihood still rises, ever less, where a and b grow without end.
    assert reached == pytest.approx(lifetime.largest_log_likelihood(own, (1, 8, 1, 100)), abs=0.05)


@recount("S16")
def five_indicators(found: Found, day: Day) -> None:
    own = worth.indicators(day)
    for name in (*worth.WEIGHTS, "total"):
        same(found.rows("five_indicators", name), own[name], ROUNDED)
    assert found.figure("five_indicators", "grade_a") == own["total"].ge(80).sum()
    nominated = found.rows("five_indicators", "nominated")
    assert sorted(nominated.index[nominated.eq(True)]) == sorted(worth.awarded(day))


@recount("S17")
def four_values(found: Found, day: Day) -> None:
    for name in worth.VALUES:
        assert found.figure("four_values", name) == pytest.approx(day.base[name].mean(), rel=1e-9)


@recount("S17b")
def balance(found: Found, day: Day) -> None:
    alike(found.rows("balance", "balance").dropna(), worth.balance(day))


@recount("S18")
def expectations(found: Found, day: Day) -> None:
    own = worth.disappointed(day)
    assert found.figure("expectations", "promised_too_much") == len(own)
    assert found.figure("expectations", "promised_too_much_value") == own["revenue"].sum() * PENCE


@recount("S21")
def ten_types(found: Found, day: Day) -> None:
    alike(found.rows("ten_types", "type"), kinds.primary(day))
    holds = found.table("ten_types", "by_type", "type", "holds")
    assert {code: holds[code] for code in kinds.ORDER} == kinds.types(day).sum().to_dict()


@recount("S22")
def orientation(found: Found, day: Day) -> None:
    alike(found.rows("orientation", "orientation"), kinds.orientation(day))


@recount("S36")
def criteria(found: Found, day: Day) -> None:
    same(found.rows("criteria", "loyalty_index"), kinds.loyalty(day))


@recount("rf_grid")
def rf_grid(found: Found, day: Day) -> None:
    own = kinds.quantile_class(day.base["n"][day.base["n"] > 0], 5)
    same(found.rows("rf_grid", "frequency_class").dropna(), own)


@recount("rfm_grid")
def rfm_grid(found: Found, day: Day) -> None:
    bought = day.base[day.base["n"] > 0]
    for name, values in (("recency", -bought["recency"]), ("frequency", bought["n"]), ("money", bought["revenue"])):
        same(found.rows("rfm_grid", f"{name}_class").dropna(), kinds.quantile_class(values, 3))


@recount("rule_lint")
def rule_lint(found: Found, day: Day) -> None:
    rows = board.combinations()
    assert {reference_sample.strategy_of(pd.Series(row))[0] for row in rows} == set(range(1, 20))
    assert found.table("rule_lint", "by_rule_set", "rule_set", "cases")["strategies"] == len(rows)
    assert all(found.table("rule_lint", "by_rule_set", "rule_set", "clean").values())
