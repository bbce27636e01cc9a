"""The five lifecycle reports: counts, flows of a period, recovered customers, explanations, and filters."""

from typing import Any, Final

import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.i18n import Wording, terms
from crmdash.model.lifecycle import MODELS, PHASES_OF
from crmdash.phrases import say
from crmdash.rule_settings.lifecycle import Model
from crmdash.scope import Scope
from crmdash.systems.lifecycles import StageReport, explain
from crmdash.systems.registry import SYSTEMS, gather
from tests.unit.frames import DEFAULTS, Row, contact, evidence, money, sales, summarised, tables

# T = 900, W = 365, L = 365: everybody is also looked at as at day 535. The base rhythm is 30 days.
ROWS: Final = [
    *sales("steady", {day: 10.0 for day in range(0, 901, 30)}),
    # Steady until day 510, silent since: 25 days late then, 390 days now.
    *sales("lost", {day: 10.0 for day in range(0, 511, 30)}),
    # Silent from day 420 to 880, and back with a large order.
    *sales("back", {**{day: 10.0 for day in range(0, 421, 30)}, 880: 300.0}),
    *sales("new", {890: 10.0}),
]
PROSPECT: Final = [{"customer_id": "prospect"}]

each_model = pytest.mark.parametrize("model", MODELS)


def found(model: Model, rows: list[Row] = ROWS, **more: Any) -> StageReport:
    report = evidence(rows, **more).report(model)
    assert isinstance(report, StageReport)
    return report


def by_customer(report: StageReport, column: str) -> dict[str, Any]:
    return dict(report.rows.frame.select("customer_id", column).iter_rows())


@pytest.mark.parametrize(
    ("model", "now", "before"),
    [
        ("relationship", "stable ended stable exploration prospect", "stable stable deterioration - prospect"),
        ("commercial", "maturity ended growth introduction prospect", "maturity maturity decline - prospect"),
        ("journey", "inspire lapsed inspire convert reach", "inspire inspire retain - reach"),
        (
            "acquaintance", "established_loyal lapsed established_loyal new potential",
            "established_loyal established_loyal established - potential",
        ),
        ("personal_cycle", "active asleep active new prospect", "active active asleep - prospect"),
    ],
)  # fmt: skip
def test_stages_now_and_a_period_ago(model: Model, now: str, before: str):
    names = ("steady", "lost", "back", "new", "prospect")
    report = found(model, customers=PROSPECT)
    assert by_customer(report, "stage") == dict(zip(names, now.split(), strict=True))
    then = dict(zip(names, (None if code == "-" else code for code in before.split()), strict=True))
    assert by_customer(report, "stage_before") == then


def test_counts_values_and_flows():
    report = found("relationship", customers=PROSPECT)
    stages = report.tables["stages"].frame
    assert stages.select("stage", "customers", "value", "customers_before", "value_before").rows() == [
        ("prospect", 1, 0, 1, 0),
        ("exploration", 1, money(10), 0, 0),
        ("formation", 0, 0, 0, 0),
        # Value at day 535: 18 purchases of each.
        ("stable", 2, money(310 + 450), 2, money(360)),
        ("deterioration", 0, 0, 1, money(150)),
        ("ended", 1, money(180), 0, 0),
    ]
    assert stages["share"].to_list() == pytest.approx([0.2, 0.2, 0, 0.4, 0, 0.2])
    flows = report.tables["flows"].frame
    assert flows.select("stage_before", "stage", "customers", "value", "value_before").rows() == [
        ("prospect", "prospect", 1, 0, 0),
        ("stable", "stable", 1, money(310), money(180)),
        ("stable", "ended", 1, money(180), money(180)),
        ("deterioration", "stable", 1, money(450), money(150)),
        (None, "exploration", 1, money(10), None),
    ]


def test_key_figures():
    figures = {code: figure.value for code, figure in found("relationship", customers=PROSPECT).figures.items()}
    assert figures == {
        "customers": 5, "falling": 0, "falling_value": 0, "gone": 1, "gone_value": money(180),
        "recovered": 1, "recovered_value": money(450), "moved": 2, "day_before": 535,
    }  # fmt: skip


def test_who_came_back_is_flagged():
    assert {name for name, back in by_customer(found("journey"), "recovered").items() if back} == {"back"}


