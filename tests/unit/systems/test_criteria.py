"""Criteria: the loyalty index over its known parts, credit, and any two criteria as a matrix."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.settings import Settings
from crmdash.systems.criteria import explain, loyalty_index, matrix
from tests.unit.frames import evidence, money, sale


def index(**columns: list[float | int | None]) -> list[float | None]:
    size = len(next(iter(columns.values())))
    frame = pl.DataFrame({"customer_id": [str(number) for number in range(size)], **columns}, strict=False)
    return loyalty_index(frame, Settings()).to_list()


def test_the_index_adds_its_parts():
    # Of two, the better stands at the 75th percentile: 35 x 0.75 + 25 x 1 + 20 x 0.5 + 20 x 0.8 = 77.25
    found = index(orders=[10, 1], silence=[1.0, 2.0], share_of_wallet=[0.5, 1.0], satisfaction=[8.0, 10.0])
    assert found[0] == pytest.approx(77.25)
    # 35 x 0.25 + 25 x 0.5 + 20 + 20
    assert found[1] == pytest.approx(61.25)


def test_missing_parts_are_shared_out():
    assert index(orders=[3, 3])[0] == pytest.approx(50)
    # Breadth stands in for the share of wallet, recommendation for satisfaction.
    found = index(orders=[1, 9], breadth=[5, 1], recommend=[None, 5.0])
    assert found == [pytest.approx((35 * 0.25 + 20 * 0.75) / 55 * 100), pytest.approx((35 * 0.75 + 5 + 10) / 75 * 100)]
    assert index(orders=[None])[0] is None


def test_peers_are_as_many_as_the_settings_ask_for():
    orders, shops = [1, 2, 8, 9], ["bar", "bar", "inn", "inn"]
    frame = pl.DataFrame({"customer_id": list("abcd"), "orders": orders, "format": shops})
    # Of two bars and two inns the better of each stands at 75; among all four they stand apart.
    apart = Settings.model_validate({"worth": {"peers_at_least": 2}})
    assert loyalty_index(frame, apart).to_list() == pytest.approx([25, 75, 25, 75])
    assert loyalty_index(frame, Settings()).to_list() == pytest.approx([12.5, 37.5, 62.5, 87.5])


@given(st.lists(st.tuples(st.integers(1, 5), st.floats(0, 9)), min_size=1, max_size=30))
def test_the_index_stays_within_its_scale_and_equals_are_equal(rows: list[tuple[int, float]]):
    found = index(orders=[orders for orders, _ in rows], silence=[silence for _, silence in rows])
    assert all(value is not None and 0 <= value <= 100 for value in found)
    by_row = dict(zip(rows, found, strict=True))
    assert all(by_row[row] == value for row, value in zip(rows, found, strict=True))


CUSTOMERS = [
    {"customer_id": "a", "integrity": 80.0, "nature": "merchant"},
    {"customer_id": "b", "integrity": 60.0, "nature": "retail"},
    {"customer_id": "c", "integrity": 59.0},
    {"customer_id": "d"},
]
ROWS = [sale("a", day, 100) for day in (0, 30, 60)] + [sale("b", 60, 20), sale("c", 0, 5), sale("d", 55, 1)]


def test_credit_is_graded_by_integrity():
    rows = evidence(ROWS, customers=CUSTOMERS).report("criteria").rows.frame
    assert dict(rows.select("customer_id", "credit").iter_rows()) == {"a": "a", "b": "b", "c": "c", "d": None}


def test_any_two_criteria_make_a_matrix_that_adds_up():
    found = evidence(ROWS, customers=CUSTOMERS)
    base = found.report("criteria").rows.frame
    table = matrix(base, "credit", "nature", found.settings).frame
    assert table.select("credit", "nature", "customers", "value").rows() == [
        ("a", "merchant", 1, money(300)), ("b", "retail", 1, money(20)), ("c", None, 1, money(5)),
        (None, None, 1, money(1)),
    ]  # fmt: skip
    for down, across in (("tier", "loyalty"), ("phase", "credit"), ("loyalty", "nature")):
        cells = matrix(base, down, across, found.settings).frame
        assert (cells["customers"].sum(), cells["value"].sum()) == (4, money(326))
        assert cells["share"].sum() == pytest.approx(1) and cells["value_share"].sum() == pytest.approx(1)


def test_a_customer_is_explained():
    found = evidence(ROWS, customers=CUSTOMERS)
    told = explain(found.report("criteria"), {"customer_id": "a"})
    assert told is not None and told.label.key == "say.loyalty_high"
    assert [reason.key for reason in told.because] == ["because.loyalty", "because.credit"]


def test_amounts_alone_suffice():
    assert evidence([sale("a", 1, 1)]).report("criteria").rows.frame["loyalty_index"].to_list() == [
        pytest.approx((17.5 + 25) / 60 * 100)
    ]
