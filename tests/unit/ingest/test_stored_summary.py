"""A stored summary opened again: the same customers and clock, whatever wrote it, and what cannot be opened."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from crmdash.cli import main
from crmdash.engine_runs import store_summary
from crmdash.errors import SettingsError
from crmdash.evaluate import evaluate
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source, sources_at
from crmdash.rule_settings import PeriodSettings
from crmdash.summary import Summary
from crmdash.summary.stored import NOTE

ORDERS = b"""customer_id,date,amount,profit
A,2024-01-05,100,20
A,2024-03-05,50.25,5
B,2023-02-01,70,-7
C,2024-06-30,10,1
"""


@pytest.fixture
def summary() -> Summary:
    return open_dataset([Source("orders.csv", ORDERS)]).summarised()


@pytest.fixture
def stored(summary: Summary, tmp_path: Path) -> Path:
    path = tmp_path / "customers.parquet"
    store_summary(summary, str(path))
    return path


@pytest.mark.parametrize("source", [Source.at, Source.from_path], ids=["at its path", "in memory"])
def test_it_opens_as_it_was(stored: Path, summary: Summary, source: type):
    dataset = open_dataset([source(stored)])
    assert dataset.usable and not dataset.issues
    again = dataset.summarised()
    assert again.customers.equals(summary.customers.select(again.customers.columns))
    assert set(again.customers.columns) == set(summary.customers.columns)
    assert (again.clock, again.market, again.cost_source) == (summary.clock, summary.market, summary.cost_source)
    assert evaluate(again).tiers.equals(evaluate(summary).tiers)
    assert dataset.rows == dataset.rows_used == 3


@pytest.mark.parametrize("other", [{"window": 30}, {"value_months": 12}, {"hourly_cost": 40}], ids=str)
def test_it_is_of_one_period(stored: Path, summary: Summary, other: dict[str, int]):
    dataset, asked = open_dataset([Source.at(stored)]), PeriodSettings.model_validate({"pseudo_gaps": 5, **other})
    with pytest.raises(SettingsError, match="another day, window or value period"):
        dataset.summarised(asked)
    held = dataset.held_period(asked)
    assert held == PeriodSettings(pseudo_gaps=5)
    assert dataset.summarised(held).customers.equals(summary.customers.select(dataset.summarised().customers.columns))


def test_it_is_of_one_day(stored: Path, summary: Summary):
    dataset, last = open_dataset([Source.at(stored)]), summary.clock.as_of
    assert last is not None
    assert last == (date(2024, 6, 30) - date(1970, 1, 1)).days
    assert dataset.summarised(as_of=last).clock == summary.clock
    with pytest.raises(SettingsError, match="another day"):
        dataset.summarised(as_of=last - 90)
    assert not dataset.goes_back


def test_with_the_order_lines_every_period_and_day_can_be_had():
    dataset = open_dataset([Source("orders.csv", ORDERS)])
    asked = PeriodSettings(window=30, value_months=12, hourly_cost=40)
    assert dataset.held_period(asked) == asked
    assert dataset.goes_back


def test_what_is_only_known_of_an_earlier_day_stays_unknown(tmp_path: Path):
    sample = Path(__file__).resolve().parents[3] / "data" / "samples" / "orders.parquet"
    stored, out = str(tmp_path / "customers.parquet"), tmp_path / "out"
    assert main(["summarise", str(sample), "--out", stored]) == 0
    assert main(["evaluate", stored, "--out", str(out)]) == 0
    systems = json.loads((out / "summary.json").read_text(encoding="utf-8"))["systems"]
    warned, indicators, cycle = (systems[code] for code in ("early_warning", "five_indicators", "personal_cycle"))
    assert {"hit_rate", "base_rate", "alerted_then"}.isdisjoint(
        name for name, told in warned.items() if told is not None
    )
    assert (indicators["risen"], indicators["fallen"]) == (None, None)
    assert (cycle.get("moved"), cycle["flows"]) == (None, [])
    assert main(["evaluate", stored, "--as-of", "2025-09-30", "--out", str(out)]) == 2


def test_rows_in_any_order_are_put_in_order(stored: Path, summary: Summary):
    pl.read_parquet(stored).reverse().write_parquet(stored)
    assert open_dataset([Source.at(stored)]).summarised().customers["customer_id"].to_list() == ["A", "B", "C"]


@pytest.mark.parametrize(
    "broken",
    [
        lambda frame: frame.with_columns(pl.lit('{"version": 99}').alias(NOTE)),
        lambda frame: frame.drop("in_base"),
        lambda frame: pl.concat([frame, frame.head(1)]),
        lambda frame: frame.with_columns(pl.concat_str(NOTE, "customer_id").alias(NOTE)),
    ],
    ids=["another version", "a column missing", "a customer twice", "rows of several summaries"],
)
def test_what_is_no_summary_is_refused(stored: Path, broken):
    broken(pl.read_parquet(stored)).write_parquet(stored)
    dataset = open_dataset([Source.at(stored)])
    assert not dataset.usable
    assert "summary_unreadable" in [issue.code for issue in dataset.issues]


def parts_of(stored: Path, folder: Path) -> Path:
    """Write a stored summary as a cluster does: a folder of files, in no order, and of what is none."""
    whole = pl.read_parquet(stored)
    folder.mkdir()
    for name in ("_SUCCESS", ".part-00000.parquet.crc", "_temporary.parquet"):
        (folder / name).touch()
    for number, part in enumerate((whole[[2]], whole[[1, 0]])):
        part.write_parquet(folder / f"part-0000{number}.parquet")
    return folder


def test_parts_of_one_summary_are_that_summary(stored: Path, summary: Summary, tmp_path: Path):
    dataset = open_dataset(sources_at(parts_of(stored, tmp_path / "customers")))
    assert [file.name for file in dataset.files] == ["part-00000.parquet", "part-00001.parquet"]
    assert not dataset.issues
    again = dataset.summarised()
    assert again.customers.equals(open_dataset([Source.at(stored)]).summarised().customers)
    assert (again.clock, again.market, again.cost_source) == (summary.clock, summary.market, summary.cost_source)


def test_a_part_of_another_summary_is_none_of_this_one(stored: Path, summary: Summary, tmp_path: Path):
    folder = parts_of(stored, tmp_path / "customers")
    other = replace(summary, customers=summary.customers.head(1), clock=replace(summary.clock, window=30))
    store_summary(other, str(folder / "part-00000.parquet"))
    assert open_dataset(sources_at(folder)).summary is None


def test_a_customer_in_two_parts_is_no_summary(stored: Path, tmp_path: Path):
    folder = parts_of(stored, tmp_path / "customers")
    pl.read_parquet(stored)[[0]].write_parquet(folder / "part-00002.parquet")
    assert open_dataset(sources_at(folder)).summary is None


def test_a_folder_without_parquet_files(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="No Parquet file"):
        sources_at(tmp_path)


def test_a_folder_on_the_command_line(stored: Path, tmp_path: Path):
    folder = parts_of(stored, tmp_path / "customers")
    assert main(["evaluate", str(stored), "--out", str(tmp_path / "one")]) == 0
    assert main(["evaluate", str(folder), "--out", str(tmp_path / "many")]) == 0
    assert (tmp_path / "one" / "customers.csv").read_bytes() == (tmp_path / "many" / "customers.csv").read_bytes()
