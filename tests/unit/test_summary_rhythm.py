"""Rhythm, silence, the next order due, and who came back of late."""

import polars as pl
import pytest

from crmdash.model.rhythm import recovered
from tests.unit.frames import computed, evaluated, labels, of_customer, sales


def test_the_base_rhythm_is_the_median_gap_of_those_with_two_purchases():
    # Mean gaps: a 30, b (0, 10, 20 -> 10), c 40; d bought once. Median 30.
    rows = [*sales("a", {0: 1, 30: 1}), *sales("b", {0: 1, 10: 1, 20: 1}), *sales("c", {10: 1, 50: 1})]
    evaluation = evaluated([*rows, *sales("d", {100: 1})])
    assert evaluation.base_rhythm == 30
    # r = (3 b + span) / (3 + n - 1): a (90 + 30) / 4, b (90 + 20) / 5, c (90 + 40) / 4, d 90 / 3.
    assert labels(evaluation, "rhythm") == pytest.approx({"a": 30, "b": 22, "c": 32.5, "d": 30})
    # T = 100.
    assert labels(evaluation, "silence") == pytest.approx({"a": 70 / 30, "b": 80 / 22, "c": 50 / 32.5, "d": 0})


def test_without_repeaters_it_is_a_quarter_of_the_window():
    evaluation = evaluated([*sales("a", {0: 1}), *sales("b", {50: 1})], {"period": {"window": 100}})
    assert evaluation.base_rhythm == 25
    assert labels(evaluation, "rhythm") == {"a": 25, "b": 25}


def test_the_rhythm_has_a_floor_of_a_week():
    rows = sales("a", {day: 1 for day in range(10)})
    assert labels(evaluated(rows), "rhythm") == {"a": 7}


def test_pseudo_gaps_and_floor_are_settings():
    rows = [*sales("a", {0: 1, 30: 1}), *sales("b", {0: 1, 10: 1})]
    evaluation = evaluated(rows, {"period": {"pseudo_gaps": 1, "rhythm_floor": 20}})
    # b = 20; a (20 + 30) / 2 = 25, b (20 + 10) / 2 = 15, floored at 20.
    assert labels(evaluation, "rhythm") == pytest.approx({"a": 25, "b": 20})


def test_internal_customers_do_not_set_the_rhythm():
    rows = [*sales("a", {0: 1, 30: 1}), *sales("z", {0: 1, 500: 1}), *sales("y", {0: 1, 500: 1})]
    internal = [{"customer_id": name, "nature": "internal"} for name in "yz"]
    assert evaluated(rows, customers=internal).base_rhythm == 30


def test_rhythm_and_silence_are_missing_without_a_purchase():
    evaluation = evaluated([*sales("a", {0: -5}), *sales("b", {9: 1, 19: 1})], customers=[{"customer_id": "p"}])
    assert labels(evaluation, "rhythm") == {"a": None, "b": 10, "p": None}
    assert labels(evaluation, "silence")["a"] is None


def test_the_next_order_is_due_one_rhythm_after_the_last():
    rows = [*sales("a", {0: 1, 30: 1}), *sales("b", {0: 1})]
    evaluation = evaluated(rows)
    assert of_customer(evaluation.customers, "a")["next_order_due"] == 60
    assert of_customer(evaluation.customers, "b")["next_order_due"] is None


@pytest.mark.parametrize(
    ("last_gap", "silence", "recency", "back"),
    [(60, 1.4, 91, True), (59, 1.4, 91, False), (60, 1.5, 91, False), (60, 1.4, 92, False), (None, 1.4, 91, False)],
)
def test_recovered_means_back_of_late_after_a_long_gap(last_gap: int | None, silence: float, recency: int, back: bool):
    # Rhythm 30, cooling at twice that, a quarter of W = 91 days.
    summary = evaluated(sales("a", {0: 1, 30: 1}))
    facts = summary.customers.with_columns(last_gap=_int(last_gap), silence=silence, recency=_int(recency))
    found = computed(facts, back=recovered(2.0, summary.clock))["back"].fill_null(False).to_list()
    assert found == [back]


def _int(value: int | None) -> pl.Expr:
    return pl.lit(value, pl.Int64)
