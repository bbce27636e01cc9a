"""A mapping is kept for files with the same header: applied when one comes, forgotten on wish, as JSON to keep."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from crmdash.errors import MappingError
from crmdash.export import file_name
from crmdash.i18n import Wording
from crmdash.ingest.dataset import Dataset, FileReport
from crmdash.ingest.options import Options
from crmdash.ingest.remembered import forget, forget_all, from_text, has_names, remember, to_text
from crmdash.ui import state
from crmdash.ui.data_staging import StagedFile, apply_mapping, chosen_by_hand, report_of, without_mapping

_MOST_MEGABYTES: Final = 1
_NOT_KEPT: Final = "_mapping.not_kept"
_REFUSED: Final = "_mapping.refused"
_BATCH: Final = "_mapping.batch"


def remember_choices(files: Sequence[StagedFile], dataset: Dataset) -> None:
    """Keep what was chosen by hand for the header of every file in use; a folder that cannot be written is noted."""
    state.keep(_NOT_KEPT, False)
    for file in files:
        report, chosen = report_of(dataset, file), chosen_by_hand(file)
        if file.left_out or report is None or chosen is None or not has_names(report.columns):
            continue
        try:
            remember(report.columns, replace(chosen, table=report.table))
        except OSError:
            state.keep(_NOT_KEPT, True)


def recalled_mappings(_: Wording, dataset: Dataset) -> None:
    """Say for which files a mapping kept before is applied, with a way out of it."""
    if state.kept(_NOT_KEPT, False):
        st.warning(
            _("What you chose about the columns could not be kept on this machine. Download it as JSON instead.")
        )
    for file in state.staged():
        report = report_of(dataset, file)
        if file.recall != "applied" or report is None:
            continue
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"data.recalled.{file.name}"):
            st.badge(_("Remembered"), icon=":material/history:", color="green")
            st.text(_("{file}: your mapping of this header is applied.", file=file.name))
            st.button(
                _("Forget it"), key=f"data.forget.{file.name}", on_click=_forget, args=(file, report),
                help=_("The columns are proposed anew, and nothing is kept for this header."),
            )  # fmt: skip


def mapping_panel(_: Wording, file: StagedFile, report: FileReport) -> None:
    """Offer the mapping as JSON, take one, and forget all, folded away."""
    folded = st.expander(
        _("Mapping to keep"), key=f"data.mapping.{file.name}", on_change="rerun", icon=":material/bookmark:"
    )
    if not folded.open:
        return
    with folded:
        st.caption(
            _(
                "When you use the data, what you chose about columns and cells is kept on this machine for files with "
                "the same header. Names of columns are kept, never what stands in them."
            )
        )
        chosen = chosen_by_hand(file)
        kept = replace(report.mapping, options=Options() if chosen is None else chosen.options)
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                _("Download as JSON"), to_text(report.columns, kept), key=f"data.mapping.json.{file.name}",
                file_name=file_name("mapping", "json", date.today()), mime="application/json", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip
            st.button(
                _("Forget every mapping"), key=f"data.forget_all.{file.name}", icon=":material/delete_history:",
                on_click=_forget_all, help=_("For every header, on this machine."),
            )  # fmt: skip
        _upload(_, file, report)


def _upload(_: Wording, file: StagedFile, report: FileReport) -> None:
    key = f"data.mapping.upload.{file.name}.{state.kept(_BATCH, 0)}"
    st.file_uploader(
        _("Take a mapping from JSON"), type="json", key=key, max_upload_size=_MOST_MEGABYTES, on_change=_take,
        args=(key, file, report),
    )  # fmt: skip
    if state.kept(_REFUSED, None) == file.name:
        st.text(_("This is no mapping for {file}, or it names columns that the file does not have.", file=file.name))


def _take(key: str, file: StagedFile, report: FileReport) -> None:
    upload = state.kept(key, None)
    if not isinstance(upload, UploadedFile):
        return
    state.keep(_BATCH, state.kept(_BATCH, 0) + 1)
    state.let_go_of(upload)
    try:
        mapping = from_text(upload.getvalue().decode("utf-8-sig"), report.columns)
    except (MappingError, UnicodeDecodeError):
        state.keep(_REFUSED, file.name)
        return
    state.keep(_REFUSED, None)
    state.restage(replace(apply_mapping(file, mapping), recall="settled"))


def _forget(file: StagedFile, report: FileReport) -> None:
    forget(report.columns)
    state.restage(without_mapping(file))


def _forget_all() -> None:
    forget_all()
    state.stage([without_mapping(file) if file.recall == "applied" else file for file in state.staged()])
