"""The due list: who should order by now and how much, whose visit is overdue, how fast complaints are settled."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.warnings import DUE_COLOURS
from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.warnings.bars import draw_bars, money_marks

_WIDE: Final = 2
"""Share of the width for the picture beside the sliders."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw what is due, and list the customers."""
    titled(_, _("Due list"), "due_list")
    report = reported(_, evidence, "due_list")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    picture, sliders = st.columns([_WIDE, 1], gap="small")
    with picture:
        _when(_, report)
    with sliders:
        rule_sliders(_, ["warning.due_within"], columns=1)
    title = _("Customers with an order due or a visit overdue") if _knows_visits(report) else _("Orders due")
    report_list(_, evidence, "due_list", _listed(_, report), title)


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    tiles: list[FigureTile] = [
        (
            _("Orders due"), _.integer(figures["orders_due"].value),
            _("{count} of them past due", count=_.integer(figures["past_due"].value)),
            _("By each customer's own rhythm: last purchase + usual days between purchases."),
        ),
        (_("Expected baskets"), _.compact_money(figures["basket_expected"].value), _("if they all order"), None),
    ]  # fmt: skip
    if _knows_visits(report):
        policy = _("of {count} to be visited", count=_.integer(figures["to_be_visited"].value))
        planned = _("By the visits a year that the service policy plans. The policy is an assumption.")
        tiles.append((_("Visits overdue"), _.integer(figures["visits_overdue"].value), policy, planned))
        tiles.append((_("Visited in time"), show(figures["visits_in_time"], _), _("of those to be visited"), None))
    if (days := figures.get("days_to_settle")) is not None:
        settled, left = (_.integer(figures[f"complaints_{name}"].value) for name in ("settled", "unsettled"))
        note = _("days, middle of {settled}; {left} not settled", settled=settled, left=left)
        tiles.append((_("Complaint settled in"), show(days, _), note, None))
    return tiles


def _when(_: Wording, report: Report) -> None:
    bars = [
        Bar(
            _.term("warnings", f"when.{row['when']}"), row["basket_expected"] / MONEY_SCALE,
            _("{amount}, {count} orders", amount=_.compact_money(row["basket_expected"]),
              count=_.integer(row["customers"])),
            _("{when}: {count} orders, {amount}", when=_.term("warnings", f"when.{row['when']}"),
              count=_.integer(row["customers"]), amount=_.compact_money(row["basket_expected"])),
            DUE_COLOURS[row["when"]],
        )
        for row in report.tables["when"].frame.rows(named=True)
    ]  # fmt: skip
    words = PictureWords(_("When the orders were due"), _("Expected baskets, amount"), _.term("systems", "column.when"))
    draw_bars(bars, "warnings.due", words, money_marks(_))


def _knows_visits(report: Report) -> bool:
    return report.figures["visits_overdue"].value is not None


def _listed(_: Wording, report: Report) -> Table:
    """Let the reader choose between orders due and visits overdue, where last visits are known."""
    if not _knows_visits(report):
        return report.rows
    names = {"orders": _("Orders due"), "visits": _("Visits overdue")}
    shown = one_of(_("Listed"), "warnings.due.shown", names)
    wanted = pl.col("order_due") if shown == "orders" else pl.col("visit_overdue")
    return Table(report.rows.frame.filter(wanted), report.rows.columns)


DUE: Final = Section("due", lambda _: _("Due list"), draw)
