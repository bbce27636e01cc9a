"""Transaction cost: whose orders cost far more than usual, and what a cheaper channel would save."""

from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.palette import SLATE, TEAL
from crmdash.charts.picture_words import PictureWords
from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.warnings.bars import draw_bars, money_marks
from crmdash.ui.words import tier_words

_MOST: Final = 24
"""So many channels of tiers fit into the picture."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw what an order costs by tier and channel, and list whose are dear."""
    titled(_, _("Transaction cost"), "transaction_cost")
    report = reported(_, evidence, "transaction_cost")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    picture, sliders = st.columns([2, 1], gap="small")
    with picture:
        _channels(_, report, evidence)
    with sliders:
        rule_sliders(_, ["warning.cost_excess", "warning.channel_customers"], columns=1)
    report_list(
        _, evidence, "transaction_cost", report.rows, _("Customers whose orders are dear, largest saving first")
    )


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    judged = _("of {count} judged", count=_.integer(figures["judged"].value))
    return [
        (_("Dear to serve"), _.integer(figures["customers"].value), judged, None),
        (
            _("Possible saving"), _.compact_money(figures["saving"].value), _("assumption, whole value period"),
            _("If their cost per order came down to what is usual in their tier, over the purchases counted."),
        ),
        (
            _("Cheaper channel known"), _.integer(figures["with_proposal"].value), _("customers"),
            _("The channel with the lowest usual cost per order in the tier is not yet their main one."),
        ),
    ]  # fmt: skip


def _channels(_: Wording, report: Report, evidence: Evidence) -> None:
    order = {code: place for place, code in enumerate(evidence.settings.tiers.codes)}
    rows = sorted(report.tables["channels"].frame.rows(named=True), key=lambda row: order.get(row["tier"], len(order)))
    if not rows:
        return
    bars = [
        Bar(
            _("{tier} · {channel}", tier=tier_words(row["tier"], _), channel=row["main_channel"]),
            row["cost_per_order"] / MONEY_SCALE, _.money(row["cost_per_order"]),
            _("{tier}, {channel}: {amount} per order, {count} customers", tier=tier_words(row["tier"], _),
              channel=row["main_channel"], amount=_.money(row["cost_per_order"]), count=_.integer(row["customers"])),
            TEAL if row["cheapest"] else SLATE,
        )
        for row in rows[:_MOST]
    ]  # fmt: skip
    title, axis = _("Usual cost per order; green is cheapest"), _.term("systems", "column.main_channel")
    draw_bars(bars, "warnings.channels", PictureWords(title, _("Cost per order, amount"), axis), money_marks(_))


COST: Final = Section("cost", lambda _: _("Transaction cost"), draw)
