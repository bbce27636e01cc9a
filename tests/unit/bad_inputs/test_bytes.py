"""Cases 1 to 18: encodings and containers."""

import gzip
import io
import zipfile

import pytest

from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from tests.unit.bad_inputs.files import ORDERS, aside, codes, column, csv, found, issue, money, opened, parquet, xlsx

PLAIN = csv(ORDERS, [("A", "2024-01-05", "5"), ("B", "2024-01-06", "6")])
HEADER = ("客户编号", "客户名称", "订单日期", "金额")
HANS = csv(HEADER, [(f"{n}", "上海华联超市有限公司", "2024-01-05", f"{n}.5") for n in range(1, 9)])
HANT = csv(("客戶編號", "客戶名稱", "訂單日期", "金額"),
           [(f"{n}", "臺北統一超商股份有限公司", "2024-01-05", f"{n}.5") for n in range(1, 9)])  # fmt: skip


def names(dataset) -> list[str]:
    return dataset.customers["name"].unique().to_list()


def test_case_1_a_byte_order_mark():
    dataset = opened(PLAIN.encode("utf-8-sig"))
    assert dataset.files[0].columns == ORDERS
    assert (column(dataset, "amount"), found(dataset)) == (money(5, 6), [])


def test_case_2_plain_utf8():
    dataset = opened(HANS)
    assert (dataset.files[0].encoding, names(dataset), found(dataset)) == ("utf-8", ["上海华联超市有限公司"], [])


def test_case_3_gb18030():
    dataset = opened(HANS.encode("gb18030"))
    assert (dataset.files[0].encoding, names(dataset)) == ("gb18030", ["上海华联超市有限公司"])
    assert codes(dataset) == ["encoding_guessed"]


def test_case_4_big5_is_not_taken_for_gb18030():
    dataset = opened(HANT.encode("big5"))
    assert (dataset.files[0].encoding, names(dataset)) == ("big5", ["臺北統一超商股份有限公司"])
    assert codes(dataset) == ["encoding_guessed"]
    switched = opened(HANT.encode("big5"), encoding="gb18030")
    assert switched.files[0].encoding == "gb18030"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_case_5_utf16_with_a_mark(encoding: str):
    text = HANS.replace(",", "\t")
    dataset = opened(("\ufeff" + text).encode(encoding))
    assert (names(dataset), found(dataset)) == (["上海华联超市有限公司"], [])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [PLAIN, HANS])
def test_case_6_utf16_without_a_mark(encoding: str, text: str):
    dataset = opened(text.encode(encoding))
    assert (dataset.files[0].encoding, found(dataset)) == (encoding, [])


@pytest.mark.parametrize(
    ("encoding", "name"), [("shift_jis", "株式会社サンプル商店"), ("euc_kr", "서울상사주식회사")]
)  # fmt: skip
def test_case_7_japanese_and_korean(encoding: str, name: str):
    text = csv(("customer_id", "name", "revenue"), [(f"{n}", name, "5") for n in range(1, 9)])
    dataset = opened(text.encode(encoding))
    assert (dataset.files[0].encoding, names(dataset), codes(dataset)) == (encoding, [name], ["encoding_guessed"])


def test_case_8_western_letters_are_the_last_resort_and_told():
    text = csv(("customer_id", "name", "revenue"), [(f"{n}", "Café Müller – Søn", "5") for n in range(1, 9)])
    dataset = opened(text.encode("cp1252"))
    assert (names(dataset), codes(dataset)) == (["Café Müller – Søn"], ["encoding_guessed"])
    assert issue(dataset, "encoding_guessed").values["encoding"] == "cp1252"


def test_case_9_two_encodings_in_one_file():
    good = "".join(f"{n},2024-01-05,{n},上海华联超市有限公司\n" for n in range(60))
    content = ("customer_id,date,amount,name\n" + good).encode() + "99,2024-01-05,9,北京\n".encode("gb18030")
    dataset = opened(content)
    assert dataset.rows_used == 61
    mixed = issue(dataset, "encodings_mixed")
    assert (mixed.severity, mixed.row, mixed.count, mixed.values["encoding"]) == ("warning", 62, 1, "gb18030")
    assert mixed.values["lines"] == (62,)
    skipped = opened(content, broken_lines="aside")
    assert aside(skipped) == [(62, "broken_line_aside", None, None)]
    assert (skipped.set_aside["text"].to_list(), skipped.rows_used) == (["99,2024-01-05,9,北京"], 60)


