"""The page of one customer: found, explained, and shown as it is in the file."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from crmdash.customer.gaps import profile
from crmdash.customer.next_order import next_order
from crmdash.customer.similar import similar, standings
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import LANGUAGES, Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.summary import summarise
from crmdash.ui.cache import sample
from crmdash.ui.state import Opened

ROOT = Path(__file__).resolve().parents[2]
LOCALES = {"en": "en-US", "zh_Hans": "zh-CN", "zh_Hant": "zh-TW"}
HOSTILE = '**bold** [link](https://example.org) :red[x] $y$ <img src=x onerror="alert(1)"> `code`'


def customers_page(customer_id: str | None = None, locale: str = "en-US", **kept: Any) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.context["locale"] = locale
    for name, value in kept.items():
        app.session_state[name] = value
    app.run()
    app.session_state["_customer"] = customer_id
    app.switch_page("pages/customers.py").run()
    assert not app.exception
    return app


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return evaluate(summarise(sample().tables))


@pytest.fixture(scope="module")
def guarded(evaluation: Evaluation) -> dict[str, Any]:
    """The largest customer that does not want to be contacted and has a next order."""
    silent = evaluation.customers.filter(~pl.col("may_contact"), pl.col("next_order_due").is_not_null())
    return silent.row(0, named=True)


def ids(app: AppTest, table: int = 0) -> list[str]:
    return app.dataframe[table].value["id"].to_list()


def heading(app: AppTest) -> str:
    bodies = [element.proto.body for element in app.get("html")]
    return next(body for body in bodies if "customer-name" in body)


def words_shown(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info, *app.warning])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_opens_with_the_largest(language, evaluation):
    app, wording = customers_page(locale=LOCALES[language]), Wording(language)
    assert ids(app) == evaluation.customers["customer_id"].head(200).to_list()
    assert app.text_input(key="customers.query").label == wording("Search by number or name")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_customer_is_shown_with_everything(language, evaluation):
    customer = evaluation.customers.row(0, named=True)
    app, wording = customers_page(customer["customer_id"], LOCALES[language]), Wording(language)
    due = next_order(customer, evaluation.clock)
    assert due is not None
    assert customer["name"] in heading(app)
    assert [metric.value for metric in app.metric] == [wording.date(due.day), wording.compact_money(due.basket)]
    near = similar(evaluation.customers, standings(evaluation.customers), customer["customer_id"])
    assert near is not None
    assert ids(app, 1) == near.customers["customer_id"].to_list()
    shown = words_shown(app)
    for title in ("Gaps in the file", "Customer file", "Measures", "Customers like this one"):
        assert f"**{wording(title)}**" in shown
    asked = [wording.term("columns", f"customers.{name}.label") for name in profile(customer).empty]
    assert wording("Still to be asked: {fields}", fields=f"**{wording.joined(asked)}**") in shown


def test_search_finds_in_the_other_script_and_by_number():
    app = customers_page()
    app.text_input(key="customers.query").set_value("餐廳").run()
    traditional = ids(app)
    app.text_input(key="customers.query").set_value("餐厅").run()
    assert traditional and ids(app) == traditional
    app.text_input(key="customers.query").set_value("ｃ００１６").run()
    assert ids(app) == ["C0016"]
    app.text_input(key="customers.query").set_value("no such customer").run()
    assert not app.dataframe
    assert Wording("en")("No customer has this in its number or name.") in words_shown(app)


def test_the_customer_clicked_on_the_board_is_shown_and_can_be_closed():
    app = customers_page("C0016")
    assert "C0016" in heading(app)
    app.button(key="customers.back").click().run()
    assert app.session_state["_customer"] is None
    assert len(ids(app)) == 200


def test_who_does_not_want_to_be_contacted_is_shown_without_personal_fields(guarded):
    app, wording = customers_page(guarded["customer_id"]), Wording("en")
    held = profile(guarded)
    assert held.hidden
    assert [box.value for box in app.warning] == [wording("Does not want to be contacted: personal fields are hidden.")]
    hidden = {wording.term("columns", f"customers.{name}.label") for name in held.hidden}
    file = next(table.value for table in app.dataframe if table.value.columns[0] == wording("Field"))
    assert not hidden & set(file[wording("Field")])
    assert len(file) == len(held.known)


def test_a_customer_outside_the_data_is_said_so():
    app = customers_page("nobody")
    assert len(ids(app)) == 200
    assert app.info[0].value.startswith("The customer looked at before")


def opened(*files: tuple[str, str]) -> Opened:
    dataset = open_dataset([Source(name, text.encode()) for name, text in files])
    assert dataset.usable, dataset.issues
    return Opened(dataset, is_sample=False)


def test_hostile_names_are_shown_as_they_are():
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    orders = "customer_id,date,amount,category\n" + "".join(
        f"{name},2024-0{month}-10,{amount},{category}\n"
        for name, amount, category in (("h1", 50, quoted), ("h2", 90, '"<b>big</b> [a](b)"'))
        for month in range(1, 7)
    )
    names = f"customer_id,name,needs,format\nh1,{quoted},{quoted},{quoted}\nh2,<script>x</script>,,{quoted}\n"
    app = customers_page("h1", _opened=opened(("orders.csv", orders), ("customers.csv", names)))
    assert "&lt;img src=x" in heading(app) and "<img" not in heading(app)
    assert "**bold**" in heading(app)
    assert "example.org" not in words_shown(app)
    assert "<b>" not in words_shown(app)
    assert [text.value for text in app.text if "<b>big</b> [a](b)" in text.value]
    app.text_input(key="customers.query").set_value("<IMG src=").run()
    assert not app.exception
    assert ids(app) == ["h1"]


def test_a_file_without_orders_says_so():
    customers = "customer_id,name,revenue,orders\na,One,100,3\nb,Two,50,1\n"
    app, wording = customers_page("a", _opened=opened(("customers.csv", customers))), Wording("en")
    shown = words_shown(app)
    assert wording("Purchases over time") in shown
    missing = wording("The data holds no orders, so purchases cannot be shown over time. A file of orders shows them.")
    assert missing in shown
    assert not app.metric
    absent = [fields for fields in profile({"customer_id": "a", "name": "One"}).absent]
    labels = wording.joined([wording.term("columns", f"customers.{name}.label") for name in absent])
    assert wording("No column in the file, for any customer: {fields}", fields=labels) in shown


def test_exit_barriers_are_said_in_words():
    app = customers_page("C0657", "zh-CN", **{"customers.systems": True})
    assert "已填写2项：经济锁定；经济纽带" in words_shown(app)
