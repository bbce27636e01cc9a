"""Clean files of order lines: scanned in their own types, and the same as read the thorough way."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from benchmarks.order_lines import write_order_lines
from crmdash.cli import main
from crmdash.engine import collect
from crmdash.ingest.clean import scan_clean
from crmdash.ingest.clean_checks import CleanLines, open_clean
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.options import Mapping, Options
from crmdash.ingest.raw import Source

LINES: dict[str, Sequence[object]] = {
    "customer_id": ["a", "a", "b"],
    "date": [date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 2)],
    "amount": [10.5, -2.25, 0.1],
    "cost": [8.0, None, 0.05],
    "category": ["food", None, "tea"],
}


def written(folder: Path, name: str = "orders.parquet", **columns: Sequence[object]) -> Path:
    """Write `LINES` with other or more columns."""
    path, frame = folder / name, pl.DataFrame(LINES | columns)
    if path.suffix == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path)
    return path


def agrees(path: Path) -> CleanLines:
    """Hold a clean file against the thorough reading of the same file."""
    found, thorough = open_clean(path), open_dataset([Source.from_path(path)])
    assert found is not None
    assert thorough.transactions is not None
    assert found.tables.transactions is not None
    assert_frame_equal(collect(found.tables.transactions), thorough.transactions)
    assert (found.issues, found.rows) == (thorough.issues, thorough.rows_used)
    return found


@pytest.mark.parametrize("name", ["orders.parquet", "orders.csv"])
def test_clean_lines_are_those_of_the_thorough_reading(tmp_path, name):
    write_order_lines(tmp_path / name, 3_000)
    codes = [issue.code for issue in agrees(tmp_path / name).issues]
    assert codes == ["returns_counted"]
    agrees(written(tmp_path, f"small-{name}"))


def test_what_is_worth_telling_is_told(tmp_path):
    several: dict[str, Sequence[object]] = {name: [*values, values[0]] for name, values in LINES.items()}
    several["amount"] = [0.0, -2.0, 1.0, 0.0]
    path = written(tmp_path, "orders.parquet", **several)
    codes = [issue.code for issue in agrees(path).issues]
    assert codes == ["duplicates_counted", "returns_counted", "zeros_counted"]
    later = [date(2024, 1, 1), date(2024, 2, 1), date(2190, 2, 2)]
    codes = [issue.code for issue in agrees(written(tmp_path, date=later, amount=[-1.0, -2.0, 0.0])).issues]
    assert codes == ["returns_counted", "zeros_counted", "dates_after_today", "no_positive_amount"]


def test_other_types_hold_as_well(tmp_path):
    amounts = [Decimal("10.50"), Decimal("-2.25"), Decimal("0.10")]
    moments = [datetime(2024, 1, 1, 23, 30), datetime(2024, 2, 1), datetime(2024, 2, 2, 0, 1)]
    agrees(written(tmp_path, amount=amounts, date=moments, customer_id=[7, 7, 12], planned=[True, None, False]))
    agrees(written(tmp_path, amount=[10, -2, 3], quantity=[1.5, None, 2.0]))


DOUBTS: dict[str, dict[str, Sequence[object]]] = {
    "a line without a customer": {"customer_id": ["a", None, "b"]},
    "a line without an amount": {"amount": [1.0, None, 2.0]},
    "no number": {"amount": [1.0, float("nan"), 2.0]},
    "endless": {"amount": [1.0, float("inf"), 2.0]},
    "finer than money is kept": {"amount": [1.0, 0.00005, 2.0]},
    "larger than money can be": {"amount": [1.0, 1e13, 2.0]},
    "a day of another age": {"date": [date(1, 1, 1), date(2024, 1, 1), date(2024, 1, 1)]},
    "blanks around an id": {"customer_id": ["a", "a ", "b"]},
    "ids that look alike": {"customer_id": ["É1", "é1", "b"]},
    "a word for nobody": {"customer_id": ["a", "NULL", "b"]},
    "a word for a total": {"customer_id": ["a", "b", "Total"]},
    "an id that lost its digits": {"customer_id": ["1.23457E+17", "a", "b"]},
    "blanks around a category": {"category": ["food", " tea", "tea"]},
    "a discount": {"discount": [0.1, 0.2, 0.0]},
    "a currency": {"currency": ["EUR", "USD", "EUR"]},
    "a state of the line": {"status": ["ok", "cancelled", "ok"]},
    "a region": {"region": ["north", "north", "south"]},
    "amounts as text": {"amount": ["1.5", "2.5", "3"]},
    "dates as text": {"date": ["1/2/2024", "1/3/2024", "1/4/2024"]},
    "a column of lists": {"lists": [[1], [2], [3]]},
}


@pytest.mark.parametrize("columns", DOUBTS.values(), ids=DOUBTS)
def test_any_doubt_asks_for_the_thorough_reading(tmp_path, columns):
    assert open_clean(written(tmp_path, **columns)) is None


@pytest.mark.parametrize(("count", "fits"), [(500, True), (600, False)])
def test_differences_that_may_not_fit_are_left_to_the_thorough_reading(tmp_path, count, fits):
    line: dict[str, list[object]] = {"amount": [8e11], "cost": [-8e11], "date": [date(2024, 1, 1)]}
    text: dict[str, list[object]] = {"customer_id": ["a"], "category": ["tea"]}
    columns = {name: cells * count for name, cells in (line | text).items()}
    assert (open_clean(written(tmp_path, "orders.parquet", **columns)) is not None) is fits


TEXT = "customer_id,date,amount\na,2024-01-01,10.5\nb,2024-01-02,3\n"


@pytest.mark.parametrize(
    "text",
    [
        TEXT.replace("10.5", '"10.5"'), TEXT.replace("10.5", "10.5 EUR"), TEXT.replace("10.5", "1.000.5"),
        TEXT.replace("2024-01-02", "2024-13-02"), TEXT.replace(",3\n", "\n"), TEXT.replace(",3\n", ",3,4\n"),
        TEXT.replace(",", ";").replace("10.5", "10,5"), "orders of 2024,,\n" + TEXT, TEXT.replace(",10.5", ","),
        TEXT.splitlines()[0] + "\n", "",
    ],
)  # fmt: skip
def test_text_that_is_not_plain_is_read_the_thorough_way(tmp_path, text):
    path = tmp_path / "orders.csv"
    path.write_text(text)
    assert open_clean(path) is None


def test_text_in_another_encoding_is_read_the_thorough_way(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_bytes(TEXT.replace("b,", "Müller,").encode("latin-1"))
    assert open_clean(path) is None
    path.write_bytes(TEXT.replace("b,", "Müller,").encode())
    assert agrees(path).rows == 2


def test_a_mapping_by_hand_is_followed_unless_it_has_options(tmp_path):
    path = written(tmp_path, sales=[1.0, 2.0, 3.0])
    chosen: dict[str, tuple[str, ...]] = {"customer_id": ("customer_id",), "date": ("date",), "amount": ("sales",)}
    file = scan_clean(path, Mapping("transactions", chosen))
    assert file is not None
    assert collect(file.rows)["amount"].to_list() == [10_000, 20_000, 30_000]
    assert scan_clean(path, Mapping("transactions", chosen, Options(returns="aside"))) is None


def test_a_damaged_file_is_left_to_the_thorough_reading(tmp_path):
    path = tmp_path / "orders.parquet"
    path.write_bytes(written(tmp_path).read_bytes()[:300])
    assert open_clean(path) is None


def test_the_command_line_writes_the_same_summary_either_way(tmp_path):
    write_order_lines(tmp_path / "orders.parquet", 2_000)
    command = ["summarise", str(tmp_path / "orders.parquet"), "--out"]
    assert main([*command, str(tmp_path / "scanned.parquet")]) == 0
    assert main([*command, str(tmp_path / "thorough.parquet"), "--set-aside", str(tmp_path / "aside.csv")]) == 0
    assert_frame_equal(pl.read_parquet(tmp_path / "scanned.parquet"), pl.read_parquet(tmp_path / "thorough.parquet"))
