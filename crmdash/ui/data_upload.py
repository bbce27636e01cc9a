"""The door for files: the uploader, what a file needs at least, templates, and the reading itself with progress."""

import streamlit as st

from crmdash.columns import TABLES
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ui import state
from crmdash.ui.data_readings import all_readings
from crmdash.ui.data_remembered import with_recalled
from crmdash.ui.data_templates import template
from crmdash.ui.data_words import literal, table_words
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
        + "\n- " + _("Anything more (profit, region, person in charge …) switches on more of the product.")
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


def read_staged(_: Wording) -> Dataset | None:
    """Return what the tab's files hold, reading them only after a change; None where there are none."""
    # The place is kept even when nothing is read, so that what follows does not move.
    place = st.empty()
    if not state.staged():
        return None
    dataset = state.read_data()
    if dataset is None:
        with place.status(_("Reading the files …"), expanded=True):
            dataset = _read(_)
        place.empty()
    return dataset


def _read(_: Wording) -> Dataset:
    """Read the files; where a mapping is kept for a header, read again with that, and look at what is doubtful."""
    place = st.empty()
    dataset = _open(_, place)
    recalled = with_recalled(state.staged(), dataset)
    again = [file.mapping for file in recalled] != [file.mapping for file in state.staged()]
    state.stage(recalled)
    if again:
        dataset = _open(_, place)
    with st.spinner(_("Looking at what is doubtful …"), show_time=True):
        state.keep_read(dataset, all_readings(state.staged(), dataset))
    return dataset


def _open(_: Wording, place: st.delta_generator.DeltaGenerator) -> Dataset:
    files = [file for file in state.staged() if not file.left_out]
    megabytes = sum(len(file.source.content) for file in files) / _MEGABYTE
    with place.container():
        bar = st.progress(0.0)
        # The seconds go on in the browser while a single large file is read here.
        with st.spinner(_("Reading and checking {megabytes} MB", megabytes=_.decimal(megabytes, 1)), show_time=True):
            return open_dataset(
                [file.source for file in files],
                {file.name: file.mapping for file in files},
                progress=lambda done, name: _show(_, bar, done, name),
            )


def _show(_: Wording, bar: st.delta_generator.DeltaGenerator, done: float, name: str) -> None:
    bar.progress(done, text=_("Reading {file} …", file=literal(name)))
