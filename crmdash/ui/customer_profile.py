"""The file of one customer: what it holds, what is missing in it, and what is held back."""

from collections.abc import Iterable
from typing import Any

import polars as pl
import streamlit as st

from crmdash.columns import column
from crmdash.customer.gaps import Profile, profile
from crmdash.i18n import Wording
from crmdash.model.reasons import Customer
from crmdash.ui.words import bold


def gaps_panel(_: Wording, customer: Customer) -> None:
    """Name the gaps in the customer's file in the order in which they matter, and what is held back."""
    held = profile(customer)
    st.markdown(bold(_("Gaps in the file")))
    if held.may_contact is False:
        st.warning(_("Does not want to be contacted: personal fields are hidden."), icon=":material/do_not_disturb_on:")
    _gaps(_, held)


def profile_panel(_: Wording, customer: Customer) -> None:
    """Show what the file says of the customer, in the file's own words."""
    known = profile(customer).known
    st.markdown(bold(_("Customer file")))
    if not known:
        st.caption(_("The file says nothing of this customer beside its orders."))
        return
    rows = {
        _("Field"): [_field(_, name) for name in known],
        _("Content"): [_shown(_, name, value) for name, value in known.items()],
    }
    st.dataframe(pl.DataFrame(rows), hide_index=True, height="content", alt=_("What the file says of the customer"))


def _gaps(_: Wording, held: Profile) -> None:
    if held.empty:
        st.markdown(_("Still to be asked: {fields}", fields=bold(_fields(_, held.empty))))
    elif not held.absent:
        st.caption(_("Nothing that matters is missing."))
    if held.absent:
        st.caption(_("No column in the file, for any customer: {fields}", fields=_fields(_, held.absent)))
    if held.hidden:
        st.caption(_("Hidden: {fields}", fields=_fields(_, held.hidden)))


def _fields(_: Wording, names: Iterable[str]) -> str:
    return _.joined([_field(_, name) for name in names])


def _field(_: Wording, name: str) -> str:
    return _.term("columns", f"customers.{name}.label")


def _shown(_: Wording, name: str, value: Any) -> str:
    if name == "nature":
        return _.term("model", f"nature.{value}")
    return _.date(value) if column("customers", name).kind == "date" else str(value)
