"""The data page: what is uploaded, what is understood, corrected, put to use and taken away again."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.columns import TABLES, TableName
from crmdash.i18n import Wording, match_language
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import Source
from crmdash.issues import Issue
from crmdash.ui.data_issues import issue_table
from crmdash.ui.data_staging import StagedFile, add_files, choose_option, open_questions, report_of
from crmdash.ui.data_switches import switches
from crmdash.ui.data_templates import template
from crmdash.ui.data_words import literal

APP = str(Path(__file__).resolve().parents[2] / "app.py")
LOCALES = ("en-US", "zh-CN", "zh-TW")
HEADERS = {
    "english": "Customer ID,Order Date,Amount,Profit",
    "simplified": "客户编号,订单日期,金额,利润",
    "traditional": "客戶編號,訂單日期,金額,利潤",
}
ROWS = ("A,2025-01-10,100.50,20", "B,2025-02-11,200,-5", "A,2025-03-12,50,10")
ORDERS = "\n".join((HEADERS["english"], *ROWS)).encode()
PEOPLE = b"Customer ID,Customer Name,Region\nA,Anna,North\nB,Ben,South\nC,Cem,South\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def open_page(locale: str = "en-US") -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.context["locale"] = locale
    at.run()
    return at.switch_page("pages/data.py").run()


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    uploader = at.file_uploader[0]
    for name, content in files:
        uploader.upload(name, content)
    at.run()
    assert not at.exception
    return at


def figures(at: AppTest) -> list[str]:
    """Customers, revenue, rows used, as-at day."""
    return [metric.value for metric in at.metric]


def texts(at: AppTest) -> str:
    return "\n".join(text.value for text in at.text)


def keys(elements: Iterable[Any]) -> set[str]:
    return {element.key for element in elements}


def opened(at: AppTest) -> Dataset:
    return at.session_state["_opened"].dataset


def sold(at: AppTest) -> int:
    """Amount of the orders on the board, in ten-thousandths."""
    transactions = opened(at).transactions
    assert transactions is not None
    return int(transactions["amount"].sum())


@pytest.mark.parametrize("locale", LOCALES)
def test_the_sample_is_open_at_first_and_marked(locale: str):
    at = open_page(locale)
    assert not at.exception
    assert any(Wording(match_language(locale))("Sample") in markdown.value for markdown in at.markdown)
    assert at.session_state["_opened"].is_sample
    assert len(at.metric) == 4
    assert keys(at.get("download_button")) == {f"data.template.{table}" for table in TABLES}
    assert len(at.get("page_link")) == 1


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("language", HEADERS)
def test_orders_are_read_shown_and_opened(language: str, locale: str):
    content = "\n".join((HEADERS[language], *ROWS)).encode()
    at = upload(open_page(locale), ("orders.csv", content))
    assert figures(at)[0] == "2"
    assert at.metric[1].delta == "350.50"
    assert figures(at)[2] == "3"
    assert at.session_state["_opened"].is_sample
    at.button(key="data.use").click().run()
    assert not at.exception
    assert not at.session_state["_opened"].is_sample
    assert sold(at) == 3_505_000
    assert "data.use" not in keys(at.button)
    assert "data.sample" in keys(at.button)


def test_what_is_loaded_stays_after_a_change_of_page():
    at = upload(open_page(), ("orders.csv", ORDERS))
    at.button(key="data.use").click().run()
    at.switch_page("pages/board.py").run()
    assert not at.exception
    assert at.metric[0].delta == "of 351 revenue"
    at.switch_page("pages/data.py").run()
    assert not at.exception
    assert at.text[0].value == "orders.csv"
    assert figures(at)[:3] == ["2", "351", "3"]
    assert not at.file_uploader[0].value


def test_a_column_chosen_by_hand_changes_the_figures():
    content = b"client,day,gross,net\nA,2025-01-10,120,100\nB,2025-02-10,240,200\n"
    at = upload(open_page(), ("sales.csv", content))
    at.selectbox(key="data.table.sales.csv").set_value("transactions").run()
    at.selectbox(key="data.column.sales.csv.customer_id").set_value("client").run()
    at.selectbox(key="data.column.sales.csv.date").set_value("day").run()
    at.multiselect(key="data.column.sales.csv.amount").set_value(["gross"]).run()
    assert at.metric[1].delta == "360.00"
    at.multiselect(key="data.column.sales.csv.amount").set_value(["net"]).run()
    assert at.metric[1].delta == "300.00"
    at.multiselect(key="data.column.sales.csv.amount").set_value(["gross", "net"]).run()
    assert at.metric[1].delta == "660.00"
    assert not at.exception


def test_a_correction_reaches_the_board_only_when_it_is_put_to_use():
    at = upload(open_page(), ("orders.csv", ORDERS))
    at.button(key="data.use").click().run()
    at.multiselect(key="data.column.orders.csv.amount").set_value(["Profit"]).run()
    assert sold(at) == 3_505_000
    at.button(key="data.use").click().run()
    assert sold(at) == 250_000


def test_two_files_are_joined_on_the_customer():
    at = upload(open_page(), ("orders.csv", ORDERS), ("people.csv", PEOPLE))
    assert at.selectbox(key="data.table.orders.csv").value == "transactions"
    at.selectbox(key="data.file").set_value("people.csv").run()
    assert at.selectbox(key="data.table.people.csv").value == "customers"
    assert figures(at) == ["2", "351", "6", "Mar 12, 2025"]
    at.button(key="data.use").click().run()
    customers = opened(at).customers
    assert customers is not None
    assert customers["name"].to_list() == ["Anna", "Ben", "Cem"]


def test_a_file_is_left_out_brought_back_and_removed():
    at = upload(open_page(), ("orders.csv", ORDERS))
    at = upload(at, ("people.csv", PEOPLE))
    at.selectbox(key="data.table.orders.csv").set_value("none").run()
    assert not at.metric
    assert "nothing by which to value" in texts(at)
    at.selectbox(key="data.table.orders.csv").set_value("transactions").run()
    assert figures(at)[:1] == ["2"]
    at.button(key="data.drop.orders.csv").click().run()
    assert at.text[0].value == "people.csv"
    at.button(key="data.remove").click().run()
    assert not at.exception
    assert at.session_state["_staged"] == ()
    assert at.session_state["_opened"].is_sample


def test_back_to_the_sample_keeps_the_files():
    at = upload(open_page(), ("orders.csv", ORDERS))
    at.button(key="data.use").click().run()
    at.button(key="data.sample").click().run()
    assert at.session_state["_opened"].is_sample
    at.button(key="data.use").click().run()
    assert not at.session_state["_opened"].is_sample


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.csv", b"", "file_empty"),
        ("picture.csv", PNG, "file_foreign"),
        ("program.csv", bytes(range(256)) * 20, "file_binary"),
        ("short.csv", b"customer,date\nA,2025-01-01\nA,2025-01-02\n", "amount_missing"),
    ],
)
def test_what_cannot_be_used_says_why(name: str, content: bytes, code: str, locale: str):
    at = upload(open_page(locale), (name, content))
    (issue,) = (issue for issue in at.session_state["_read"].issues if issue.code == code)
    wording = Wording(at.session_state["_language"])
    assert wording.issue(issue) in texts(at)
    assert not at.metric
    assert "data.use" not in keys(at.button)


@pytest.mark.parametrize("rows", [1, 3])
def test_one_customer_makes_a_board(rows: int):
    lines = [f"A,2025-0{month}-01,10" for month in range(1, rows + 1)]
    at = upload(open_page(), ("one.csv", "\n".join(["customer,date,amount", *lines]).encode()))
    assert figures(at)[:2] == ["1", str(10 * rows)]
    at.button(key="data.use").click().run()
    at.switch_page("pages/board.py").run()
    assert not at.exception


def test_names_that_are_taken_get_a_number():
    files = add_files((), [Source("a.csv", b"1"), Source("a.csv", b"2"), Source("a.csv", b"3")])
    assert [file.name for file in files] == ["a.csv", "a (2).csv", "a (3).csv"]


def test_too_much_is_refused_and_nothing_kept_of_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("crmdash.ui.data_upload._MEGABYTE", 0)
    at = upload(open_page(), ("orders.csv", ORDERS))
    assert "_staged" not in at.session_state
    assert "orders.csv was not opened" in texts(at)
    assert figures(at)[2] == f"{opened(at).rows_used:,}"


def test_a_doubt_stands_on_top_until_it_is_answered():
    content = b"account,year_established,employees,revenue\nA,1990,10,500\nB,1991,20,700\n"
    at = upload(open_page(), ("accounts.csv", content))
    assert "own turnover" in texts(at)
    at.selectbox(key="data.doubt.accounts.csv.revenue").set_value("revenue").run()
    assert not at.exception
    assert "own turnover" not in texts(at)
    assert at.metric[1].delta == "1,200.00"


def test_a_doubt_can_be_left_as_it_is():
    content = b"account,year_established,employees,revenue\nA,1990,10,500\nB,1991,20,700\n"
    at = upload(open_page(), ("accounts.csv", content))
    at.button(key="data.answer.accounts.csv.own_turnover.revenue").click().run()
    assert "own turnover" not in texts(at)
    assert "data.doubt.accounts.csv.revenue" not in keys(at.selectbox)


def test_day_and_month_are_asked_for():
    at = upload(open_page(), ("orders.csv", b"customer,date,amount\nA,05/04/2025,1\nA,01/06/2025,2\nB,03/02/2025,3\n"))
    assert figures(at)[3] == "May 4, 2025"
    at.selectbox(key="data.doubt.orders.csv.date_order").set_value("dmy").run()
    assert figures(at)[3] == "Jun 1, 2025"
    assert "data.doubt.orders.csv.date_order" not in keys(at.selectbox)


def test_an_option_that_changes_the_columns_begins_anew_and_others_keep_them():
    source = Source("o.csv", b"customer;date;amount;extra\nA;2025-01-01;1,50;2,25\n")
    by_hand = Mapping(
        "transactions", {"customer_id": ("customer",), "date": ("date",), "amount": ("extra",)}
    )  # fmt: skip
    file = StagedFile(source, by_hand)
    report = report_of(open_dataset([source], {"o.csv": by_hand}), file)
    assert report is not None
    assert choose_option(file, report, "decimal", ",").mapping.columns == by_hand.columns
    anew = choose_option(file, report, "delimiter", ";").mapping
    assert (anew.table, anew.columns, anew.options.delimiter) == ("transactions", {}, ";")
    assert choose_option(file, report, "decimal", "auto").mapping.options.decimal is None


def test_the_unit_of_a_discount_brings_the_discount_in():
    source = Source("o.csv", b"customer,date,amount,discount\nA,2025-01-01,90,10\nB,2025-01-02,80,20\n")
    file = StagedFile(source)
    report = report_of(open_dataset([source]), file)
    assert report is not None
    assert [issue.code for issue in open_questions(file, report)] == ["discount_unit"]
    settled = choose_option(file, report, "discount", "percent")
    dataset = open_dataset([source], {"o.csv": settled.mapping})
    assert dataset.transactions is not None
    assert dataset.transactions["discount"].to_list() == [100_000, 200_000]


@pytest.mark.parametrize("table", TABLES)
def test_a_template_is_recognised_with_every_column(table: TableName):
    dataset = open_dataset([Source(f"{table}.csv", template(table))])
    (report,) = dataset.files
    assert report.table == table
    assert report.mapping.columns == {column.name: (column.name,) for column in TABLES[table]}
    assert report.rows_used == 2
    assert [issue.code for issue in report.issues if issue.severity in ("error", "warning")] == []


def test_what_orders_switch_on_and_what_is_missing():
    dataset = open_dataset([Source("orders.csv", ORDERS)])
    found = switches(dataset, Wording())
    lit = {column for switch in found if switch.lit for column in switch.columns}
    missing = {(switch.table, column) for switch in found if not switch.lit for column in switch.columns}
    assert lit == {"profit"}
    assert ("transactions", "category") in missing
    assert ("transactions", "cost") not in missing
    assert {(switch.table, switch.columns) for switch in found if switch.table != "transactions"} == {
        ("customers", ()), ("contacts", ()), ("staff", ()),
    }  # fmt: skip


def test_findings_are_listed_most_pressing_first_with_text_of_the_file_as_it_is():
    found = [
        Issue("info", "blank_rows", row=4, count=2, values={"file": "a.csv"}),
        Issue(
            "warning", "value_unreadable", "transactions", "profit", 7, 3, "**12** :red[x]",
            {"file": "a.csv", "header": "Margin"},
        ),
        Issue("error", "no_rows_left", "transactions", count=9, values={"file": "b.csv"}),
    ]  # fmt: skip
    table = issue_table(found, Wording())
    assert table["severity"].to_list() == ["✖ Error", "! Warning", "i Note"]
    assert table["column"].to_list() == [None, "Profit", None]
    assert table["example"].to_list() == [None, "**12** :red[x]", None]
    assert table["row"].to_list() == [None, 7, 4]
    assert table["file"].to_list() == ["b.csv", "a.csv", "a.csv"]


def test_names_of_files_are_no_markup():
    assert literal("a_b [x](y).csv") == r"a\_b \[x\]\(y\)\.csv"
    assert literal(":red[x]\n# y") == "\\:\u2060red\\[x\\] \\# y"


@pytest.mark.parametrize("name", ["[a](b) **c** $d$ :red[e].csv", "<b>x</b>.csv", "订单 *1*.csv"])
def test_any_name_of_a_file_is_shown_as_it_is(name: str):
    at = upload(open_page(), (name, ORDERS), ("second.csv", PEOPLE))
    assert at.text[0].value == f"{name}, second.csv"
    at.selectbox(key=f"data.column.{name}.date").set_value(None).run()
    assert not at.exception
    assert not at.metric


def test_every_folded_part_opens(shared_datasets: Path):
    at = open_page("zh-TW")
    at = upload(at, ("superstore.csv", (shared_datasets / "superstore" / "superstore.csv").read_bytes()))
    assert figures(at)[0] == "793"
    assert at.metric[1].delta == "2,297,200.86"
    for part in ("more", "options", "raw"):
        at.session_state[f"data.{part}.superstore.csv"] = True
    at.session_state["data.lit"] = True
    at.run()
    assert not at.exception
    assert at.selectbox(key="data.column.superstore.csv.category").value == "Category"
    assert at.selectbox(key="data.option.superstore.csv.delimiter").value == "auto"
    assert "Postal Code" in texts(at)


def test_a_switch_of_language_changes_words_and_no_choice():
    at = upload(open_page(), ("orders.csv", ORDERS))
    at.multiselect(key="data.column.orders.csv.amount").set_value(["Profit"]).run()
    at.segmented_control(key="language").set_value("zh_Hant").run()
    assert not at.exception
    assert at.selectbox(key="data.table.orders.csv").value == "transactions"
    assert at.multiselect(key="data.column.orders.csv.amount").value == ["Profit"]
    assert at.metric[1].delta == "25.00"
    assert at.metric[0].label == Wording("zh_Hant")("Customers")


def test_an_upload_told_of_once_more_is_passed_by():
    at = AppTest.from_function(_tells_again)
    at.run()
    assert not at.exception
    assert (at.session_state["_batch"], at.session_state["_refused"]) == (3, ("large.csv",))
    assert "_staged" not in at.session_state


def _tells_again() -> None:
    import streamlit as st  # noqa: PLC0415  (run as a script of its own)
    from streamlit.runtime.uploaded_file_manager import DeletedFile  # noqa: PLC0415

    from crmdash.ui import state  # noqa: PLC0415

    st.session_state["_batch"], st.session_state["_refused"] = 3, ("large.csv",)
    st.session_state[state.uploader_key()] = [DeletedFile("a")]
    state.take_uploads(1_000)
