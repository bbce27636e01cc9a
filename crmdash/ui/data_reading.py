"""The reading of the tab's files: at once where they are small, beside the page where that takes long.

A long reading is done by a process of its own, held by the tab; the page only looks at it, and so does every other.
"""

from typing import Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.ingest.apart import Apart
from crmdash.ingest.dataset import Dataset
from crmdash.ui import state
from crmdash.ui.data_words import literal
from crmdash.ui.data_work import Found, begin_reading, read_files, with_own_sources

LARGE: Final = 8 << 20
"""Bytes of all files together from which they are read beside the page."""
_LOOK_SECONDS: Final = 0.5
_GLANCE_SECONDS: Final = 2.0
_MEGABYTE: Final = 1 << 20


def read_staged(_: Wording) -> Dataset | None:
    """Return what the tab's files hold, reading them only after a change; None where there are none, or not yet."""
    # The place is kept even when nothing is read, so that what follows does not move.
    place = st.empty()
    if not state.staged():
        return None
    if state.read_data() is None:
        if _megabytes() * _MEGABYTE >= LARGE:
            with place.container():
                _read_beside(_)
        else:
            with place.status(_("Reading the files …"), expanded=True):
                _read_here(_)
            place.empty()
    return state.read_data()


def _megabytes() -> float:
    return sum(file.source.size for file in state.staged() if not file.left_out) / _MEGABYTE


def _read_here(_: Wording) -> None:
    bar = st.progress(0.0)
    # The seconds go on in the browser while a single file is read here.
    with st.spinner(_("Reading and checking {megabytes} MB", megabytes=_.decimal(_megabytes(), 1)), show_time=True):
        found = read_files(
            state.staged(), lambda done, name: _show(bar, done, _("Reading {file} …", file=literal(name)))
        )
    _keep(found)


def _show(bar: st.delta_generator.DeltaGenerator, done: float, words: str) -> None:
    bar.progress(done, text=words)


def _keep(found: Found) -> None:
    state.stage(with_own_sources(found.files, state.staged()))
    state.keep_read(found.dataset, found.readings)


def _read_beside(_: Wording) -> None:
    """Begin to read, show how far it is, or take what came of it."""
    work = state.reading()
    if work is None:
        work = _begin()
    if not work.done:
        with st.container(border=True, key="data.reading"):
            _progress(_)
    elif work.stopped:
        _not_read(_, _("Reading was stopped."))
    elif work.failed:
        _not_read(_, _("Reading broke off: the memory of this machine did not suffice, or the file is damaged."))
    else:
        found = work.result()
        if found is not None:
            _keep(found)


def _begin() -> Apart[Found]:
    return state.keep_reading(begin_reading(state.staged(), state.settings().period))


@st.fragment(run_every=_LOOK_SECONDS)
def _progress(_: Wording) -> None:
    work = state.reading()
    if work is None or work.done:
        st.rerun()
    done, name = work.progress
    words = _("Reading {file} …", file=literal(name)) if name else _("Reading the files …")
    st.progress(done, text=words)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.text(
            _(
                "{megabytes} MB, {clock} so far. Other pages can be used meanwhile.",
                megabytes=_.decimal(_megabytes(), 1), clock=_clock(work.seconds),
            )
        )  # fmt: skip
        st.button(_("Cancel"), key="data.reading.cancel", icon=":material/stop_circle:", on_click=state.cancel_reading)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _not_read(_: Wording, why: str) -> None:
    with st.container(border=True, key="data.not_read"):
        st.badge(_("Not read"), icon=":material/block:", color="orange")
        st.text(why)
        with st.container(horizontal=True, gap="small"):
            st.button(
                _("Read again"), key="data.reading.again", icon=":material/refresh:", on_click=state.forget_reading
            )
            st.button(
                _("Remove my files"), key="data.reading.remove", icon=":material/delete:", on_click=state.stage,
                args=((),),
            )  # fmt: skip


def reading_elsewhere(_: Wording) -> None:
    """Say on another page that files are being read, or that they now are."""
    work = state.reading()
    if work is not None and not work.stopped:
        _glance(_)


@st.fragment(run_every=_GLANCE_SECONDS)
def _glance(_: Wording) -> None:
    work = state.reading()
    if work is None:
        return
    if work.done:
        st.page_link("pages/data.py", label=_("Your files are read"), icon=":material/check:")
    else:
        percent = _.percent(work.progress[0], 0)
        st.page_link(
            "pages/data.py", label=_("Reading your files: {percent}", percent=percent), icon=":material/hourglass_top:"
        )
