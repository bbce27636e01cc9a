"""The door for files: the uploader, what a file needs at least, and templates."""

import streamlit as st

from crmdash.columns import TABLES
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.data_templates import template
from crmdash.ui.data_words import table_words
from crmdash.ui.words import bold

_MEGABYTE = 1024 * 1024


def uploader(_: Wording) -> None:
    """Take files of any kind; what they are is decided by their content."""
    limit: int = st.get_option("server.maxUploadSize")
    st.file_uploader(
        _("CSV, TXT, TSV, Excel or Parquet, several at once"),
        accept_multiple_files=True,
        key=state.uploader_key(),
        on_change=state.take_uploads,
        args=(limit * _MEGABYTE,),
    )
    st.caption(
        _("What you open stays in this tab: nobody else sees it, and it is gone when you close or reload the tab.")
    )
    for name in state.refused_uploads():
        with st.container(border=True):
            st.badge(_("Too large"), icon=":material/block:", color="red")
            st.text(_("{file} was not opened: all files together may have {limit} MB.", file=name, limit=limit))


def requirements(_: Wording) -> None:
    """Say what a file needs at least, and offer a template for each table."""
    st.markdown(bold(_("What a file needs")))
    st.markdown(
        "- " + _("**Orders**: one row for each order, with customer, date and amount")
        + "\n- " + _("or **customers**: one row for each customer, with its revenue")
        + "\n- " + _("Anything more (profit, region, account manager …) switches on more of the product.")
    )  # fmt: skip
    st.caption(_("Headers in English or Chinese are recognised. Or start from a template:"))
    with st.container(horizontal=True, gap="small"):
        for table in TABLES:
            st.download_button(
                table_words(table, _),
                template(table),
                file_name=f"{table}_template.csv",
                mime="text/csv",
                key=f"data.template.{table}",
                icon=":material/download:",
                help=_.term("columns", f"{table}.help"),
                on_click="ignore",
            )
