import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from crmdash.cli import main
from crmdash.ingest.options import Mapping, Options
from crmdash.ingest.remembered import to_text

ROOT = Path(__file__).resolve().parents[2]
ORDERS = "customer_id;date;amount\n007;2024-01-05;1,50\n8;2024-01-06;\n"


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, "utf-8")
    return path


def check(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, dict[str, Any]]:
    code = main(["check", *map(str, arguments)])
    return code, json.loads(capsys.readouterr().out)


def test_check_prints_what_was_detected(orders: Path, capsys):
    code, report = check(capsys, orders)
    assert code == 0
    assert {key: report[key] for key in ("usable", "rows", "rows_used", "rows_set_aside")} == {
        "usable": True, "rows": 2, "rows_used": 1, "rows_set_aside": 1,
    }  # fmt: skip
    assert report["files"] == [{
        "name": "orders.csv", "table": "transactions", "encoding": "utf-8", "delimiter": ";", "header_row": 1,
        "sheet": None, "rows": 2, "rows_used": 1, "rows_set_aside": 1,
        "mapping": {
            "table": "transactions",
            "columns": {"customer_id": "customer_id", "date": "date", "amount": "amount"},
            "options": {"decimal": ","},
        },
        "unused": [],
    }]  # fmt: skip
    (issue,) = report["issues"]
    message = issue.pop("message")
    assert issue == {
        "severity": "warning", "code": "required_blank", "table": "transactions", "column": "amount", "row": 3,
        "count": 1, "example": None,
    }  # fmt: skip
    assert "row 3" in message


def test_check_refuses_with_its_reason(tmp_path: Path, capsys):
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    code, report = check(capsys, tmp_path / "picture.csv")
    assert (code, report["usable"]) == (1, False)
    assert [issue["code"] for issue in report["issues"]] == ["file_foreign", "nothing_usable"]
    assert "PNG" in report["issues"][0]["message"]


def test_check_takes_a_mapping(orders: Path, tmp_path: Path, capsys):
    mapping = {"table": "transactions", "columns": {"customer_id": "date", "date": "date", "amount": "amount"}}
    path = tmp_path / "M.json"
    for tree in (mapping, {"files": {"orders.csv": mapping}}):
        path.write_text(json.dumps(tree), "utf-8")
        code, report = check(capsys, orders, "--mapping", path)
        assert code == 0
        assert report["files"][0]["mapping"]["columns"]["customer_id"] == "date"


@pytest.mark.parametrize(
    ("tree", "hint"),
    [
        ({"columns": {"ammount": "amount"}}, "did you mean 'amount'?"),
        ({"columns": {"amount": "amout"}}, "did you mean 'amount'?"),
        ({"files": {"order.csv": {}}}, "did you mean 'orders.csv'?"),
    ],
)
def test_wrong_mappings_are_wrong_use(orders: Path, tmp_path: Path, capsys, tree: dict[str, Any], hint: str):
    (tmp_path / "M.json").write_text(json.dumps(tree), "utf-8")
    assert main(["check", str(orders), "--mapping", str(tmp_path / "M.json")]) == 2
    assert hint in capsys.readouterr().err


def test_one_mapping_does_not_fit_several_files(orders: Path, tmp_path: Path, capsys):
    (tmp_path / "M.json").write_text("{}", "utf-8")
    assert main(["check", str(orders), str(orders), "--mapping", str(tmp_path / "M.json")]) == 2
    assert "files" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_wrong_use(capsys):
    assert main(["check", "nowhere.csv"]) == 2
    assert "nowhere.csv" in capsys.readouterr().err


def test_read_writes_clean_text_before_any_typing(tmp_path: Path):
    source, out = tmp_path / "in.txt", tmp_path / "out.csv"
    source.write_bytes('id;text;amount\r\n007;"a;""b""";1,50\r\n008;"x, y";\r\n'.encode("utf-16"))
    assert main(["read", str(source), "--out", str(out)]) == 0
    assert out.read_bytes() == b'id,text,amount\n007,"a;""b""","1,50"\n008,"x, y",\n'


