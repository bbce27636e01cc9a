"""Orientation: cost, value or technology, with the points behind it."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.i18n import Wording
from crmdash.systems.evidence import Evidence
from crmdash.systems.orientation import MIXED, ORIENTATIONS
from crmdash.systems.report import Table
from crmdash.ui.concepts import titled
from crmdash.ui.kinds.shares import chosen_kind, share_bars
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rule_sliders, rules_expander
from crmdash.ui.sections import FigureTile, Section, figure_row, reported

SLIDERS: Final = ("kinds.orientation_from", "kinds.orientation_ahead", "kinds.orientation_known")
RULES: Final = tuple(
    f"kinds.{name}"
    for name in (
        "price_low", "price_usual", "price_high", "paid_late_days", "on_time_low", "on_time_high", "long_windows",
        "dissatisfied", "satisfied", "many_complaints", "cost_deals", "cost_price", "cost_payment", "cost_satisfaction",
        "cost_complaints", "value_deals", "value_price", "value_payment", "value_tenure", "value_satisfaction",
        "value_returns", "technology_price", "technology_new_products", "technology_satisfaction",
        "technology_contacts",
    )
)  # fmt: skip


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw how many customers are oriented by what, and list them with their points."""
    titled(_, _("What customers are oriented by"), "orientation")
    report = reported(_, evidence, "orientation")
    if report is None:
        return

    def words_of(code: str) -> str:
        return _.term("kinds", f"orientation.{code}")

    rule_sliders(_, SLIDERS)
    table = report.tables["by_orientation"]
    tiles: list[FigureTile] = [
        (
            words_of(row["orientation"]), _.integer(row["customers"]),
            _("{share} of the value", share=_.percent(row["value_share"])),
            _.term("kinds", f"orientation_help.{row['orientation']}"),
        )
        for row in table.frame.rows(named=True)
    ]  # fmt: skip
    figure_row(_, tiles)
    share_bars(_, table, "orientation", words_of, _("Customers and value by orientation"), "kinds.orientations")
    codes = (*ORIENTATIONS, MIXED)
    picked = chosen_kind(_, _("Show the customers of an orientation"), codes, words_of, "kinds.orientation")
    rows = report.rows.frame if picked is None else report.rows.frame.filter(pl.col("orientation") == picked)
    report_list(_, evidence, "orientation", Table(rows, report.rows.columns), _("Customers by orientation"))
    st.caption(
        _("The points are assumptions: percentiles are those of the whole base, and what is not known does not count.")
    )
    rules_expander(_, "kinds.orientation", RULES)


ORIENTATION: Final = Section("orientation", lambda _: _("Orientation"), draw)
