"""Tiers of a few customers: ties, losses, missing values, classes, potential, the line above."""

import polars as pl
import pytest

from crmdash.settings import parse_settings
from tests.unit.frames import Row, evaluated, labels, money, of_customer, sale


def base(revenue: dict[str, float], profit: dict[str, float | None] | None = None) -> list[Row]:
    """One purchase each on day 0, and one of nothing by the first on day 400."""
    rows = [sale(name, 0, amount) for name, amount in revenue.items()]
    if profit is not None:
        rows = [row | {"profit": profit[row["customer_id"]]} for row in rows]
    return [*rows, sale(next(iter(revenue)), 400, 0)]


def tiers_of(tiers: Row, rows: list[Row], **more: object) -> dict[str, str | None]:
    return labels(evaluated(rows, {"tiers": tiers}, **more), "tier")


def test_the_default_pyramid():
    # Sum 100: 50 reaches 50 %, 80 = 50 + 30, 95 = 50 + 30 + 15.
    assert tiers_of({}, base({"a": 50, "b": 30, "c": 15, "d": 5})) == {
        "a": "platinum", "b": "gold", "c": "iron", "d": "lead",
    }  # fmt: skip


def test_equal_value_is_equal_tier_at_the_line():
    assert tiers_of({}, base({"a": 40, "b": 20, "c": 20, "d": 20})) == dict.fromkeys("abcd", "platinum")


def test_one_customer_is_platinum():
    assert tiers_of({}, [sale("a", 0, 1), sale("a", 9, 1)]) == {"a": "platinum"}


def test_without_positive_value_everybody_is_in_the_last_tier():
    assert tiers_of({}, base({"a": 0, "b": -3})) == {"a": "lead", "b": "lead"}


def test_lead_means_losing_money_when_switched_on():
    rows = base({"a": 50, "b": 30, "c": 15, "d": 5}, {"a": 0, "b": 9, "c": -1, "d": 1})
    found = tiers_of({"lead_if_loss": True}, rows)
    assert found == {"a": "lead", "b": "gold", "c": "lead", "d": "iron"}


def test_missing_profit_is_not_lead():
    rows = base({"a": 50, "b": 50}, {"a": None, "b": -1})
    assert tiers_of({"lead_if_loss": True}, rows) == {"a": "platinum", "b": "lead"}


def test_a_missing_value_stands_in_the_last_value_tier():
    rows = base({"a": 50, "b": 50}, {"a": None, "b": 9})
    assert tiers_of({"measure": "customer_profit"}, rows) == {"a": "lead", "b": "platinum"}
    assert tiers_of({"measure": "customer_profit", "lead_if_loss": True}, rows)["a"] == "iron"


def test_pyramid_by_profit():
    rows = base(dict.fromkeys("abcd", 100), {"a": 60, "b": 30, "c": 10, "d": -50})
    found = tiers_of({"measure": "customer_profit", "lead_if_loss": True}, rows)
    assert found == {"a": "platinum", "b": "gold", "c": "iron", "d": "lead"}


@pytest.mark.parametrize(
    ("tiers", "classes"),
    [
        ({}, "top upper middle bottom"),
        ({"lead_if_loss": True}, "top upper middle bottom"),
        ({"scheme": "two"}, "top middle"),
        ({"scheme": "two", "lead_if_loss": True}, "top middle bottom"),
        ({"scheme": "three"}, "top middle bottom"),
        ({"scheme": "three", "lead_if_loss": True}, "top middle bottom bottom"),
        ({"scheme": "abc"}, "top middle bottom"),
        ({"scheme": "textbook"}, "top upper middle bottom"),
        ({"scheme": "textbook", "lead_if_loss": True}, "top upper middle bottom bottom"),
    ],
)
def test_classes_of_the_schemes(tiers: Row, classes: str):
    assert list(parse_settings({"tiers": tiers}).tiers.classes.values()) == classes.split()


@pytest.mark.parametrize(
    ("lines", "classes"),
    [
        (1, "top middle"),
        (2, "top middle bottom"),
        (3, "top upper middle bottom"),
        (4, "top upper upper middle bottom"),
        (5, "top upper upper middle middle bottom"),
    ],
)
def test_classes_by_the_number_of_amounts(lines: int, classes: str):
    amounts = {f"tier{place}": 100 - place for place in range(1, lines + 1)}
    found = parse_settings({"tiers": {"scheme": "amounts", "amounts": amounts}}).tiers.classes
    assert list(found) == [f"tier{place}" for place in range(1, lines + 2)]
    assert list(found.values()) == classes.split()


def test_prospects_stand_outside_and_reach_a_tier_by_potential():
    prospects = [
        {"customer_id": "p", "potential_value": 30},
        {"customer_id": "q", "potential_value": 29.99},
        {"customer_id": "r", "potential_value": None},
    ]
    evaluation = evaluated(base({"a": 50, "b": 30, "c": 15, "d": 5}), customers=prospects)
    assert [labels(evaluation, "tier")[name] for name in "pqr"] == [None] * 3
    potential = labels(evaluation, "potential_tier")
    assert (potential["p"], potential["q"], potential["r"], potential["a"]) == ("gold", "iron", "iron", None)
    assert labels(evaluation, "tier_class")["p"] == "upper"


def test_unknown_potential_is_class_middle_in_every_scheme():
    for scheme, middle in {"pyramid": "iron", "two": "iron", "three": "normal", "abc": "b"}.items():
        evaluation = evaluated(base({"a": 1}), {"tiers": {"scheme": scheme}}, customers=[{"customer_id": "p"}])
        assert labels(evaluation, "potential_tier")["p"] == middle


def test_internal_customers_have_no_tier():
    evaluation = evaluated(base({"a": 50, "z": 500}), customers=[{"customer_id": "z", "nature": "internal"}])
    row = of_customer(evaluation.customers, "z")
    assert [row[name] for name in ("tier", "potential_tier", "stage", "strategy")] == [None] * 4
    assert (evaluation.base, evaluation.concentration.total) == (1, money(50))


def test_the_line_above_is_that_of_the_next_tier():
    evaluation = evaluated(base({"a": 50, "b": 30, "c": 15, "d": 5}))
    assert labels(evaluation, "cut_above") == {"a": None, "b": money(50), "c": money(30), "d": money(15)}


def test_lead_by_loss_has_no_line_above():
    rows = base({"a": 50, "b": 30, "c": 20}, {"a": 5, "b": 5, "c": -5})
    assert labels(evaluated(rows, {"tiers": {"lead_if_loss": True}}), "cut_above")["c"] is None


def test_customers_come_largest_first_then_by_id():
    evaluation = evaluated(base({"b": 5, "a": 5, "c": 9}), customers=[{"customer_id": "p"}])
    assert evaluation.customers["customer_id"].to_list() == ["c", "a", "b", "p"]
    assert evaluation.customers.schema["value"] == pl.Int64
