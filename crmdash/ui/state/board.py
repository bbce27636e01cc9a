"""What the tab's board shows: data, the view of it, every view before and after, and the baseline.

A setting's widget has the setting's path as its key.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, Final

import streamlit as st

from crmdash.adjusting import (
    adjustables,
    with_lifecycle_preset,
    with_preset,
    with_value,
    without_amounts,
)
from crmdash.ingest.dataset import Dataset
from crmdash.scope import Scope
from crmdash.settings import Settings, get_value
from crmdash.ui.state.clicks import clear_choices, filters, narrow
from crmdash.ui.state.tab import announce, seed
from crmdash.view import View

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
class Baseline:
    """The view that changes are counted against: the one first seen, until another is pinned."""

    view: View
    pinned: bool = False


def opened() -> Opened | None:
    """Return the data open in this tab."""
    return st.session_state.get("_opened")


def open_data(dataset: Dataset, *, is_sample: bool) -> None:
    """Work on `dataset` from now on; clicks, day, filters and amounts belong to the old data and go, settings stay.

    What a link asked for holds for the sample that the tab opens with, and again for the first data of the reader's.
    """
    linked = st.session_state.get("_linked")
    if linked is not None:
        st.session_state["_view"] = linked
        st.session_state["_linked"] = linked if is_sample else None
    else:
        st.session_state["_view"] = View(without_amounts(settings()))
    st.session_state.pop("_opened", None)
    st.session_state["_opened"] = Opened(dataset, is_sample)
    st.session_state["_baseline"] = None
    st.session_state["_history"] = st.session_state["_future"] = ()
    clear_choices()


def view() -> View:
    """Return what the board shows: settings, day and filters."""
    return st.session_state.setdefault("_view", View())


def settings() -> Settings:
    """Return the tab's settings."""
    return view().settings


def show_first(fitted: View) -> None:
    """Show a view that the data demands: nothing the reader did, so nothing to undo."""
    st.session_state["_view"] = fitted


def follow(linked: View) -> None:
    """Begin with the view that a link asks for."""
    st.session_state["_linked"] = linked


def seed_widget(path: str, key: str | None = None) -> Any:
    """Give the widget of a setting its present value before it is drawn; its key is the path unless said."""
    return seed(key or path, _shown(path, get_value(settings(), path)))


def take_from_widget(path: str, key: str | None = None) -> None:
    """Take over what was set in a setting's widget, push its neighbours, and remember the view before."""
    if st.session_state[key or path] is not None and not _live_let_go():
        change(path, st.session_state[key or path])


def _live_let_go() -> bool:
    """Say whether the live board just let something go.

    A slider that seems moved in the same message is not: it still shows what stood before the last answer.
    """
    told = st.session_state.get("live_now")
    return any(getattr(told, event, None) is not None for event in ("released", "rule"))


def without_line(shown: View, path: str) -> tuple[Any, ...]:
    """Return everything a view holds but one tier line."""
    tree = shown.settings.model_dump()
    section, field, code = path.split(".")
    del tree[section][field][code]
    return tree, shown.as_of, shown.scope


def ways_back() -> tuple[bool, bool, bool]:
    """Return whether there is anything to undo, anything to redo, and nothing to take back to the defaults."""
    return bool(history()), bool(future()), at_defaults()


def take_number(key: str, path: str) -> None:
    """Take over the number typed into the box `key` as the setting `path`."""
    change(path, st.session_state[key])


def change(path: str, value: Any) -> None:
    """Change one setting; undoable in one step, together with changes of the same setting just before."""
    remember(replace(view(), settings=with_value(settings(), path, value)), move=path)


def take_measure() -> None:
    """Take over what orders the customers (the widget `tiers.measure`)."""
    order_by(st.session_state["tiers.measure"])


def order_by(measure: str) -> None:
    """Order the customers by a measure; by customer profit, those who lose money come up."""
    change("tiers.measure", measure)
    if measure == "customer_profit":
        st.session_state["below"] = "losses"


def at_defaults() -> bool:
    """Return whether the board shows the default settings, the last day and all customers."""
    return view() == defaults()


def defaults() -> View:
    """Return the view that a board of the open data begins with."""
    return st.session_state.get("_defaults", View())


def begin_with(settings: Settings) -> None:
    """Note the default settings as the open data allows them."""
    st.session_state["_defaults"] = View(settings)


def take_preset() -> None:
    """Take over the tiers of the preset picked (the widget `tiers.preset`)."""
    adopt_settings(with_preset(settings(), st.session_state["tiers.preset"]))


def take_model() -> None:
    """Take over the lifecycle model picked (the widget `lifecycle.model`)."""
    _change_stages(with_value(settings(), "lifecycle.model", st.session_state["lifecycle.model"]))


def take_lifecycle_preset() -> None:
    """Take over the lifecycle limits of the preset picked (the widget `lifecycle.preset`)."""
    if (name := st.session_state["lifecycle.preset"]) is not None:
        _change_stages(with_lifecycle_preset(settings(), name))


