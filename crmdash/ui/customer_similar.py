"""Customers like the one looked at, and what the larger of them buy."""

import polars as pl
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.reasons import Customer
from crmdash.ui import state
from crmdash.ui.customer_cache import bought_by_larger, similar_to
from crmdash.ui.customer_table import customer_table
from crmdash.ui.words import bold, measure_words


def similar_panel(_: Wording, opened: state.Opened, evaluation: Evaluation, customer: Customer) -> None:
    """List the nearest customers; a click looks at one of them."""
    st.markdown(bold(_("Customers like this one")), help=_similar_help(_))
    found = similar_to(opened, evaluation, customer["customer_id"])
    if found is None:
        st.caption(_("Without a purchase or a value there is nothing to compare."))
        return
    if not len(found.customers):
        st.caption(_("No other customer has enough known to compare."))
        return
    if found.alike:
        fields = _.joined([_.term("columns", f"customers.{name}.label") for name in found.alike])
        st.caption(_("All of the same: {fields}", fields=fields))
    customer_table(_, found.customers, "customers.similar", _("Customers like this one"), height="content")
    _next_category(_, opened, evaluation, customer, found.customers)


def _next_category(
    _: Wording, opened: state.Opened, evaluation: Evaluation, customer: Customer, others: pl.DataFrame
) -> None:
    """Say what the larger of them buy that this customer never bought; categories are the file's own words."""
    if customer["value"] is None:
        return
    larger = others.filter(pl.col("value") > customer["value"])["customer_id"].to_list()
    missed = bought_by_larger(opened, customer["customer_id"], larger, evaluation.clock.as_of)
    if missed is not None:
        st.text(
            _(
                "Bought by larger ones above ({buyers} of {others}), never by this one: {category}",
                buyers=_.integer(missed.buyers),
                others=_.integer(missed.others),
                category=missed.category,
            )
        )


def _similar_help(_: Wording) -> str:
    measures = _.joined([measure_words(name, _) for name in ("revenue", "orders", "rhythm", "tenure")])
    return _(
        "Nearest in {measures} and number of categories, each by its place among all customers. Compared are customers "
        "of the same nature and format, where enough of them are known.",
        measures=measures,
    )
