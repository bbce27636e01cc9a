"""Ten types: how many customers each holds for, what they bring, and who they are."""

from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, TIER, Column, Report, Table
from crmdash.systems.ten_types import ORDINARY, TYPE, TYPES
from crmdash.ui.concepts import titled
from crmdash.ui.kinds.shares import chosen_kind, share_bars
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders, rules_expander
from crmdash.ui.sections import FigureTile, Section, figure_row, reported

SLIDERS: Final = ("kinds.high_percentile", "kinds.low_percentile", "kinds.loyal_orders")
RULES: Final = tuple(
    f"kinds.{name}"
    for name in (
        "benchmark_referrals", "door_opener_days", "door_opener_followers", "inspiring_suggestions",
        "future_percentile", "future_growth", "future_windows", "loyal_silence", "loyal_satisfaction",
        "volume_percentile", "discount_orders", "discount_share", "discount_above_median", "habit_orders",
        "impulse_planned", "need_planned", "wandering_contacts", "wandering_orders",
    )
)  # fmt: skip
_LISTED: Final = (*CUSTOMER, TIER, TYPE, Column("orders", "count"), Column("value", "money"))


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the types as shares of customers, value and profit, and list the customers."""
    titled(_, _("Ten types of customer"), "kinds_of_customer")
    report = reported(_, evidence, "ten_types")
    if report is None:
        return
    words_of = lambda code: _.term("kinds", f"type.{code}")  # noqa: E731
    rule_sliders(_, SLIDERS)
    figure_row(_, _tiles(_, report))
    by_type = report.tables["by_type"]
    share_bars(_, by_type, "type", words_of, _("What each type is, and what it brings"), "kinds.types")
    picked = chosen_kind(_, _("Show the customers of a type"), (*TYPES, ORDINARY), words_of, "kinds.type")
    if picked is not None:
        st.caption(_.term("kinds", f"type_help.{picked}"))
    report_list(_, evidence, "ten_types", _of_type(report, picked), _("Customers by type"))
    report_table(_, by_type, "kinds.types.table", _("Types with customers, value and profit"))
    rules_expander(_, "kinds.types", RULES)


def _of_type(report: Report, picked: str | None) -> Table:
    """Return the customers for whom a type holds, even where another one is their primary type."""
    rows = report.rows.frame
    if picked is not None:
        rows = rows.filter(pl.col("type") == ORDINARY if picked == ORDINARY else pl.col(f"is_{picked}"))
    return Table(rows, _LISTED)


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    table: list[dict[str, Any]] = report.tables["by_type"].frame.rows(named=True)
    tiles: list[FigureTile] = [
        (
            _("Ordinary"), show(report.figures["ordinary_share"], _), _("no type holds"),
            _("Usual for a third of a base or more: most who bought once or twice."),
        )
    ]  # fmt: skip
    for row in table:
        if row["type"] in ("loyal", "discount", "high_volume"):
            brought = _("{share} of the value", share=_.percent(row["value_share"]))
            name, explained = (_.term("kinds", f"{kind}.{row['type']}") for kind in ("type", "type_help"))
            tiles.append((name, _.percent(row["share"]), brought, explained))
    return tiles


TYPES_SECTION: Final = Section("types", lambda _: _("Types"), draw)