def _change_stages(changed: Settings) -> None:
    """Adopt settings; a list narrowed to a stage of another model would be empty."""
    if changed.lifecycle.model != settings().lifecycle.model and filters().stage is not None:
        narrow(stage=None)
    adopt_settings(changed)


def adopt_settings(changed: Settings) -> None:
    """Take over whole settings, such as suggested ones; undoable in one step."""
    remember(replace(view(), settings=changed))


def change_mode(by_amount: Settings) -> None:
    """Take over how lines are drawn (the widget `tiers.mode`).

    Parameters
    ----------
    by_amount : the same tiers drawn by amount. Amounts of before are not taken up again: lines may have moved since,
        and another measure has other amounts.
    """
    mode = st.session_state["tiers.mode"]
    if mode == "amount":
        adopt_settings(by_amount)
    else:
        change("tiers.mode", mode)


def stand_at(day: int | None) -> None:
    """Stand at another day; None is the last day of the data."""
    remember(replace(view(), as_of=day), move="as_of")


def take_day(key: str, last: int) -> None:
    """Take over the day picked in the widget `key`; the data's last day is the default."""
    picked = st.session_state[key]
    stand_at(None if picked == last else picked)


def look_within(scope: Scope) -> None:
    """Look at other customers only."""
    remember(replace(view(), scope=scope))


def take_scope(column: str, key: str) -> None:
    """Take over the values picked in the widget `key` as the filter on `column`."""
    remember(
        replace(view(), scope=view().scope.with_values(column, tuple(st.session_state[key]))), move=f"scope.{column}"
    )


def take_redraw(key: str) -> None:
    """Take over whether lines are drawn within the filter (the widget `key`)."""
    remember(replace(view(), scope=replace(view().scope, redraw=bool(st.session_state[key]))), move="scope.redraw")


def remember(changed: View, *, move: str = "") -> None:
    """Show another view; undoable in one step, together with the same `move` just before."""
    now, before = monotonic(), view()
    last_move, last_time = st.session_state.get("_last_change", ("", 0.0))
    if changed == before:
        return
    merge = bool(move) and move == last_move and now - last_time < ONE_MOVE_SECONDS and bool(history())
    if not merge:
        st.session_state["_history"] = (*history(), before)[-HISTORY:]
    elif history()[-1] == changed:
        # Back where the move began: there is nothing to undo, and what follows is a move of its own.
        st.session_state["_history"], move = history()[:-1], ""
    st.session_state["_future"] = ()
    _put(changed)
    st.session_state["_last_change"] = (move, now)


def _put(changed: View) -> None:
    """Show a view; with another measure, the curve that belongs to it."""
    measure = changed.settings.tiers.measure
    if measure != settings().tiers.measure:
        st.session_state["curve"] = "whale" if measure == "customer_profit" else "pareto"
    st.session_state["_view"] = changed


def history() -> Sequence[View]:
    """Return the views before each change, oldest first."""
    return st.session_state.get("_history", ())


def future() -> Sequence[View]:
    """Return the views that were undone, the next to redo last."""
    return st.session_state.get("_future", ())


def undo() -> None:
    """Take back the last change."""
    if history():
        *earlier, last = history()
        st.session_state["_future"] = (*future(), view())
        _step(tuple(earlier), last)
        announce("undone")


def redo() -> None:
    """Make the change again that was taken back last."""
    if future():
        *later, following = future()
        before = (*history(), view())
        st.session_state["_future"] = tuple(later)
        _step(before, following)
        announce("redone")


def _step(earlier: Sequence[View], shown: View) -> None:
    st.session_state["_history"] = earlier
    _put(shown)
    st.session_state["_last_change"] = ("", 0.0)


def reset() -> None:
    """Return to the default settings, the last day and all customers; undoable in one step."""
    remember(defaults())
    announce("reset")


def start_over() -> None:
    """Put everything back to where it was when the data was opened: view, clicks, baseline."""
    _put(defaults())
    st.session_state["_history"] = st.session_state["_future"] = ()
    st.session_state["_baseline"] = None
    clear_choices()
    announce("started_over")


def baseline() -> Baseline:
    """Return what changes are counted against; the first view of the data until one is pinned."""
    if st.session_state.get("_baseline") is None:
        st.session_state["_baseline"] = Baseline(view())
    return st.session_state["_baseline"]


def pin() -> None:
    """Count changes against the present view from now on."""
    st.session_state["_baseline"] = Baseline(view(), pinned=True)
    announce("pinned")


def _shown(path: str, value: Any) -> Any:
    """Whole-number sliders show whole numbers, though a tier line may hold a fraction."""
    ranges = {item.path: item for item in adjustables(settings())}
    item = ranges.get(path)
    return int(value) if item is not None and float(item.step).is_integer() and float(value).is_integer() else value
