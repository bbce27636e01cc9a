"""A mapping chosen by hand is kept for its header, applied to the next file, forgotten on wish, and taken as JSON."""

import json
from pathlib import Path

import polars as pl
import pytest

from crmdash.i18n import Wording
from crmdash.ingest.options import Mapping, Options
from crmdash.ingest.raw import RawTable, Source
from crmdash.ui.data_database import add_table
from crmdash.ui.data_staging import StagedFile, apply_mapping, chosen_by_hand, without_mapping
from tests.app.test_data_page import LOCALES, keys, open_page, texts, upload

SALES = b"client,day,gross,net\nSecret & Co,2025-01-10,120,100\nB,2025-02-10,240,200\n"
LATER = b"day,client,net,gross\n2025-03-10,C,10,12\n"


def choose_by_hand(at):
    at.selectbox(key="data.table.sales.csv").set_value("transactions").run()
    at.selectbox(key="data.column.sales.csv.customer_id").set_value("client").run()
    at.selectbox(key="data.column.sales.csv.date").set_value("day").run()
    return at.multiselect(key="data.column.sales.csv.amount").set_value(["gross"]).run()


def kept(folder: Path) -> list[Path]:
    return sorted((folder / "mappings").glob("*")) if (folder / "mappings").is_dir() else []


def used(locale: str = "en-US"):
    at = choose_by_hand(upload(open_page(locale), ("sales.csv", SALES)))
    return at.button(key="data.use").click().run()


def test_a_mapping_is_kept_only_when_the_data_is_put_to_use(data_folder: Path):
    at = choose_by_hand(upload(open_page(), ("sales.csv", SALES)))
    assert kept(data_folder) == []
    at.button(key="data.use").click().run()
    assert not at.exception
    (file,) = kept(data_folder)
    assert "Secret" not in file.read_text("utf-8")
    assert json.loads(file.read_text("utf-8"))["columns"] == {"customer_id": "client", "date": "day", "amount": "gross"}


def test_what_was_found_by_itself_is_not_kept(data_folder: Path):
    at = upload(open_page(), ("o.csv", b"customer;date;amount\nA;2025-01-01;1,50\n"))
    at.button(key="data.use").click().run()
    assert kept(data_folder) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_it_is_applied_to_the_next_file_with_the_header_and_said(locale: str):
    used(locale)
    at = upload(open_page(locale), ("later.csv", LATER))
    wording = Wording(at.session_state["_language"])
    assert wording("{file}: your mapping of this header is applied.", file="later.csv") in texts(at)
    assert at.metric[1].delta == "12.00"
    at.button(key="data.forget.later.csv").click().run()
    assert not at.exception
    assert "data.forget.later.csv" not in keys(at.button)
    assert "amount" not in at.session_state["_read"].files[0].mapping.columns
    again = upload(open_page(locale), ("later.csv", LATER))
    assert "data.forget.later.csv" not in keys(again.button)


def test_an_answer_is_kept_too(data_folder: Path):
    content = b"customer,date,amount\nA,05/04/2025,1\nA,01/06/2025,2\nB,03/02/2025,3\n"
    at = upload(open_page(), ("o.csv", content))
    at.selectbox(key="data.doubt.o.csv.date_order").set_value("dmy").run()
    at.button(key="data.use").click().run()
    (file,) = kept(data_folder)
    assert json.loads(file.read_text("utf-8"))["options"] == {"date_order": "dmy"}
    again = upload(open_page(), ("o.csv", content))
    assert "data.doubt.o.csv.date_order" not in keys(again.selectbox)
    assert again.metric[3].value == "Jun 1, 2025"


def test_a_table_chosen_by_hand_outweighs_one_that_was_kept():
    used()
    at = upload(open_page(), ("later.csv", LATER))
    at.selectbox(key="data.table.later.csv").set_value("customers").run()
    assert not at.exception
    assert at.session_state["_read"].files[0].table == "customers"


def test_every_mapping_is_forgotten(data_folder: Path):
    at = used()
    at.session_state["data.mapping.sales.csv"] = True
    at.run()
    at.button(key="data.forget_all.sales.csv").click().run()
    assert not at.exception
    assert kept(data_folder) == []


def test_a_folder_that_cannot_be_written_is_said(data_folder: Path):
    data_folder.write_text("a file where the folder should be")
    at = used()
    assert not at.exception
    assert "could not be kept" in at.warning[0].value


def test_a_mapping_is_taken_from_json_and_a_wrong_one_refused():
    at = upload(open_page(), ("sales.csv", SALES))
    at.session_state["data.mapping.sales.csv"] = True
    at.run()
    assert "data.mapping.json.sales.csv" in keys(at.get("download_button"))
    mapping = {
        "version": 1, "table": "transactions", "columns": {"customer_id": "CLIENT", "date": "day", "amount": "net"},
    }  # fmt: skip
    take(at, b'{"version": 1, "columns": {"amount": "nothing"}}')
    assert "This is no mapping for sales.csv" in texts(at)
    take(at, b"\xff\xfe")
    assert "This is no mapping for sales.csv" in texts(at)
    take(at, json.dumps(mapping).encode())
    assert "This is no mapping" not in texts(at)
    assert at.metric[1].delta == "300.00"
    assert "data.forget.sales.csv" not in keys(at.button)


def take(at, content: bytes) -> None:
    uploader = next(each for each in at.file_uploader if (each.key or "").startswith("data.mapping.upload"))
    uploader.upload("mapping.json", content)
    at.run()
    assert not at.exception


def test_what_a_database_brings_with_it_is_nobodys_choice():
    raw = RawTable("orders", pl.DataFrame({"a": ["1.234"]}), decimal=".")
    (file,) = add_table((), raw)
    assert file.mapping.options.decimal == "."
    assert chosen_by_hand(file) is None


def test_how_the_file_itself_is_read_stays_when_a_mapping_comes_and_goes():
    file = StagedFile(Source("a.csv", b""), Mapping(None, {}, Options(delimiter=";", date_order="mdy")))
    recalled = apply_mapping(file, Mapping("transactions", {"amount": ("a",)}, Options(decimal=",")))
    assert recalled.mapping.options == Options(delimiter=";", decimal=",")
    assert chosen_by_hand(recalled) == Mapping("transactions", {"amount": ("a",)}, Options(decimal=","))
    assert without_mapping(recalled).mapping == Mapping(None, {}, Options(delimiter=";"))
    assert chosen_by_hand(without_mapping(recalled)) is None
