"""Cells typed by expressions: the same values that the readers give, on Polars and DuckDB."""

from datetime import date, datetime
from decimal import Decimal

import duckdb
import narwhals as nw
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crmdash.columns import column
from crmdash.engine import Lazy, collect, lazy
from crmdash.ingest.discounts import discount_money
from crmdash.ingest.lazy_values import discount_in_money, with_values
from crmdash.ingest.options import DiscountUnit, Options
from crmdash.ingest.values import parse_money

FEW = settings(max_examples=4, deadline=None)
UNITS = st.integers(-(2**39) * 10_000 + 1, 2**39 * 10_000 - 1)
"""Amounts in ten-thousandths that a fraction of 64 bits tells."""
MANY = st.integers(-922_337_203_685_476, 922_337_203_685_476)
CONNECTION = duckdb.connect()


def on_duckdb(frame: pl.DataFrame) -> Lazy:
    return nw.from_native(CONNECTION.from_arrow(frame.to_arrow())).lazy()


ENGINES = pytest.mark.parametrize("engine", [lazy, on_duckdb], ids=["polars", "duckdb"])


def typed(engine, name: str, cells: pl.Series, options: Options = Options()) -> list[object]:  # noqa: B008
    """Type cells as the order lines' column `name`."""
    frame = engine(pl.DataFrame({"place": range(len(cells)), "cell": cells}))
    values = with_values(frame, {"value": (column("transactions", name), "cell")}, options)
    return collect(values).sort("place")["value"].to_list()


@ENGINES
@FEW
@given(days=st.lists(st.dates(date(1000, 1, 1), date(9999, 12, 31)), min_size=20))
def test_dates(engine, days: list[date]):
    numbers = [(day - date(1970, 1, 1)).days for day in days]
    assert typed(engine, "date", pl.Series(days)) == numbers
    for written in ("%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"):
        assert typed(engine, "date", pl.Series([day.strftime(written).zfill(8) for day in days])) == numbers
    american = pl.Series([f"{day.month}/{day.day}/{day.year}" for day in days])
    assert typed(engine, "date", american, Options(date_order="mdy")) == numbers


@ENGINES
def test_what_is_no_date(engine):
    cells = pl.Series(["2025-02-29", "2025-13-01", "31.4.2025", "soon", "", None, "2024-02-29 10:15:00", "20250631"])
    assert typed(engine, "date", cells, Options(date_order="dmy")) == [None] * 6 + [19782, None]


@ENGINES
def test_a_time_counts_on_its_day(engine):
    assert typed(engine, "date", pl.Series([datetime(1970, 1, 2, 23, 59)])) == [1]


@ENGINES
@FEW
@given(units=st.lists(UNITS, min_size=20))
def test_amounts_of_four_decimals_are_exact(engine, units: list[int]):
    amounts = [Decimal(unit).scaleb(-4) for unit in units]
    assert typed(engine, "amount", pl.Series(amounts, dtype=pl.Decimal(20, 4))) == units
    assert typed(engine, "amount", pl.Series([float(amount) for amount in amounts])) == units
    assert typed(engine, "amount", pl.Series([str(amount) for amount in amounts])) == units
    commas = pl.Series([f"{amount:.4f}".replace(".", ",") for amount in amounts])
    assert typed(engine, "amount", commas, Options(decimal=",")) == units


@ENGINES
@FEW
@given(whole=st.lists(MANY, min_size=20), part=st.integers(0, 9_999))
def test_large_amounts_are_those_of_the_readers(engine, whole: list[int], part: int):
    for dtype in (pl.Int64, pl.Float64, pl.String):
        cells = pl.Series(whole).cast(dtype)
        assert typed(engine, "amount", cells) == parse_money(cells.cast(pl.String)).values.to_list()
    fine = [Decimal(f"{units}.{part:04}") for units in whole]
    units = [int(amount.scaleb(4)) for amount in fine]
    assert typed(engine, "amount", pl.Series(fine, dtype=pl.Decimal(38, 4))) == units
    assert parse_money(pl.Series([str(amount) for amount in fine])).values.to_list() == units


@ENGINES
def test_amounts_that_would_not_be_exact_are_missing(engine):
    written = ["123456789012.3456", "549755813888.0", "549755813888.1", "100000000000000.005", "922337203685477"]
    assert typed(engine, "amount", pl.Series(written)) == [1_234_567_890_123_456, 5_497_558_138_880_000, *[None] * 3]
    assert typed(engine, "amount", pl.Series([1e15, -1e300, float("nan"), float("inf")])) == [None] * 4
    assert typed(engine, "amount", pl.Series([2**63 - 1, -(2**63)])) == [None] * 2


@ENGINES
@FEW
@given(units=st.lists(st.integers(0, 10**10), min_size=20))
def test_a_fifth_decimal_is_rounded_as_the_readers_do(engine, units: list[int]):
    cells = pl.Series([f"{Decimal(10 * unit + 5).scaleb(-5):f}" for unit in units])
    assert typed(engine, "amount", cells) == parse_money(cells).values.to_list() == [unit + 1 for unit in units]


@ENGINES
def test_what_is_no_amount(engine):
    cells = pl.Series(
        ["12.50", " 3 ", "-.5", "about 4", "1,234.5", "", None, "9999999999999999", "0.00005", "-0.00005"]
    )
    assert typed(engine, "amount", cells) == [125000, 30000, -5000, None, None, None, None, None, 1, -1]


@ENGINES
def test_texts_and_flags(engine):
    assert typed(engine, "customer_id", pl.Series(["  a ", " ", None, "Ü 7"])) == ["a", None, None, "Ü 7"]
    assert typed(engine, "customer_id", pl.Series([12.0, None, 12.5])) == ["12", None, None]
    assert typed(engine, "customer_id", pl.Series([12, None])) == ["12", None]
    assert typed(engine, "planned", pl.Series(["Yes", "否", "perhaps", None])) == [True, False, None, None]


@ENGINES
@FEW
@given(
    rows=st.lists(st.tuples(st.integers(-10, 12_000), st.integers(-(10**11), 10**11), st.integers(0, 10**11))),
    unit=st.sampled_from(["money", "fraction", "percent"]),
    listed=st.booleans(),
)
@example(rows=[(250, 8331, 0), (-50, 100, 100)], unit="percent", listed=False)
@example(rows=[(2_500, 8 * 10**18 + 1, 9 * 10**18 + 1), (10_000, 5, 5)], unit="fraction", listed=True)
@example(rows=[(2_500, -8 * 10**17 - 1, 0), (9_999, 8 * 10**14 + 7, 0)], unit="fraction", listed=False)
def test_discounts_are_those_of_the_readers(engine, rows: list[tuple[int, int, int]], unit: DiscountUnit, listed: bool):
    frame = pl.DataFrame(rows, schema=dict.fromkeys(("share", "amount", "list_amount"), pl.Int64), orient="row")
    lists = frame["list_amount"] if listed else None
    expected = discount_money(frame["share"], unit, frame["amount"], lists)
    told = nw.col("list_amount") if listed else None
    found = discount_in_money(nw.col("share"), unit, nw.col("amount"), told)
    placed = engine(frame.with_row_index("place")).with_columns(found=found)
    assert collect(placed).sort("place")["found"].to_list() == expected.to_list()
