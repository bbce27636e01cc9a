"""S3: three traits of a quality customer, and whether more of them went with more loyalty."""

from typing import Any

import polars as pl
import pytest

from crmdash.i18n import Wording
from crmdash.phrases import say
from crmdash.rule_settings import WorthSettings
from crmdash.summary import Clock
from crmdash.systems.peers import peer_groups
from crmdash.systems.quality_traits import explain, find_traits, peer_facts, report, retention_rises
from tests.unit.frames import evidence, money, of_customer, sale, sales

CLOCK = Clock(1000, 365, 1000, None)
STEADY = {"orders": 4, "tenure": 365, "gap_variation": 1.0}


def traits(*customers: dict[str, Any], name: str, clock: Clock = CLOCK) -> list[Any]:
    rows = [{"customer_id": str(place), "revenue": 0, "silence": None, **row} for place, row in enumerate(customers)]
    base = pl.DataFrame(rows, infer_schema_length=None)
    return find_traits(base, peer_facts(base, peer_groups(base)), WorthSettings(), clock)[name].to_list()


def test_reliable_is_steady_and_pays_as_agreed():
    found = traits(
        STEADY,
        STEADY | {"orders": 3},
        STEADY | {"tenure": 364},
        STEADY | {"gap_variation": 1.01},
        STEADY | {"integrity": 70.0, "days_late": 30.0},
        STEADY | {"integrity": 69.0, "days_late": 7.0},
        STEADY | {"integrity": 69.0, "days_late": 8.0},
        STEADY | {"integrity": 69.0},
        name="reliable",
    )
    assert found == [True, None, False, False, True, True, False, False]


def test_in_a_short_file_half_of_it_takes_the_windows_place():
    young = STEADY | {"tenure": 100}
    assert traits(young, name="reliable", clock=Clock(200, 365, 200, None)) == [True]
    assert traits(young, name="reliable", clock=Clock(202, 365, 202, None)) == [False]


def test_more_potential_profit_needs_two_of_the_known_signs():
    found = traits(
        {"share_of_wallet": 0.6, "on_time_share": 0.9, "revenue": 0},
        {"share_of_wallet": 0.59, "on_time_share": 0.9, "revenue": 0},
        {"share_of_wallet": 0.6, "on_time_share": None, "revenue": 9},
        {"share_of_wallet": None, "on_time_share": None, "revenue": 9},
        name="potential_profit",
    )
    # Revenue of 9 stands at the 75th percentile.
    assert found == [True, False, True, None]


def test_cost_of_an_order_is_compared_with_the_peers_median():
    found = traits(
        {"cost_to_serve": money(10), "orders": 10, "revenue": 9},
        {"cost_to_serve": money(40), "orders": 10, "revenue": 9},
        {"cost_to_serve": money(20), "orders": 10, "revenue": 0},
        name="signs_met",
    )
    # Costs of 1, 4 and 2 an order; revenues of 9 stand at 66.7 per cent, just below the line.
    assert found == [1, 0, 1]


def test_values_us_by_what_it_says_else_by_behaviour():
    customers = (
        {"satisfaction": 8.0},
        {"satisfaction": 7.9},
        {"satisfaction": 7.0, "recommend": 9.0},
        {"experience": 6.0, "expectation": 6.0},
        {"experience": 5.9, "expectation": 6.0},
        {"silence": 1.5, "deal_share": 0.2},
        {"silence": 1.5, "deal_share": 0.3},
        {"silence": 1.6, "deal_share": 0.1},
        {"silence": 1.0},
    )
    # The median deal share is 0.2; without one, a buyer on time may still wait for deals: nobody knows.
    assert traits(*customers, name="values_us") == [True, False, True, True, False, True, False, False, None]
    assert traits(*customers, name="by_behaviour") == [False] * 5 + [True] * 3 + [False]


def test_traits_are_counted_and_missing_where_none_can_be_judged():
    assert traits(STEADY | {"satisfaction": 9.0}, {"satisfaction": 3.0}, {}, name="traits") == [2, 0, None]


def followed_up(**more: Any) -> Any:
    """a buys every ten days to day 100, b stops on day 40; one comparison length ago is day 70."""
    rows = [*sales("a", {day: 10 for day in range(0, 101, 10)}, **more), *sales("b", {d: 10 for d in range(0, 41, 10)})]
    return evidence(rows, {"period": {"window": 30}})


def test_what_followed_is_counted_by_traits_one_period_ago():
    found = followed_up()
    assert found.clock.comparison == 30
    by_traits = report(found).tables["by_traits"].frame.rows(named=True)
    # On day 70 both were steady, and no more: one bought again, for 30 in the last 30 days.
    assert by_traits[1] == {
        "traits": 1, "customers": 2, "value": money(160), "customers_before": 2, "bought_since": 0.5,
        "profit_since": money(15),
    }  # fmt: skip
    assert [say(note, Wording()) for note in report(found).notes][-1].endswith("what came since is revenue.")


def test_a_trait_that_cannot_be_judged_for_anybody_is_counted_for_nobody():
    found = report(followed_up())
    figures = {name: figure.value for name, figure in found.figures.items()}
    assert not found.rows.frame["potential_profit"].count()
    assert (figures["potential_profit"], figures["all_three"]) == (None, None)
    assert figures["reliable"] == 2


@pytest.mark.parametrize(
    ("shares", "customers", "rises"),
    [
        ([0.2, 0.3, 0.6, 0.9], [20, 20, 20, 20], True),
        ([0.2, 0.5, 0.4, 0.9], [20, 20, 20, 20], False),
        ([0.2, 0.5, 0.4, 0.9], [20, 20, 19, 20], True),
        ([0.5, 0.5, 0.5, 0.5], [20, 20, 20, 20], False),
        ([0.2, 0.5, 0.4, 0.9], [20, 0, 0, 3], None),
    ],
)
def test_retention_rises_with_traits_only_where_groups_are_large(shares, customers, rises):
    assert retention_rises(pl.DataFrame({"customers_before": customers, "bought_since": shares})) is rises


def test_a_customer_is_explained():
    found = followed_up()
    said = explain(report(found), of_customer(found.customers, "a"))
    assert said is not None
    assert say(said.label, Wording()) == "1 of 3 traits of a quality customer."
    assert [say(because, Wording()) for because in said.because] == [
        "Reliable and stable: a customer for 100 days, gaps vary by 0.00 of their mean.",
        "More potential profit: too few signs are known.",
        "Values us: nothing is known.",
    ]


def test_nothing_known_is_no_verdict():
    found = evidence([sale("a", 0, 1)])
    assert report(found).figures["unknown"].value == 1
    assert explain(report(found), of_customer(found.customers, "a")) is None
