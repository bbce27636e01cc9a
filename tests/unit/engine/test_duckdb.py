"""DuckDB gives what Polars gives, from the same files."""

from pathlib import Path

import polars as pl
import pytest

from crmdash.cli import main
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from tests.unit.engine.compared import ORDERS, SAMPLE, clean, customers_of, evaluated, here, tables_of


def test_the_sample(tmp_path: Path):
    tables, customers = here(SAMPLE)
    assert tables_of(evaluated(SAMPLE, tmp_path, "--engine", "duckdb")) == tables
    assert customers_of(tmp_path).equals(customers)


@pytest.mark.parametrize(
    "settings",
    [
        '{"lifecycle": {"model": "journey"}}',
        '{"tiers": {"measure": "customer_profit", "mode": "score", "lead_if_loss": true}}',
        '{"lifecycle": {"model": "personal_cycle"}, "tiers": {"mode": "heads"}}',
    ],
    ids=["journey", "profit", "heads"],
)
def test_other_settings(settings: str, tmp_path: Path):
    chosen = tmp_path / "S.json"
    chosen.write_text(settings, encoding="utf-8")
    there = evaluated(SAMPLE, tmp_path / "there", "--settings", str(chosen), "--engine", "duckdb")
    assert tables_of(there) == here(SAMPLE, settings)[0]


def test_superstore_from_its_csv(shared_datasets: Path, tmp_path: Path):
    files = (str(shared_datasets / "superstore" / "superstore.csv"),)
    tables, customers = here(files)
    assert tables_of(evaluated(files, tmp_path, "--engine", "duckdb")) == tables
    assert customers_of(tmp_path).equals(customers)


def test_cdnow(shared_datasets: Path, tmp_path: Path):
    files = (clean(shared_datasets / "cdnow" / "CDNOW_master.txt", tmp_path),)
    assert tables_of(evaluated(files, tmp_path / "there", "--engine", "duckdb")) == here(files)[0]


def test_as_of_an_earlier_day(tmp_path: Path):
    there = evaluated(ORDERS, tmp_path, "--as-of", "2025-12-31", "--engine", "duckdb")
    assert tables_of(there) == here(ORDERS, as_of="2025-12-31")[0]


@pytest.mark.parametrize("written_by", ["polars", "duckdb"])
def test_a_stored_summary_evaluates_as_its_order_lines_do(written_by: str, tmp_path: Path):
    stored = str(tmp_path / "customers.parquet")
    assert main(["summarise", *SAMPLE, "--engine", written_by, "--out", stored]) == 0
    there = tables_of(evaluated((stored,), tmp_path / "there", "--engine", "duckdb"))
    of_lines = {name: there[name] for name in ("rows", "rows_used", "rows_set_aside")}
    assert there == here(SAMPLE)[0] | of_lines


def test_what_an_evaluation_has_written_opens_as_its_summary(tmp_path: Path):
    stored, first, again = (str(tmp_path / name) for name in ("stored.parquet", "first", "again"))
    assert main(["summarise", *SAMPLE, "--engine", "duckdb", "--out", stored]) == 0
    tables = tables_of(evaluated((stored,), Path(first), "--engine", "duckdb"))
    written = str(Path(first) / "customers.parquet")
    assert tables_of(evaluated((written,), Path(again), "--engine", "duckdb")) == tables
    opened, plain = (open_dataset([Source.at(file)]) for file in (written, stored))
    assert opened.customers is not None and plain.customers is not None
    assert opened.customers.equals(plain.customers)
    assert opened.summary is not None and plain.summary is not None
    assert opened.summary.customers.equals(plain.summary.customers.select(opened.summary.customers.columns))


def test_a_stored_summary_is_of_one_period(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    stored, settings = str(tmp_path / "customers.parquet"), tmp_path / "S.json"
    settings.write_text('{"period": {"window": 180}}', encoding="utf-8")
    assert main(["summarise", *ORDERS, "--out", stored]) == 0
    more = ["--engine", "duckdb", "--settings", str(settings), "--out", str(tmp_path)]
    assert main(["evaluate", stored, *more]) == 2
    assert "summarise again" in capsys.readouterr().err


def test_rows_that_do_not_hold_are_counted_and_left_out(tmp_path: Path):
    file = tmp_path / "orders.csv"
    lines = ["customer_id;order_date;amount;quantity"]
    lines += [f"c{number % 7};{number % 28 + 1}.{number % 12 + 1}.2025;{number},5;{number}" for number in range(40)]
    lines += ["c1;31.2.2025;4,00;1", ";1.2.2025;4,00;1", "c1;1.2.2025;about 4;1", "c2;1.2.2025;4,12345;many"]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ("--option", "delimiter=;", "--option", "date_order=dmy", "--option", "decimal=,")
    tree = evaluated((str(file),), tmp_path / "out", "--engine", "duckdb", *options)
    assert (tree["rows"], tree["rows_used"], tree["rows_set_aside"]) == (44, 41, 3)
    told = {(issue["code"], issue["column"]): issue["count"] for issue in tree["issues"]}
    assert {key: told[key] for key in told if key[0] in ("rows_left_out", "cells_left_out", "amounts_rounded")} == {
        ("rows_left_out", "customer_id"): 1,
        ("rows_left_out", "date"): 1,
        ("rows_left_out", "amount"): 1,
        ("cells_left_out", "quantity"): 1,
        ("amounts_rounded", "amount"): 1,
    }


def test_a_file_without_orders_or_customers_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = tmp_path / "weather.parquet"
    pl.DataFrame({"rain": [1.5, 2.5], "wind": [3, 4]}).write_parquet(file)
    assert main(["evaluate", str(file), "--engine", "duckdb", "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["summarise", "nowhere.parquet", "--engine", "duckdb", "--out", str(tmp_path / "out")]) == 2
    assert "nowhere.parquet" in capsys.readouterr().err


def test_rows_set_aside_stay_on_the_engine(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    more = ["--engine", "duckdb", "--set-aside", str(tmp_path / "aside.csv"), "--out", str(tmp_path)]
    assert main(["evaluate", *ORDERS, *more]) == 2
    assert "--set-aside" in capsys.readouterr().err
