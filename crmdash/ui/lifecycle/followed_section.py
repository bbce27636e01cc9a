"""What followed: how many of those that the limits labelled a period ago have bought since, beside the limits."""

import html
from math import inf
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.lifecycle import PHASE_COLOURS, Words, rates_figure
from crmdash.charts.palette import BLUE
from crmdash.i18n import Wording
from crmdash.model.lifecycle import phase_of
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rule_sliders, rules_expander
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.sidebar import FIRST
from crmdash.ui.theme import ink
from crmdash.ui.words import stage_words

_BAD: Final = ("falling", "gone")


def _draw(_: Wording, evidence: Evidence) -> None:
    titled(_, _("What followed"), "what_followed")
    report = reported(_, evidence, "what_followed")
    if report is None or not report.figures:
        return
    _figures(_, report)
    left, right = st.columns(2, gap="medium")
    with left:
        _by_stage(_, report, evidence)
    with right:
        _by_silence(_, report, evidence)
    rule_sliders(_, FIRST, columns=2)
    rules_expander(_, "lifecycle", _others(evidence))
    kind = _kind_choice(_)
    report_list(
        _, evidence, "what_followed", Table(_listed(report, kind), report.rows.columns),
        _("Customers as labelled a period ago, and what they did since"), name=f"lifecycle.followed.{kind}",
    )  # fmt: skip


def _others(evidence: Evidence) -> list[str]:
    """Return the limits of the chosen model that are not among the first ones, in the order of the settings."""
    limits = evidence.settings.lifecycle
    paths = [f"lifecycle.{name}" for name in type(limits).model_fields if name in limits.read]
    return [path for path in paths if path not in FIRST]


def _figures(_: Wording, report: Report) -> None:
    figures = report.figures
    shares = dict(report.tables["phases"].frame.select("phase", "bought_share").iter_rows())
    counts = dict(report.tables["phases"].frame.select("phase", "customers").iter_rows())
    tiles = [
        (_("Of all customers"), show(figures["bought_share"], _),
         _("bought in the {days} days after {day}", days=show(figures["days"], _), day=show(figures["day"], _)),
         _("Everybody who was in the base then: what a label has to beat to be worth anything.")),
        *(
            (_.term("lifecycle", f"labelled.{phase}"), _.percent(shares[phase], 0),
             _.plural("of {n} customer", "of {n} customers", counts[phase]), None)
            for phase in ("steady", "falling", "gone")
        ),
    ]  # fmt: skip
    figure_row(_, tiles)


def _by_stage(_: Wording, report: Report, evidence: Evidence) -> None:
    phases = phase_of(evidence.settings)
    rows = report.tables["stages"].frame.filter(pl.col("customers") > 0).to_dicts()
    bars = [
        _bar(_, stage_words(row["stage"], _), row, PHASE_COLOURS[phases[row["stage"]]])
        for row in rows
    ]  # fmt: skip
    title = _("Bought again, by the stage that they stood in")
    _rates(_, report, bars, title, _("Stage a period ago"), "followed_stages")


def _by_silence(_: Wording, report: Report, evidence: Evidence) -> None:
    rows = report.tables["silence"].frame.filter(pl.col("customers") > 0).to_dicts()
    limit, falling = _cooling_from(evidence), PHASE_COLOURS["falling"]
    bars = [_bar(_, _band(_, row), row, falling if row["silence_from"] >= limit else BLUE) for row in rows]
    title = _("Bought again, by how long they had been silent")
    axis = _("Silence then, × own rhythm (regular customers)")
    _rates(_, report, bars, title, axis, "followed_silence")
    if limit < inf:
        st.caption(
            _("From ×{limit} on, in the colour of falling away, by the limit as it stands.", limit=_times(_, limit))
        )


def _cooling_from(evidence: Evidence) -> float:
    """Return the silence from which the chosen rules call a customer falling; by fixed days there is none."""
    limits = evidence.settings.lifecycle
    if limits.model == "personal_cycle":
        return limits.half_asleep_from
    return inf if limits.by_days else limits.cooling_silence


def _rates(_: Wording, report: Report, bars: list[Bar], title: str, x_axis: str, key: str) -> None:
    usual = report.figures["bought_share"].value
    words = Words(title=html.escape(title), x_axis=x_axis, y_axis=_("Share that bought since"), ink=ink())
    all_words = _("all: {share}", share=_.percent(usual, 0))
    said = told(_, title, [html.unescape(bar.hover) for bar in bars])
    picture(rates_figure(bars, usual, html.escape(all_words), words), f"lifecycle.{key}", said)


def _bar(_: Wording, label: str, row: dict[str, Any], colour: str) -> Bar:
    hover = _("{label}: {share} of {customers} customers", label=label, share=_.percent(row["bought_share"], 0),
              customers=_.integer(row["customers"]))  # fmt: skip
    share = row["bought_share"]
    return Bar(html.escape(label), share, html.escape(_.percent(share, 0)), html.escape(hover), colour)


def _band(_: Wording, row: dict[str, Any]) -> str:
    low, high = row["silence_from"], row["silence_below"]
    if high is None:
        return _("{low}+", low=_times(_, low))
    return _("{low}–{high}", low=_times(_, low), high=_times(_, high))


def _times(_: Wording, silence: float) -> str:
    return _.decimal(silence, 0 if silence.is_integer() else 1)


def _listed(report: Report, kind: str) -> pl.DataFrame:
    rows = report.rows.frame
    bad = pl.col("phase_before").is_in(_BAD)
    if kind == "returned":
        return rows.filter(bad & pl.col("bought_since"))
    return rows.filter((pl.col("phase_before") == "steady") & ~pl.col("bought_since")) if kind == "left" else rows


def _kind_choice(_: Wording) -> str:
    names = {
        "returned": _("Given up, and yet they bought"),
        "left": _("Steady, and yet they did not buy"),
        "all": _("Everyone"),
    }
    return one_of(_("Customers listed"), "lifecycle.followed_kind", names)


FOLLOWED: Final = Section("followed", lambda _: _("What followed"), _draw)
