"""Ten types: each rule on a customer that just meets it, the primary one, and what is missing."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.scope import Scope
from crmdash.settings import Settings
from crmdash.summary import Tables, summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from crmdash.systems.report import Report, row_of
from crmdash.systems.ten_types import ORDINARY, TYPES, explain, loyal
from tests.unit.frames import Row, contact, evidence, money, sale, sales

EVERY_MONTH = range(0, 720, 30)


def monthly(customer_id: str, amount: float = 10, **more: Any) -> list[Row]:
    return [sale(customer_id, day, amount, **more) for day in EVERY_MONTH]


def types(rows: list[Row], settings: Row | None = None, **more: Any) -> dict[str, tuple[str, str | None]]:
    frame = evidence(rows, settings, **more).report("ten_types").rows.frame
    return {row["customer_id"]: (row["type"], row["types"]) for row in frame.rows(named=True)}


def test_loyal_buys_often_for_long_still_and_not_for_the_deals():
    rows = [*monthly("a"), *monthly("b")[:-6], *monthly("c")[-5:]]
    found = types(rows, {"kinds": {"volume_percentile": 99}})
    assert found["a"] == ("loyal", "loyal;high_volume")
    # b has been silent for six months, c has bought five times only.
    assert "loyal" not in (found["b"][1] or "") and "loyal" not in (found["c"][1] or "")


def test_loyal_is_told_without_a_report_too():
    customers = pl.DataFrame(
        {
            "orders": [6, 6, 6, 6, 5],
            "tenure": [365, 365, 364, 400, 400],
            "silence": [1.5, 1.5, 1.0, 1.6, 1.0],
            "satisfaction": [None, 7.9, 9.0, 9.0, 9.0],
        }
    )
    assert loyal(customers, Settings()).to_list() == [True, False, False, False, False]
    with_deals = customers.with_columns(deal_share=pl.Series([0.5, 0.1, 0.1, 0.1, 0.1]))
    assert loyal(with_deals, Settings()).to_list()[0] is False
    assert loyal(with_deals, Settings(), base=pl.DataFrame({"deal_share": [0.5, 0.6]})).to_list()[0] is True


def test_discount_buyers_are_well_above_what_is_usual():
    rows = [*sales("a", dict.fromkeys((0, 300, 700), 10), discount=1.0), *sales("b", {0: 10, 300: 10, 700: 10})]
    rows += [*sales("c", {0: 10, 700: 10}, discount=1.0), *sales("d", {5: 10, 300: 10})]
    found = types(rows)
    assert "discount" in (found["a"][1] or "")
    # b takes no deals, c has bought only twice.
    assert "discount" not in (found["b"][1] or "") and "discount" not in (found["c"][1] or "")
    assert "discount" not in (types(rows, {"kinds": {"discount_above_median": 0.6}})["a"][1] or "")


def test_planned_orders_tell_impulse_from_need():
    rows = monthly("a", planned=False) + monthly("b", planned=True) + [sale("c", 719, 1)]
    found = types(rows, {"kinds": {"loyal_orders": 24}})
    assert "impulse" in (found["a"][1] or "") and "need_based" in (found["b"][1] or "")


def test_without_plans_regularity_and_breadth_tell():
    regular = [sale("a", day, 10, category="x") for day in EVERY_MONTH]
    steps = (0, 5, 300, 310, 700)
    irregular = [sale("b", day, 10, category=category) for day in steps for category in "xyz"]
    others = [sale(name, day, 10, category=category) for name in "cd" for day, category in
              ((0, "x"), (200, "y"), (410, "x"), (600, "y"))]  # fmt: skip
    found = types(regular + irregular + others, {"kinds": {"loyal_orders": 24}})
    assert "need_based" in (found["a"][1] or "") and "impulse" in (found["b"][1] or "")


def test_tags_referrals_suggestions():
    customers = [
        {"customer_id": "a", "tags": "benchmark;strategic"},
        {"customer_id": "b", "tags": None},
        {"customer_id": "c", "referred_by": "b"},
        {"customer_id": "d", "referred_by": "b"},
        {"customer_id": "e", "tags": "inspiring"},
        {"customer_id": "f"},
    ]
    rows = [sale("a", 700, 1), sale("b", 700, 900), *(sale(name, 700, 2) for name in "cdef")]
    found = types(
        rows, customers=customers, contacts=[contact("f", 699, "suggestion"), contact("f", 700, "suggestion")]
    )
    assert found["a"][0] == "benchmark" and found["b"][0] == "benchmark"
    assert found["e"][0] == "inspiring" and found["f"][0] == "inspiring"


def test_a_door_opener_is_first_late_enough_and_followed():
    region = {"a": "north", "b": "south", "c": "south", "d": "south", "e": "west"}
    rows = [sale("a", 0, 1), sale("b", 90, 1), sale("c", 100, 1), sale("d", 90 + 365, 1), sale("e", 90, 1)]
    customers = [{"customer_id": name, "region": place, "format": "shop"} for name, place in region.items()]
    rows += [sale("a", 900, 1)]
    found = types(rows, customers=customers)
    assert found["b"][0] == "door_opener"
    # a was there when the file began, e was followed by nobody.
    assert found["a"][0] != "door_opener" and found["e"][0] != "door_opener"
    late = [row | ({"date": 456} if row["customer_id"] == "d" else {}) for row in rows]
    assert types(late, customers=customers)["b"][0] != "door_opener"


def test_wandering_asks_and_hardly_buys():
    rows = [sale("a", 700, 1), sale("b", 700, 100), sale("c", 690, 100)]
    asked = [contact(name, day, "enquiry") for name in "ab" for day in (500, 600, 650, 660)]
    found = types(rows, contacts=asked)
    assert found["a"][0] == "wandering"
    # b asks as much and buys for more than the median.
    assert found["b"][0] != "wandering"


def test_future_high_value_is_young_below_the_top_and_promising():
    customers = [{"customer_id": name, "potential_value": value} for name, value in (("a", 10), ("b", 700), ("c", 700))]
    rows = [sale("a", 700, 600), sale("b", 600, 300), sale("c", 0, 60), sale("c", 10, 40)]
    found = types(rows, {"kinds": {"future_percentile": 99}}, customers=customers)
    assert found["b"][0] == "future_high_value"
    # a stands at the top; two windows are 730 days, so c still is young.
    assert found["a"][0] != "future_high_value" and found["c"][0] == "future_high_value"
    older = types(rows, {"kinds": {"future_percentile": 99, "future_windows": 0.5}}, customers=customers)
    assert older["c"][0] != "future_high_value"


def test_the_table_counts_primary_types_and_all_that_hold():
    report = evidence([*monthly("a", 100), sale("b", 700, 1)]).report("ten_types")
    table = {row["type"]: row for row in report.tables["by_type"].frame.rows(named=True)}
    assert list(table) == [*TYPES, ORDINARY]
    assert (table["loyal"]["customers"], table["loyal"]["holds"]) == (1, 1)
    assert (table["high_volume"]["customers"], table["high_volume"]["holds"]) == (0, 1)
    assert table[ORDINARY]["customers"] == 1 and table["loyal"]["value"] == money(2_400)
    assert table["loyal"]["value_share"] == pytest.approx(2_400 / 2_401)
    assert sum(row["customers"] for row in table.values()) == 2
    assert report.figures["ordinary_share"].value == 0.5
    assert [note.key for note in report.notes] == ["note.volume_by_revenue"]


def test_a_customer_is_explained_type_by_type():
    found = evidence([*monthly("a", 100), sale("b", 700, 1)])
    report = found.report("ten_types")
    told = explain(report, {"customer_id": "a"})
    assert told is not None and told.label.figures["type"].value == "kinds:type.loyal"
    assert [reason.key for reason in told.because] == ["because.loyal", "because.high_volume"]
    assert told.because[0].figures["orders"].value == 24
    ordinary = explain(report, {"customer_id": "b"})
    assert ordinary is not None and ordinary.because[0].key == "say.ordinary"
    assert row_of(report, {"customer_id": "nobody"}) is None and explain(report, {"customer_id": "nobody"}) is None


def test_a_filter_changes_no_percentile():
    customers = [{"customer_id": "a", "region": "n"}, {"customer_id": "b", "region": "s"}]
    whole = evidence([*monthly("a", 100), sale("b", 0, 1)], customers=customers)
    south = evaluate(whole.summary, scope=Scope(region=("s",)))
    narrow = Evidence(whole.tables, whole.summary, south, whole.summary_at, whole.systems)
    assert narrow.report("ten_types").rows.frame["types"].to_list() == [None]


def superstore(folder: Path) -> Report:
    opened = open_dataset([Source.from_path(folder / "superstore" / "superstore.csv")])
    tables = Tables.of(opened.transactions, opened.customers, opened.contacts, opened.staff)
    summary = summarise(tables)
    return gather(tables, summary, evaluate(summary), lambda day: summarise(tables, as_of=day)).report("ten_types")


def test_on_superstore(shared_datasets):
    report = superstore(shared_datasets)
    holds = dict(report.tables["by_type"].frame.select("type", pl.col("holds") / 793).iter_rows())
    assert holds["loyal"] == pytest.approx(0.28, abs=0.02)
    assert holds["discount"] == pytest.approx(0.27, abs=0.02)
    assert holds["high_volume"] == pytest.approx(0.10, abs=0.02)
    # Irregular gaps and many kinds a purchase, both in the highest quarter: few are both.
    assert holds["impulse"] == pytest.approx(0.092, abs=0.001)
    assert report.figures["ordinary_share"].value == pytest.approx(1 / 3, abs=0.04)
