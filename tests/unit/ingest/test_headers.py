"""Where the names are, and names over several rows."""

from collections.abc import Sequence

import polars as pl
import pytest

from crmdash.ingest.headers import find_header, name_columns


def named(
    rows: Sequence[tuple[str | None, ...]], header: int | bool | None = None
) -> tuple[list[str], list[int], int | None]:
    frame = pl.DataFrame(rows, schema={f"c{place}": pl.String for place in range(len(rows[0]))}, orient="row")
    headed = name_columns(frame, pl.Series("row", range(1, len(rows) + 1)), header)
    return headed.frame.columns, headed.rows.to_list(), headed.header_row


DATA = [(f"C{n}", f"2024-01-0{n}", f"{n}.5") for n in range(1, 6)]


def test_one_row_of_names():
    assert named([("id", "day", "x"), *DATA]) == (["id", "day", "x"], [2, 3, 4, 5, 6], 1)


def test_no_names():
    assert named(DATA) == (["column 1", "column 2", "column 3"], [1, 2, 3, 4, 5], None)


def test_three_rows_of_names_join_their_different_words():
    top = [("sales", None, None), ("who", "when", "amount"), ("who", "day", "CNY")]
    assert named([*top, *DATA])[:2] == (["who", "when day", "amount CNY"], [4, 5, 6, 7, 8])


def test_the_same_names_twice_are_named_once():
    assert named([("id", "day", "x"), ("id", "day", "x"), *DATA]) == (["id", "day", "x"], [3, 4, 5, 6, 7], 1)


def test_a_row_with_a_blank_amount_is_no_name():
    assert named([("id", "day", "x"), ("C0", "2024-01-09", None), *DATA])[1] == [2, 3, 4, 5, 6, 7]
    assert named([("id", "day", "x"), ("Ann", None, None), *DATA])[1] == [2, 3, 4, 5, 6, 7]


def test_a_row_of_names_by_hand_is_one_row():
    assert named([("id", "day", "x"), ("id", "day", "x"), *DATA], header=1)[0] == ["id", "day", "x"]
    assert named([("a", "b", "c"), ("id", "day", "x"), *DATA], header=2)[::2] == (["id", "day", "x"], 2)


@pytest.mark.parametrize(
    ("rows", "at"), [([("title", None, None), ("a", "b", "c")], 1), ([("1", "2", "3")], None), ([], None)]
)
def test_where_the_names_are(rows: list[tuple[str | None, ...]], at: int | None):
    assert find_header([*rows, *[("x", "y", "z")] * (3 if at else 0)]) == at
