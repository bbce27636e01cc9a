"""What every further system says of one customer, and why: computed only when the reader asks for it."""

import streamlit as st

from crmdash.i18n import Wording
from crmdash.model.reasons import Customer
from crmdash.rule_settings import SystemCode as Code
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Explanation
from crmdash.ui import state
from crmdash.ui.cache import evidence_of
from crmdash.ui.report_list import explained

COSTLY = frozenset({"lifetime_value"})
"""Systems whose models are fitted only on their own page; once fitted there, they are told here too."""


def systems_panel(_: Wording, opened: state.Opened, customer: Customer) -> None:
    """Fold away what further systems say of the customer."""
    folded = st.expander(
        _("Every other label of this customer"), key="customers.systems", on_change="rerun", icon=":material/label:"
    )
    if not folded.open:
        return
    with folded, st.spinner(_("Counting …"), show_time=True):
        evidence = evidence_of(opened, state.view())
        found = explanations(evidence, customer)
    with folded:
        if not found:
            st.caption(_("Nothing more is known of this customer."))
        with st.grid(2, min_column_width=300, gap="small"):
            for code, explanation in found.items():
                with st.container(border=True):
                    st.caption(_.term("systems", f"title.{code}"))
                    explained(_, explanation)


def explanations(evidence: Evidence, customer: Customer) -> dict[Code, Explanation]:
    """Return what each system says of a customer, in the order of the domain."""
    found = {}
    for code in evidence.settings.systems:
        system = evidence.systems.get(code)
        if system is None or system.explain is None or not evidence.can(code) or code in COSTLY:
            continue
        if (explanation := system.explain(evidence.report(code), customer)) is not None:
            found[code] = explanation
    return found
