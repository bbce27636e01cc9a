"""The board's view: undo and redo, baseline and ledger, filters, the day, present mode, the link."""

from dataclasses import replace

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from crmdash.adjusting import with_value
from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.lines import ledger, losing_at_the_top
from crmdash.scope import Scope
from crmdash.settings import Settings
from crmdash.summary import Summary, Tables, summarise
from crmdash.ui.as_at import days_to_stand_at
from crmdash.ui.cache import sample
from crmdash.ui.customer_list import PAGE
from tests.app.live_board import live_customers, live_tiers, parts
from tests.app.test_board import ROOT, board, tiers_shown

EN = Wording("en")
MOVED = with_value(Settings(), "tiers.shares.platinum", 60)


@pytest.fixture(scope="module")
def tables() -> Tables:
    return sample().tables


@pytest.fixture(scope="module")
def summary(tables: Tables) -> Summary:
    return summarise(tables)


def unfolded(app: AppTest, *keys: str) -> AppTest:
    """Open popovers, as a click does."""
    for key in keys:
        app.session_state[key] = True
    return app.run()


def changed_shown(app: AppTest) -> str:
    return app.metric[3].value


def recounted(before: Evaluation, now: Evaluation) -> int:
    """Customers whose tier differs, counted without the ledger."""
    tiers = [dict(found.customers.select("customer_id", "tier").iter_rows()) for found in (before, now)]
    return sum(tiers[0].get(name) != tiers[1].get(name) for name in tiers[0].keys() | tiers[1].keys())


def test_changed_equals_a_recount(summary):
    app = board()
    app.slider(key="tiers.shares.platinum").set_value(60).run()
    before, now = evaluate(summary), evaluate(summary, MOVED)
    assert changed_shown(app) == EN.integer(recounted(before, now)) == EN.integer(ledger(before, now).customers)


def test_redo_makes_the_change_again_and_a_new_change_forgets_it(summary):
    app = board()
    app.slider(key="tiers.shares.platinum").set_value(60).run()
    moved = changed_shown(app)
    app.button(key="undo").click().run()
    assert (changed_shown(app), app.slider(key="tiers.shares.platinum").value) == ("0", 50)
    app.button(key="redo").click().run()
    assert (changed_shown(app), app.slider(key="tiers.shares.platinum").value) == (moved, 60)
    app.button(key="undo").click().run()
    app.slider(key="tiers.shares.gold").set_value(70).run()
    assert app.button(key="redo").disabled


def test_a_pin_counts_changes_from_there(summary):
    app = board()
    app.slider(key="tiers.shares.platinum").set_value(60).run()
    app.button(key="pin").click().run()
    assert changed_shown(app) == "0"
    app.slider(key="tiers.shares.platinum").set_value(50).run()
    assert changed_shown(app) == EN.integer(recounted(evaluate(summary, MOVED), evaluate(summary)))


def test_under_filters_the_parts_add_up(summary):
    regions = summary.customers["region"].drop_nulls().unique().sort().to_list()
    counts = []
    for region in regions:
        app = unfolded(board(), "filter")
        app.multiselect(key="scope.region").set_value([region]).run()
        assert not app.exception
        counts.append([int(text.replace(",", "")) for text in tiers_shown(app)])
        expected = evaluate(summary, Settings(), Scope(region=(region,))).tiers["customers"].to_list()
        assert counts[-1] == expected
    whole = evaluate(summary).tiers["customers"].to_list()
    assert [sum(column) for column in zip(*counts, strict=True)] == whole


def test_lines_drawn_within_a_filter(summary):
    app = unfolded(board(), "filter")
    app.multiselect(key="scope.region").set_value(["North"]).run()
    app.toggle(key="scope.redraw").set_value(True).run()
    scope = Scope(region=("North",), redraw=True)
    redrawn = evaluate(summary, Settings(), scope)
    assert tiers_shown(app) == [EN.integer(n) for n in redrawn.tiers["customers"]]
    moved = recounted(evaluate(summary, Settings(), replace(scope, redraw=False)), redrawn)
    assert changed_shown(app) == EN.integer(moved)
    app.button(key="chip.scope.region").click().run()
    assert app.metric[0].value == EN.percent(evaluate(summary).concentration.top20_share)


