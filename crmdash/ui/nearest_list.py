"""The customers nearest to each line, with the amount that is missing or to spare."""

from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import nearest
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.downloads import download_buttons
from crmdash.ui.list_table import columns_config, in_units, in_words, list_table, who
from crmdash.ui.words import line_words, stage_words, strategy_words, tier_words

PER_SIDE: Final = 5


def nearest_list(_: Wording, evaluation: Evaluation) -> None:
    """Show, line by line, the customers just below and just above it."""
    titled(_, _("Nearest to a line"), "nearest")
    rows = nearest(evaluation, PER_SIDE)
    if not len(rows):
        st.info(_("No line is drawn at an amount, so nobody is near one."))
        return
    lines = rows["line"].unique(maintain_order=True).to_list()
    given = state.seed_choice("nearest.line", _picked(lines))
    st.segmented_control(
        _("Line"), lines, key="nearest.line", default=given, required=True, label_visibility="collapsed",
        persist_state="session",
        format_func=lambda code: line_words(code, evaluation.settings, _),
    )  # fmt: skip
    at_line = rows.filter(pl.col("line") == _picked(lines))
    list_table(at_line["customer_id"].to_list(), _columns(_, at_line), _config(_), "nearest",
               alt=_("Customers nearest to the line"))  # fmt: skip
    download_buttons(_, evaluation, "nearest", lambda part: at_line[part], len(at_line))


def _picked(lines: list[str]) -> str:
    picked = state.kept("nearest.line", lines[0])
    return picked if picked in lines else lines[0]


def _columns(_: Wording, rows: pl.DataFrame) -> pl.DataFrame:
    sides = {"below": _("missing"), "above": _("to spare")}
    return pl.DataFrame(
        {
            **who(rows),
            "distance": in_units(rows["distance"]),
            "side": in_words(rows["side"], sides.__getitem__),
            "value": in_units(rows["value"]),
            "tier": in_words(rows["tier"], lambda code: tier_words(code, _)),
            "stage": in_words(rows["stage"], lambda code: stage_words(code, _)),
            "strategy": in_words(rows["strategy"], lambda code: strategy_words(code, _, short=True)),
        }
    )


def _config(_: Wording) -> dict[str, Any]:
    return columns_config(_) | {
        "distance": st.column_config.NumberColumn(
            _("Amount"), format="%,.2f", help=_("What is missing to the line, or to spare above it.")
        ),
        "side": st.column_config.TextColumn(_("To the line")),
    }
