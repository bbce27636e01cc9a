"""Who moved: the ledger of customers that crossed a line since the baseline, by name and with the reason."""

from typing import Any

import polars as pl
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import Ledger, why_moved
from crmdash.phrases import say
from crmdash.ui.changes import before, changes, since
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.downloads import Table, download_buttons
from crmdash.ui.list_table import columns_config, in_units, in_words, list_table, page_of, who
from crmdash.ui.words import line_words, stage_words, tier_words


def moves_list(_: Wording, evaluation: Evaluation) -> None:
    """Show what crossed each line in one row a line, then who it was."""
    titled(_, _("Who moved, {since}", since=since(_)), "ledger")
    ledger = changes(evaluation)
    kind = _kind(_, ledger)
    if kind == "tier" and ledger.customers:
        _by_line(_, ledger, evaluation)
    rows = ledger.moves if kind == "tier" else ledger.stage_moves
    if not len(rows):
        st.info(_("Nobody has crossed a line. Move a tier line, or the day the board stands at."))
        return
    st.caption(
        _told(_, ledger)
        if kind == "tier"
        else _("{count} customers in the same tier, but in another stage.", count=_.integer(len(rows)))
    )
    shown = rows[page_of(_, len(rows), "moves")]
    list_table(shown["customer_id"].to_list(), _columns(_, shown, evaluation, kind), _config(_), "moves",
               alt=_("Customers who moved, with the reason"))  # fmt: skip
    table: Table = "moves" if kind == "tier" else "stage_moves"
    download_buttons(_, evaluation, table, lambda part: rows[part], len(rows))


def _kind(_: Wording, ledger: Ledger) -> str:
    names = {
        "tier": _("Tiers ({count})", count=_.integer(ledger.customers)),
        "stage": _("Stages ({count})", count=_.integer(len(ledger.stage_moves))),
    }
    return one_of(_("What moved"), "moves.kind", names)


def _told(_: Wording, ledger: Ledger) -> str:
    """Say in one line who moved which way, and what it asks of the sales force."""
    counts = {
        _("{count} moved up", count=_.integer(ledger.ups)): ledger.ups,
        _("{count} moved down", count=_.integer(ledger.downs)): ledger.downs,
        _("{count} are new to the base", count=_.integer(ledger.entered)): ledger.entered,
        _("{count} are no longer in it", count=_.integer(ledger.left)): ledger.left,
    }
    return _(
        "{moves}: {value} together. The service policy asks for {wanted} visit hours a year ({hours} after its cap on "
        "the cost of visits).",
        moves=_.joined([words for words, count in counts.items() if count]),
        value=_.compact_money(ledger.value),
        wanted=_.signed(ledger.hours_wanted, 0),
        hours=_.signed(ledger.hours, 0),
    )


def _by_line(_: Wording, ledger: Ledger, evaluation: Evaluation) -> None:
    rows = ledger.by_line.rows(named=True)
    columns = {
        _("Line"): [line_words(row["line"], evaluation.settings, _) for row in rows],
        _("Up across it"): [_.integer(row["up"]) for row in rows],
        _("Value up"): [_.compact_money(row["value_up"]) for row in rows],
        _("Down across it"): [_.integer(row["down"]) for row in rows],
        _("Value down"): [_.compact_money(row["value_down"]) for row in rows],
        _("Visit hours"): [_.signed(row["hours_wanted"], 0) for row in rows],
    }
    right = dict.fromkeys(columns, st.column_config.TextColumn(alignment="right"))
    st.dataframe(
        pl.DataFrame(columns), hide_index=True, height="content", key="moves.lines",
        column_config=right | {_("Line"): st.column_config.TextColumn()}, alt=_("What crossed each line"),
    )  # fmt: skip


def _columns(_: Wording, rows: pl.DataFrame, evaluation: Evaluation, kind: str) -> pl.DataFrame:
    words, then = tier_words if kind == "tier" else stage_words, before()
    reasons = [say(why_moved(row, then, evaluation), _) for row in rows.iter_rows(named=True)]
    outside = _("not in the base")
    return pl.DataFrame(
        {
            **who(rows),
            "before": in_words(rows[f"{kind}_before"], lambda code: words(code, _)).fill_null(outside),
            "now": in_words(rows[f"{kind}_now"], lambda code: words(code, _)).fill_null(outside),
            "value": in_units(rows["value_now"].fill_null(rows["value_before"])),
            "wanted": rows["wanted_now"].fill_null(0) - rows["wanted_before"].fill_null(0),
            "why": pl.Series(reasons, dtype=pl.String),
        }
    )


def _config(_: Wording) -> dict[str, Any]:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return columns_config(_) | {
        "before": text(_("Before")),
        "now": text(_("Now")),
        "wanted": number(
            _("Visit hours"),
            format="%+.1f",
            help=_("Hours of visits a year that the service policy asks for more or less."),
        ),
        "why": text(_("Why"), width="large"),
    }
