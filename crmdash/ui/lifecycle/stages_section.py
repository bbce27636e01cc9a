"""Stages of one model: how many customers stand in each, what they are worth, and what matters there."""

import html
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.lifecycle import PHASE_COLOURS, Words, stage_bars_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.lifecycle.model_choice import model_choice
from crmdash.ui.pictures import picture
from crmdash.ui.report_list import report_list
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.theme import ink
from crmdash.ui.words import bold, stage_words

_EVERY: Final = "all"


def _draw(_: Wording, evidence: Evidence) -> None:
    titled(_, _("Stages"), "lifecycle")
    model = model_choice(_, evidence)
    report = reported(_, evidence, model)
    if report is None:
        return
    _figures(_, report)
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        _bars(_, report)
    with right:
        _advice(_, report)
    stage = _stage_choice(_, model, report)
    rows = report.rows.frame if stage == _EVERY else report.rows.frame.filter(stage=stage)
    listed = Table(rows, report.rows.columns)
    report_list(_, evidence, model, listed, _("Customers by stage"), name=f"lifecycle.stages.{model}")


def _figures(_: Wording, report: Report) -> None:
    figures = report.figures
    tiles = [
        (_("Customers"), show(figures["customers"], _), _("prospects included"), None),
        (_("Falling away"), show(figures["falling"], _), _worth(_, figures["falling_value"].value), None),
        (_("Gone"), show(figures["gone"], _), _worth(_, figures["gone_value"].value), None),
        (
            _("Recovered"), show(figures["recovered"], _), _worth(_, figures["recovered_value"].value),
            _("Back of late after a silence that would have counted as cooling."),
        ),
    ]  # fmt: skip
    figure_row(_, tiles)


def _worth(_: Wording, value: int | None) -> str:
    return _("worth {value}", value=_.compact_money(value))


def _advice(_: Wording, report: Report) -> None:
    """Say what matters in each stage, and how its customers are cared for."""
    st.markdown(bold(_("What matters in each stage")))
    for row in report.tables["stages"].frame.to_dicts():
        stage, emphasis = stage_words(row["stage"], _), _.term("model", f"emphasis.{row['emphasis']}")
        first = bold(_("{stage}: {emphasis}", stage=stage, emphasis=emphasis))
        managed = _.term("model", f"managed.{row['managed']}")
        st.markdown(f"{first}  \n:small[{managed}]")


def _bars(_: Wording, report: Report) -> None:
    stages = report.tables["stages"].frame.to_dicts()
    whole = sum(row["customers"] for row in stages), sum(max(0, row["value"]) for row in stages)
    customers = [_bar(_, row, row["customers"], whole[0], _.integer(row["customers"])) for row in stages]
    value = [_bar(_, row, max(0, row["value"]), whole[1], _.compact_money(row["value"])) for row in stages]
    title = _title(_, stages, whole[1])
    words = Words(
        title=html.escape(title), x_axis=_("Share of all customers, and of all value"), y_axis=_("Stage"), ink=ink()
    )
    figure = stage_bars_figure(customers, value, (_("Customers"), _("Value")), words)
    picture(figure, "lifecycle.stages", title)


def _bar(_: Wording, row: dict[str, Any], part: int, whole: int, amount: str) -> Bar:
    share = part / whole if whole else 0.0
    stage = stage_words(row["stage"], _)
    text = _("{amount} ({share})", amount=amount, share=_.percent(share, 0))
    hover = _("{stage}: {customers} customers, {value}", stage=stage, customers=_.integer(row["customers"]),
              value=_.compact_money(row["value"]))  # fmt: skip
    return Bar(html.escape(stage), share, html.escape(text), html.escape(hover), PHASE_COLOURS[row["phase"]])


def _title(_: Wording, stages: list[dict[str, Any]], value: int) -> str:
    slipping = sum(max(0, row["value"]) for row in stages if row["phase"] == "falling")
    if not value:
        return _("Customers by stage")
    return _("{share} of the value is with customers who are falling away", share=_.percent(slipping / value, 0))


def _stage_choice(_: Wording, model: str, report: Report) -> str:
    key = f"lifecycle.stage.{model}"
    offered = [_EVERY, *report.tables["stages"].frame.filter(pl.col("customers") > 0)["stage"]]
    if state.kept(key, _EVERY) not in offered:
        state.keep(key, _EVERY)
    given = state.seed_choice(key, state.kept(key, _EVERY))
    st.selectbox(
        _("Customers in stage"), offered, key=key, index=state.place_in(offered, given), persist_state="session",
        format_func=lambda code: _("All stages") if code == _EVERY else stage_words(code, _),
    )  # fmt: skip
    chosen: str = state.kept(key, _EVERY)
    return chosen


STAGES: Final = Section("stages", lambda _: _("Stages"), _draw)
