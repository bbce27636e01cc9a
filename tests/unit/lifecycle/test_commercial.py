"""The commercial lifecycle: every rule on both sides of its limit, and which rule goes first."""

from typing import Any

import pytest

from tests.unit.lifecycle.rows import PROSPECT, RETURNED, placed, stage_of


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (("prospect", "before"), PROSPECT),
        (("ended", "gone"), {"orders": 3, "silence": 6.0, "recency": 90}),
        (("ended", "gone"), {"orders": 1, "silence": 4.0, "recency": 90}),
        (("ended", "gone"), {"recency": 730}),
        # decline: three purchases or more and late, or a share down by a third, or unsettled, or satisfaction of 5
        (("decline", "falling"), {"silence": 2.0}),
        (("maturity", "steady"), {"silence": 1.99}),
        (("introduction", "early"), {"orders": 2, "silence": 2.0}),
        (("decline", "falling"), {"relative_growth": -0.4}),
        (("maturity", "steady"), {"relative_growth": -0.39}),
        (("maturity", "steady"), {"relative_growth": -0.4, "orders_before": 2}),
        (("introduction", "early"), {"orders": 2, "relative_growth": -0.4}),
        (("decline", "falling"), {"recency": 730, "open_matters": True}),
        (("decline", "falling"), {"satisfaction": 5.0}),
        (("maturity", "steady"), {"satisfaction": 5.1}),
        (("decline", "falling"), {"orders": 1, "satisfaction": 5.0}),
        # introduction: up to two purchases, or less than 91 days
        (("introduction", "early"), {"orders": 2}),
        (("maturity", "steady"), {"orders": 3}),
        (("introduction", "early"), {"tenure": 90}),
        (("growth", "growing"), {"tenure": 91}),
        (("introduction", "early"), RETURNED),
        # growth: less than a year, or a share that grows by a fifth
        (("growth", "growing"), {"tenure": 364}),
        (("maturity", "steady"), {"tenure": 365}),
        (("growth", "growing"), {"relative_growth": 0.2}),
        (("maturity", "steady"), {"relative_growth": 0.19}),
        (("maturity", "steady"), {"relative_growth": 0.2, "orders_before": 2}),
        # what is missing never counts as evidence
        (("maturity", "steady"), {"orders": None, "tenure": None, "silence": None}),
    ],
)
def test_rules(expected: tuple[str, str], facts: dict[str, Any]):
    assert placed("commercial", **facts) == expected


def test_every_limit_is_a_setting():
    limits = {
        "model": "commercial", "decline_growth": -0.2, "decline_satisfaction": 7, "introduction_up_to": 4,
        "introduction_days": 200, "growth_days": 500, "growth_from": 0.1, "cooling_silence": 3,
    }  # fmt: skip
    assert stage_of(limits, relative_growth=-0.2) == "decline"
    assert stage_of(limits, satisfaction=7) == "decline"
    assert stage_of(limits, orders=4) == "introduction"
    assert stage_of(limits, tenure=199) == "introduction"
    assert [stage_of(limits, tenure=days) for days in (499, 500)] == ["growth", "maturity"]
    assert stage_of(limits, relative_growth=0.1) == "growth"
    assert stage_of(limits, silence=2.9) == "maturity"
