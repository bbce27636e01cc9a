"""The files brought into a tab: staged, read, not yet put to use."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from crmdash.ingest.apart import Apart
from crmdash.ingest.dataset import Dataset
from crmdash.ingest.raw import Source
from crmdash.ui.data_readings import Key, Readings
from crmdash.ui.data_staging import StagedFile, add_files

KEPT_IN_MEMORY: Final = 4 << 20
"""Bytes of a file beyond which it lies on disk until it is read."""


def staged() -> tuple[StagedFile, ...]:
    """Return the files brought into this tab."""
    return st.session_state.get("_staged", ())


def stage(files: Sequence[StagedFile]) -> None:
    """Keep these files; what was read from others is forgotten, and their reading under way is ended."""
    forget_reading()
    st.session_state["_staged"] = tuple(files)
    # Taken out, not overwritten: what stood there before would be held until the end of the next run.
    st.session_state.pop("_read", None)


def restage(changed: StagedFile) -> None:
    """Put a corrected file in its place."""
    stage([changed if file.name == changed.name else file for file in staged()])


def reading() -> Apart[Any] | None:
    """Return the reading of the tab's files that another process does, under way or ended; None where there is none."""
    return st.session_state.get("_reading")


def keep_reading(work: Apart[Any]) -> Apart[Any]:
    """Hold the reading of the tab's files."""
    st.session_state["_reading"] = work
    return work


def cancel_reading() -> None:
    """End the reading of the tab's files, and remember that it was ended."""
    work = reading()
    if work is not None:
        work.cancel()


def forget_reading() -> None:
    """End the reading of the tab's files, if one is under way."""
    work = reading()
    st.session_state["_reading"] = None
    if work is not None and not work.done:
        work.cancel()


def note_answer(answered: StagedFile) -> None:
    """Keep that a question was answered; what was read still holds."""
    st.session_state["_staged"] = tuple(answered if file.name == answered.name else file for file in staged())


def read_data() -> Dataset | None:
    """Return what was read from the tab's files; None before that, and after every correction."""
    return st.session_state.get("_read")


def keep_read(dataset: Dataset, readings: Mapping[Key, Readings]) -> None:
    """Keep what was read from the tab's files, and what their doubtful cells may mean."""
    st.session_state["_read"] = dataset
    st.session_state["_readings"] = dict(readings)


def readings() -> Mapping[Key, Readings]:
    """Return what doubtful cells may mean, by file, code and column of the doubt."""
    return st.session_state.get("_readings", {})


def uploader_key() -> str:
    """Return the key of the uploader; every batch gets a fresh one, which is empty."""
    return f"data.upload.{st.session_state.get('_batch', 0)}"


def take_uploads(limit: int) -> None:
    """Stage what was uploaded, as far as all files of the tab stay below `limit` bytes; remember the names refused."""
    brought = st.session_state.get(uploader_key()) or []
    # A message on its way while the last batch was taken tells of that batch again.
    uploads = [upload for upload in brought if isinstance(upload, UploadedFile)]
    if not uploads:
        return
    held = sum(file.source.size for file in staged())
    taken: list[Source] = []
    refused: list[str] = []
    for upload in uploads:
        if held + upload.size > limit:
            refused.append(upload.name)
        else:
            held += upload.size
            source = Source(upload.name, upload.getvalue())
            taken.append(source.put_away() if source.size > KEPT_IN_MEMORY else source)
    if taken:
        stage(add_files(staged(), taken))
    for upload in uploads:
        let_go_of(upload)
    st.session_state["_refused"] = tuple(refused)
    st.session_state["_batch"] = st.session_state.get("_batch", 0) + 1


def let_go_of(upload: UploadedFile) -> None:
    """Have the server forget the bytes of an uploaded file, which it would keep until the tab is closed."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, upload.file_id)


def refused_uploads() -> tuple[str, ...]:
    """Return the names of the files that were too large in the last batch."""
    return st.session_state.get("_refused", ())
