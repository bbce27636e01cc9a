"""The margin at a line: a tier is kept until the value has passed the line by so much of the line."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.model.movement import Lines, Standing, cause
from crmdash.settings import parse_settings

AMOUNTS = parse_settings({"tiers": {"scheme": "amounts", "amounts": {"tier1": 100, "tier2": 50}}})
LINES = Lines({"tier1": 100, "tier2": 50, "tier3": None}, AMOUNTS)
TWO = parse_settings({"tiers": {"scheme": "amounts", "amounts": {"tier1": 100}}})
LOSS = parse_settings({"tiers": {"scheme": "amounts", "amounts": {"tier1": 100}, "lead_if_loss": True}})


def asked(expression: pl.Expr) -> object:
    return pl.select(expression).item()


def kept(previous: int | None, value: int | None, margin: int = 5, lines: Lines = LINES, loses: bool = False) -> object:
    was, worth = pl.lit(previous, pl.Int8), pl.lit(value, pl.Int64)
    return asked(lines.kept(was, worth, pl.lit(loses), margin))


@pytest.mark.parametrize(
    ("previous", "value", "place"),
    [
        (0, 95, 0),
        (0, 94, 1),
        (1, 104, 1),
        (1, 105, 0),
        (0, 47, 2),
        (0, 48, 1),
        (1, 48, 1),
        (2, 52, 2),
        (2, 53, 1),
        (2, 300, 0),
        (None, 100, 0),
        (None, 99, 1),
        (1, None, 2),
    ],
)
def test_a_tier_is_kept_until_its_line_is_passed_by_the_margin(previous: int | None, value: int | None, place: int):
    assert kept(previous, value) == place


def test_a_line_below_zero_has_a_margin_of_its_own_height():
    below = Lines({"tier1": -100, "tier2": None}, TWO)
    assert [kept(0, value, lines=below) for value in (-105, -106)] == [0, 1]
    assert [kept(1, value, lines=below) for value in (-95, -96)] == [0, 1]


def test_lead_has_no_margin():
    lines = Lines({"tier1": 100, "tier2": None, "lead": None}, LOSS)
    assert kept(0, 300, lines=lines, loses=True) == 2
    assert kept(2, 300, lines=lines) == 0
    assert kept(2, 10, lines=lines) == 1
    assert lines.lead == 2


@given(
    st.integers(-(10**9), 10**9),
    st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=2, unique=True),
    st.integers(0, 2),
    st.integers(0, 20),
)
def test_the_kept_tier_lies_between_what_the_margin_allows(value: int, cuts: list[int], previous: int, margin: int):
    high, low = max(cuts), min(cuts)
    lines = Lines({"tier1": high, "tier2": low, "tier3": None}, AMOUNTS)
    now = kept(previous, value, margin, lines)
    plain = asked(lines.place(pl.lit(value, pl.Int64), pl.lit(False)))
    assert kept(previous, value, 0, lines) == plain
    assert isinstance(now, int) and isinstance(plain, int)
    assert min(previous, plain) <= now <= max(previous, plain)
    assert kept(now, value, margin, lines) == now
    if margin * abs(high) // 100 < abs(value - high) and margin * abs(low) // 100 < abs(value - low):
        assert now == plain


def why(previous: int | None, before: int, now: int, cut_before: int, cut_now: int) -> object:
    then, today = Lines({"tier1": cut_before, "tier2": None}, TWO), Lines({"tier1": cut_now, "tier2": None}, TWO)
    frame = pl.DataFrame({"was": [previous], "then": [before], "now": [now]}, schema_overrides={"was": pl.Int8})
    was = pl.col("was")
    place = today.kept(was, pl.col("now"), pl.lit(False), 5)
    told = cause(
        place, was, (today, Standing(pl.col("now"), pl.lit(False))), (then, Standing(pl.col("then"), pl.lit(False))), 5
    )
    return frame.select(told).item()


def test_why_a_customer_moved():
    assert why(None, 0, 100, 100, 100) == "new"
    assert why(1, 50, 120, 100, 100) == "grew"
    assert why(1, 90, 90, 100, 80) == "line_fell"
    assert why(1, 90, 100, 100, 95) == "grew_and_line_fell"
    assert why(0, 120, 80, 100, 100) == "shrank"
    assert why(0, 120, 130, 100, 200) == "line_rose"
    assert why(0, 100, 97, 100, 105) == "shrank_and_line_rose"
    assert why(0, 120, 110, 100, 100) is None
