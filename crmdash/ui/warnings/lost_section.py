"""Lost customers: who ended, why, what the first sign was and how early it came."""

from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.warnings import CAUSE_COLOURS
from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.warnings.bars import draw_bars, money_marks
from crmdash.ui.words import bold


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw causes and first signs of those lost, and list them."""
    titled(_, _("Lost-customer review"), "lost_customers")
    report = reported(_, evidence, "lost_customers")
    if report is None:
        return
    figure_row(_, _tiles(_, report, evidence))
    causes, signals = st.columns(2, gap="small")
    with causes:
        _causes(_, report)
    with signals:
        st.markdown(bold(_("The first sign, and how early it came")))
        report_table(_, report.tables["signals"], "warnings.first_signals", _("First signs of the lost customers"))
    report_list(_, evidence, "lost_customers", report.rows, _("Customers lost in the last window, largest first"))


def _tiles(_: Wording, report: Report, evidence: Evidence) -> list[FigureTile]:
    figures = report.figures
    window = _("ended in the last {days} days", days=_.integer(evidence.clock.window))
    tiles: list[FigureTile] = [
        (_("Lost customers"), _.integer(figures["lost"].value), window, None),
        (
            _("Revenue lost"), _.compact_money(figures["revenue_lost"].value), _("in their last period with us"),
            _("Revenue of the window up to the last purchase of each."),
        ),
        (
            _("First sign before the end"), show(figures["lead_time"], _), _("days, for half of them longer"),
            _("Days from the first sign to the day on which the customer counted as ended."),
        ),
        (
            _("Cause in the file"), _.integer(figures["cause_stated"].value), _("with a stated cause"),
            _("For the others the cause is what the signals before the end point to."),
        ),
    ]  # fmt: skip
    if (rate := figures.get("hit_rate")) is not None:
        usual = _("against {share} of all", share=_.percent(figures["base_rate"].value, 0))
        tiles.append((_("Alerted, then silent"), show(rate, _), usual,
                      _("Of those alerted one period ago, the share that did not order since.")))  # fmt: skip
    return tiles


def _causes(_: Wording, report: Report) -> None:
    bars = [
        Bar(
            _.term("warnings", f"cause.{row['cause']}"), row["revenue_lost"] / MONEY_SCALE,
            _("{amount}, {count} customers", amount=_.compact_money(row["revenue_lost"]),
              count=_.integer(row["customers"])),
            _("{cause}: {count} customers, {stated} stated in the file",
              cause=_.term("warnings", f"cause.{row['cause']}"), count=_.integer(row["customers"]),
              stated=_.integer(row["cause_stated"])),
            CAUSE_COLOURS[row["cause"]],
        )
        for row in report.tables["causes"].frame.rows(named=True)
    ]  # fmt: skip
    words = PictureWords(_("Why they left"), _("Revenue lost, amount"), _.term("systems", "column.cause"))
    draw_bars(bars, "warnings.lost_causes", words, money_marks(_))


LOST: Final = Section("lost", lambda _: _("Lost customers"), draw)
