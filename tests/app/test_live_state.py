"""What comes back from the live board: taken over where it fits, and answered with our own lines where it does not."""

from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import streamlit as st

from crmdash.adjusting import with_value
from crmdash.evaluate import evaluate
from crmdash.model.steps import StepTable
from crmdash.settings import Settings, get_value
from crmdash.summary import summarise
from crmdash.ui import state
from crmdash.ui.cache import sample
from crmdash.view import View

DEFAULT = {"platinum": 50.0, "gold": 80.0, "iron": 95.0}


@pytest.fixture(scope="module")
def table() -> StepTable:
    return evaluate(summarise(sample().tables)).steps


@pytest.fixture(autouse=True)
def tab(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What one tab remembers."""
    remembered: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", remembered)
    return remembered


def release(tab: dict[str, Any], table: StepTable, sent: Any) -> None:
    tab["live_now"] = SimpleNamespace(released=sent)
    state.take_released("live_now", table, "v")


def steps(**lines: int) -> dict[str, Any]:
    """Return what the browser sends: steps are counted from a share of 5 %."""
    return {"version": "v", "moved": "gold", "lines": {code: line - 5 for code, line in lines.items()}}


def test_lines_let_go_are_one_step_to_undo(tab: dict[str, Any], table: StepTable):
    release(tab, table, steps(platinum=50, gold=89, iron=95))
    release(tab, table, steps(platinum=50, gold=96, iron=97))
    assert state.settings().tiers.lines == {"platinum": 50, "gold": 96, "iron": 97}
    assert state.settings() == with_value(with_value(Settings(), "tiers.shares.iron", 97), "tiers.shares.gold", 96)
    state.undo()
    assert state.settings().tiers.lines == DEFAULT


def test_a_slider_taken_back_and_on_again_leaves_the_change_before_alone(monkeypatch: pytest.MonkeyPatch):
    cooling = "lifecycle.cooling_silence"
    presses = [(10, "tiers.shares.gold", 70), (20, cooling, 3), (20.4, cooling, 2), (20.8, cooling, 3)]
    for second, path, value in presses:
        monkeypatch.setattr("crmdash.ui.state.board.monotonic", partial(float, second))
        state.change(path, value)
    line_moved = with_value(Settings(), "tiers.shares.gold", 70)
    assert state.settings() == with_value(line_moved, cooling, 3)
    state.undo()
    assert state.settings() == line_moved
    state.undo()
    assert state.view() == View() and not state.history()


def test_what_the_browser_sent_is_not_sent_back_as_news(tab: dict[str, Any], table: StepTable):
    first = state.live_revision(table.lines, "v")
    release(tab, table, steps(platinum=50, gold=89, iron=95))
    here = replace(table, lines={"platinum": 45, "gold": 84, "iron": 90})
    assert state.live_revision(here.lines, "v") == first
    state.undo()
    assert state.live_revision(table.lines, "v") == first + 1
    assert state.live_revision(table.lines, "other steps") == first + 2


def test_a_slider_that_shows_an_older_answer_does_not_take_a_line_back(tab: dict[str, Any], table: StepTable):
    release(tab, table, steps(platinum=50, gold=89, iron=95))
    tab["tiers.shares.gold"] = 80
    state.take_from_widget("tiers.shares.gold")
    assert state.settings().tiers.lines["gold"] == 89
    tab["live_now"] = SimpleNamespace(released=None, rule=None)
    state.take_from_widget("tiers.shares.gold")
    assert state.settings().tiers.lines["gold"] == 80


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "gold",
        {"version": "v"},
        {"version": "v", "lines": [1, 2, 3]},
        steps(platinum=50, gold=89),
        steps(platinum=50, gold=89, iron=95, lead=97),
        steps(platinum=89, gold=80, iron=95),
        steps(platinum=80, gold=80, iron=95),
        steps(platinum=1, gold=80, iron=95),
        steps(platinum=50, gold=80, iron=400),
        {"version": "v", "lines": {"platinum": 45, "gold": 75.5, "iron": 90}},
        {"version": "v", "lines": {"platinum": True, "gold": 75, "iron": 90}},
        {"version": "v", "lines": {"platinum": "45", "gold": 75, "iron": 90}},
        steps(platinum=50, gold=89, iron=95) | {"version": "of another table"},
    ],
)
def test_what_does_not_fit_changes_nothing_and_is_answered(tab: dict[str, Any], table: StepTable, sent: Any):
    before = state.live_revision(table.lines, "v")
    release(tab, table, sent)
    assert state.settings() == Settings() and not state.history()
    assert state.live_revision(table.lines, "v") == before + 1


def test_a_limit_let_go_pushes_its_partner(tab: dict[str, Any]):
    tab["live_now"] = SimpleNamespace(rule={"path": "lifecycle.cooling_silence", "value": 5.0})
    state.take_rule("live_now")
    assert state.settings() == with_value(Settings(), "lifecycle.cooling_silence", 5.0)
    assert state.settings().lifecycle.lapsed_silence_early == 5.5
    tab["live_now"] = SimpleNamespace(rule={"path": "lifecycle.exploration_up_to", "value": 2.0})
    state.take_rule("live_now")
    assert get_value(state.settings(), "lifecycle.exploration_up_to") == 2
    state.undo()
    state.undo()
    assert state.view() == View()


@pytest.mark.parametrize(
    "sent",
    [None, 3, {}, {"path": "tiers.shares.gold", "value": 60}, {"path": "lifecycle.model", "value": "journey"},
     {"path": "lifecycle.cooling_silence", "value": "2"}, {"path": "lifecycle.cooling_silence", "value": True},
     {"path": "lifecycle.cooling_silence", "value": float("nan")}, {"path": "lifecycle.cooling_silence", "value": 1e9}],
)  # fmt: skip
def test_what_is_no_limit_changes_nothing(tab: dict[str, Any], sent: Any):
    tab["live_now"] = SimpleNamespace(rule=sent)
    state.take_rule("live_now")
    assert state.view() == View()


def click(tab: dict[str, Any], sent: Any) -> tuple[str | None, str | None]:
    tab["live_now"] = SimpleNamespace(narrowed=sent)
    state.take_narrowed("live_now", ("gold", "iron"), ("stable", "gone"))
    return state.filters().tier, state.filters().stage


def test_clicks_narrow_and_widen(tab: dict[str, Any]):
    assert click(tab, {"tier": "gold", "stage": None}) == ("gold", None)
    assert click(tab, {"tier": "gold", "stage": "stable"}) == ("gold", "stable")
    assert click(tab, {"tier": "iron", "stage": "stable"}) == ("iron", "stable")
    assert click(tab, {"tier": "iron", "stage": "stable"}) == (None, None)
    assert click(tab, {"tier": "iron", "stage": None}) == ("iron", None)
    assert click(tab, {"tier": "iron", "stage": None}) == (None, None)


@pytest.mark.parametrize("sent", [None, "gold", {"tier": "<b>", "stage": None}, {"tier": "gold", "stage": "x"}, {}])
def test_clicks_on_what_is_not_there_do_nothing(tab: dict[str, Any], sent: Any):
    assert click(tab, sent) == (None, None)


def test_what_is_told_again_keeps_its_time(tab: dict[str, Any]):
    first = state.live_stamp({"lines": {"gold": 1}})
    assert state.live_stamp({"lines": {"gold": 1}}) == first
    assert state.live_stamp({"lines": {"gold": 2}}) >= first
