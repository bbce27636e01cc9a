"""The link: what differs from the defaults, in an address that opens the same board, and following one."""

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import streamlit as st

from crmdash.i18n import Wording
from crmdash.link import from_query, left_out, to_query
from crmdash.scope import scope_values
from crmdash.summary import Summary, to_date
from crmdash.ui import state
from crmdash.ui.data_words import literal

OWN_KEYS: Final = frozenset({"concept"})
"""Keys of the address that belong to a page and not to the link."""


@st.fragment(key="link_popover")
def link_popover(_: Wording) -> None:
    """Offer the address of the present board. To open it draws nothing else again."""
    popover = st.popover(_("Link"), icon=":material/link:", key="link", width="stretch", on_change="rerun")
    if popover.open:
        with popover:
            st.caption(_("Opens this board: settings, day and its own filters, without any customer's data."))
            st.caption(_("Not in it: what narrows the list below, and the pin."))
            st.code(address(), language=None, wrap_lines=True)
            if "owner" in left_out(state.view()):
                st.caption(_("The filter by account manager is not in the link: it would name a person."))
            opened = state.opened()
            if opened is not None and not opened.is_sample:
                st.caption(_("Whoever follows it has to open the same files first."))


def address() -> str:
    """Return the address of the present page with what differs from the defaults."""
    parts = urlsplit(st.context.url or "")
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(to_query(state.view()), doseq=True), ""))


def follow_link() -> None:
    """Show what the address asks for when a tab is opened; read once, then taken out of the address."""
    if state.kept("_link_followed", False):
        return
    state.keep("_link_followed", True)
    query = {key: st.query_params.get_all(key) for key in st.query_params if key not in OWN_KEYS}
    if not query:
        return
    linked = from_query(query)
    state.follow(linked.view)
    state.keep("_link_ignored", linked.ignored)
    for key in query:
        del st.query_params[key]


def fit_view(whole: Summary, *, goes_back: bool) -> None:
    """Drop what the open data, summarised as a whole, does not hold: filter values, and a day outside it.

    Parameters
    ----------
    goes_back : whether the data can be looked at as at an earlier day.
    """
    view = state.view()
    asked = [(column, value) for column, values in view.scope.chosen.items() for value in values]
    unknown = [(column, value) for column, value in asked if value not in scope_values(whole.customers, column)]
    scope = view.scope
    for column in {column for column, _value in unknown}:
        known = (value for value in view.scope.chosen[column] if (column, value) not in unknown)
        scope = scope.with_values(column, tuple(known))
    fitted = replace(view, scope=scope)
    last, span = whole.clock.as_of, whole.clock.span if goes_back else None
    if view.as_of is not None and not (last is not None and last - (span or 0) <= view.as_of < last):
        fitted = replace(fitted, as_of=None)
        if view.as_of != last:
            unknown.append(("as_of", to_date(view.as_of).isoformat()))
    if fitted != view:
        state.keep("_link_ignored", (*state.kept("_link_ignored", ()), *(value for _column, value in unknown)))
        state.show_first(fitted)


def ignored_note(_: Wording) -> None:
    """Say once what a link asked for that is not known here."""
    ignored = state.kept("_link_ignored", ())
    if ignored:
        names = _.joined([literal(str(name)) for name in ignored])
        st.warning(_("The link asks for something that this data or version does not know: {names}", names=names))
        state.keep("_link_ignored", ())
