"""What is handed out of a list: all of it in one file, or, of a long one, the part that is chosen."""

from typing import Any, Final

import polars as pl
import pytest
import streamlit as st

from crmdash.ui import downloads
from tests.app.opening import open_page

ASKED: Final[dict[str, Any]] = {"download.customers": True}


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The buttons that were drawn: name of the file and what makes its bytes, by key."""
    found: dict[str, Any] = {}

    def note(label: str, data: Any, *, key: str, file_name: str, **others: Any) -> bool:
        found[key] = (file_name, data)
        return False

    monkeypatch.setattr(st, "download_button", note)
    return found


def ids(csv: bytes) -> list[str]:
    return pl.read_csv(csv, columns=[0], infer_schema=False).to_series().to_list()


def test_a_short_list_goes_into_one_file(offered: dict[str, Any]):
    app = open_page("board", "", **ASKED)
    assert not [box for box in app.number_input if box.key == "download.customers.part"]
    name, make = offered["download.customers.csv"]
    assert name.startswith("crmdash-customers-") and len(ids(make())) == 3_240


def test_a_long_list_goes_into_parts_that_make_it_up(offered: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    open_page("board", "", **ASKED)
    everybody = ids(offered["download.customers.csv"][1]())
    monkeypatch.setattr(downloads, "MOST", 2_000)
    parts = []
    for number, words in ((1, "rows 1 to 2,000 of 3,240"), (2, "rows 2,001 to 3,240 of 3,240")):
        app = open_page("board", "", **(ASKED | {"download.customers.part": number}))
        assert words in " ".join(caption.value for caption in app.caption)
        parts += ids(offered["download.customers.csv"][1]())
    assert parts == everybody