def test_case_10_an_invalid_byte_names_its_row():
    rows = "".join(f"{n},2024-01-05,{n},上海华联超市有限公司\n" for n in range(60))
    header = "customer_id,date,amount,name\n"
    content = (header + rows).encode() + b"99,2024-01-05,9,x\xffy\n"
    (told,) = [one for one in opened(content).issues if one.code in ("encodings_mixed", "characters_lost")]
    assert (told.count, told.row) == (1, 62)
    skipped = opened(
        (header + rows).encode() + b'98,2024-01-05,9,"x\n\xff\ny"\n99,2024-01-05,9,z\n', broken_lines="aside"
    )
    assert aside(skipped) == [(62, "broken_line_aside", None, None)]
    assert skipped.rows_used == 61


def test_case_11_zero_bytes():
    dataset = opened(PLAIN.encode().replace(b"\nB", b"\nB\0"))
    assert column(dataset, "customer_id") == ["A", "B"]
    assert found(dataset) == [("zeros_removed", None, 3, 1, None)]


def test_case_12_an_empty_file():
    assert codes(opened(b"")) == ["file_empty", "nothing_usable"]


def test_case_13_only_a_header():
    assert codes(opened(b"customer_id,date,amount\n")) == ["no_rows_at_all", "nothing_usable"]


def test_case_13_only_a_header_in_a_workbook_and_in_parquet():
    assert codes(opened(xlsx([ORDERS]))) == ["no_rows_at_all", "nothing_usable"]
    assert codes(opened(parquet(ORDERS, []))) == ["no_rows_at_all", "nothing_usable"]


@pytest.mark.parametrize("content", [b"\n\n\n", b"   \n  \r\n\t", b"\xef\xbb\xbf\n\n"])
def test_case_14_only_blank_lines(content: bytes):
    assert codes(opened(content)) == ["file_empty", "nothing_usable"]


def test_case_15_the_content_decides_not_the_name():
    book = xlsx([ORDERS, ("A", "2024-01-05", 5)])
    dataset = open_dataset([Source("orders.csv", book)])
    assert (column(dataset, "amount"), dataset.files[0].sheet) == (money(5), "Sheet1")
    page = open_dataset([Source("orders.xls", b"<html><table><tr><td>A</td></tr></table></html>")])
    assert issue(page, "file_foreign").example == "HTML / XML"


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"\xff\xd8\xff\xe0\0\x10JFIF\0", "JPEG"), (b"%PDF-1.7\n%\xe2\xe3", "PDF"), (b"MZ\x90\0\x03\0\0\0", "EXE"),
     (b"\x89PNG\r\n\x1a\n\0\0", "PNG"), (b"GIF89a\x01\0\x01\0", "GIF")],
)  # fmt: skip
def test_case_16_other_files_with_a_wrong_name(content: bytes, kind: str):
    dataset = open_dataset([Source("orders.csv", content + bytes(64))])
    assert (issue(dataset, "file_foreign").example, dataset.usable) == (kind, False)


def test_case_17_one_file_packed():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("orders.csv", PLAIN)
    for content in (gzip.compress(PLAIN.encode()), packed.getvalue()):
        dataset = opened(content)
        assert (column(dataset, "amount"), found(dataset)) == (money(5, 6), [])


def test_case_17_several_files_packed_are_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", PLAIN)
        archive.writestr("b.csv", PLAIN)
    assert codes(opened(packed.getvalue())) == ["archive_of_several", "nothing_usable"]


def test_case_18_files_cut_off():
    book = xlsx([ORDERS, *(("A", "2024-01-05", n) for n in range(50))])
    table = parquet(ORDERS, [("A", "2024-01-05", "5")])
    for content in (book[: len(book) // 2], table[:-20], gzip.compress(PLAIN.encode())[:-9]):
        dataset = opened(content)
        assert not dataset.usable
        assert codes(dataset)[0] in ("file_incomplete", "archive_broken")
