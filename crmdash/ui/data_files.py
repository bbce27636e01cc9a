"""The files of the tab: what was found in each, and one of them at a time to be checked and corrected."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.columns import TABLES
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset, FileReport
from crmdash.ui import state
from crmdash.ui.data_mapping import first_columns, more_columns
from crmdash.ui.data_options import detected, reading_options
from crmdash.ui.data_policies import policies_panel
from crmdash.ui.data_remembered import mapping_panel
from crmdash.ui.data_staging import StagedFile, choose_table, report_of
from crmdash.ui.data_words import ColumnConfigs, option_words, table_words
from crmdash.ui.words import bold

LEFT_OUT: Final = "none"
_CHOSEN: Final = "data.file"


def files_panel(_: Wording, dataset: Dataset) -> None:
    """Show what was found in every file, and the pickers of one."""
    files = state.staged()
    st.markdown(bold(_("Files: what was found")))
    st.dataframe(
        _found(_, dataset), key="data.files", hide_index=True, column_config=_found_config(_), placeholder="–",
        alt=_("Files with their table, rows and how they were read"),
    )  # fmt: skip
    with st.container(border=True):
        file = _choose_file(_, files)
        report = report_of(dataset, file)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            if len(files) > 1:
                names = [each.name for each in files]
                st.selectbox(
                    _("File to check"), names, index=state.place_in(names, state.kept(_CHOSEN, None)), key=_CHOSEN,
                    persist_state="session", width=320,
                )  # fmt: skip
            _table_picker(_, file, report)
            st.button(
                _("Remove this file"), key=f"data.drop.{file.name}", icon=":material/delete:",
                on_click=_drop, args=(file,),
            )  # fmt: skip
        if report is not None:
            _corrections(_, file, report)


def _choose_file(_: Wording, files: tuple[StagedFile, ...]) -> StagedFile:
    names = [file.name for file in files]
    if state.kept(_CHOSEN, None) not in names and len(files) > 1:
        state.seed(_CHOSEN, names[0])
    return files[names.index(state.kept(_CHOSEN, names[0]))] if len(files) > 1 else files[0]


def _drop(file: StagedFile) -> None:
    state.stage([each for each in state.staged() if each.name != file.name])


def _table_picker(_: Wording, file: StagedFile, report: FileReport | None) -> None:
    key = f"data.table.{file.name}"
    given = state.seed_choice(key, LEFT_OUT if report is None or report.table is None else report.table)
    st.selectbox(
        _("It holds"),
        [*TABLES, LEFT_OUT],
        key=key,
        index=state.place_in([*TABLES, LEFT_OUT], given),
        persist_state="session",
        format_func=lambda code: _("Nothing we need: leave it out") if code == LEFT_OUT else table_words(code, _),
        help="  \n".join(f"**{table_words(table, _)}**: {_.term('columns', f'{table}.help')}" for table in TABLES),
        width=320,
        on_change=_take_table,
        args=(key, file),
    )


def _take_table(key: str, file: StagedFile) -> None:
    code = state.kept(key, LEFT_OUT)
    state.restage(choose_table(file, code if code in TABLES else None))


def _corrections(_: Wording, file: StagedFile, report: FileReport) -> None:
    if report.table is not None and report.columns:
        first_columns(_, file, report)
        more_columns(_, file, report)
        policies_panel(_, file, report)
    reading_options(_, file, report)
    if not report.columns:
        return
    mapping_panel(_, file, report)
    folded = st.expander(
        _("First rows as they stand in the file"), key=f"data.raw.{file.name}", on_change="rerun",
        icon=":material/table_rows:",
    )  # fmt: skip
    if folded.open:
        with folded:
            if report.unused:
                st.text(_("Not used: {columns}", columns=", ".join(report.unused)))
            st.dataframe(
                report.preview, key=f"data.raw.rows.{file.name}", hide_index=True, height=260, placeholder="",
                alt=_("The first rows of the file, unchanged"),
            )  # fmt: skip


def _found(_: Wording, dataset: Dataset) -> pl.DataFrame:
    return pl.DataFrame(
        [_found_in(_, file, report_of(dataset, file)) for file in state.staged()], infer_schema_length=None
    )


def _found_in(_: Wording, file: StagedFile, report: FileReport | None) -> dict[str, str | int | None]:
    if report is None or not report.columns:
        held = _("left out") if report is None else _("cannot be read")
        return {
            "file": file.name, "table": held, "rows": None, "used": None, "aside": None,
            "encoding": None, "delimiter": None, "header": None, "sheet": None,
        }  # fmt: skip
    words = {option: detected(option, report) for option in ("encoding", "delimiter", "header", "sheet")}
    return {
        "file": file.name,
        "table": table_words(report.table, _) if report.table is not None else _("not recognised"),
        "rows": report.rows,
        "used": report.rows_used,
        "aside": report.rows_set_aside,
        **{option: None if code is None else option_words(option, code, _) for option, code in words.items()},
    }


def _found_config(_: Wording) -> ColumnConfigs:
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    return {
        "file": text(_("File"), pinned=True),
        "table": text(_("It holds")),
        "rows": number(_("Rows in the file"), format="localized"),
        "used": number(_("Rows used"), format="localized"),
        "aside": number(_("Rows set aside"), format="localized"),
        "encoding": text(_("Encoding")),
        "delimiter": text(_("Separator")),
        "header": text(_("Column names")),
        "sheet": text(_("Sheet")),
    }
