"""Nature and buyers: what a name says, what is marked as a guess, and whose decider nobody knows."""

import polars as pl
import pytest

from crmdash.systems import buyers, nature
from tests.unit.frames import evidence, money, sale, sales


@pytest.mark.parametrize(
    ("name", "personal"),
    [
        ("Sean Miller", True),
        ("Anna-Lena O'Brien", True),
        ("Jean P. Dupont", True),
        ("王小明", True),
        ("李靜", True),
        ("North Market", False),
        ("Miller Ltd", False),
        ("Acme", False),
        ("acme trading", False),
        ("王家超市", False),
        ("沅笙員工餐廳", False),
        ("C0279", False),
        (None, False),
    ],
)
def test_names_that_look_personal(name: str | None, personal: bool):
    frame = pl.DataFrame({"name": [name]}, schema={"name": pl.String})
    assert frame.select(nature.looks_personal(pl.col("name"))).item() is personal


def test_natures_are_stated_guessed_or_unknown():
    customers = [
        {"customer_id": "a", "name": "North Market", "nature": "merchant", "format": "shop"},
        {"customer_id": "b", "name": "Sean Miller", "format": "shop"},
        {"customer_id": "c", "name": "North Market", "format": "shop"},
        {"customer_id": "d", "name": "North Market"},
        {"customer_id": "e", "name": "Own canteen", "nature": "internal"},
    ]
    report = evidence([sale(name, 1, 10) for name in "abcde"], customers=customers).report("nature")
    rows = {row["customer_id"]: (row["nature"], row["nature_guessed"]) for row in report.rows.frame.rows(named=True)}
    assert rows == {
        "a": ("merchant", False), "b": ("retail", True), "c": ("distributor", True), "d": (None, False),
        "e": ("internal", False),
    }  # fmt: skip
    counts = {name: figure.value for name, figure in report.figures.items()}
    assert counts == {"customers": 5, "known": 2, "guessed": 2, "unknown": 1}
    assert report.notes[0].figures["customers"].value == 2
    table = {row["nature"]: row for row in report.tables["by_nature"].frame.rows(named=True)}
    assert table["retail"]["guessed"] == 1 and table[None]["customers"] == 1
    assert sum(row["value_share"] for row in table.values()) == pytest.approx(1)


def test_a_guess_says_so():
    customers = [{"customer_id": "a", "name": "Sean Miller"}, {"customer_id": "b", "name": "North Market"}]
    report = evidence([sale("a", 1, 1), sale("b", 1, 1)], customers=customers).report("nature")
    told, unknown = (nature.explain(report, {"customer_id": name}) for name in "ab")
    assert told is not None and [reason.key for reason in told.because] == ["because.nature_retail"]
    assert unknown is not None and unknown.label.key == "say.nature_unknown"
    assert not evidence([sale("a", 1, 1)]).can("nature")


def test_who_pays_decides_and_uses():
    customers = [
        {"customer_id": "a", "name": "A", "paid_by": "A", "decided_by": "a", "used_by": None},
        {"customer_id": "b", "name": "B", "paid_by": "head office", "decided_by": None, "used_by": "B"},
        {"customer_id": "c", "name": "C", "paid_by": "head office", "decided_by": None, "used_by": "C"},
        {"customer_id": "d", "name": "D", "paid_by": "head office", "decided_by": "boss", "used_by": "guests"},
        {"customer_id": "e", "name": "E"},
    ]
    rows = [*sales("a", {1: 5}), *sales("b", {1: 900}), *sales("c", {1: 1}), *sales("d", {1: 500}), *sales("e", {1: 2})]
    report = evidence(rows, customers=customers).report("buyers")
    frame = report.rows.frame
    # The valuable one with an unknown decider first, then the others with different people, the largest first.
    assert frame["customer_id"].to_list() == ["b", "d", "c", "a", "e"]
    assert frame["buying"].to_list() == ["roles_apart"] * 3 + ["buyer_is_user"] * 2
    assert frame["decider_unknown"].to_list() == [True, False, False, False, False]
    assert report.figures["roles_apart"].value == 3 and report.figures["decider_unknown"].value == 1
    table = report.tables["by_buying"].frame.select("buying", "customers", "value").rows()
    assert table == [("buyer_is_user", 2, money(7)), ("roles_apart", 3, money(1_401))]
    told = buyers.explain(report, {"customer_id": "b"})
    assert told is not None
    assert [reason.key for reason in told.because] == ["because.roles_apart", "because.decider_unknown"]
    assert not evidence([sale("a", 1, 1)]).can("buyers")
