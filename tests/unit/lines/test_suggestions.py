"""Suggested cut-offs: each with its reason, and settings that do what the sentence says."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.lines import SUGGESTIONS, Suggestion, senior_people, suggestions
from crmdash.phrases import say
from crmdash.rule_settings import ServiceSettings
from crmdash.settings import parse_settings
from tests.unit.frames import Row, evaluated, labels, sale, summarised, tables
from tests.unit.test_properties import files, small, tier_settings

SIZES = {"a": 1_000, "b": 1_100, "c": 900, "d": 100, "e": 110, "f": 90, "g": 10, "h": 11, "i": 9, "j": 0}
BASE = [sale(name, 0, amount, profit=amount / 10 - 5) for name, amount in SIZES.items()]


def suggested(found: Evaluation, seniors: int | None = 1) -> dict[str, Suggestion]:
    made = suggestions(found, seniors)
    assert tuple(item.code for item in made) == SUGGESTIONS
    return {item.code: item for item in made}


def said(item: Suggestion) -> str:
    return say(item.because, Wording("en"))


def accepted(rows: list[Row], item: Suggestion, **more: Any) -> Evaluation:
    assert item.settings is not None
    return evaluate(summarised(rows, **more), item.settings)


def test_natural_breaks_draw_as_many_tiers_as_there_are():
    item = suggested(evaluated(BASE, {"tiers": {"scheme": "three"}}))["natural_breaks"]
    found = accepted(BASE, item)
    assert labels(found, "tier") == dict(zip(SIZES, ["key"] * 3 + ["normal"] * 3 + ["small"] * 4, strict=True))
    assert found.settings.tiers.lines == {"key": 900, "normal": 90}
    assert said(item) == (
        "By size, customers fall into 3 groups that are most alike within; the groups explain 99% of all differences"
        " in size"
    )
    assert item.customers == 2  # by heads, two were key and five normal or key


def test_natural_breaks_leave_lead_to_those_who_lose():
    sizes = {"a": 1_000, "b": 1_100, "c": 100, "d": 110, "e": 10, "f": 11}
    rows = [*(sale(name, 0, amount, profit=1) for name, amount in sizes.items()), sale("g", 0, 9_000, profit=-1)]
    item = suggested(evaluated(rows, {"tiers": {"lead_if_loss": True}}))["natural_breaks"]
    found = accepted(rows, item)
    assert found.settings.tiers.lead_if_loss and found.cuts["iron"] is None
    assert found.tiers.select("tier", "customers").rows() == [("platinum", 2), ("gold", 2), ("iron", 2), ("lead", 1)]


def test_too_few_different_values_or_none_above_zero():
    few = suggested(evaluated([sale("a", 0, 5), sale("b", 0, 5)]))
    assert few["natural_breaks"].settings is None
    assert said(few["natural_breaks"]) == "There are not enough different values to make 4 groups"
    none = suggested(evaluated([sale("a", 0, 0), sale("b", 0, -5)]))
    for code in ("natural_breaks", "capacity"):
        assert none[code].settings is None
        assert said(none[code]) == "No customer has a value above zero, so no line can be suggested"


def test_profit_zero():
    item = suggested(evaluated(BASE))["profit_zero"]
    # g, h, i and j: -4, -3.90, -4.10 and -5.
    assert said(item) == (
        "Customers whose profit is zero or less: 4, together -17.00. They would be heavy lead, whatever they buy"
    )
    found = accepted(BASE, item)
    assert found.settings.tiers.lead_if_loss
    assert found.customers.filter(tier="lead")["customer_id"].sort().to_list() == ["g", "h", "i", "j"]
    before = labels(evaluated(BASE), "tier")
    after = labels(found, "tier")
    assert item.customers == sum(before[name] != after[name] for name in SIZES)


@pytest.mark.parametrize(
    ("rows", "settings", "because"),
    [
        ([sale("a", 0, 5)], {}, "Needs a profit or cost column"),
        ([sale("a", 0, 5, profit=1)], {}, "No customer has a profit of zero or less"),
        (BASE, {"tiers": {"lead_if_loss": True}},
         "Heavy lead already means losing money: 4 customers, together -17.00"),
    ],
)  # fmt: skip
def test_profit_zero_cannot_be_suggested(rows: list[Row], settings: Row, because: str):
    item = suggested(evaluated(rows, settings))["profit_zero"]
    assert (item.settings, said(item)) == (None, because)


def test_capacity_makes_as_many_top_customers_as_people_can_hold():
    settings = {"service": {"span_senior": 2}, "tiers": {"mode": "amount", "amounts": AMOUNTS}}
    item = suggested(evaluated(BASE, settings), 2)["capacity"]
    found = accepted(BASE, item)
    assert found.settings.tiers.lines == {"platinum": 110, "gold": 50, "iron": 10}
    assert found.tiers["customers"][0] == 4
    assert said(item) == "2 senior people can look after 2 customers each, 4 in all; 4 customers reach 110"
    assert item.customers == 3


AMOUNTS = {"platinum": 1_050, "gold": 50, "iron": 10}


def test_lines_below_make_room():
    settings = {"service": {"span_senior": 8}, "tiers": {"mode": "amount", "amounts": AMOUNTS}}
    item = suggested(evaluated(BASE, settings))["capacity"]
    found = accepted(BASE, item)
    assert found.settings.tiers.lines == {"platinum": 10, "gold": 9.9999, "iron": 9.9998}
    assert found.tiers["customers"].to_list() == [8, 0, 0, 2]


def test_equal_customers_stay_together():
    rows = [sale(name, 0, amount) for name, amount in {"a": 9, "b": 7, "c": 7, "d": 3}.items()]
    item = suggested(evaluated(rows, {"service": {"span_senior": 2}}))["capacity"]
    assert accepted(rows, item).tiers["customers"][0] == 1
    tied = [sale(name, 0, 7) for name in "abc"]
    none = suggested(evaluated(tied, {"service": {"span_senior": 2}}))["capacity"]
    assert none.settings is None
    assert said(none) == "The 3 largest customers are equal, and 1 senior people can only hold 2"


def test_room_for_all_takes_everybody_above_zero():
    item = suggested(evaluated(BASE))["capacity"]
    assert accepted(BASE, item).tiers["customers"].to_list() == [9, 0, 0, 1]


@pytest.mark.parametrize(("seniors", "begins"), [(None, "How many senior people"), (0, "Nobody is of the senior")])
def test_capacity_needs_people(seniors: int | None, begins: str):
    item = suggested(evaluated(BASE), seniors)["capacity"]
    assert item.settings is None and said(item).startswith(begins)


def test_a_number_in_the_settings_goes_before_the_staff_table():
    staff = tables([], staff=[{"name": "Li", "grade": "senior"}]).staff
    assert senior_people(ServiceSettings(seniors=3), staff) == 3


def test_senior_people_of_the_staff_table():
    staff = [{"name": "Li", "grade": "senior"}, {"name": "Wu", "grade": "senior"}, {"name": "Xu", "grade": "junior"}]
    assert senior_people(ServiceSettings(), tables([], staff=staff).staff) == 2
    assert senior_people(ServiceSettings(), None) is None


@small
@given(files(), tier_settings(), st.integers(0, 4), st.integers(1, 3))
def test_whatever_is_suggested_can_be_accepted(rows: list[Row], tiers: Row, seniors: int, span: int):
    found = evaluated(rows, {"tiers": tiers, "service": {"span_senior": span}})
    before = labels(found, "tier")
    for item in suggestions(found, seniors):
        assert said(item)
        if item.settings is None:
            continue
        after = accepted(rows, item)
        assert parse_settings(item.settings.model_dump()) == item.settings
        assert sum(before[name] != tier for name, tier in labels(after, "tier").items()) == item.customers
        assert after.settings.tiers.codes == found.settings.tiers.codes or item.code == "profit_zero"
        if item.code == "capacity":
            assert 1 <= after.tiers["customers"][0] <= seniors * span