def test_the_board_stands_at_another_day(tables, summary):
    app = unfolded(board(), "as_at")
    earlier = days_to_stand_at(summary.clock, 3)[-5]
    assert EN.date(earlier) in app.select_slider(key="as_at.day").options
    app.select_slider(key="as_at.day").set_value(earlier).run()
    assert not app.exception
    then = summarise(tables, as_of=earlier)
    assert tiers_shown(app) == [EN.integer(n) for n in evaluate(then).tiers["customers"]]
    assert changed_shown(app) == EN.integer(recounted(evaluate(summary), evaluate(then)))
    app.button(key="undo").click().run()
    assert tiers_shown(app) == [EN.integer(n) for n in evaluate(summary).tiers["customers"]]


def test_value_of_the_last_year_only(tables):
    app = unfolded(board(), "as_at")
    app.segmented_control(key="period.value_months").set_value(12).run()
    settings = with_value(Settings(), "period.value_months", 12)
    assert tiers_shown(app) == [
        EN.integer(n) for n in evaluate(summarise(tables, settings.period), settings).tiers["customers"]
    ]


def test_revenue_is_not_profit_in_one_click(summary):
    app = board()
    losing = losing_at_the_top(evaluate(summary))
    assert any(
        str(len(losing)) in caption.value and "Revenue is not profit" in caption.value for caption in app.caption
    )
    app.button(key="by_profit").click().run()
    assert not app.exception
    assert app.selectbox(key="tiers.measure").value == "customer_profit"
    assert app.session_state["curve"] == "whale"
    shown = app.dataframe[-1].value
    assert shown["id"].tolist() == losing["customer_id"].to_list()


def test_figures_stay_hidden_until_they_are_revealed(summary):
    app = board()
    app.toggle(key="presenting").set_value(True).run()
    app.button(key="present.hide").click().run()
    assert [metric.value for metric in app.metric] == ["?"] * 5
    assert not app.dataframe
    app.number_input(key="guess.top20").set_value(60).run()
    app.button(key="present.reveal").click().run()
    measured = evaluate(summary).concentration.top20_share
    assert app.metric[0].value == EN.percent(measured)
    assert measured is not None
    assert app.metric[0].delta == f"guessed 60%: {EN.decimal(100 * measured - 60, 1)} too low"


@pytest.mark.parametrize(
    ("panel", "tables_shown"), [("curve", 0), ("tiers", 0), ("matrix", 0), ("strategies", 1), ("lists", 1)]
)
def test_one_panel_at_a_time(panel, tables_shown):
    app = board()
    app.toggle(key="presenting").set_value(True).run()
    app.segmented_control(key="present.panel").set_value(panel).run()
    assert not app.exception
    assert len(app.dataframe) == tables_shown
    assert set(parts(app)) - {"head", "now", "near"} == {panel} & {"curve", "tiers", "matrix"}


def test_everything_back_in_one_click():
    app = unfolded(board(), "filter")
    app.toggle(key="presenting").set_value(True).run()
    app.slider(key="tiers.shares.platinum").set_value(60).run()
    app.multiselect(key="scope.region").set_value(["North"]).run()
    app.button(key="present.again").click().run()
    assert app.slider(key="tiers.shares.platinum").value == 50
    assert app.multiselect(key="scope.region").value == []
    assert changed_shown(app) == "0"
    assert app.toggle(key="presenting").value


@pytest.mark.parametrize("below", ["moves", "nearest", "customers", "losses"])
def test_every_list_draws(below):
    app = board()
    app.slider(key="tiers.shares.platinum").set_value(60).run()
    app.segmented_control(key="below").set_value(below).run()
    assert not app.exception
    assert len(app.dataframe[-1].value) > 0


