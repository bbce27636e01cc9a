"""Flows between two periods: who stood where one comparison length ago, and who came back."""

import html
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.lifecycle import PHASE_COLOURS, Flow, Node, Words, flows_figure
from crmdash.i18n import Wording
from crmdash.model.lifecycle import MODELS
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.lifecycle.model_choice import model_choice
from crmdash.ui.pictures import picture
from crmdash.ui.report_list import report_list
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.theme import ink
from crmdash.ui.words import stage_words

_BAD: Final = ("falling", "gone")
_ABSENT: Final = ""
"""Stands for who was not in the data yet."""


def _draw(_: Wording, evidence: Evidence) -> None:
    titled(_, _("Flows between two periods"), "lifecycle")
    model = model_choice(_, evidence)
    report = reported(_, evidence, model)
    if report is None:
        return
    if not len(report.tables["flows"].frame):
        st.info(_("The data does not go back far enough to compare two periods."))
        return
    rows = _kinds_of(report, MODELS[model].phase_of)
    figures = report.figures
    figure_row(
        _,
        [
            (_("Changed stage"), show(figures["moved"], _), _("since {day}", day=show(figures["day_before"], _)), None),
            (_("Slipped away"), _.integer(len(rows["slipped"])), _worth(_, rows["slipped"]),
             _("Were in good standing a period ago, and are falling away or gone now.")),
            (_("Came back"), _.integer(len(rows["recovered"])), _worth(_, rows["recovered"]),
             _("Came back of late after a long silence, or were falling away or gone and are not now.")),
        ],
    )  # fmt: skip
    _flows(_, report, evidence, model)
    kind = _kind_choice(_)
    report_list(
        _, evidence, model, Table(rows[kind], report.rows.columns), _("Customers who changed stage"),
        name=f"lifecycle.flows.{model}.{kind}",
    )  # fmt: skip


def _kinds_of(report: Report, phase_of: Any) -> dict[str, pl.DataFrame]:
    """Return the customers that slipped away, that recovered, and all that stand in another stage."""
    rows = report.rows.frame
    was_bad = pl.col("stage_before").is_in([stage for stage, phase in phase_of.items() if phase in _BAD])
    known = pl.col("stage_before").is_not_null()
    is_bad = pl.col("phase").is_in(_BAD)
    return {
        "slipped": rows.filter(known & ~was_bad & is_bad),
        "recovered": rows.filter((known & was_bad & ~is_bad) | pl.col("recovered").fill_null(False)),
        "moved": rows.filter(known & (pl.col("stage_before") != pl.col("stage"))),
    }


def _worth(_: Wording, rows: pl.DataFrame) -> str:
    return _("worth {value}", value=_.compact_money(int(rows["value"].sum())))


def _flows(_: Wording, report: Report, evidence: Evidence, model: Any) -> None:
    flows = report.tables["flows"].frame.filter(pl.col("stage").is_not_null()).to_dicts()
    phase_of = MODELS[model].phase_of
    before = _nodes(_, flows, "stage_before", phase_of, 0.0)
    after = _nodes(_, flows, "stage", phase_of, 1.0)
    places = {code: place for place, code in enumerate([*before, *[("after", code) for code in after]])}
    links = [
        Flow(places[row["stage_before"] or _ABSENT], places["after", row["stage"]], row["customers"], _hover(_, row))
        for row in flows
    ]
    stayed = sum(row["customers"] for row in flows if row["stage_before"] == row["stage"])
    known = sum(row["customers"] for row in flows if row["stage_before"] is not None)
    share = _.percent(stayed / known, 0) if known else _.percent(None)
    title = _("{share} stand in the same stage as a period ago", share=share)
    headings = [_.date(report.figures["day_before"].value), _.date(evidence.clock.as_of)]
    words = Words(title=html.escape(title), ink=ink())
    figure = flows_figure([*before.values(), *after.values()], links, headings, words)
    picture(figure, "lifecycle.flows", title)


def _nodes(_: Wording, flows: list[dict[str, Any]], column: str, phase_of: Any, x: float) -> dict[str, Node]:
    """Return the stages that occur, from top to bottom, each as high as the customers in it are many."""
    counts: dict[str, int] = {}
    for row in flows:
        code = row[column] or _ABSENT
        counts[code] = counts.get(code, 0) + row["customers"]
    ordered = [code for code in (*phase_of, _ABSENT) if code in counts]
    whole, above, nodes = sum(counts.values()), 0, {}
    for code in ordered:
        middle = (above + counts[code] / 2) / whole
        above += counts[code]
        words = _("{stage} {customers}", stage=_stage(_, code), customers=_.integer(counts[code]))
        nodes[code] = Node(html.escape(words), x, middle, PHASE_COLOURS[phase_of.get(code, "before")])
    return nodes


def _stage(_: Wording, code: str | None) -> str:
    return _("Not yet there") if code in (None, _ABSENT) else stage_words(str(code), _)


def _hover(_: Wording, row: dict[str, Any]) -> str:
    words = _("{before} → {now}: {customers} customers, {value}", before=_stage(_, row["stage_before"]),
              now=_stage(_, row["stage"]), customers=_.integer(row["customers"]),
              value=_.compact_money(row["value"]))  # fmt: skip
    return html.escape(words)


def _kind_choice(_: Wording) -> str:
    names = {"slipped": _("Slipped away"), "recovered": _("Came back"), "moved": _("All who changed stage")}
    return one_of(_("Customers listed"), "lifecycle.flow_kind", names)


FLOWS: Final = Section("flows", lambda _: _("Flows"), _draw)
