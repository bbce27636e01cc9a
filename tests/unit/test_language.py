"""Rules say the same in Narwhals, in Polars' own words, and of arrays."""

from typing import Any

import narwhals
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal, assert_series_equal

from crmdash.engine import collect, lazy
from crmdash.engine.language import is_native, natively, nw, text_of
from crmdash.evaluate import evaluate
from crmdash.labelling import labelled
from crmdash.model import classification, rhythm
from crmdash.rule_settings import PeriodSettings
from crmdash.settings import Settings, parse_settings
from crmdash.ui.cache import sample
from tests.unit.frames import Row
from tests.unit.test_cells import SETTINGS

WINDOW = 365

days = st.one_of(st.none(), st.integers(0, 900))


def customer(orders: int, days: tuple[int | None, int | None, int | None], in_base: bool) -> Row:
    first, further, recency = days
    last = None if first is None or further is None else first + further
    return {"orders": orders, "first_purchase": first, "last_purchase": last, "recency": recency, "in_base": in_base}


customers = st.lists(
    st.builds(customer, st.integers(0, 4), st.tuples(days, days, days), st.booleans()), min_size=1, max_size=30
)
SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("orders", "first_purchase", "last_purchase", "recency"), pl.Int64),
    "in_base": pl.Boolean,
}


@pytest.mark.parametrize("chosen", SETTINGS, ids=str)
def test_everybody_is_labelled_alike_in_both_languages(chosen: Row):
    found = evaluate(sample().summarised(), parse_settings(chosen))
    # The function that is wrapped speaks Narwhals; so do engines beside Polars.
    said: Any = labelled
    assert_frame_equal(said(found.groundwork, found.cuts), said.__wrapped__(found.groundwork, found.cuts))


@given(customers, st.sampled_from([1, 2, 5]), st.sampled_from([1, 7, 60]))
@hypothesis_settings(deadline=None)
def test_arrays_tell_rhythm_and_silence_as_columns_do(rows: list[Row], gaps: int, least: int):
    table, period = pl.DataFrame(rows, schema=SCHEMA), PeriodSettings(pseudo_gaps=gaps, rhythm_floor=least)
    base = rhythm.base_rhythm(lazy(table), WINDOW)
    assert rhythm.base_rhythm_in_memory(table, WINDOW) == base
    told = classification.add_silence(lazy(table), base, Settings(period=period))
    assert_series_equal(
        rhythm.silence_in_memory(table, base, period), collect(told)["silence"], check_exact=True, check_names=False
    )


def test_a_language_is_spoken_until_its_end():
    assert not is_native()
    with pytest.raises(ZeroDivisionError), natively():
        assert is_native()
        assert isinstance(nw.col("orders"), pl.Expr)
        raise ZeroDivisionError
    assert isinstance(nw.col("orders"), narwhals.Expr)


def test_expressions_are_told_apart():
    # The text that Polars shows of the last two is the same.
    def texts() -> list[bytes]:
        tagged = [nw.concat_str(nw.lit(";"), nw.col("tags"), nw.lit(end)) for end in (";", ",")]
        return [text_of(one) for one in (nw.col("orders") >= 2, nw.col("orders") >= 2.0000001, *tagged)]

    with natively():
        assert texts() == texts()
        assert len(set(texts())) == 4
