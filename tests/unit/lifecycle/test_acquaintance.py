"""Acquaintance: every rule on both sides of its limit, and phases that differ within a stage."""

from typing import Any

import pytest

from tests.unit.lifecycle.rows import PROSPECT, RETURNED, placed, stage_of


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (("potential", "before"), PROSPECT),
        (("lapsed", "gone"), {"orders": 2, "silence": 4.0, "recency": 90}),
        (("new", "early"), {"orders": 2}),
        (("established", "steady"), {"orders": 3}),
        (("new", "early"), {"tenure": 90}),
        (("established", "steady"), {"tenure": 91}),
        (("new", "early"), RETURNED),
        (("established_loyal", "steady"), {"orders": 6}),
        (("established", "steady"), {"orders": 5}),
        (("established_loyal", "steady"), {"tenure": 365}),
        (("established", "steady"), {"tenure": 364}),
        (("established_loyal", "steady"), {"silence": 1.5}),
        (("established", "steady"), {"silence": 1.51}),
        (("established_loyal", "steady"), {"satisfaction": 8.0}),
        (("established", "steady"), {"satisfaction": 7.9}),
        (("established", "falling"), {"silence": 2.0}),
        (("established", "falling"), {"silence": 1.6, "relative_growth": -0.67}),
        (("established", "falling"), {"recency": 730, "open_matters": True, "silence": 1.9}),
        (("established", "steady"), {"orders": None, "tenure": None, "silence": None}),
    ],
)
def test_rules(expected: tuple[str, str], facts: dict[str, Any]):
    assert placed("acquaintance", **facts) == expected


def test_every_limit_is_a_setting():
    limits = {
        "model": "acquaintance", "introduction_up_to": 1, "introduction_days": 50, "established_from": 3,
        "loyal_silence": 2.5, "loyal_satisfaction": 6, "cooling_silence": 3,
    }  # fmt: skip
    assert [stage_of(limits, orders=n) for n in (1, 2, 3)] == ["new", "established", "established_loyal"]
    assert [stage_of(limits, tenure=days) for days in (49, 50)] == ["new", "established"]
    assert [stage_of(limits, silence=times) for times in (2.5, 2.6)] == ["established_loyal", "established"]
    assert [stage_of(limits, satisfaction=points) for points in (6, 5.9)] == ["established_loyal", "established"]
