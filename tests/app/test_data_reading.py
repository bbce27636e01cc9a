"""A long reading beside the page: under way, ended by the reader, broken off, ended well, and let go."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from crmdash.engine_runs import store_summary
from crmdash.ingest.apart import Apart, Progress
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.ui import data_reading, given_files
from tests.app.test_data_page import ORDERS, figures, keys, open_page, texts, upload

SECONDS = 60


@pytest.fixture(autouse=True)
def every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_reading, "LARGE", 1)


@pytest.fixture
def page() -> AppTest:
    return upload(open_page(), ("orders.csv", ORDERS))


def reading(at: AppTest) -> Apart[Any]:
    work: Apart[Any] = at.session_state["_reading"]
    return work


def stop(folder: Path, progress: Progress) -> None:
    os._exit(3)


def test_the_page_waits_with_a_clock_and_takes_the_result_when_it_is_there(page: AppTest):
    assert "data.reading.cancel" in keys(page.button)
    assert "0.0 MB, 0:00 so far" in texts(page) or "so far. Other pages can be used meanwhile." in texts(page)
    assert "data.use" not in keys(page.button)
    assert reading(page).wait(SECONDS)
    page.run()
    assert not page.exception
    assert figures(page)[0] == "2"
    assert reading(page) is None
    page.button(key="data.use").click().run()
    assert page.session_state["_opened"].dataset.summary is not None
    assert "The board shows your data." in [caption.value for caption in page.caption]


def test_another_page_says_how_far_it_is_and_the_reading_goes_on(page: AppTest):
    work = reading(page)
    page.switch_page("pages/learn.py").run()
    assert not page.exception
    assert reading(page) is work and not work.stopped
    assert work.wait(SECONDS)
    page.run()
    assert [link.proto.label for link in page.get("page_link")].count("Your files are read") == 1
    page.switch_page("pages/data.py").run()
    assert figures(page)[0] == "2"


def test_a_reading_that_was_ended_can_be_begun_again_or_its_files_removed(page: AppTest):
    work = reading(page)
    page.button(key="data.reading.cancel").click().run()
    assert work.wait(SECONDS) and work.stopped
    page.run()
    assert "Reading was stopped." in texts(page)
    assert not page.session_state["_opened"].dataset.fingerprint.startswith("orders")
    page.button(key="data.reading.again").click().run()
    assert reading(page) is not work
    assert reading(page).wait(SECONDS)
    page.run()
    assert figures(page)[0] == "2"


def test_removed_files_end_their_reading(page: AppTest):
    work = reading(page)
    page.button(key="data.reading.cancel").click().run()
    assert work.wait(SECONDS)
    page.run()
    page.button(key="data.reading.remove").click().run()
    assert not page.exception
    assert page.session_state["_staged"] == ()
    assert reading(page) is None


def test_a_reading_that_broke_off_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(data_reading, "begin_reading", lambda files, period: Apart(stop, Path()))
    page = upload(open_page(), ("orders.csv", ORDERS))
    assert reading(page).wait(SECONDS) and reading(page).failed
    page.run()
    assert not page.exception
    assert "Reading broke off" in texts(page)
    assert {"data.reading.again", "data.reading.remove"} <= keys(page.button)


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that the app is started with."""
    path = tmp_path / "given.csv"
    path.write_bytes(ORDERS)
    monkeypatch.setenv(given_files.VARIABLE, str(path))
    yield path
    given_files._reading.clear()


def test_every_tab_begins_with_the_files_that_the_app_was_started_with(given: Path):
    page = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "app.py"), default_timeout=60).run()
    assert not page.exception
    assert "given.decline" in keys(page.button)
    assert given_files._reading(str(given)).wait(SECONDS)
    page.run()
    opened = page.session_state["_opened"]
    assert [report.name for report in opened.dataset.files] == ["given.csv"]
    another = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "app.py"), default_timeout=60).run()
    assert another.session_state["_opened"].dataset is opened.dataset


def test_who_does_not_wait_gets_the_sample(given: Path):
    page = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "app.py"), default_timeout=60).run()
    page.button(key="given.decline").click().run()
    assert not page.exception
    assert page.session_state["_opened"].is_sample


def test_given_files_that_hold_nothing_are_told_and_wait_on_the_data_page(given: Path):
    given.write_bytes(b"colour,shape\nred,round\n")
    page = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "app.py"), default_timeout=60).run()
    assert given_files._reading(str(given)).wait(SECONDS)
    page.run()
    assert page.session_state["_opened"].is_sample
    assert any("cannot be used yet" in warning.value for warning in page.warning)
    assert [file.name for file in page.session_state["_staged"]] == ["given.csv"]


def test_a_folder_that_a_cluster_has_written(given: Path, monkeypatch: pytest.MonkeyPatch):
    summary, folder = open_dataset([Source("given.csv", ORDERS)]).summarised(), given.parent / "customers"
    folder.mkdir()
    for number, ids in enumerate((summary.customers[1:], summary.customers[:1])):
        store_summary(replace(summary, customers=ids), str(folder / f"part-{number}.parquet"))
    monkeypatch.setenv(given_files.VARIABLE, str(folder))
    page = AppTest.from_file(str(Path(__file__).resolve().parents[2] / "app.py"), default_timeout=60).run()
    assert given_files._reading(str(folder)).wait(SECONDS)
    page.run()
    assert not page.exception
    opened = page.session_state["_opened"].dataset.summary
    assert opened.customers.equals(summary.customers.select(opened.customers.columns))
