"""Names that mean something to a browser, to Markdown or to Streamlit stand on the pages as they are."""

import html
import json
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from crmdash.charts.literal import literal
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.ui.customer_list import PAGE
from crmdash.ui.state import Opened
from tests.app.test_customers_page import customers_page, heading, ids, words_shown
from tests.unit.bad_inputs.files import ORDERS, csv
from tests.unit.bad_inputs.test_hostile_names import held

WORST: Final = (
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "[x](javascript:alert(1))", ":material/home:",
    ":red[loud] **bold** `code`", "$x$ $$y$$", '=HYPERLINK("http://example.com","click")', "abc\u202egnp.exe",
    "&lt;b&gt; &amp; &quot;", "{{7*7}} {0.__class__} %s", "a\nb\tc", "# head | cell | ---", 'say "hi" <b>',
)  # fmt: skip


@pytest.fixture(scope="module")
def names(shared_datasets: Path) -> list[str]:
    return json.loads((shared_datasets / "messy" / "blns.json").read_text("utf-8"))


def opened(names: list[str] | tuple[str, ...]) -> Opened:
    """Open a customer with twelve orders for each name, the first one the largest."""
    ids = [f"C{place:03}" for place in range(len(names))]
    orders = [
        (one, f"2024-{month:02}-05", str(1_000 - place)) for place, one in enumerate(ids) for month in range(1, 13)
    ]
    customers = list(zip(ids, names, names, names, strict=True))
    files = {
        "orders.csv": csv(ORDERS, orders),
        "customers.csv": csv(("customer_id", "name", "region", "owner"), customers),
    }
    dataset = open_dataset([Source(name, text.encode()) for name, text in files.items()])
    assert dataset.usable, dataset.issues
    return Opened(dataset, is_sample=False)


@pytest.mark.parametrize("place", range(len(WORST)), ids=lambda place: WORST[place][:12])
def test_the_page_of_a_customer_shows_its_name_as_it_is(place: int):
    app = customers_page(f"C{place:03}", _opened=opened(WORST))
    assert html.escape(WORST[place]) in heading(app)
    assert WORST[place] in ids_and_names(app)
    assert WORST[place] not in words_shown(app)  # text that Markdown reads
    assert {text.partition("<br>")[0] for text in hover(app)} == {literal(WORST[place])}


def ids_and_names(app: AppTest) -> list[str]:
    return [name for table in app.dataframe if "name" in table.value for name in table.value["name"].to_list()]


def hover(app: AppTest) -> list[str]:
    """Return the words of the pointer over each bar of the purchases."""
    (figure,) = app.get("plotly_chart")
    return list(json.loads(figure.proto.spec)["data"][0]["hovertext"])


def test_the_lists_hold_every_name_as_it_is(names: list[str]):
    mine = opened(names)
    app = customers_page(None, _opened=mine)
    assert ids(app)[:3] == ["C000", "C001", "C002"]
    shown = pl.from_pandas(app.dataframe[0].value)
    assert shown.height == 200
    assert shown["name"].to_list() == [held(names[int(one[1:])]) for one in shown["id"]]


def test_the_board_shows_none_of_it_as_markup(names: list[str]):
    app = AppTest.from_file(Path(__file__).resolve().parents[2] / "app.py", default_timeout=90)
    app.session_state["_opened"] = opened(names)
    app.run()
    assert not app.exception
    bodies = "\n".join(element.proto.body for element in app.get("html"))
    said = words_shown(app) + bodies
    assert not [name for name in names if len(name) > 6 and ("<" in name or "](" in name) and name in said]


def test_the_boards_list_holds_all_of_them_page_by_page(names: list[str]):
    app = AppTest.from_file(Path(__file__).resolve().parents[2] / "app.py", default_timeout=90)
    app.session_state["_opened"], app.session_state["_generation"] = opened(names), 0
    app.run()
    shown: dict[str, str] = {}
    for page in range(1, -(-len(names) // PAGE) + 1):
        app.session_state["customers.page.0"] = page
        app.run()
        assert not app.exception
        table = pl.from_pandas(app.dataframe[-1].value)
        shown |= dict(zip(table["id"], table["name"], strict=True))
    assert shown == {f"C{place:03}": held(name) for place, name in enumerate(names)}
