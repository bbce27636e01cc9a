"""What a system lists: paged, with a click that looks at a customer and says what was found of it, and downloads."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.columns import MONEY_SCALE
from crmdash.export import csv_text, facts_of, file_name, pseudonymous, report_sheet, workbook
from crmdash.export.reports import WORDED, in_words, words_of
from crmdash.i18n import Wording
from crmdash.phrases import say
from crmdash.summary import to_date
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import SYSTEMS
from crmdash.systems.report import Column, Explanation, Table
from crmdash.ui import state
from crmdash.ui.customer_card import customer_card
from crmdash.ui.data_words import literal
from crmdash.ui.list_table import list_table, page_of
from crmdash.ui.words import bold

_EXCEL: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMATS: Final = {"money": "%,.2f", "count": "%,d", "decimal": "%,.2f", "percent": "%.1f%%", "times": "×%.1f",
                   "score": "%.1f"}  # fmt: skip


def report_list(_: Wording, evidence: Evidence, code: str, table: Table, alt: str, name: str | None = None) -> None:
    """Show customers that a system lists; beside them the one clicked, with what the system says of it.

    Parameters
    ----------
    table : rows with `customer_id`; of a longer list one page at a time is sent.
    name : begins the keys where one system has several lists.
    """
    name = name or code
    if not len(table.frame):
        st.info(_("Nobody is on this list."))
        return
    if state.customer() is None:
        _listed(_, evidence, table, alt, name)
        return
    listed, card = st.columns([1.9, 1], gap="small")
    with listed:
        _listed(_, evidence, table, alt, name)
    with card, st.container(key="customer_card"):
        _found(_, evidence, code)
        customer_card(_, evidence.evaluation)


def report_table(_: Wording, table: Table, key: str, alt: str, **more: Any) -> None:
    """Show a small table of a report, whole."""
    st.dataframe(
        _shown(_, table, table.frame), key=key, hide_index=True, column_config=_config(_, table), placeholder="–",
        height="content", alt=alt, **more,
    )  # fmt: skip


def explained(_: Wording, explanation: Explanation) -> None:
    """Say what a system found of a customer, and why."""
    st.markdown(bold(literal(say(explanation.label, _))))
    for because in explanation.because:
        st.caption(literal(say(because, _)))


def _found(_: Wording, evidence: Evidence, code: str) -> None:
    customer = evidence.customers.filter(pl.col("customer_id") == (state.customer() or ""))
    explain = SYSTEMS[code].explain
    if explain is None or not len(customer):
        return
    if (found := explain(evidence.report(code), customer.row(0, named=True))) is not None:
        explained(_, found)


def _listed(_: Wording, evidence: Evidence, table: Table, alt: str, name: str) -> None:
    shown = table.frame[page_of(_, len(table.frame), name)]
    list_table(shown["customer_id"].to_list(), _shown(_, table, shown), _config(_, table), name, alt=alt)
    download(_, evidence, table, name, alt)


def _shown(_: Wording, table: Table, frame: pl.DataFrame) -> pl.DataFrame:
    return pl.DataFrame({column.name: _values(_, column, frame[column.name]) for column in table.held})


def _values(_: Wording, column: Column, values: pl.Series) -> pl.Series:
    if column.kind == "money":
        return values / MONEY_SCALE
    if column.kind == "percent":
        return values * 100
    if column.kind == "date":
        return pl.Series([None if day is None else to_date(day) for day in values], dtype=pl.Date)
    return in_words(values, words_of(column, _)) if column.kind in WORDED else values


def _config(_: Wording, table: Table) -> dict[str, Any]:
    return {column.name: _column_config(_, column) for column in table.held}


def _column_config(_: Wording, column: Column) -> Any:
    header = _.term("systems", f"column.{column.header}")
    help_key = f"column_help.{column.header}"
    explained_by = _.term("systems", help_key) if _.has_term("systems", help_key) else None
    if column.kind == "date":
        return st.column_config.DateColumn(header, help=explained_by)
    if column.kind in _FORMATS:
        return st.column_config.NumberColumn(header, format=_FORMATS[column.kind], help=explained_by)
    return st.column_config.TextColumn(header, help=explained_by, pinned=column.name == "customer_id" or None)


def download(_: Wording, evidence: Evidence, table: Table, name: str, title: str) -> None:
    """Offer a table as Excel and CSV, with pseudonyms if wanted; built only when clicked."""
    popover = st.popover(_("Download"), icon=":material/download:", key=f"download.{name}", on_change="rerun")
    if not popover.open:
        return
    opened = state.opened()
    assert opened is not None, "a page opens data first"
    facts, today = facts_of(evidence.evaluation, opened.key, date.today()), date.today()
    file = name.replace("_", "-").replace(".", "-")
    with popover:
        hidden = st.toggle(
            _("Pseudonyms instead of names"), key="download.pseudonyms", persist_state="session",
            help=_("Numbers, names and people are replaced; in one file the same customer keeps its pseudonym."),
        )  # fmt: skip

        def sheets() -> tuple[Sequence[Any], Any]:
            made = [report_sheet(table, title, _)]
            return pseudonymous(made, facts, _) if hidden else (made, facts)

        st.download_button(
            _("This list as Excel"), lambda: workbook(*sheets(), _), file_name=file_name(file, "xlsx", today),
            mime=_EXCEL, key=f"download.{name}.xlsx", on_click="ignore", icon=":material/table_view:", width="stretch",
        )  # fmt: skip
        st.download_button(
            _("This list as CSV"), lambda: csv_text(sheets()[0][0]), file_name=file_name(file, "csv", today),
            mime="text/csv", key=f"download.{name}.csv", on_click="ignore", icon=":material/csv:", width="stretch",
        )  # fmt: skip
