"""Cells counted in one pass over arrays are those of the customers labelled row by row."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from crmdash.engine import collect, lazy
from crmdash.evaluate import Evaluation, evaluate
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.model.cells import Cell, cells_of, count, decided
from crmdash.model.strategies import decide
from crmdash.model.tally import added_up, amounts_of
from crmdash.scope import Scope
from crmdash.settings import parse_settings
from crmdash.summary import Summary, summarise
from tests.unit.frames import Row, evaluated, sale

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
FILES = ("orders.parquet", "customers.csv", "contacts.csv", "staff.csv")

SETTINGS: list[Row] = [
    {},
    {"tiers": {"measure": "customer_profit"}},
    {"tiers": {"lead_if_loss": True}},
    {"tiers": {"mode": "heads"}},
    {"tiers": {"mode": "score"}},
    {"lifecycle": {"model": "journey"}},
    {"lifecycle": {"model": "acquaintance"}},
    {"lifecycle": {"model": "commercial"}},
    {"lifecycle": {"model": "personal_cycle"}},
    {"flags": {"poor_margin": 90, "upside_breadth": 0.9}},
]


def row_by_row(evaluation: Evaluation) -> Counter[Cell]:
    labelled = lazy(evaluation.customers)
    return Counter(cells_of(collect(count(labelled, evaluation.settings.tiers.measure))))


@pytest.fixture(scope="module")
def sample() -> Summary:
    return summarise(open_dataset([Source.from_path(SAMPLES / name) for name in FILES]).tables)


@pytest.mark.parametrize("chosen", SETTINGS, ids=str)
def test_the_sample_is_counted_as_it_is_labelled(sample: Summary, chosen: Row):
    found = evaluate(sample, parse_settings(chosen))
    assert Counter(found.cells) == row_by_row(found)


def test_so_are_those_looked_at(sample: Summary):
    region = sample.customers["region"].drop_nulls().mode().sort()[0]
    for redraw in (False, True):
        found = evaluate(sample, scope=Scope(region=(region,), redraw=redraw))
        assert Counter(found.cells) == row_by_row(found)
        assert sum(cell.customers for cell in found.cells) == found.customers.filter(~pl.col("internal")).height


def test_one_changed_setting_counts_as_if_nothing_had_been_counted_before(sample: Summary):
    evaluate(sample)
    for chosen in SETTINGS:
        settings = parse_settings(chosen)
        fresh = Summary(
            sample.customers, sample.clock, sample.period, sample.market, sample.issues, sample.rows_after,
            sample.cost_source,
        )  # fmt: skip
        assert Counter(evaluate(sample, settings).cells) == Counter(evaluate(fresh, settings).cells)


@pytest.mark.parametrize("chosen", SETTINGS, ids=str)
def test_rows_asked_for_are_those_of_everybody(sample: Summary, chosen: Row):
    found = evaluate(sample, parse_settings(chosen))
    names = sorted(found.customers.columns)
    some = np.array([5, 0, 3_100, 700, 2_999, 1_234])
    for places in (some, np.arange(len(sample.customers))):
        asked = found.rows(places)
        same = (
            sample.customers["customer_id"][places]
            .to_frame()
            .join(found.customers, on="customer_id", how="left", maintain_order="left")
        )
        assert_frame_equal(asked.select(names), same.select(names))


amounts = st.integers(-50, 50)


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 900), amounts, amounts), min_size=1, max_size=30))
@hypothesis_settings(max_examples=40, deadline=None)
def test_any_orders_are_counted_as_they_are_labelled(rows: list[tuple[str, int, int, int]]):
    found = evaluated([sale(who, day, amount, cost=cost) for who, day, amount, cost in rows])
    assert Counter(found.cells) == row_by_row(found)


def test_large_amounts_are_added_up_exactly():
    worth = [2**60, 2**60 + 1, 2**61 + 3, -(2**60) - 1, 7, None]
    amounts = amounts_of(pl.Series(worth, dtype=pl.Int64))
    keys = np.array([0, 0, 1, 1, 2, 2], np.uint16)
    assert added_up(keys, amounts, 4).tolist() == [2**61 + 1, 2**60 + 2, 7, 0]
    assert added_up(keys, 1, 3).tolist() == [2, 2, 2]
    for wrong in (-1, 3):
        with pytest.raises(IndexError):
            added_up(np.array([0, wrong]), 1, 3)


def test_bits_are_read_as_flags():
    everything: dict[str, Any] = {"poor": 1, "upside": 2, "saturated": 4, "guard": 8}
    everything |= {"loses": 16, "risk": 32, "contested": 64, "fresh": 128}
    for flag, bit in everything.items():
        assert decided("bottom", "gone", bit) == decide("bottom", "gone", {flag})
        assert decided("middle", "steady", bit) == decide("middle", "steady", {flag})