def test_a_suggestion_is_taken_and_undone():
    app = board()
    before = tiers_shown(app)
    app.button(key="suggest").click().run()
    app.button(key="use.natural_breaks").click().run()
    assert not app.exception
    assert app.session_state["_view"].settings.tiers.mode == "amount"
    assert tiers_shown(app) != before
    app.button(key="undo").click().run()
    assert tiers_shown(app) == before


def test_a_link_opens_the_same_board(summary):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["tiers.shares.platinum"] = "60"
    app.query_params["region"] = ["North", "East"]
    app.run()
    assert not app.exception
    scope = Scope(region=("North", "East"))
    assert tiers_shown(app) == [EN.integer(n) for n in evaluate(summary, MOVED, scope).tiers["customers"]]
    assert not app.query_params
    assert app.button(key="undo").disabled


def test_a_link_that_asks_for_nonsense_says_so_and_shows_the_rest(summary):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["tiers.shares.platinum"] = "60"
    app.query_params["tiers.shares.gold"] = "1e9"
    app.query_params["region"] = "Atlantis"
    app.query_params["<b>"] = "x"
    app.run()
    assert not app.exception
    assert tiers_shown(app) == [EN.integer(n) for n in evaluate(summary, MOVED).tiers["customers"]]
    (warning,) = app.warning
    assert "Atlantis" in warning.value


@pytest.mark.parametrize(
    ("query", "modes"),
    [
        ({"tiers.amounts.tier1": "50000", "tiers.amounts.tier2": "1000"}, ["Amount"]),
        ({"tiers.mode": "share", "tiers.shares.tier1": "50"}, ["Share of value", "Amount"]),
    ],
)
def test_a_linked_scheme_offers_what_it_has_lines_for(query, modes):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    for name, value in ({"tiers.scheme": "amounts"} | query).items():
        app.query_params[name] = value
    app.run()
    app = unfolded(app, "more_rules")
    assert not app.exception and not app.warning
    assert app.selectbox(key="tiers.mode").options == modes
    app.selectbox(key="tiers.mode").set_value("amount").run()
    assert not app.exception
    assert app.number_input(key="tiers.amounts.tier1").value


def test_a_line_in_force_is_not_called_idle():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    asked = {"tiers.mode": "amount", "tiers.amounts.platinum": "50000", "tiers.lead_if_loss": "true"}
    for name, value in asked.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception and not app.warning
    assert "Not in force" not in app.number_input(key="tiers.amounts.platinum").help


def test_filters_can_be_picked_without_a_mouse(summary):
    app = unfolded(board(), "filter")
    app.selectbox(key="click.strategy").set_value("protect").run()
    assert not app.exception
    protected = evaluate(summary).customers.filter(pl.col("strategy") == "protect")
    assert app.dataframe[-1].value["id"].tolist() == protected["customer_id"].to_list()[:PAGE]
    assert all("Protect" in reason for reason in app.dataframe[-1].value["why"])
    app.button(key="chip.strategy").click().run()
    assert app.selectbox(key="click.strategy").value is None


def test_amounts_beyond_counting_are_refused(summary):
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["tiers.mode"] = "amount"
    for tier, amount in (("platinum", "1e15"), ("gold", "1e14"), ("iron", "1")):
        app.query_params[f"tiers.amounts.{tier}"] = amount
    app.run()
    assert not app.exception
    assert app.warning


