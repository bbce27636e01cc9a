"""Filters: region, owner, format, market and nature for the whole board; tier, stage and strategy for the list."""

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.scope import SCOPE_COLUMNS, UNKNOWN, scope_values
from crmdash.summary import Summary
from crmdash.ui import state
from crmdash.ui.board import summary_now
from crmdash.ui.cache import evaluation_now
from crmdash.ui.data_words import literal
from crmdash.ui.narrowing import CLICKED
from crmdash.ui.parts import whole_page
from crmdash.ui.words import bold

NAMED_VALUES: Final = 3
"""A chip names this many values of a filter, and counts the rest."""


@st.fragment(key="filter_popover")
def filter_popover(_: Wording) -> None:
    """Offer every filter; all of them can be reached without a mouse. To open it draws nothing else again."""
    popover = st.popover(_("Filter"), icon=":material/filter_alt:", key="filter", width="stretch", on_change="rerun")
    if popover.open:
        with popover:
            _scope_boxes(_, summary_now())
            _click_boxes(_, evaluation_now())


def _scope_boxes(_: Wording, summary: Summary) -> None:
    held = {column: scope_values(summary.customers, column) for column in SCOPE_COLUMNS}
    held = {column: values for column, values in held.items() if values}
    if not held:
        st.caption(_("A region, account manager, format, market or nature of each customer would switch on: filters."))
        return
    st.markdown(bold(_("The whole board")))
    for column, values in held.items():
        _scope_box(_, column, values)
        _several_note(_, column)
    given = state.seed("scope.redraw", state.view().scope.redraw)
    st.toggle(
        _("Draw lines within this filter"), key="scope.redraw", value=given, persist_state="session",
        on_change=whole_page(state.take_redraw),
        args=("scope.redraw",), disabled=not state.view().scope.active,
        help=_("Off: tier lines come from all customers, so that the parts add up. On: from those looked at."),
    )  # fmt: skip


def _click_boxes(_: Wording, evaluation: Evaluation) -> None:
    st.markdown(bold(_("The list below")))
    codes = {
        "tier": list(evaluation.settings.tiers.codes),
        "stage": evaluation.stages["stage"].to_list(),
        "strategy": evaluation.strategies["strategy"].to_list(),
    }
    if evaluation.profits is not None:
        codes["loses"] = ["yes"]
    for name, held in codes.items():
        _click_box(_, name, held, CLICKED[name])


def _scope_box(_: Wording, column: str, values: list[str]) -> None:
    key = f"scope.{column}"
    chosen = [value for value in getattr(state.view().scope, column) if value in values]
    given = state.seed(key, chosen)
    st.multiselect(
        scope_words(_, column), values, key=key, default=given, persist_state="session",
        on_change=whole_page(state.take_scope), args=(column, key),
        placeholder=_("All"), format_func=lambda value: scope_value_words(_, column, value),
    )  # fmt: skip


def _several_note(_: Wording, column: str) -> None:
    """Say where orders of one customer name several values: the filter looks at customers."""
    opened = state.opened()
    for issue in () if opened is None else opened.dataset.issues:
        if (issue.code, issue.column) == ("several_values", column):
            st.caption(literal(_.issue(issue)))


def _click_box(_: Wording, name: str, codes: list[str], words: Callable[[str, Wording], str]) -> None:
    key = f"click.{name}"
    chosen = getattr(state.filters(), name)
    state.seed_choice(key, chosen if chosen in codes else None)
    labels = {"tier": _("Tier"), "stage": _("Stage"), "strategy": _("Strategy"), "loses": _("Profit")}
    st.selectbox(
        labels[name], codes, index=None, key=key,
        persist_state="session", format_func=lambda code: words(code, _),
        placeholder=_("All"), on_change=whole_page(state.take_click), args=(name, key),
    )  # fmt: skip


def scope_words(_: Wording, column: str) -> str:
    """Name a column that the board can be filtered by."""
    return _.term("columns", f"customers.{column}.label")


def scope_value_words(_: Wording, column: str, value: str) -> str:
    """Name a value of such a column: our own codes in the reader's words, the data's values as they are."""
    if value == UNKNOWN:
        return _("not known")
    return _.term("model", f"nature.{value}") if column == "nature" else value


def filter_chips(_: Wording, held: str) -> None:
    """Say what is filtered, each filter as a button that takes it away; nothing where nothing is.

    Parameters
    ----------
    held : how many customers and what value the list below holds; empty where that is not to be said.
    """
    scope, filters = state.view().scope, state.filters()
    if not scope.active and not filters.active:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="filters"):
        for column, values in scope.chosen.items():
            _chip(
                _, f"chip.scope.{column}",
                _("{label}: {text}", label=scope_words(_, column), text=_named(_, column, values)),
                partial(state.look_within, scope.with_values(column, ())),
            )  # fmt: skip
        if scope.active:
            drawn = _("lines drawn within this filter") if scope.redraw else _("lines drawn from all customers")
            st.caption(drawn, width="content")
        for name, words in CLICKED.items():
            if (code := getattr(filters, name)) is not None:
                _chip(_, f"chip.{name}", words(code, _), partial(_take_away_click, name))
        if filters.active and held:
            st.caption(_("The list below shows {held}.", held=held), width="content")


def _take_away_click(name: str) -> None:
    state.narrow(**{name: None})


def _chip(_: Wording, key: str, label: str, take_away: Callable[[], None]) -> None:
    st.button(
        literal(label), key=key, icon=":material/close:", on_click=take_away, help=_("Take this filter away."),
        width="content",
    )  # fmt: skip


def _named(_: Wording, column: str, values: tuple[str, ...]) -> str:
    named = _.joined([scope_value_words(_, column, value) for value in values[:NAMED_VALUES]])
    more = len(values) - NAMED_VALUES
    return _("{values} and {more} more", values=named, more=_.integer(more)) if more > 0 else named
