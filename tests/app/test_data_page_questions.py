"""What the file leaves open is asked with what its own cells mean under each choice."""

import pytest

from crmdash.i18n import Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.ui.data_doubts import meanings
from crmdash.ui.data_encodings import candidates, looks
from crmdash.ui.data_readings import Readings, all_readings
from crmdash.ui.data_staging import StagedFile, choose_option, open_questions, report_of
from tests.app.test_data_page import LOCALES, keys, open_page, texts, upload
from tests.app.test_data_page_rows import frame_with

HEAD = "customer,date,amount\n"
DATES = HEAD + "A,03/04/2025,10\nB,05/04/2025,20\nA,03/04/2025,30\nB,06/06/2025,40\nA,01/02/2025,50\n"
AMOUNTS = HEAD + "A,2025-01-01,1.234\nB,2025-01-02,2.500\nA,2025-01-03,1.234\n"
NUMBERS = HEAD + "A,36161,10\nB,36170,20\n"
ALIKE = HEAD + "c1,2025-01-01,10\nC1,2025-01-02,20\nC1,2025-01-03,30\nB,2025-01-04,40\n"
DISCOUNTS = "customer,date,amount,discount\nA,2025-01-01,95,10\nB,2025-01-02,80,20\n"
MIXED = HEAD + "A,2025-01-01,$10\nB,2025-01-02,€20\nA,2025-01-03,$30\n"


def asked(content: str) -> tuple[StagedFile, dict[str, Readings]]:
    file = StagedFile(Source("o.csv", content.encode()))
    found = all_readings([file], open_dataset([file.source]))
    return file, {code: readings for (_name, code, _column), readings in found.items()}


@pytest.mark.parametrize(
    ("content", "code", "columns", "rows", "concerned"),
    [
        (
            DATES, "date_order", ["cell", "rows", "dmy", "mdy"],
            [
                ("03/04/2025", 2, "Apr 3, 2025", "Mar 4, 2025"), ("05/04/2025", 1, "Apr 5, 2025", "May 4, 2025"),
                ("01/02/2025", 1, "Feb 1, 2025", "Jan 2, 2025"),
            ], 4,
        ),
        (
            AMOUNTS, "decimal_sign", ["cell", "rows", ".", ","],
            [("1.234", 2, "1.234", "1,234"), ("2.500", 1, "2.50", "2,500")], 3,
        ),
        (
            NUMBERS, "date_system", ["cell", "rows", "1900", "1904"],
            [("36161", 1, "Jan 1, 1999", "Jan 2, 2003"), ("36170", 1, "Jan 10, 1999", "Jan 11, 2003")], 2,
        ),
        (ALIKE, "ids_alike", ["cell", "rows", "apart", "together"], [("c1 / C1", 3, "2 customers", "1 customer")], 3),
        (
            DISCOUNTS, "discount_unit", ["cell", "rows", "money", "percent"],
            [("10 / 95", 1, "10", "10.5556")], 1,
        ),
    ],
)  # fmt: skip
def test_cells_are_shown_with_every_meaning(content: str, code: str, columns, rows, concerned: int):
    _file, found = asked(content)
    table = meanings(found[code], Wording())
    assert table.columns == columns
    assert table.rows() == rows
    assert found[code].rows == concerned


def test_where_cells_contradict_each_other_what_cannot_be_read_is_said():
    _file, found = asked(HEAD + "A,13/04/2025,10\nB,04/13/2025,20\nA,03/04/2025,30\n")
    table = meanings(found["date_order"], Wording())
    assert table.select("cell", "dmy", "mdy").rows() == [
        ("03/04/2025", "Apr 3, 2025", "Mar 4, 2025"), ("13/04/2025", "Apr 13, 2025", "cannot be read"),
        ("04/13/2025", "cannot be read", "Apr 13, 2025"),
    ]  # fmt: skip


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize(
    ("content", "code", "option", "answer", "delta"),
    [
        (DATES, "date_order", "date_order", "dmy", "150.00"),
        (AMOUNTS, "decimal_sign", "decimal", ",", "4,968.00"),
        (NUMBERS, "date_system", "date_system", "1904", "30.00"),
        (ALIKE, "ids_alike", "alike_ids", "together", "100.00"),
        (ALIKE, "ids_alike", "alike_ids", "apart", "100.00"),
        (MIXED, "currencies_mixed", "currency", "USD", "40.00"),
    ],
)
def test_a_question_is_asked_and_answered(locale: str, content: str, code: str, option: str, answer: str, delta: str):
    at = upload(open_page(locale), ("o.csv", content.encode()))
    assert code in [issue.code for issue in at.session_state["_read"].issues]
    if code != "currencies_mixed":
        assert any("cell" in frame.value.columns for frame in at.dataframe)
    at.selectbox(key=f"data.doubt.o.csv.{option}").set_value(answer).run()
    assert not at.exception
    assert f"data.doubt.o.csv.{option}" not in keys(at.selectbox)
    assert at.metric[1].delta == delta


