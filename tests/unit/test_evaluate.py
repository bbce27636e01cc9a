"""The whole evaluation: measures it needs, what it finds, and files at the edge."""

import pytest

from crmdash.errors import SettingsError
from tests.unit.frames import evaluated, labels, money, sale, sales

ROWS = [*sales("a", {0: 60, 400: 40}, profit=10), sale("b", 400, 50, profit=-5)]


@pytest.mark.parametrize("tiers", [{"measure": "gross_profit"}, {"measure": "customer_profit"}, {"lead_if_loss": True}])
def test_a_measure_that_the_data_lacks_is_refused(tiers: dict[str, object]):
    with pytest.raises(SettingsError, match="profit"):
        evaluated(sales("a", {0: 1, 9: 1}), {"tiers": tiers})


def test_customers_without_any_amount_are_refused():
    with pytest.raises(SettingsError, match="revenue"):
        evaluated(customers=[{"customer_id": "a", "orders": 3}])


def test_the_measure_orders_customers_and_feeds_every_table():
    found = evaluated(ROWS, {"tiers": {"measure": "customer_profit"}})
    assert labels(found, "value") == {"a": money(20), "b": money(-5)}
    assert (found.concentration.total, found.tiers["value"].sum(), found.stages["value"].sum()) == (money(15),) * 3


def test_the_whale_is_of_customer_profit_whatever_the_measure():
    found = evaluated(ROWS)
    assert found.whale is not None
    assert (found.whale.total, found.whale.peak_at, found.whale.loss_makers) == (money(15), 1, 1)
    assert found.whale.profit_destroyed == money(-5)
    assert found.whale.peak_share == pytest.approx(20 / 15)


def test_without_profit_there_is_no_whale():
    found = evaluated(sales("a", {0: 1, 9: 1}))
    assert (found.whale, found.profits) == (None, None)


def test_without_profit_only_re_engineer_and_losses_are_out_of_reach():
    found = evaluated(sales("a", {0: 1, 9: 1}))
    assert not any(found.customers[flag].any() for flag in ("loses", "poor", "risk"))


def test_what_gini_leaves_out_is_an_issue():
    found = evaluated([*ROWS, sale("c", 400, -1, profit=0)])
    assert [(issue.code, issue.count) for issue in found.issues] == [("gini_left_out", 1)]


def test_one_customer_with_one_row():
    found = evaluated([sale("a", 10, 25)])
    assert (labels(found, "tier"), labels(found, "stage"), labels(found, "strategy")) == (
        {"a": "platinum"},
        {"a": "exploration"},
        {"a": "start"},
    )
    assert (found.base, found.base_rhythm) == (1, 91.25)
    assert found.concentration.gini == pytest.approx(0)


def test_before_the_first_row_the_base_is_empty():
    found = evaluated(ROWS, as_of=-1, customers=[{"customer_id": "p"}])
    assert (found.base, found.concentration.top20_share, found.concentration.total) == (0, None, 0)
    assert labels(found, "stage") == {"p": "prospect"}
    assert found.tiers["cut"].to_list() == [None] * 4


def test_a_file_of_internal_customers_only_has_an_empty_base():
    found = evaluated(ROWS, customers=[{"customer_id": name, "nature": "internal"} for name in "ab"])
    assert (found.base, found.strategies["customers"].sum(), found.stages["customers"].sum()) == (0, 0, 0)
