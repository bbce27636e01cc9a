"""How rows that are not plain data are treated: one picker per policy of a file, the usual choice marked."""

from typing import Final

import streamlit as st

from crmdash.columns import TableName
from crmdash.i18n import Wording
from crmdash.ingest.dataset import FileReport
from crmdash.ingest.options import POLICIES, Policy
from crmdash.ui import state
from crmdash.ui.data_staging import StagedFile, choose_option
from crmdash.ui.data_words import option_label, option_words

_EVERY_TABLE: Final[tuple[Policy, ...]] = ("totals", "repeated_headers", "blank_rows", "broken_lines")
_OF_TABLE: Final[dict[TableName, tuple[Policy, ...]]] = {
    "transactions": ("duplicates", "returns", "zero_rows", "future_dates", "alike_ids"),
    "customers": ("repeated_customers", "alike_ids"),
    "contacts": ("duplicates", "alike_ids"),
    "staff": (),
}


def policies_panel(_: Wording, file: StagedFile, report: FileReport) -> None:
    """Draw the policies that concern the file's table, folded away."""
    assert report.table is not None
    folded = st.expander(
        _("How rows are treated"), key=f"data.policies.{file.name}", on_change="rerun", icon=":material/rule:"
    )
    if not folded.open:
        return
    with folded:
        st.caption(_("Change one, and the file is read again. Rows set aside are listed below and can be downloaded."))
        with st.grid(4, min_column_width=190, gap="small"):
            for policy in (*_EVERY_TABLE, *_OF_TABLE[report.table]):
                _picker(_, file, report, policy)


def _picker(_: Wording, file: StagedFile, report: FileReport, policy: Policy) -> None:
    key = f"data.policy.{file.name}.{policy}"
    given = state.seed_choice(key, file.mapping.options.policy(policy))
    st.selectbox(
        option_label(policy, _),
        POLICIES[policy],
        key=key,
        index=state.place_in(POLICIES[policy], given),
        persist_state="session",
        format_func=lambda code: _shown(_, policy, code),
        help=_.term("policies", f"{policy}.help"),
        on_change=_take,
        args=(key, file, report, policy),
    )


def _shown(_: Wording, policy: Policy, code: str) -> str:
    words = option_words(policy, code, _)
    return _("{choice} (as usual)", choice=words) if code == POLICIES[policy][0] else words


def _take(key: str, file: StagedFile, report: FileReport, policy: Policy) -> None:
    state.restage(choose_option(file, report, policy, state.kept(key, POLICIES[policy][0])))
