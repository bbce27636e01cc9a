"""Finding one customer: a search by number or name, and a list to choose from."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.customer.search import search
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.customer_cache import index_of
from crmdash.ui.customer_table import customer_table
from crmdash.ui.filter_panel import scope_words

LARGEST: Final = 200
"""So many are listed where nothing is searched."""

LONGEST_QUERY: Final = 200
FEW: Final = 8
"""So many rows are shown in full; a longer table scrolls."""

WIDE: Final = 480
"""Width of the search where the list stands alone, in pixels."""


def customer_finder(_: Wording, opened: state.Opened, evaluation: Evaluation, *, brief: bool) -> None:
    """Show the search and the customers it finds; without words to search for the largest customers."""
    typed = st.text_input(
        _("Search by number or name"), key="customers.query", type="search", icon=":material/search:", live=True,
        persist_state="session", width="stretch" if brief else WIDE,
        help=_("Simplified or traditional, capitals or not, with or without accents: all are found."),
    )  # fmt: skip
    query = (typed or "").strip()[:LONGEST_QUERY]
    if evaluation.scope.active:
        fields = _.joined([scope_words(_, column) for column in evaluation.scope.chosen])
        st.caption(_("Only customers that the board's filter leaves: {fields}.", fields=fields))
    rows = _searched(_, opened, evaluation, query) if query else _largest(_, evaluation)
    if len(rows):
        height = "content" if len(rows) <= FEW else (360 if brief else 560)
        customer_table(_, rows, "customers.found", _("Customers to choose from"), brief=brief, height=height)


def _searched(_: Wording, opened: state.Opened, evaluation: Evaluation, query: str) -> pl.DataFrame:
    found = search(index_of(opened), evaluation.customers, query)
    if not found.count:
        st.info(_("No customer has this in its number or name."))
    elif found.count > len(found.customers):
        shown = _.integer(len(found.customers))
        st.caption(_("{count} found; the best {shown} are listed.", count=_.integer(found.count), shown=shown))
    else:
        st.caption(_.plural("{n} found.", "{n} found.", found.count))
    return found.customers


def _largest(_: Wording, evaluation: Evaluation) -> pl.DataFrame:
    rows = evaluation.customers.filter(~pl.col("internal"))
    if len(rows) > LARGEST:
        shown, everybody = _.integer(LARGEST), _.integer(len(rows))
        st.caption(_("The {shown} largest of {all}; the search finds the others.", shown=shown, all=everybody))
    return rows.head(LARGEST)
