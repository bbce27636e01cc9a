"""The journey: every rule on both sides of its limit, and phases that differ within a stage."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.frames import contact, evaluated, labels, sales
from tests.unit.lifecycle.rows import LONG_FILE, PROSPECT, RETURNED, placed, stage_of, staged


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (("reach", "before"), PROSPECT),
        (("reach", "before"), PROSPECT | {"contacts_made": 0}),
        (("acquire", "before"), PROSPECT | {"contacts_made": 1}),
        (("lapsed", "gone"), {"orders": 3, "silence": 6.0, "recency": 90}),
        (("lapsed", "gone"), {"status": "closed"}),
        # inspire: six purchases, a year, silence of no more than 1.5 …
        (("inspire", "steady"), {"orders": 6}),
        (("retain", "growing"), {"orders": 5}),
        (("inspire", "steady"), {"tenure": 365}),
        (("retain", "steady"), {"tenure": 364}),
        (("inspire", "steady"), {"silence": 1.5}),
        (("retain", "steady"), {"silence": 1.51}),
        (("retain", "steady"), {"silence": None}),
        # … and, where anything is known, one sign of speaking for us
        (("inspire", "steady"), {"recommend": 9.0}),
        (("retain", "steady"), {"recommend": 8.9}),
        (("inspire", "steady"), {"satisfaction": 9.0}),
        (("retain", "steady"), {"satisfaction": 8.9}),
        (("inspire", "steady"), {"recommend": 3.0, "satisfaction": 9.0}),
        (("inspire", "steady"), {"contacts_made": 4}),
        # retain: two purchases
        (("retain", "growing"), {"orders": 2}),
        (("convert", "early"), {"orders": 1}),
        (("convert", "early"), RETURNED),
        (("retain", "falling"), {"silence": 2.0}),
        (("retain", "falling"), {"relative_growth": -0.67, "silence": 1.6}),
        (("inspire", "steady"), {"relative_growth": -0.67}),
        (("retain", "falling"), {"orders": 3, "silence": 6.0, "recency": 90, "open_matters": True}),
        (("retain", "growing"), {"orders": 2, "silence": 2.0}),
        (("convert", "early"), {"orders": None, "tenure": None, "silence": None}),
    ],
)
def test_rules(expected: tuple[str, str], facts: dict[str, Any]):
    assert placed("journey", **facts) == expected


def test_a_referral_inspires_and_none_is_no_sign_against_it():
    others: list[dict[str, Any]] = [
        {"customer_id": "b", "recommend": 2.0},
        {"customer_id": "c", "referred_by": "b"},
        {"customer_id": "d", "recommend": 2.0, "referred_by": "d"},
    ]
    assert staged(*others, model="journey") == [("inspire", "steady"), ("inspire", "steady"), ("retain", "steady")]


def test_where_nothing_is_known_the_share_of_deals_decides():
    # Median of the base (0.1, 0.3, 0.5): 0.3; the customer outside the base counts for nothing.
    shares = {"a": 0.1, "b": 0.3, "c": 0.5, "d": None}
    rows: list[dict[str, Any]] = [{"customer_id": name, "deal_share": share} for name, share in shares.items()]
    rows.append({"customer_id": "internal", "deal_share": 0.9, "in_base": False})
    found = [stage for stage, _ in staged(*rows, model="journey")]
    assert found == ["inspire", "inspire", "retain", "inspire", "retain"]
    assert stage_of({"model": "journey"}, deal_share=0.3, recommend=8.0) == "retain"


def test_in_a_short_file_half_of_it_takes_the_place_of_a_year():
    short = replace(LONG_FILE, as_of=301, span=301)
    found = [stage_of({"model": "journey"}, clock=short, tenure=tenure) for tenure in (150, 151)]
    assert found == ["retain", "inspire"]
    as_long = replace(LONG_FILE, as_of=365, span=365)
    assert [stage_of({"model": "journey"}, clock=as_long, tenure=days) for days in (364, 365)] == ["retain", "inspire"]


def test_every_limit_is_a_setting():
    limits: dict[str, Any] = {
        "model": "journey", "established_from": 3, "loyal_silence": 1.0, "inspire_recommend": 7,
        "inspire_satisfaction": 6, "growing_up_to": 8,
    }  # fmt: skip
    assert stage_of(limits, orders=3) == "inspire"
    assert stage_of(limits, silence=1.1) == "retain"
    assert stage_of(limits, recommend=7) == "inspire"
    assert stage_of(limits, satisfaction=6) == "inspire"
    assert staged({"silence": 1.1, "orders": 8}, **limits) == [("retain", "growing")]
    assert staged({"silence": 1.1, "orders": 9}, **limits) == [("retain", "steady")]


def test_from_rows_to_stages():
    monthly = {day: 1.0 for day in range(0, 901, 30)}
    customers = [{"customer_id": name} for name in ("reached", "met")]
    contacts = [contact("reached", 10, "ad"), contact("met", 10, "ad"), contact("met", 20, "visit")]
    rows = [*sales("loyal", monthly), *sales("new", {890: 1.0})]
    found = evaluated(rows, {"lifecycle": {"model": "journey"}}, customers=customers, contacts=contacts)
    assert labels(found, "stage") == {"loyal": "inspire", "new": "convert", "reached": "reach", "met": "acquire"}
    assert found.stages.select("stage", "customers").rows() == [
        ("reach", 1), ("acquire", 1), ("convert", 1), ("retain", 0), ("inspire", 1), ("lapsed", 0),
    ]  # fmt: skip
