"""Exit barriers: counted, named, and who is captive."""

import polars as pl
import pytest

from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.barriers import count_barriers, entries_of
from crmdash.systems.exit_barriers import EXIT_BARRIERS
from tests.unit.frames import evidence, of_customer, sale, sales

ENTERED = {
    "happy": ("economic:lockin", 8.0),
    "captive": ("economic:lockin; Contractual: lock-in", 6.0),
    "bound": ("economic:bond;contractual:lockin", 2.0),
    "glad": ("technical:bond", 9.0),
    "told": ("contractual", 3.0),
    "free": (None, 5.0),
}
PEOPLE = [{"customer_id": name, "exit_barriers": text, "satisfaction": score}
          for name, (text, score) in ENTERED.items()]  # fmt: skip
ROWS = [sale(name, day, 100) for name in ENTERED for day in (0, 20, 40)]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("economic:bond", (1, 1, 0)),
        ("economic:bond;contractual:lockin", (2, 1, 1)),
        ("Economic : Lock_in ; technical:bond;", (2, 1, 1)),
        ("contractual", (1, 0, 0)),
        (" ; ", (0, 0, 0)),
        (None, (None, None, None)),
    ],
)
def test_entries_are_counted(text: str | None, counts: tuple[int | None, ...]):
    assert count_barriers(pl.DataFrame({"exit_barriers": [text]}, schema={"exit_barriers": pl.String})).row(0) == counts


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("contractual:bond;economic:lockin", "Contractual bond; Economic lock-in", "契约纽带；经济锁定"),
        (
            "Economic : Lock_in ; technical (patent): bond;",
            "Economic lock-in; Technical bond",
            "经济锁定；技术专利纽带",
        ),
        ("contractual; habit", "Contractual; habit", "契约；habit"),
        ("customs:bond", "customs:bond", "customs:bond"),
    ],
)
def test_entries_are_said_in_words(text: str, english: str, chinese: str):
    assert [show(entries_of(text), Wording(language)) for language in ("en", "zh_Hans")] == [english, chinese]


def test_without_the_column_nothing_is_known():
    assert count_barriers(pl.DataFrame({"customer_id": ["a", "b"]})).rows() == [(None, None, None)] * 2


def test_counted_by_hand():
    report = evidence(ROWS, customers=PEOPLE).report("exit_barriers")
    ties = {row["customer_id"]: row["tie"] for row in report.rows.frame.rows(named=True)}
    assert ties == {"happy": "lockin", "captive": "lockin", "bound": "both", "glad": "bond", "told": "unstated"}
    assert report.rows.frame["customer_id"][0] == "captive"
    assert report.rows.frame.filter("captive")["customer_id"].to_list() == ["captive"]
    found = {name: report.figures[name].value for name in ("with_barriers", "none", "bonds_only", "lockins_only")}
    assert found == {"with_barriers": 5, "none": 1, "bonds_only": 1, "lockins_only": 2}
    assert (report.figures["captive"].value, report.figures["captive_value"].value) == (1, 300 * MONEY_SCALE)
    kinds = report.tables["kinds"].frame.rows()
    assert kinds == [("economic", 1, 2), ("technical", 1, 0), ("contractual", 0, 2)]


def test_the_limit_of_satisfaction_is_a_setting():
    rows = evidence(ROWS, {"warning": {"captive_satisfaction": 8}}, customers=PEOPLE).report("exit_barriers").rows
    assert set(rows.frame.filter("captive")["customer_id"]) == {"captive", "happy"}


def test_the_gone_are_no_captives():
    rows = [*ROWS, *sales("new", {day: 1 for day in range(0, 800, 20)})]
    report = evidence(rows, customers=PEOPLE).report("exit_barriers")
    assert report.figures["captive"].value == 0
    gone = dict(report.tables["ties"].frame.select("tie", "share_gone").iter_rows())
    assert gone == {"bond": 1.0, "both": 1.0, "lockin": 1.0, "unstated": 1.0, "none": 0.5}


def test_without_satisfaction_nobody_is_called_captive():
    people = [{"customer_id": "happy", "exit_barriers": "economic:lockin"}]
    report = evidence(ROWS, customers=people).report("exit_barriers")
    assert report.figures["captive"].value == 0
    assert [note.key for note in report.notes] == ["note.captive_unknown"]


def test_it_is_told_of_one_customer():
    found = evidence(ROWS, customers=PEOPLE)
    explain = EXIT_BARRIERS.explain
    assert explain is not None
    told = explain(found.report("exit_barriers"), of_customer(found.customers, "captive"))
    assert told is not None and told.label.key == "barriers.captive"
    assert [because.key for because in told.because] == ["barriers.entries", "barriers.satisfaction"]
    assert explain(found.report("exit_barriers"), of_customer(found.customers, "free")) is None