@each_model
def test_tables_add_up_and_every_code_has_words(model: Model):
    report, words = found(model, customers=PROSPECT), terms("model")
    total = sum(value or 0 for value in report.rows.frame["value"])
    for name in ("stages", "phases", "flows"):
        frame = report.tables[name].frame
        assert (frame["customers"].sum(), frame["value"].sum()) == (5, total), name
    stages = report.tables["stages"].frame
    assert stages["stage"].to_list() == list(PHASES_OF[model])
    for column in ("emphasis", "managed", "stage", "phase"):
        assert all(f"{column}.{code}" in words for code in stages[column]), column
    headers = {f"column.{column.name}" for table in (report.rows, *report.tables.values()) for column in table.held}
    assert headers <= terms("systems").keys()


@each_model
def test_everybody_is_explained_in_the_words_of_the_model(model: Model):
    report = found(model, customers=PROSPECT, contacts=[contact("prospect", 5, "ad")])
    for row in report.rows.frame.iter_rows(named=True):
        told = explain(report, {"customer_id": row["customer_id"]})
        assert told is not None
        said = [say(phrase, Wording()) for phrase in (told.label, *told.because)]
        assert said[0].startswith(Wording().term("model", f"stage.{row['stage']}"))
        assert said[-1].startswith("What matters now: ") and not [text for text in said if "–" in text]
    assert explain(report, {"customer_id": "nobody"}) is None


def test_an_explanation_names_the_stage_before_and_the_return():
    told = explain(found("commercial"), {"customer_id": "back"})
    assert told is not None
    said = [say(phrase, Wording()) for phrase in told.because]
    assert said[-3:] == [
        "Came back of late after a long silence",
        "On Jun 20, 1971 it was in the stage Decline",
        "What matters now: Satisfaction",
    ]


@each_model
def test_a_report_says_the_same_as_the_board_by_that_model(model: Model):
    board = evidence(ROWS, {"lifecycle": {"model": model}}).evaluation
    ours = found(model).rows.frame.select("customer_id", "stage", "phase")
    assert ours.sort("customer_id").equals(board.customers.select("customer_id", "stage", "phase").sort("customer_id"))


@each_model
def test_under_a_filter_the_stages_stay_those_of_everybody(model: Model):
    customers = [{"customer_id": name, "region": "n" if name in ("steady", "back") else "s"} for name in
                 ("steady", "back", "lost", "new")]  # fmt: skip
    rows = [row | {"discount": float(row["customer_id"] == "steady")} for row in ROWS]
    everything, summary = tables(rows, customers=customers), summarised(rows, customers=customers)
    whole, part = (
        gather(
            everything,
            summary,
            evaluate(summary, DEFAULTS, scope),
            lambda day: summarised(rows, customers=customers, as_of=day),
        )
        for scope in (Scope(), Scope(region=("n",)))
    )
    wide = whole.report(model).rows.frame.filter(pl.col("region") == "n")
    columns = ["customer_id", "stage", "phase", "stage_before", "value_before"]
    assert part.report(model).rows.frame.select(columns).equals(wide.select(columns))


def test_internal_customers_have_no_stage_and_prospects_do():
    customers = [*PROSPECT, {"customer_id": "new", "nature": "internal"}]
    assert "new" not in by_customer(found("journey", customers=customers), "stage")
    assert found("journey", customers=customers).tables["stages"].frame["customers"].sum() == 4


def test_closed_by_the_file_of_today_was_not_closed_a_period_ago():
    report = found("relationship", customers=[{"customer_id": "steady", "status": "closed"}])
    row = report.rows.frame.row(by_predicate=pl.col("customer_id") == "steady", named=True)
    assert (row["stage_before"], row["stage"]) == ("stable", "ended")


def test_without_transactions_there_is_no_period_before():
    stated = [{"customer_id": "a", "orders": 4, "last_purchase": 100, "first_purchase": 0, "revenue": 5}]
    report = evidence(customers=stated).report("relationship")
    assert report.tables["flows"].frame.is_empty() and report.figures["moved"].value is None
    assert "customers_before" not in report.tables["stages"].frame.columns
    assert report.rows.frame["stage"].to_list() == ["formation"]


def test_without_any_date_the_models_are_dark():
    dark = evidence(customers=[{"customer_id": "a", "revenue": 5, "orders": 2}])
    for model in MODELS:
        assert dark.missing(SYSTEMS[model].needs)
        with pytest.raises(LookupError):
            dark.report(model)


def test_who_was_not_yet_in_the_file_was_no_prospect_then():
    # Day 535 is a period ago.
    customers = [{"customer_id": name, "created_date": day} for name, day in {"p": 535, "q": 536, "new": 536}.items()]
    then = by_customer(found("relationship", customers=customers), "stage_before")
    assert (then["p"], then["q"], then["new"], then["steady"]) == ("prospect", None, None, "stable")
