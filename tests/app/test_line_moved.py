"""A moved tier line draws only the parts that show it, unless the screen shows something older than that."""

from typing import Any

import pytest
import streamlit as st

from crmdash.ui import parts, state

PLATINUM = "tiers.shares.platinum"


@pytest.fixture(autouse=True)
def tab(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What one tab remembers; its board was drawn as a whole, after a first move."""
    remembered: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", remembered)
    state.change("tiers.shares.gold", 81)
    parts.end_whole_board(followed=True)
    return remembered


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Return which parts were drawn alone."""
    found: list[tuple[str, ...]] = []
    monkeypatch.setattr(parts, "_draw_again", lambda *names: found.append(names))
    return found


def move(tab: dict[str, Any], share: int, path: str = PLATINUM) -> None:
    tab[path] = share
    parts.line_moved(path)


def test_parts_are_drawn_alone_move_after_move(tab: dict[str, Any], drawn: list[tuple[str, ...]]):
    move(tab, 51)
    move(tab, 52)
    move(tab, 82, "tiers.shares.gold")
    assert drawn == [parts.SHOW_LINES] * 3
    assert state.settings().tiers.lines == {"platinum": 52, "gold": 82, "iron": 95}


def test_the_first_move_offers_undo_even_if_its_run_is_broken_off(tab: dict[str, Any], drawn: list[tuple[str, ...]]):
    tab.clear()
    parts.end_whole_board(followed=True)
    for share in (51, 52, 53):
        move(tab, share)
    assert drawn == []
    parts.end_whole_board(followed=True)
    move(tab, 54)
    assert len(drawn) == 1


def test_so_does_any_other_change_that_was_not_drawn(tab: dict[str, Any], drawn: list[tuple[str, ...]]):
    state.change("lifecycle.cooling_silence", 3.0)
    move(tab, 51)
    assert drawn == []


@pytest.mark.parametrize("opened", parts.UNFOLDED)
def test_what_is_opened_in_the_same_message_is_drawn(tab: dict[str, Any], drawn: list[tuple[str, ...]], opened: str):
    tab[opened] = True
    move(tab, 51)
    assert drawn == []


def test_a_neighbour_pushed_along_and_a_line_held_back_are_drawn(tab: dict[str, Any], drawn: list[tuple[str, ...]]):
    move(tab, 90)
    assert state.settings().tiers.lines == {"platinum": 90, "gold": 91, "iron": 95}
    parts.end_whole_board(followed=True)
    move(tab, 99)
    assert state.settings().tiers.lines["platinum"] == 97
    assert drawn == []


def test_a_page_half_drawn_and_pictures_that_are_no_part(tab: dict[str, Any], drawn: list[tuple[str, ...]]):
    parts.begin_page()
    move(tab, 51)
    parts.end_whole_board(followed=False)
    move(tab, 52)
    assert drawn == []
