"""Lines told before are those that would be told anew, wherever tier lines were moved meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash import reason_line as told_by
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.model.reasons import Customer, Rulebook
from crmdash.reason_line import ReasonLines, reason_line
from crmdash.settings import parse_settings
from tests.unit.frames import Row, sale, summarised
from tests.unit.test_properties import files, profiles, small, tier_settings

EN = Wording("en")


def lines_of(found: Evaluation, told: ReasonLines) -> dict[str, str]:
    return {row["customer_id"]: told.of(row, found.rulebook, EN) for row in found.customers.iter_rows(named=True)}


def test_only_who_changed_is_told_anew(monkeypatch: pytest.MonkeyPatch):
    summary = summarised([sale("a", 0, 500), sale("b", 0, 350), sale("c", 0, 50)])
    before, now = (
        evaluate(summary, parse_settings({"tiers": {"mode": "amount", "amounts": {"platinum": line, "gold": 100}}}))
        for line in (300, 400)
    )
    anew: list[str] = []

    def noted(row: Customer, rules: Rulebook, wording: Wording) -> str:
        anew.append(row["customer_id"])
        return reason_line(row, rules, wording)

    monkeypatch.setattr(told_by, "reason_line", noted)
    told = ReasonLines()
    first = lines_of(before, told)
    assert anew == ["a", "b", "c"]
    second = lines_of(now, told)
    assert anew == ["a", "b", "c", "b"]
    assert {name for name, line in second.items() if line != first[name]} == {"b"}
    assert second["b"].startswith("Gold, 350 ·")


def test_no_more_lines_are_kept_than_some_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(told_by, "MANY", 2)
    found = evaluate(summarised([sale(name, 0, 10) for name in "abc"]))
    told = ReasonLines()
    assert lines_of(found, told) == lines_of(found, told)
    assert len(told._told) <= 2


@small
@given(files(), profiles(), st.lists(tier_settings(), min_size=2, max_size=3))
def test_they_are_what_would_be_told_anew(rows: list[Row], customers: list[Row], tiers: list[Row]):
    summary, told = summarised(rows, customers=customers), ReasonLines()
    for chosen in tiers:
        found = evaluate(summary, parse_settings({"tiers": chosen}))
        assert lines_of(found, told) == lines_of(found, ReasonLines())
        expected = {
            row["customer_id"]: reason_line(row, found.rulebook, EN) for row in found.customers.iter_rows(named=True)
        }
        assert lines_of(found, told) == expected
