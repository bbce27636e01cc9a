"""Files that the app was started with: read once for all tabs, each of which begins with them."""

import os
from pathlib import Path
from typing import Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.apart import Apart
from crmdash.ingest.raw import sources_at
from crmdash.settings import Settings
from crmdash.ui import state
from crmdash.ui.data_staging import add_files
from crmdash.ui.data_words import literal
from crmdash.ui.data_work import Found, begin_reading

VARIABLE: Final = "CRMDASH_OPEN"
"""The environment variable that names the files, as PATH names folders."""
_DECLINED: Final = "_given.declined"
_LOOK_SECONDS: Final = 0.5


def given_paths() -> tuple[Path, ...]:
    """Return the files, and folders of Parquet files, that the app was started with."""
    return tuple(Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part)


def begin_with_given(_: Wording) -> None:
    """Open in a new tab what the app was started with; while that is being read, show how far it is and stop here."""
    paths = given_paths()
    if not paths or state.kept(_DECLINED, False):
        return
    work = _reading(os.environ[VARIABLE])
    if not work.done:
        _waiting(_)
        st.stop()
    state.keep(_DECLINED, True)
    found = None if work.failed else work.result()
    if found is None:
        st.warning(_("{files} could not be read.", files=_names(_)))
        return
    state.stage(found.files)
    state.keep_read(found.dataset, found.readings)
    if found.dataset.usable:
        state.open_data(found.dataset, is_sample=False)
    else:
        st.warning(_("{files} cannot be used yet: the page Data says why.", files=_names(_)))


@st.cache_resource(show_spinner=False)
def _reading(given: str) -> Apart[Found]:
    sources = [source for path in given_paths() for source in sources_at(path)]
    return begin_reading(add_files((), sources), Settings().period)


def _names(_: Wording) -> str:
    return _(", ").join(literal(path.name) for path in given_paths())


@st.fragment(run_every=_LOOK_SECONDS)
def _waiting(_: Wording) -> None:
    work = _reading(os.environ[VARIABLE])
    if work.done or state.kept(_DECLINED, False):
        st.rerun()
    with st.container(border=True, key="given"):
        st.progress(work.progress[0], text=_("Reading {file} …", file=_names(_)))
        st.button(
            _("Show the sample meanwhile"), key="given.decline", icon=":material/science:", on_click=state.keep,
            args=(_DECLINED, True), help=_("Another tab shows the files as soon as they are read."),
        )  # fmt: skip
