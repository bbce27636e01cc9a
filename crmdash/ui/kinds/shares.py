"""What the sections share: bars of customers, value and profit by kind, a box that narrows a list, cells of a map."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.kinds import Series, Words, map_figure, shares_figure
from crmdash.charts.matrix import Cell
from crmdash.charts.palette import AMBER, BLUE, TEAL
from crmdash.i18n import Wording
from crmdash.systems.report import Table
from crmdash.ui import state
from crmdash.ui.pictures import picture, told
from crmdash.ui.theme import ink

EVERYBODY: Final = "everybody"
_TOLD: Final = 3
"""So many kinds or cells are put into words for those who cannot see the picture."""


def share_bars(_: Wording, table: Table, by: str, words_of: Callable[[str], str], title: str, key: str) -> None:
    """Draw the shares of customers, value and profit of every kind that somebody is of."""
    rows = table.frame.filter(pl.col("customers") > 0)
    names = {"share": _("Customers"), "value_share": _("Value"), "profit_share": _("Profit")}
    colours = {"share": BLUE, "value_share": AMBER, "profit_share": TEAL}
    kinds = [words_of(code) for code in rows[by]]
    series = [
        Series(html.escape(name), colours[column], rows[column].to_list(), _hover(_, kinds, name, rows[column]))
        for column, name in names.items()
        if column in rows.columns and rows[column].count()
    ]
    words = Words(html.escape(title), _("Share of all, %"), _.term("systems", f"column.{by}"), ink())
    figure = shares_figure([html.escape(kind) for kind in kinds], series, words)
    largest = sorted(zip(kinds, rows["share"], strict=True), key=lambda row: -row[1])[:_TOLD]
    parts = [_("{kind} {share}", kind=kind, share=_.percent(share)) for kind, share in largest]
    picture(figure, key, told(_, title, parts))


def _hover(_: Wording, kinds: Sequence[str], name: str, shares: pl.Series) -> list[str]:
    each = zip(kinds, shares, strict=True)
    return [html.escape(_("{kind}, {of}: {share}", kind=kind, of=name, share=_.percent(share))) for kind, share in each]


def chosen_kind(_: Wording, label: str, codes: Sequence[str], words_of: Callable[[str], str], key: str) -> str | None:
    """Let the reader narrow a list to one kind; None for everybody."""
    offered = [EVERYBODY, *codes]
    current = state.kept(key, EVERYBODY)
    given = state.seed_choice(key, current if current in offered else EVERYBODY)
    name = lambda code: _("Everybody") if code == EVERYBODY else words_of(code)  # noqa: E731
    st.selectbox(
        label, offered, key=key, index=state.place_in(offered, given), format_func=name, persist_state="session"
    )
    picked = state.kept(key, EVERYBODY)
    return None if picked == EVERYBODY else picked


def cell_map(
    _: Wording,
    rows: Sequence[Mapping[str, Any]],
    axes: tuple[Sequence[tuple[str, str]], Sequence[tuple[str, str]]],
    words: Words,
    key: str,
    named: Callable[[Mapping[str, Any]], str | None] = lambda row: None,
    strongest: float | None = None,
) -> None:
    """Draw cells with customers and value.

    Parameters
    ----------
    rows : each with `row` and `column` (codes of the axes), customers, value and value_share.
    axes : rows from the top and columns from the left, as (code, words).
    named : what a cell is called beside its figures.
    strongest : see `map_figure`.
    """
    down, across = axes
    names = (dict(down), dict(across))
    cells = [_cell(_, row, names, named(row)) for row in rows]
    escaped = [[(code, html.escape(text)) for code, text in axis] for axis in (down, across)]
    figure = map_figure(cells, escaped[0], escaped[1], words, strongest)
    largest = sorted(rows, key=lambda row: -row["value"])[:_TOLD]
    parts = [_told(_, row, names, named(row)) for row in largest if row["customers"]]
    picture(figure, key, told(_, html.unescape(words.title), parts))


def _cell(_: Wording, row: Mapping[str, Any], names: tuple[dict[str, str], dict[str, str]], called: str | None) -> Cell:
    hover = html.escape(_told(_, row, names, called))
    extra = () if called is None else (html.escape(called),)
    if not row["customers"]:
        return Cell(row["row"], row["column"], ("–", *extra), hover, 0.0, empty=True)
    lines = (f"<b>{_.integer(row['customers'])}</b>", _.compact_money(row["value"]), *extra)
    return Cell(row["row"], row["column"], lines, hover, max(0.0, row["value_share"] or 0.0), empty=False)


def _told(_: Wording, row: Mapping[str, Any], names: tuple[dict[str, str], dict[str, str]], called: str | None) -> str:
    told = _(
        "{row} × {column}: {customers} customers, {value}", row=names[0][row["row"]], column=names[1][row["column"]],
        customers=_.integer(row["customers"]), value=_.compact_money(row["value"]),
    )  # fmt: skip
    return told if called is None else _("{told} ({called})", told=told, called=called)
