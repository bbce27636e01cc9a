"""Alerts: who may leave, why, what to answer, what is at stake; and how often such alerts were right."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.warnings import CAUSE_COLOURS
from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders, rules_expander
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.warnings.bars import draw_bars, money_marks
from crmdash.ui.words import bold

RULES: Final = tuple(
    f"warning.{signal}_{part}"
    for signal in (
        "silence", "growth", "category_loss", "wallet_fall", "satisfaction", "satisfaction_fall", "complaints",
        "expectation_gap", "days_late", "contract", "returns",
    )
    for part in ("from", "to", "points")
)  # fmt: skip


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the alerts with their reasons, causes and answers."""
    titled(_, _("Early warning"), "early_warning")
    report = reported(_, evidence, "early_warning")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    signals, causes = st.columns(2, gap="small")
    with signals:
        _signals(_, report)
    with causes:
        _causes(_, report)
    rule_sliders(_, ["warning.alert", "warning.watch"], columns=2)
    report_list(_, evidence, "early_warning", _listed(_, report), _("Customers at risk, most at stake first"))
    _expectation(_, evidence)
    rules_expander(_, "warnings.alerts", (*RULES, "warning.closed_complaint", "worth.peers_at_least"))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    at_stake, scored = figures["at_stake"].value, _.integer(figures["scored"].value)
    tiles: list[FigureTile] = [
        (_("Alerts"), _.integer(figures["alerts"].value), _("of {scored} with a score", scored=scored), None),
        (
            _("At stake"), _.compact_money(at_stake), _("with these customers"),
            _("Expected profit × risk score in per cent, added up; customers that lose money add nothing."),
        ),
        (_("To be watched"), _.integer(figures["watched"].value), _("below the alert"), None),
        (
            _("Free to leave"), _.integer(figures["without_barrier"].value), _("alerts without any exit barrier"),
            _("Nothing that holds them is entered in the file."),
        ),
    ]  # fmt: skip
    if (rate := figures.get("hit_rate")) is None:
        return tiles
    then = _.date(figures["alerted_as_at"].value)
    usual = _("against {share} of all {count}", share=_.percent(figures["base_rate"].value, 0),
              count=_.integer(figures["living_then"].value))  # fmt: skip
    hit: FigureTile = (
        _("Alerted, then silent"), _.percent(rate.value, 0), usual,
        _(
            "Of the {count} customers alerted as at {date}, this share did not order in the {days} days after: the hit "
            "rate. The share of all customers that lived then stands beside it.",
            count=_.integer(figures["alerted_then"].value), date=then, days=_.integer(figures["days_after"].value),
        ),
    )  # fmt: skip
    return [*tiles, hit]


def _signals(_: Wording, report: Report) -> None:
    rows = report.tables["signals"].frame.filter(pl.col("known") > 0).sort("alerted", descending=True)
    bars = [
        Bar(
            _.term("warnings", f"signal.{row['signal']}"), row["alerted"], _.integer(row["alerted"]),
            _("{signal}: {alerted} of the alerted, {customers} of all; known of {known}",
              signal=_.term("warnings", f"signal.{row['signal']}"), alerted=_.integer(row["alerted"]),
              customers=_.integer(row["customers"]), known=_.integer(row["known"])),
            CAUSE_COLOURS[row["cause"]],
        )
        for row in rows.rows(named=True)
    ]  # fmt: skip
    title, axis = _("Which signals the alerted customers give"), _.term("systems", "column.signal")
    draw_bars(bars, "warnings.signals", PictureWords(title, _("Alerted customers"), axis))
    if dark := [
        code for code, known in report.tables["signals"].frame.select("signal", "known").iter_rows() if not known
    ]:
        st.caption(
            _("No data for: {signals}", signals=_.joined([_.term("warnings", f"signal.{code}") for code in dark]))
        )


def _causes(_: Wording, report: Report) -> None:
    bars = [
        Bar(
            _.term("warnings", f"cause.{row['cause']}"), row["at_stake"] / MONEY_SCALE,
            _("{amount}, {count} alerts", amount=_.compact_money(row["at_stake"]), count=_.integer(row["customers"])),
            _("{cause}: {answer}", cause=_.term("warnings", f"cause.{row['cause']}"),
              answer=_.term("warnings", f"answer.{row['cause']}")),
            CAUSE_COLOURS[row["cause"]],
        )
        for row in report.tables["causes"].frame.rows(named=True)
    ]  # fmt: skip
    title, axis = _("Whose doing it is, and what is at stake"), _.term("systems", "column.cause")
    draw_bars(bars, "warnings.causes", PictureWords(title, _("Value at stake, amount"), axis), money_marks(_))


def _listed(_: Wording, report: Report) -> Table:
    """Let the reader choose whom the list shows."""
    names = {"alert": _("Alerts"), "watch": _("Alerts and watched"), "all": _("Everybody with a score")}
    shown = one_of(_("Listed"), "warnings.shown", names)
    levels = {"alert": ["alert"], "watch": ["alert", "watch"]}.get(shown)
    frame = report.rows.frame
    return Table(frame if levels is None else frame.filter(pl.col("risk_level").is_in(levels)), report.rows.columns)


def _expectation(_: Wording, evidence: Evidence) -> None:
    """Fold away what the value at stake rests on: keep rates, and the usual ones that can be changed."""
    if not evidence.can("expected_profit"):
        return
    folded = st.expander(_("What expected profit rests on"), key="warnings.expected", on_change="rerun")
    if not folded.open:
        return
    with folded:
        titled(_, _("Expected profit"), "expected_profit")
        st.markdown(bold(_("Of those in a phase one period ago, so many bought since")))
        report_table(_, evidence.report("expected_profit").tables["keep_rates"], "warnings.keep_rates",
                     _("Keep rates by phase"))  # fmt: skip
        st.caption(_("Usual keep rates, taken where too few customers stood in a phase (assumptions):"))
        phases = ("steady", "growing", "early", "falling", "gone")
        rule_sliders(_, [*(f"warning.keep_{phase}" for phase in phases), "warning.keep_measured_from"])


ALERTS: Final = Section("alerts", lambda _: _("Alerts"), draw)
