"""What followed on the labels of a period ago: by hand on three customers, and on a public file."""

import polars as pl
import pytest

from crmdash.evaluate import label
from crmdash.phrases import Figure, Phrase
from crmdash.settings import Settings
from crmdash.summary import Tables, summarise, to_date, to_day
from crmdash.systems.what_followed import (
    BANDS,
    bought_between,
    explain,
    followed,
    rates_by,
    rates_by_silence,
    report,
    since,
    stages_before,
)
from tests.unit.frames import evidence, money, sale, sales, there
from tests.unit.test_references import blank_separated, packaged

# As at day 30: `often` has bought four times, `silent` three times and not for 20 days, `once` once.
ROWS = [*sales("often", {0: 5, 10: 5, 20: 5, 30: 5, 50: 7, 60: -1}), *sales("silent", {0: 1, 5: 1, 10: 1}),
        *sales("once", {0: 9})]  # fmt: skip
SETTINGS = {"period": {"window": 30}}
BACK_THEN, HORIZON = to_day(to_date(0).fromisoformat("1998-02-14")), 136


def shares(rates: pl.DataFrame, column: str) -> dict[str, float]:
    return dict(rates.filter(pl.col("customers") > 0).select(column, "bought_share").iter_rows())


def test_by_stage():
    found = report(evidence(ROWS, SETTINGS))
    stages = found.tables["stages"].frame
    assert stages.rows() == [
        ("exploration", 1, 0, 0.0),
        ("formation", 1, 1, 1.0),
        ("stable", 0, 0, None),
        ("deterioration", 1, 0, 0.0),
        ("ended", 0, 0, None),
    ]
    assert shares(found.tables["phases"].frame, "phase") == {"early": 0.0, "growing": 1.0, "falling": 0.0}


def test_by_silence():
    # Usual gap 7.5; `often` is silent for 0, `silent` for 20 days of a rhythm of 7: 2.86. `once` has no habit.
    silence = report(evidence(ROWS, SETTINGS)).tables["silence"].frame.filter(pl.col("customers") > 0)
    told = silence.select("silence_from", "silence_below", "customers", "bought_share")
    assert told.rows() == [(0.0, 0.5, 1, 1.0), (2.5, 3.0, 1, 0.0)]


def test_figures_and_rows():
    found = report(evidence(ROWS, SETTINGS))
    assert {name: figure.value for name, figure in found.figures.items()} == {
        "day": 30, "days": 30, "customers": 3, "bought": 1, "bought_share": pytest.approx(1 / 3),
        "spent_since": money(7),
    }  # fmt: skip
    told = found.rows.frame.select("customer_id", "stage_before", "bought_since", "spent_since", "value_before")
    assert told.rows() == [
        ("often", "formation", True, money(7), money(20)),
        ("once", "exploration", False, None, money(9)),
        ("silent", "deterioration", False, None, money(3)),
    ]


def test_returns_are_no_purchases_and_days_are_half_open():
    data = Tables.of(evidence(ROWS).tables.transactions.collect("polars").to_native())  # type: ignore[union-attr]
    assert bought_between(data, 50, 60).is_empty()
    assert bought_between(data, 49, 50).rows() == [("often", money(7))]


def test_an_equal_edge_begins_the_next_band():
    labelled = pl.DataFrame(
        {"orders": [3, 3, 3, 2], "silence": [0.5, 9.0, 0.49, 0.1], "bought_since": [True, False, False, True]}
    )
    rates = rates_by_silence(labelled, 3)
    assert rates["customers"].to_list() == [1, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert rates["silence_below"].to_list() == [*BANDS, None]


def test_stages_alone_are_those_of_the_report():
    people = [{"customer_id": "silent", "status": "closed", "satisfaction": 2.0}]
    found = evidence(ROWS, SETTINGS, customers=people)
    alone = followed(there(stages_before(found)), since(found))
    told = report(found).rows.frame
    pairs = alone.join(told, on="customer_id")
    assert len(pairs) == 3
    assert pairs["stage"].to_list() == pairs["stage_before"].to_list()
    assert pairs["bought_since"].to_list() == pairs["bought_since_right"].to_list()


def test_a_status_of_today_does_not_label_the_past():
    closed = evidence(ROWS, SETTINGS, customers=[{"customer_id": "often", "status": "closed"}])
    assert report(closed).rows.frame.filter(customer_id="often")["stage_before"].item() == "formation"


def test_without_an_earlier_period():
    found = evidence([sale("a", 0, 1)])
    assert report(found).notes == (Phrase("followed.no_period", kind="lifecycle"),)
    assert report(found).rows.frame.is_empty() and stages_before(found) is None
    assert explain(report(found), {"customer_id": "a"}) is None


def test_explained():
    found = report(evidence(ROWS, SETTINGS))
    often, silent = (explain(found, {"customer_id": name}) for name in ("often", "silent"))
    assert often is not None and often.label.key == "followed.bought"
    assert often.label.figures["spent"] == Figure("money", money(7))
    assert silent is not None and silent.label.key == "followed.silent"
    assert silent.because[0].figures["share"] == Figure("percent", 0.0)


@pytest.fixture(scope="module")
def cdnow() -> pl.DataFrame:
    """CDNOW's customers as labelled back then, with what they did in the 136 days after."""
    data = Tables.of(blank_separated(packaged("CDNOW_master.txt"), ids=1))
    earlier = label(summarise(data, as_of=BACK_THEN), Settings())
    return followed(earlier, bought_between(data, BACK_THEN, BACK_THEN + HORIZON))


def test_cdnow_by_stage(cdnow: pl.DataFrame):
    order = ("exploration", "formation", "stable", "deterioration", "ended")
    expected = dict(zip(order, (0.26, 0.45, 0.77, 0.39, 0.07), strict=True))
    assert shares(rates_by(cdnow, "stage", order), "stage") == pytest.approx(expected, abs=0.02)


def test_cdnow_by_silence(cdnow: pl.DataFrame):
    found = rates_by_silence(cdnow, 3)["bought_share"].to_list()
    assert found == pytest.approx([0.65, 0.56, 0.53, 0.46, 0.43, 0.37, 0.39, 0.29, 0.18, 0.15], abs=0.02)
