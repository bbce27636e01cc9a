"""What systems found, as files: codes for programs, words for readers."""

import json
from decimal import Decimal
from pathlib import Path

import polars as pl

from crmdash.export.reports import plain, report_sheet, systems_tree, table_rows, write_reports
from crmdash.i18n import Wording
from crmdash.phrases import Figure, Phrase
from crmdash.systems.report import CUSTOMER, TIER, Column, Report, System, Table
from tests.unit.frames import evidence, money, sales

FRAME = pl.DataFrame(
    {
        "customer_id": ["a", "b"],
        "name": ["Ann", None],
        "tier": ["platinum", None],
        "value": [money(12.5), None],
        "last_purchase": [366, None],
        "share": [0.25, None],
        "flagged": [True, None],
    }
)
COLUMNS = (
    *CUSTOMER, TIER, Column("value", "money"), Column("last_purchase", "date"), Column("share", "percent"),
    Column("owner", "text"),
)  # fmt: skip
REPORT = Report(
    {
        "at_stake": Figure("money", money(3)),
        "day": Figure("date", 366),
        "top": Figure("term", "model:tier.platinum"),
        "none": Figure("money", None),
    },
    Table(FRAME, COLUMNS),
    {"few": Table(FRAME.head(1), COLUMNS[:4])},
)


def test_figures_are_plain_in_json():
    assert [plain(figure) for figure in REPORT.figures.values()] == [3.0, "1971-01-02", "platinum", None]


def test_rows_are_written_with_codes_and_exact_amounts(tmp_path: Path):
    write_reports(tmp_path, {"early_warning": REPORT})
    text = (tmp_path / "early_warning.csv").read_text("utf-8")
    assert text == ("customer_id,name,tier,value,last_purchase,share\na,Ann,platinum,12.5000,1971-01-02,0.25\nb,,,,,\n")


def test_the_branch_of_summary_json_holds_figures_small_tables_and_what_is_missing():
    system = System("audit_base", "–", (("contacts", "customers.satisfaction"),), lambda _: REPORT)
    found = evidence(sales("a", {0: 1}))
    tree = systems_tree(found, {"balance": REPORT}, Wording())
    assert all("missing" in branch for code, branch in tree.items() if code != "balance")
    assert json.loads(json.dumps(tree["balance"])) == {
        "number": "S17b",
        "at_stake": 3.0,
        "day": "1971-01-02",
        "top": "platinum",
        "none": None,
        "few": [{"customer_id": "a", "name": "Ann", "tier": "platinum", "value": 12.5}],
        "rows": 2,
    }
    assert table_rows(REPORT.tables["few"])["value"].to_list() == [Decimal("12.5")]
    assert found.missing(system.needs) == (("contacts", "customers.satisfaction"),)


def test_a_sheet_is_in_the_readers_words():
    sheet = report_sheet(Table(FRAME, COLUMNS), "Found", Wording())
    assert [column.name for column in sheet.columns] == [column.name for column in COLUMNS[:-1]]
    assert sheet.column("tier").values.to_list() == ["Platinum", None]
    assert sheet.column("customer_id").person == "customer"


def test_a_phrase_says_where_its_words_stand():
    assert Phrase("x").kind == "reasons"
