"""The matrix as a Plotly figure: for browsers that may not run code of ours."""

import html
from typing import Any

import streamlit as st

from crmdash.charts.large_type import enlarged
from crmdash.charts.matrix import Cell, matrix_figure
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.lifecycle import phase_of
from crmdash.model.tables import Standing
from crmdash.ui import state
from crmdash.ui.document import let_keyboard_scroll
from crmdash.ui.live.alerted import Alerted, alerted
from crmdash.ui.theme import CONFIG, ink, type_size
from crmdash.ui.words import stage_words, strategy_words, tier_words

SMALL = 10
"""Pixels: a strategy with its share fits into a cell."""

TOLD_CELLS = 3
"""So many cells are put into words for those who cannot see the picture."""


def matrix_chart(_: Wording, evaluation: Evaluation, shown: list[str], *, at_risk: bool) -> None:
    """Draw the matrix of the stages shown; a click on a cell narrows the list."""
    rows = [row for row in evaluation.matrix.rows(named=True) if row["stage"] in shown]
    phases = phase_of(evaluation.settings)
    tiers = [(code, html.escape(tier_words(code, _))) for code in evaluation.settings.tiers.codes]
    stages = [(code, html.escape(stage_words(code, _))) for code in shown]
    title = _("Tier × stage: customers, value, strategy")
    warned = alerted(evaluation) if at_risk else None
    cells = [_cell(_, row, warned, bought=phases[row["stage"]] != "before") for row in rows]
    key = f"matrix.{state.generation()}"
    figure = matrix_figure(cells, tiers, stages, ink(), _chosen(), warning=at_risk)
    with st.container(key="matrix_frame"):
        let_keyboard_scroll("matrix_frame", title)
        st.plotly_chart(
            enlarged(figure, type_size()), key=key, config=CONFIG, alt=_told(_, title, rows), selection_mode="points",
            on_select=lambda: _narrow_to_cell(key),
        )  # fmt: skip


def _chosen() -> tuple[str, str] | None:
    filters = state.filters()
    return (filters.tier, filters.stage) if filters.tier and filters.stage else None


def _told(_: Wording, title: str, rows: list[dict[str, Any]]) -> str:
    """Return what the matrix shows in words: its title and the cells of most value."""
    largest = sorted(rows, key=lambda row: -row["value"])[:TOLD_CELLS]
    cells = [_cell_words(_, row) for row in largest if row["customers"]]
    return _("{title}. Largest: {cells}", title=title, cells=" · ".join(cells))


def _cell_words(_: Wording, row: dict[str, Any]) -> str:
    return _(
        "{tier} × {stage}: {customers} customers, {value}",
        tier=tier_words(row["tier"], _),
        stage=stage_words(row["stage"], _),
        customers=_.integer(row["customers"]),
        value=_.compact_money(row["value"]),
    )


def _cell(_: Wording, row: dict[str, Any], warned: Alerted | None, *, bought: bool) -> Cell:
    tier, stage, customers, value = row["tier"], row["stage"], row["customers"], row["value"]
    strategy = strategy_words(row["strategy"], _, short=True)
    hover = _cell_words(_, row)
    if not customers:
        return Cell(tier, stage, ("–",), html.escape(hover), 0.0, empty=True)
    share = row["strategy_share"]
    mostly = _("mostly {strategy}, {share}", strategy=strategy, share=_.percent(share, 0)) if share < 1 else strategy
    named = html.escape(strategy)
    if share < 1:
        named = f"<span style='font-size:{SMALL * type_size():.0f}px'>{named} {_.percent(share, 0)}</span>"
    worth = (_.compact_money(value),) if bought else ()
    if warned is not None:
        there = warned.get((tier, stage), Standing(0, 0))
        hover = _("{cell}; at risk {count}, {amount}", cell=hover, count=_.integer(there.customers),
                  amount=_.compact_money(there.value))  # fmt: skip
        value = there.value
        worth = (_("{count} at risk", count=_.integer(there.customers)),) if there.customers else ()
    lines = (f"<b>{_.integer(customers)}</b>", *worth, named)
    return Cell(
        tier,
        stage,
        lines,
        html.escape(_("{cell}; {strategy}", cell=hover, strategy=mostly)),
        float(max(0, value)),
        empty=False,
    )


def _narrow_to_cell(key: str) -> None:
    if (clicked := state.clicked_point(key)) is not None:
        tier, stage = clicked.split("|")
        again = _chosen() == (tier, stage)
        state.narrow(tier=None if again else tier, stage=None if again else stage)
