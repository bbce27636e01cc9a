"""The files brought into a tab: staged, read, not yet put to use."""

from collections.abc import Mapping, Sequence

import streamlit as st

from crmdash.ingest.dataset import Dataset
from crmdash.ingest.raw import Source
from crmdash.ui.data_readings import Key, Readings
from crmdash.ui.data_staging import StagedFile, add_files


def staged() -> tuple[StagedFile, ...]:
    """Return the files brought into this tab."""
    return st.session_state.get("_staged", ())


def stage(files: Sequence[StagedFile]) -> None:
    """Keep these files; what was read from others is forgotten."""
    st.session_state["_staged"] = tuple(files)
    st.session_state["_read"] = None


def restage(changed: StagedFile) -> None:
    """Put a corrected file in its place."""
    stage([changed if file.name == changed.name else file for file in staged()])


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
    """Return the key of the uploader; every batch gets a fresh one, so that no bytes stay behind in it."""
    return f"data.upload.{st.session_state.get('_batch', 0)}"


def take_uploads(limit: int) -> None:
    """Stage what was uploaded, as far as all files of the tab stay below `limit` bytes; remember the names refused."""
    uploads = st.session_state.get(uploader_key()) or []
    held = sum(len(file.source.content) for file in staged())
    taken: list[Source] = []
    refused: list[str] = []
    for upload in uploads:
        if held + upload.size > limit:
            refused.append(upload.name)
        else:
            held += upload.size
            taken.append(Source(upload.name, upload.getvalue()))
    if taken:
        stage(add_files(staged(), taken))
    st.session_state["_refused"] = tuple(refused)
    st.session_state["_batch"] = st.session_state.get("_batch", 0) + 1


def refused_uploads() -> tuple[str, ...]:
    """Return the names of the files that were too large in the last batch."""
    return st.session_state.get("_refused", ())