def test_alike_ids_count_together_once_that_is_said():
    at = upload(open_page(), ("o.csv", ALIKE.encode()))
    assert at.metric[0].value == "3"
    at.selectbox(key="data.doubt.o.csv.alike_ids").set_value("together").run()
    assert at.metric[0].value == "2"


def test_mixed_currencies_are_asked_for_not_only_refused():
    at = upload(open_page(), ("o.csv", MIXED.encode()))
    assert not at.metric
    assert at.selectbox(key="data.doubt.o.csv.currency").options == ["Choose …", "USD", "EUR"]
    assert "data.answer.o.csv.currencies_mixed.amount" not in keys(at.button)
    at.selectbox(key="data.doubt.o.csv.currency").set_value("USD").run()
    assert (at.session_state["_read"].rows_used, at.session_state["_read"].rows_set_aside) == (2, 1)
    at.session_state["data.options.o.csv"] = True
    at.run()
    at.selectbox(key="data.option.o.csv.currency").set_value("auto").run()
    assert not at.metric


def test_a_doubt_about_columns_shows_their_first_cells():
    content = b"account,year_established,employees,revenue\nA,1990,10,500\nB,1991,20,700\n"
    at = upload(open_page(), ("a.csv", content))
    cells = frame_with(at, "year_established", "employees", "revenue")
    assert cells.rows() == [("1990", "10", "500"), ("1991", "20", "700")]


def test_a_column_chosen_by_hand_keeps_no_question_that_an_option_has_settled():
    source = Source("o.csv", DATES.encode())
    file = StagedFile(source)
    report = report_of(open_dataset([source]), file)
    assert report is not None
    settled = choose_option(file, report, "date_order", "dmy")
    after = report_of(open_dataset([source], {"o.csv": settled.mapping}), settled)
    assert after is not None
    assert open_questions(settled, after) == ()


def test_encodings_are_ranked_and_shown():
    text = "客户编号,订单日期,金额,客户名称\nA,2024-01-05,10,广州贸易有限公司\nB,2024-01-06,20,深圳零售\n"
    file = StagedFile(Source("gb.csv", text.encode("gb18030")))
    report = report_of(open_dataset([file.source]), file)
    assert report is not None
    ranked = candidates(file, report)
    assert ranked[0] == "gb18030"
    assert looks(file, ranked)["gb18030"] == " ⏎ ".join(text.splitlines())
    at = upload(open_page(), ("gb.csv", file.source.content))
    at.session_state["data.options.gb.csv"] = True
    at.run()
    shown = at.selectbox(key="data.option.gb.csv.encoding").options
    assert shown[1] == "gb18030" and "euc_kr" in shown
    if len(ranked) > 1:
        assert frame_with(at, "encoding", "text")["encoding"].to_list() == list(ranked)
    at.selectbox(key="data.option.gb.csv.encoding").set_value("big5").run()
    assert not at.exception
    assert at.selectbox(key="data.option.gb.csv.encoding").options[1] == "gb18030"


def test_a_wide_comma_can_be_chosen():
    at = upload(open_page(), ("o.csv", "customer，date，amount\nA，2025-01-01，5\n".encode()))
    at.session_state["data.options.o.csv"] = True
    at.run()
    at.selectbox(key="data.option.o.csv.delimiter").set_value("，").run()
    assert not at.exception
    assert at.metric[1].delta == "5.00"


def test_what_is_asked_reads_the_file_literally():
    at = upload(
        open_page(), ("o.csv", (HEAD + "**A**,03/04/2025,1\n:red[x],01/06/2025,2\n**A**,03/02/2025,3\n").encode())
    )
    assert not at.exception
    assert "o.csv" in texts(at)
    assert frame_with(at, "cell", "rows", "dmy", "mdy")["cell"].to_list() == ["03/04/2025", "01/06/2025", "03/02/2025"]
