"""Which column of the file is which: one picker for each canonical column, set by the proposal or by hand."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from crmdash.columns import Column, TableName
from crmdash.i18n import Wording
from crmdash.ingest.dataset import FileReport
from crmdash.ingest.options import mappable
from crmdash.ui import state
from crmdash.ui.data_staging import StagedFile, choose_columns
from crmdash.ui.data_words import column_help, column_words
from crmdash.ui.words import bold

_SUMMED: Final = ("amount", "cost", "profit", "revenue", "orders", "cost_to_serve")
"""Columns that files often split over several: these may be the sum of several."""

_NARROW: Final = 2
"""With more columns than this to add up, a picker takes twice the width."""

_FIRST: Final[dict[TableName, tuple[str, ...]]] = {
    "transactions": ("customer_id", "date", "amount", "profit"),
    "customers": ("customer_id", "revenue", "orders", "recency", "last_purchase", "profit", "name", "owner"),
    "contacts": ("customer_id", "date", "kind", "staff"),
    "staff": ("name", "grade", "hours", "hourly_cost"),
}
"""What decides most stands first; everything else is folded away."""

_GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "order": ("order_id", "product", "category", "channel", "planned"),
    "money": ("cost", "quantity", "discount", "list_amount", "due_date", "paid_date"),
    "customer": (
        "name", "contact_person", "nature", "format", "market", "industry", "region", "owner", "status", "created_date",
        "source", "referred_by", "acquisition_cost", "paid_by", "decided_by", "used_by", "may_contact", "visit_level",
    ),
    "value": (
        "profit", "cost_to_serve", "first_purchase", "potential_value", "share_of_wallet", "share_of_wallet_before",
        "credit_overdue_days", "payment_terms", "contract_end", "end_reason",
    ),
    "view": (
        "satisfaction", "expectation", "experience", "recommend", "value_functional", "value_experiential",
        "value_social", "value_convenience", "cooperation", "integrity", "exit_barriers", "tags",
    ),
}  # fmt: skip


def first_columns(_: Wording, file: StagedFile, report: FileReport) -> None:
    """Draw the pickers that decide most, the required ones marked."""
    assert report.table is not None
    known = {column.name: column for column in mappable(report.table)}
    st.markdown(bold(_("Which column is which")))
    _pickers(_, file, report, [known[name] for name in _FIRST[report.table]])
    st.caption(_("Columns with * must be there. Choose another column, and the file is read again at once."))


def more_columns(_: Wording, file: StagedFile, report: FileReport) -> None:
    """Draw all other pickers in groups, folded away."""
    assert report.table is not None
    rest = [column for column in mappable(report.table) if column.name not in _FIRST[report.table]]
    found = sum(column.name in report.mapping.columns for column in rest)
    label = _("More columns: {found} of {all} found", found=found, all=len(rest))
    folded = st.expander(label, key=f"data.more.{file.name}", on_change="rerun", icon=":material/view_column:")
    if not folded.open:
        return
    with folded:
        for title, columns in _grouped(_, rest):
            st.markdown(f"**{title}**")
            _pickers(_, file, report, columns)


def _pickers(_: Wording, file: StagedFile, report: FileReport, columns: Sequence[Column]) -> None:
    grid = st.grid(4, min_column_width=190, gap="small")
    for column in columns:
        wide = len(report.mapping.columns.get(column.name, ())) > _NARROW
        with grid.cell(column_span=2 if wide else 1):
            column_picker(_, file, report, column)


def _grouped(_: Wording, columns: Sequence[Column]) -> list[tuple[str, list[Column]]]:
    titles = {
        "order": _("The order"),
        "money": _("Money and payment"),
        "customer": _("The customer"),
        "value": _("Value and terms"),
        "view": _("What the customer thinks"),
        "other": _("The customer file"),
    }
    groups: dict[str, list[Column]] = {code: [] for code in titles}
    for column in columns:
        code = next((code for code, names in _GROUPS.items() if column.name in names), "other")
        groups[code].append(column)
    return [(titles[code], members) for code, members in groups.items() if members]


def column_picker(_: Wording, file: StagedFile, report: FileReport, column: Column, place: str = "column") -> None:
    """Draw the picker of one canonical column; what it shows is what was applied."""
    assert report.table is not None
    key = f"data.{place}.{file.name}.{column.name}"
    chosen = report.mapping.columns.get(column.name, ())
    words = column_words(report.table, column.name, _) + (" *" if column.required else "")
    empty = _("Choose a column") if column.required else _("Not in the file")
    several = len(chosen) > 1 or (column.name in _SUMMED and place == "column")
    state.seed(key, list(chosen) if several else next(iter(chosen), None))
    help_text = column_help(report.table, column.name, _)
    args = (key, file, report, column.name)
    if several:
        st.multiselect(
            words,
            report.columns,
            key=key,
            default=list(chosen),
            persist_state="session",
            placeholder=empty,
            help=help_text,
            on_change=_take,
            args=args,
            wrap=True,
        )
    else:
        st.selectbox(
            words,
            report.columns,
            index=None,
            key=key,
            persist_state="session",
            placeholder=empty,
            help=help_text,
            on_change=_take,
            args=args,
        )


def _take(key: str, file: StagedFile, report: FileReport, column: str) -> None:
    value = state.kept(key, None)
    chosen = [value] if isinstance(value, str) else list(value or ())
    state.restage(choose_columns(file, report, column, chosen))