def test_nothing_measured_is_on_any_page_while_figures_are_hidden(summary):
    app = unfolded(board(), "filter")
    app.selectbox(key="click.tier").set_value("gold").run()
    app.toggle(key="presenting").set_value(True).run()
    app.button(key="present.hide").click().run()
    words = [element.value for element in (*app.caption, *app.markdown)]
    figures = evaluate(summary)
    gold = figures.tiers["customers"][1]
    assert not any(EN.integer(gold) in text or EN.integer(figures.base) in text for text in words)
    assert app.button(key="suggest").disabled
    for page in ("data", "customers"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception
        assert not app.dataframe and not app.metric


def test_the_number_of_senior_people_typed_in_the_dialog_counts(summary):
    app = board()
    app.button(key="suggest").click().run()
    app.number_input(key="suggest.people").set_value(6).run()
    app.button(key="suggest").click().run()
    app.button(key="use.capacity").click().run()
    assert not app.exception
    assert app.session_state["_view"].settings.service.seniors == 6
    assert live_customers(app)[0] == 150


def test_no_senior_people_is_said_and_not_an_error():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["service.seniors"] = "0"
    app.run()
    app.button(key="suggest").click().run()
    assert not app.exception
    assert app.button(key="use.capacity").disabled


def test_back_where_a_move_began_there_is_nothing_to_undo():
    app = board()
    app.slider(key="tiers.shares.platinum").set_value(60).run()
    app.slider(key="tiers.shares.platinum").set_value(50).run()
    assert app.button(key="undo").disabled


def test_a_day_outside_the_data_is_named():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["as_of"] = "1980-01-01"
    app.run()
    (warning,) = app.warning
    assert "1980" in warning.value


def test_a_redraw_ends_with_its_filter():
    app = unfolded(board(), "filter")
    app.multiselect(key="scope.region").set_value(["North"]).run()
    app.toggle(key="scope.redraw").set_value(True).run()
    app.button(key="chip.scope.region").click().run()
    assert app.session_state["_view"].scope == Scope()
    assert app.button(key="reset").disabled


def test_a_link_holds_for_ones_own_data():
    app = AppTest.from_file(ROOT / "app.py", default_timeout=60)
    app.query_params["region"] = "Norden"
    app.query_params["tiers.shares.platinum"] = "60"
    app.run()
    app.switch_page("pages/data.py").run()
    rows = "".join(f"{name},2025-0{month}-03,{amount}\n" for month in (1, 3) for name, amount in (("A", 9), ("B", 5)))
    uploads = app.file_uploader[0]
    uploads.upload("orders.csv", f"customer_id,date,amount\n{rows}".encode()).run()
    app.file_uploader[0].upload("customers.csv", b"customer_id,region\nA,Norden\nB,Sueden\n").run()
    app.button(key="data.use").click().run()
    app.switch_page("pages/board.py").run()
    assert not app.exception
    view = app.session_state["_view"]
    assert (view.scope, view.settings) == (Scope(region=("Norden",)), MOVED)
    assert tiers_shown(app)[0] == "1"


def test_another_scheme_makes_every_tier_another(summary):
    app = unfolded(board(), "more_rules")
    app.selectbox(key="tiers.preset").set_value("two").run()
    assert changed_shown(app) == EN.integer(evaluate(summary).base)
    assert [row["change"] for row in live_tiers(app).values()] == [None, None]


def test_who_loses_money_can_be_listed(summary):
    app = unfolded(board(), "filter")
    app.selectbox(key="click.loses").set_value("yes").run()
    losing = evaluate(summary).customers.filter(pl.col("customer_profit") < 0)
    assert app.dataframe[-1].value["id"].tolist() == losing["customer_id"].to_list()[:PAGE]
    app.button(key="chip.loses").click().run()
    assert app.session_state["_filters"].loses is None


def test_capacity_is_counted_among_those_whom_lines_are_drawn_from(summary):
    app = unfolded(board(), "filter")
    app.multiselect(key="scope.region").set_value(["East"]).run()
    app.button(key="suggest").click().run()
    app.button(key="use.capacity").click().run()
    app.button(key="chip.scope.region").click().run()
    assert live_customers(app)[0] == 75


def test_a_filter_taken_away_stays_away(summary):
    app = unfolded(board(), "filter")
    app.multiselect(key="scope.region").set_value(["East"]).run()
    app.button(key="chip.scope.region").click().run()
    app.slider(key="tiers.shares.gold").set_value(70).run()
    assert app.session_state["_view"].scope == Scope()
