"""Five indicators: what each tier or grade is strong in, one customer against its peers, and who earned an award."""

import html
from dataclasses import replace
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.literal import literal
from crmdash.charts.palette import BLUE, RUST
from crmdash.charts.value import FULL, Series, against_peers_figure, means_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.five_indicators import peers_of
from crmdash.systems.indicators import INDICATORS
from crmdash.systems.report import Report
from crmdash.ui import state
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.value.pictures import GRADE_COLOURS, mean_group, tier_groups

RULES: Final = tuple(
    f"worth.{name}"
    for name in (
        *(f"weight_{indicator}" for indicator in INDICATORS),
        "peers_at_least", "grade_a", "grade_b", "grade_c", "change_notable", "award_share", "award_score",
        "award_floor", "reward_share", "integrity_on_time", "integrity_days_late", "integrity_returns",
        "days_late_limit", "return_share_limit", "cooperation_planned", "cooperation_survey", "cooperation_ideas",
        "ideas_enough",
    )
)  # fmt: skip


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw what customers are strong in, and list them, those nominated for an award first."""
    titled(_, _("Five indicators: what a customer is worth among its peers"), "five_indicators")
    report = reported(_, evidence, "five_indicators")
    if report is None:
        return
    figure_row(_, _tiles(_, evidence, report))
    if not _against_peers(_, report):
        _by_group(_, evidence, report)
    report_list(_, evidence, "five_indicators", report.rows, _("Customers by points"))
    _groups(_, report)
    rules_expander(_, "value.indicators", RULES)


def _tiles(_: Wording, evidence: Evidence, report: Report) -> list[tuple[str, str, str, str | None]]:
    figures, worth = report.figures, evidence.settings.worth
    share = _.percent(worth.reward_share / 100, 0)
    tiles: list[tuple[str, str, str, str | None]] = [
        (_("Grade A"), show(figures["grade_a"], _), _("of {all} customers", all=show(figures["customers"], _)), None),
        (_("Points on average"), show(figures["mean"], _), _("of 100"), None),
        (
            _("Nominated for an award"), show(figures["nominated"], _),
            _("the best {share} of their peers", share=_.percent(worth.award_share / 100, 0)),
            _("With enough points, no weak indicator and no open complaint."),
        ),
        (
            _("Set aside as reward"), _.compact_money(figures["reward"].value),
            _("{share} of profit, assumed", share=share),
            _("This share of a peer group's customer profit is an assumption; groups without a nominated customer pay "
              "nothing."),
        ),
    ]  # fmt: skip
    if report.rows.frame["change"].count():
        fallen = _("{count} fell", count=show(figures["fallen"], _))
        points = _.integer(worth.change_notable)
        explained = _("By {points} points or more since one period ago. Integrity, cooperation and share of wallet "
                      "from columns carry no date and do not change.", points=points)  # fmt: skip
        tiles.append((_("Rose"), show(figures["risen"], _), fallen, explained))
    return tiles


def _by_group(_: Wording, evidence: Evidence, report: Report) -> None:
    """Draw the mean of each indicator by tier or by grade."""
    kinds = {"tiers": _("By tier"), "grades": _("By grade")}
    kind = one_of(_("Bars"), "value.indicators.by", kinds)
    means = report.tables[kind].frame
    if kind == "tiers":
        groups = tier_groups(_, means, INDICATORS, evidence.settings, "indicator")
    else:
        rows = means.filter(pl.col("customers") > 0).rows(named=True)
        groups = [
            mean_group(_, _("Grade {grade}", grade=_.term("value", f"grade.{row['grade']}")),
                       GRADE_COLOURS[row["grade"]], row, INDICATORS, "indicator")
            for row in rows
        ]  # fmt: skip
    title = _("Indicators by tier") if kind == "tiers" else _("Indicators by grade")
    said = written(title, _("Indicator"), _("Points of 100, on average"))
    figure = means_figure(_names(_), groups, said, FULL)
    picture(figure, f"value.indicators.{kind}", told(_, title, [html.unescape(text) for group in groups
                                                                for text in group.hovers]))  # fmt: skip


def _names(_: Wording) -> list[str]:
    return [html.escape(_.term("value", f"indicator.{name}")) for name in INDICATORS]


def _against_peers(_: Wording, report: Report) -> bool:
    """Draw the customer looked at beside the mean of its peers; say whether one is looked at."""
    rows = report.rows.frame
    found = rows.filter(pl.col("customer_id") == (state.customer() or ""))
    if not len(found):
        return False
    own = found.row(0, named=True)
    alike = rows.filter(
        pl.col("peers").eq_missing(pl.lit(own["peers"], pl.String)) & (pl.col("peers_kind") == own["peers_kind"])
    )
    means = alike.select(pl.col(INDICATORS).mean()).row(0, named=True)
    who = own["name"] or own["customer_id"]
    group = show(peers_of(own), _)
    title = _("{customer} against its peers ({group}: {count} customers)", customer=literal(who, 40),
              group=literal(group, 40), count=_.integer(len(alike)))  # fmt: skip
    said = replace(written("", _("Points of 100"), ""), title=title)
    peers = _("Peers on average")
    figure = against_peers_figure(
        _names(_), _line(_, literal(who, 40), BLUE, own), _line(_, html.escape(peers), RUST, means), said
    )
    parts = [
        _("{measure}: {own}, peers {mean}", measure=_.term("value", f"indicator.{name}"),
          own=_.decimal(own[name], 1), mean=_.decimal(means[name], 1))
        for name in INDICATORS
    ]  # fmt: skip
    picture(figure, "value.indicators.peers", told(_, who, parts))
    return True


def _line(_: Wording, name: str, colour: str, row: dict[str, float | None]) -> Series:
    hovers = [f"{name}: {_.decimal(row[indicator], 1)}" for indicator in INDICATORS]
    return Series(name, colour, tuple(row[indicator] for indicator in INDICATORS), tuple(hovers))


def _groups(_: Wording, report: Report) -> None:
    folded = st.expander(
        _("Peer groups and their rewards"), key="value.indicators.groups", on_change="rerun", icon=":material/groups:"
    )
    if folded.open:
        with folded:
            report_table(_, report.tables["groups"], "value.indicators.table", _("Peer groups and their rewards"))


INDICATORS_SECTION: Final = Section("indicators", lambda _: _("Five indicators"), draw)