def test_read_refuses_what_is_no_table(tmp_path: Path, capsys):
    (tmp_path / "x.pdf").write_bytes(b"%PDF-1.7")
    assert main(["read", str(tmp_path / "x.pdf"), "--out", str(tmp_path / "out.csv")]) == 1
    assert "PDF" in capsys.readouterr().err
    assert not (tmp_path / "out.csv").exists()


def test_read_adds_no_names_where_the_file_has_none(tmp_path: Path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("1;2024-01-05;3\n2;2024-01-06;4\n", "utf-8")
    assert main(["read", str(source), "--out", str(out)]) == 0
    assert out.read_text() == "1,2024-01-05,3\n2,2024-01-06,4\n"


def test_read_keeps_the_names_of_parquet_and_of_a_sheet(tmp_path: Path):
    frame = pl.DataFrame({"id": ["1", "2"], "amount": ["3", None]})
    source, out = tmp_path / "in", tmp_path / "out.csv"
    for write in (frame.write_parquet, frame.write_excel):
        write(source)
        assert main(["read", str(source), "--out", str(out)]) == 0
        assert out.read_text() == "id,amount\n1,3\n2,\n"


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_read_makes_an_empty_file_of_an_empty_one(tmp_path: Path, capsys, content: bytes):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    assert main(["read", str(source), "--out", str(out)]) == 0
    assert out.read_bytes() == b""
    assert "empty" in capsys.readouterr().err


def test_the_module_runs(orders: Path):
    done = subprocess.run(
        [sys.executable, "-m", "crmdash", "check", str(orders)], capture_output=True, cwd=ROOT, check=False
    )
    assert (done.returncode, json.loads(done.stdout)["usable"]) == (0, True)


def test_options_settle_what_the_file_leaves_open(tmp_path: Path, capsys):
    path = tmp_path / "orders.csv"
    path.write_text("customer,date,amount\nA,05/04/2025,1\nA,05/04/2025,1\nB,03/02/2025,3\n", "utf-8")
    _, report = check(capsys, path)
    assert "date_order" in [issue["code"] for issue in report["issues"]]
    _, report = check(capsys, path, "--option", "date_order=dmy", "--option", "duplicates=aside")
    assert report["files"][0]["mapping"]["options"] == {"date_order": "dmy", "duplicates": "aside"}
    assert (report["rows_used"], report["rows_set_aside"]) == (2, 1)


@pytest.mark.parametrize(
    ("option", "hint"),
    [("date_ordr=dmy", "did you mean 'date_order'?"), ("date_order=dym", "is none of"), ("duplicates", "NAME=VALUE")],
)
def test_wrong_options_are_wrong_use(orders: Path, capsys, option: str, hint: str):
    assert main(["check", str(orders), "--option", option]) == 2
    assert hint in capsys.readouterr().err


def test_an_option_may_be_a_number_or_a_truth(tmp_path: Path):
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("a title\nid;amount\n1;2\n", "utf-8")
    assert main(["read", str(source), "--out", str(out), "--option", "header=2", "--option", "delimiter=;"]) == 0
    assert out.read_text() == "id,amount\n1,2\n"
    assert main(["read", str(source), "--out", str(out), "--option", "header=false", "--option", "delimiter=;"]) == 0
    assert out.read_text().splitlines()[0] == "a title,"


def test_orphans_are_written(orders: Path, tmp_path: Path, capsys):
    people, out = tmp_path / "people.csv", tmp_path / "orphans.csv"
    people.write_text("customer_id,name\n007,Anna\n9,Ben\n", "utf-8")
    check(capsys, orders, people, "--orphans", out)
    assert out.read_text() == "customer_id,found_in,missing_in,rows\n9,customers,transactions,1\n"


def test_a_mapping_downloaded_from_the_data_page_is_taken(orders: Path, tmp_path: Path, capsys):
    columns = ["customer_id", "date", "amount"]
    mapping = Mapping("transactions", {name: (name,) for name in columns}, Options(decimal=","))
    path = tmp_path / "M.json"
    path.write_text(to_text(columns, mapping), "utf-8")
    code, report = check(capsys, orders, "--mapping", path)
    assert (code, report["files"][0]["mapping"]) == (0, mapping.to_json())
