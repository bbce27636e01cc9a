"""The policy as a table gives every customer the hours that the rules give."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.engine import collect, lazy
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.tiers import CLASSES
from crmdash.model.visit_policy import VisitPolicy, yearly_orders
from crmdash.model.visits import add_visit_hours
from crmdash.settings import parse_settings
from tests.unit.frames import DEFAULTS, Row

SCHEMA = {
    "in_base": pl.Boolean, "tier_class": pl.String, "phase": pl.String, "strategy": pl.String, "orders": pl.Int64,
    "tenure": pl.Int64,
}  # fmt: skip

customers = st.fixed_dictionaries(
    {
        "in_base": st.just(True),
        "tier_class": st.sampled_from(CLASSES),
        "phase": st.sampled_from((*PHASES, None)),
        "strategy": st.sampled_from(("win_back", "protect", None)),
        "orders": st.none() | st.integers(0, 400),
        "tenure": st.none() | st.integers(0, 2_000),
    }
)
services = st.fixed_dictionaries(
    {}, optional={"visits_middle": st.integers(0, 104), "travel_minutes": st.integers(0, 60),
                  "contacts_gone": st.integers(0, 12), "factor_early": st.sampled_from([0.5, 1.3])},
)  # fmt: skip


def wanted(frame: pl.DataFrame, settings: Any = DEFAULTS) -> list[float]:
    classes = np.array([CLASSES.index(code) for code in frame["tier_class"]])
    phases = np.array([-1 if code is None else PHASES.index(code) for code in frame["phase"]])
    won_back = np.array([int(code == "win_back") for code in frame["strategy"]])
    return list(VisitPolicy.of(settings).wanted(classes, phases, won_back, yearly_orders(frame)))


def test_small_customers_get_no_more_visits_than_they_order():
    rows = [
        {"in_base": True, "tier_class": tier_class, "phase": "steady", "strategy": "keep", "orders": 2, "tenure": 365}
        for tier_class in ("upper", "middle")
    ]
    # The upper class gets its ten visits (12 x 0.8) of 85 minutes, the middle one two of 70 instead of three.
    assert wanted(pl.DataFrame(rows, schema=SCHEMA)) == pytest.approx([10 * 85 / 60, 2 * 70 / 60])


def test_without_orders_the_policy_is_not_held_down():
    row = {"in_base": True, "tier_class": "middle", "phase": None, "strategy": None}
    frame = pl.DataFrame([row], schema={name: SCHEMA[name] for name in row})
    assert wanted(frame) == pytest.approx([4 * 70 / 60])


@given(st.lists(customers, min_size=1, max_size=12), services)
def test_it_is_what_the_rules_say(rows: list[Row], service: Row):
    settings, frame = parse_settings({"service": service}), pl.DataFrame(rows, schema=SCHEMA)
    expected = collect(add_visit_hours(lazy(frame), settings))["wanted"].to_list()
    assert np.allclose(wanted(frame, settings), expected, rtol=0, atol=1e-12)
