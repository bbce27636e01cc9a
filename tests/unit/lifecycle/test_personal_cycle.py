"""The personal cycle: awake or asleep by nothing but the own rhythm."""

from typing import Any

import pytest

from tests.unit.lifecycle.rows import PROSPECT, RETURNED, placed, stage_of, staged


@pytest.mark.parametrize(
    ("expected", "facts"),
    [
        (("prospect", "before"), PROSPECT),
        (("new", "early"), {"orders": 1, "silence": 9.0}),
        (("new", "early"), RETURNED),
        (("active", "steady"), {"silence": 0.99}),
        (("active", "growing"), {"orders": 5}),
        (("active", "steady"), {"orders": 6}),
        (("sleepy", "steady"), {"silence": 1.0}),
        (("sleepy", "steady"), {"silence": 1.99, "orders": 3}),
        (("half_asleep", "falling"), {"silence": 2.0}),
        (("half_asleep", "falling"), {"silence": 2.99}),
        (("asleep", "gone"), {"silence": 3.0}),
        # … whatever the calendar and the file say
        (("active", "steady"), {"recency": 730, "status": "closed"}),
        (("active", "steady"), {"orders": None, "tenure": None, "silence": None}),
    ],
)
def test_rules(expected: tuple[str, str], facts: dict[str, Any]):
    assert placed("personal_cycle", **facts) == expected


def test_every_limit_is_a_setting():
    limits: dict[str, Any] = {
        "model": "personal_cycle",
        "sleepy_from": 1.5,
        "half_asleep_from": 3,
        "asleep_from": 5,
        "growing_up_to": 9,
    }
    found = [stage_of(limits, silence=times) for times in (1.4, 1.5, 3, 5)]
    assert found == ["active", "sleepy", "half_asleep", "asleep"]
    assert staged({"orders": 9}, **limits) == [("active", "growing")]
