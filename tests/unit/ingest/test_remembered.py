import json
import os
from pathlib import Path

import pytest

from crmdash.errors import MappingError
from crmdash.ingest import remembered
from crmdash.ingest.options import Mapping, Options

COLUMNS = ("客户编号", "Date", "Betrag")
MAPPING = Mapping(
    "transactions",
    {"customer_id": ("客户编号",), "date": ("Date",), "amount": ("Betrag",)},
    Options(decimal=",", returns="aside", sheet="Mai", encoding="cp1252", header=3),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(remembered.FOLDER_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


def test_a_mapping_comes_back_for_the_same_header():
    assert remembered.recall(COLUMNS) is None
    remembered.remember(COLUMNS, MAPPING)
    back = remembered.recall(COLUMNS)
    assert back == Mapping("transactions", MAPPING.columns, Options(decimal=",", returns="aside"))
    assert remembered.recall(("客户编号", "Date")) is None


def test_order_case_and_width_of_the_names_do_not_matter():
    remembered.remember(COLUMNS, MAPPING)
    back = remembered.recall(("BETRAG", "ｄａｔｅ", "客户编号"))
    assert back is not None
    assert back.columns == {"customer_id": ("客户编号",), "date": ("ｄａｔｅ",), "amount": ("BETRAG",)}


def test_the_later_mapping_replaces_the_earlier_and_leaves_one_file(folder: Path):
    path = remembered.remember(COLUMNS, MAPPING)
    remembered.remember(COLUMNS, Mapping("customers", {"customer_id": ("Betrag",)}))
    assert [file.name for file in (folder / "mappings").iterdir()] == [path.name]
    assert remembered.recall(COLUMNS) == Mapping("customers", {"customer_id": ("Betrag",)})


def test_only_names_of_columns_are_kept():
    tree = json.loads(remembered.remember(COLUMNS, MAPPING).read_text("utf-8"))
    assert set(tree) == {"version", "header", "table", "columns", "options"}
    assert tree["header"] == sorted(COLUMNS)


def test_a_fault_while_writing_leaves_the_earlier_one(folder: Path, monkeypatch: pytest.MonkeyPatch):
    remembered.remember(COLUMNS, MAPPING)

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="no space left"):
        remembered.remember(COLUMNS, Mapping("customers", {}))
    monkeypatch.undo()
    monkeypatch.setenv(remembered.FOLDER_VARIABLE, str(folder))
    assert remembered.recall(COLUMNS) is not None
    assert len(list((folder / "mappings").iterdir())) == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 2}', '{"version": 1, "columns": {"customer_id": "X"}}', "\0"]
)
def test_a_damaged_file_counts_as_none(text: str):
    path = remembered.remember(COLUMNS, MAPPING)
    path.write_text(text, "utf-8")
    assert remembered.recall(COLUMNS) is None


def test_forgetting():
    remembered.remember(COLUMNS, MAPPING)
    assert (remembered.forget(COLUMNS), remembered.forget(COLUMNS), remembered.recall(COLUMNS)) == (True, False, None)
    remembered.remember(COLUMNS, MAPPING)
    remembered.remember(("a", "b"), Mapping())
    assert (remembered.forget_all(), remembered.forget_all()) == (2, 0)


def test_files_without_names_are_not_known_again():
    with pytest.raises(MappingError, match="without column names"):
        remembered.remember(("column 1", "column 2"), Mapping())
    assert remembered.recall(("column 1", "column 2")) is None


def test_json_to_keep():
    text = remembered.to_text(COLUMNS, MAPPING)
    assert remembered.from_text(text, COLUMNS) == Mapping(
        "transactions", MAPPING.columns, Options(decimal=",", returns="aside")
    )
    with pytest.raises(MappingError, match="Betrag"):
        remembered.from_text(text, ("客户编号", "Date"))
    with pytest.raises(MappingError):
        remembered.to_text(("Date",), MAPPING)


def test_the_usual_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.delenv(remembered.FOLDER_VARIABLE)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert remembered.data_folder() == tmp_path / "crmdash"
    monkeypatch.setenv("APPDATA", str(tmp_path / "roaming"))
    monkeypatch.setattr("sys.platform", "win32")
    assert remembered.data_folder() == tmp_path / "roaming" / "crmdash"
