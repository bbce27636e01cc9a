"""What is open, or read and waiting: its key figures, and the buttons that put it to use or away."""

from dataclasses import dataclass
from typing import get_args

import polars as pl
import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset
from crmdash.settings import Measure
from crmdash.ui import state
from crmdash.ui.cache import sample, summarised
from crmdash.ui.data_remembered import remember_choices
from crmdash.ui.figures import key_figure
from crmdash.ui.given_files import begin_with_given
from crmdash.ui.release import let_go

_NAMES_SHOWN = 6


@dataclass(frozen=True)
class KeyFigures:
    """What a dataset amounts to: customers of the base, revenue in ten-thousandths, the as-at day number.

    `valued` says whether any measure is there by which customers can be ordered.
    """

    customers: int
    valued: bool
    revenue: int | None
    as_at: int | None


def key_figures_of(opened: state.Opened) -> KeyFigures:
    """Return the key figures over the whole file, whatever period the board values customers by."""
    period = state.settings().period.model_copy(update={"value_months": 0})
    summary = summarised(opened, period)
    base = summary.customers.filter(pl.col("in_base"))
    known = "revenue" in base.columns and base["revenue"].count() > 0
    revenue = int(base["revenue"].sum()) if known else None
    valued = any(measure in base.columns for measure in get_args(Measure))
    return KeyFigures(base.height, valued, revenue, summary.clock.as_of)


def opened_or_sample(_: Wording) -> state.Opened:
    """Return the data open in this tab: at first what the app was started with, else the sample."""
    if state.opened() is None:
        begin_with_given(_)
    if state.opened() is None:
        with st.spinner(_("Opening the sample…")):
            state.open_data(sample(), is_sample=True)
    opened = state.opened()
    assert opened is not None
    return opened


def in_use(dataset: Dataset) -> bool:
    """Say whether the board shows this dataset."""
    opened = state.opened()
    return opened is not None and opened.key == dataset.fingerprint


def data_card(_: Wording, opened: state.Opened, read: Dataset | None) -> None:
    """Show what was read from the tab's files, else what is open."""
    shown = opened if read is None or in_use(read) else state.Opened(read, is_sample=False)
    # Added up before anything is drawn, so that no old figure stands beside a new name.
    with st.spinner(_("Adding up …")):
        figures = key_figures_of(shown) if shown.dataset.usable else None
    with st.container(border=True, key="data.card"):
        _heading(_, shown, waiting=shown is not opened)
        if figures is not None:
            _figures(_, figures, shown.dataset)
        _actions(_, opened, shown, valued=figures is not None and figures.valued)


def _heading(_: Wording, shown: state.Opened, *, waiting: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if waiting and shown.dataset.usable:
            st.badge(_("Read, not in use yet"), icon=":material/hourglass_top:", color="blue")
        elif waiting:
            st.badge(_("Cannot be used yet"), icon=":material/block:", color="red")
        elif shown.is_sample:
            st.badge(_("Sample"), icon=":material/science:", color="orange")
        else:
            st.badge(_("Your data"), icon=":material/lock:", color="green")
        if shown.is_sample:
            st.caption(_("An invented distributor with its shops, to try everything on. Open your own files below."))
        else:
            names = [report.name for report in shown.dataset.files]
            more = _(" and {count} more", count=len(names) - _NAMES_SHOWN) if len(names) > _NAMES_SHOWN else ""
            st.text(", ".join(names[:_NAMES_SHOWN]) + more)


def _figures(_: Wording, figures: KeyFigures, dataset: Dataset) -> None:
    with st.grid(4, min_column_width=150, gap="small"):
        key_figure(_("Customers"), _.integer(figures.customers), _("with a purchase or a value"))
        key_figure(
            _("Revenue"),
            _.compact_money(figures.revenue),
            _.money(figures.revenue, 2) if figures.revenue is not None else _("not in the file"),
        )
        aside = _("of {rows}, {aside} set aside", rows=_.integer(dataset.rows), aside=_.integer(dataset.rows_set_aside))
        key_figure(_("Rows used"), _.integer(dataset.rows_used), aside)
        day = _("the last day in the data") if figures.as_at is not None else _("no date in the file")
        key_figure(_("As at"), _.date(figures.as_at), day)


def _actions(_: Wording, opened: state.Opened, shown: state.Opened, *, valued: bool) -> None:
    waiting = shown is not opened
    if shown.dataset.usable and not valued:
        st.warning(_("No column says what customers are worth, so the board stays empty: choose amount or revenue."))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if waiting and shown.dataset.usable:
            st.button(
                _("Use this data"), key="data.use", type="primary" if valued else "secondary", icon=":material/check:",
                on_click=use,
            )  # fmt: skip
        if not waiting:
            st.page_link("pages/board.py", label=_("Open the board"), icon=":material/dashboard:")
        if not opened.is_sample:
            st.button(
                _("Back to the sample"), key="data.sample", icon=":material/science:", on_click=back_to_sample,
                help=_("The board shows the sample again; your files stay here."),
            )  # fmt: skip
        if state.staged():
            st.button(
                _("Remove my files"), key="data.remove", icon=":material/delete:", on_click=remove_files,
                help=_("Forget the files, and show the sample again."),
            )  # fmt: skip
        st.caption(_standing(_, opened, waiting=waiting))


def _standing(_: Wording, opened: state.Opened, *, waiting: bool) -> str:
    if not waiting:
        return _("The board shows the sample.") if opened.is_sample else _("The board shows your data.")
    return (
        _("The board still shows the sample.") if opened.is_sample else _("The board still shows your data as before.")
    )


def use() -> None:
    """Put the tab's files to use, and keep what was chosen about them by hand for files with the same header.

    The data is no argument: a button's arguments are held as long as the tab is, even when it is drawn no more.
    """
    dataset = state.read_data()
    if dataset is None:
        return
    _put_on_board(dataset, is_sample=False)
    remember_choices(state.staged(), dataset)


def back_to_sample() -> None:
    """Show the sample again; the tab's files stay."""
    _put_on_board(sample(), is_sample=True)


def _put_on_board(dataset: Dataset, *, is_sample: bool) -> None:
    let_go()
    state.open_data(dataset, is_sample=is_sample)


def remove_files() -> None:
    """Forget the tab's files and show the sample."""
    state.stage(())
    back_to_sample()
