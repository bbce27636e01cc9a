"""What one browser tab remembers: language, open data, settings and their history, what was clicked.

The only module that touches the session's state. A setting's widget has the setting's path as its key.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final

import streamlit as st

from crmdash.adjusting import adjustables, with_amounts, with_preset, with_value
from crmdash.i18n import LANGUAGES, Language, Wording, match_language
from crmdash.ingest.dataset import Dataset
from crmdash.ingest.raw import Source
from crmdash.settings import Settings, get_value
from crmdash.ui.data_staging import StagedFile, add_files

HISTORY: Final = 50
ONE_MOVE_SECONDS: Final = 1.5
"""Key presses on one slider that follow each other this closely are one move to undo."""


@dataclass(frozen=True)
class Opened:
    """The data a tab works on."""

    dataset: Dataset
    is_sample: bool

    @property
    def key(self) -> str:
        """One string that stands for the data in caches."""
        return self.dataset.fingerprint


@dataclass(frozen=True)
class Filters:
    """What the customer list is narrowed to by clicks; None where it is not."""

    tier: str | None = None
    stage: str | None = None
    strategy: str | None = None

    @property
    def active(self) -> bool:
        """Whether anything is filtered."""
        return self != Filters()


@contextmanager
def called_through_app() -> Iterator[None]:
    """Mark that the page runs below `app.py`."""
    st.session_state["_through_app"] = True
    try:
        yield
    finally:
        st.session_state["_through_app"] = False


def through_app() -> bool:
    """Return whether the running page was called by `app.py`."""
    return bool(st.session_state.get("_through_app", False))


def language() -> Language:
    """Return the tab's language: the chosen one, else the browser's."""
    if "_language" not in st.session_state:
        st.session_state["_language"] = match_language(st.context.locale)
    return st.session_state["_language"]


def wording() -> Wording:
    """Return the words of the tab's language."""
    return Wording(language())


def choose_language() -> None:
    """Take over the language picked in the language switch (the widget `language`)."""
    picked = st.session_state.get("language")
    if picked in LANGUAGES:
        st.session_state["_language"] = picked


def opened() -> Opened | None:
    """Return the data open in this tab."""
    return st.session_state.get("_opened")


def open_data(dataset: Dataset, *, is_sample: bool) -> None:
    """Work on `dataset` from now on; what was clicked in the old data is forgotten, settings stay."""
    st.session_state["_opened"] = Opened(dataset, is_sample)
    clear_choices()


def settings() -> Settings:
    """Return the tab's settings."""
    return st.session_state.setdefault("_settings", Settings())


def seed(key: str, value: Any) -> None:
    """Give a widget its value before it is drawn, unless it shows that already.

    Set every time, a slider would jump back under a hand that is faster than the answer.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def seed_widget(path: str) -> None:
    """Give the widget of a setting its present value before it is drawn."""
    seed(path, _shown(path, get_value(settings(), path)))


def take_from_widget(path: str) -> None:
    """Take over what was set in the widget `path`, push its neighbours, and remember the settings before."""
    change(path, st.session_state[path])


def take_number(key: str, path: str) -> None:
    """Take over the number typed into the box `key` as the setting `path`."""
    change(path, st.session_state[key])


def change(path: str, value: Any) -> None:
    """Change one setting; undoable in one step, together with changes of the same setting just before."""
    now = monotonic()
    last_path, last_time = st.session_state.get("_last_change", ("", 0.0))
    st.session_state["_last_change"] = (path, now)
    _adopt(with_value(settings(), path, value), merge=path == last_path and now - last_time < ONE_MOVE_SECONDS)


def take_preset() -> None:
    """Take over the tiers of the preset picked (the widget `tiers.preset`)."""
    _adopt(with_preset(settings(), st.session_state["tiers.preset"]))


def change_mode(cuts: Mapping[str, int | None]) -> None:
    """Take over how lines are drawn; drawn by amount, they begin where they stand now."""
    mode = st.session_state["tiers.mode"]
    if mode == "amount" and not settings().tiers.amounts:
        _adopt(with_amounts(settings(), cuts))
    else:
        change("tiers.mode", mode)


def _adopt(changed: Settings, *, merge: bool = False) -> None:
    before = settings()
    if changed != before:
        if not (merge and history()):
            st.session_state["_history"] = [*history(), before][-HISTORY:]
        st.session_state["_settings"] = changed


def history() -> Sequence[Settings]:
    """Return the settings before each change, oldest first."""
    return st.session_state.get("_history", [])


def undo() -> None:
    """Take back the last change of a setting."""
    if history():
        *earlier, last = history()
        st.session_state["_history"], st.session_state["_settings"] = earlier, last
        st.session_state["_last_change"] = ("", 0.0)


def reset() -> None:
    """Return to the default settings; undoable in one step."""
    _adopt(Settings())


def _shown(path: str, value: Any) -> Any:
    """Whole-number sliders show whole numbers, though a tier line may hold a fraction."""
    ranges = {item.path: item for item in adjustables(settings())}
    item = ranges.get(path)
    return int(value) if item is not None and float(item.step).is_integer() and float(value).is_integer() else value


def filters() -> Filters:
    """Return what the customer list is narrowed to."""
    return st.session_state.get("_filters", Filters())


def narrow(**chosen: str | None) -> None:
    """Narrow the list to what was clicked, or widen it again with None; other filters stay."""
    st.session_state["_filters"] = replace(filters(), **chosen)
    st.session_state["_customer"] = None
    _renew_selections()


def clear_choices() -> None:
    """Forget filters and the chosen customer."""
    st.session_state["_filters"] = Filters()
    st.session_state["_customer"] = None
    _renew_selections()


def _renew_selections() -> None:
    """Selections live in their tables; a new generation of keys clears them."""
    st.session_state["_generation"] = generation() + 1


def generation() -> int:
    """Return the number that is part of the keys of clickable tables."""
    return st.session_state.get("_generation", 0)


def clicked_cell(key: str) -> tuple[int, str] | None:
    """Return row and column of the cell clicked in the table `key`."""
    cells = st.session_state[key].selection.cells
    return cells[0] if cells else None


def clicked_point(key: str) -> str | None:
    """Return the `customdata` of the point clicked in the figure `key`."""
    points = st.session_state[key].selection.points
    data = points[0].get("customdata") if points else None
    if isinstance(data, (list, tuple)):
        data = data[0] if data else None
    return None if data is None else str(data)


def customer() -> str | None:
    """Return the id of the customer looked at."""
    return st.session_state.get("_customer")


def look_at(customer_id: str | None) -> None:
    """Look at one customer."""
    st.session_state["_customer"] = customer_id


def keep(key: str, value: Any) -> None:
    """Remember a small choice of the tab."""
    st.session_state[key] = value


def kept(key: str, default: Any) -> Any:
    """Return a small choice of the tab that is no setting (which curve, which order)."""
    return st.session_state.get(key, default)


def seed_choice(key: str, code: Any) -> None:
    """Give a box of words its code; after a switch of language anew, or the browser goes on showing the old word."""
    drawn = st.session_state.setdefault("_drawn_in", {})
    if drawn.get(key) == language():
        seed(key, code)
    else:
        st.session_state[key] = code
        drawn[key] = language()


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


def keep_read(dataset: Dataset) -> None:
    """Keep what was read from the tab's files."""
    st.session_state["_read"] = dataset


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
