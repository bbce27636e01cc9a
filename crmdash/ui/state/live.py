"""What the live board and this tab tell each other: where lines were let go, what was clicked, whose turn it is."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from time import time_ns
from typing import Any

import streamlit as st

from crmdash.adjusting import adjustables
from crmdash.errors import SettingsError
from crmdash.model.steps import StepTable
from crmdash.settings import LINE_FIELDS
from crmdash.ui.state.board import change, remember, settings, view
from crmdash.ui.state.clicks import filters, narrow


def live_revision(lines: Mapping[str, int], version: str) -> int:
    """Return a number that grows when Python put lines where the browser does not have them.

    Only then does the browser take them over: what it sent itself comes back later than the hand has moved on.
    """
    revision, known = st.session_state.get("_live", (0, None))
    present = (dict(lines), version)
    if known != present:
        revision += 1
        st.session_state["_live"] = (revision, present)
    return revision


def live_stamp(told: Mapping[str, Any]) -> int:
    """Return when this was first told: the browser may be shown what an older run told once more, and passes it by."""
    stamp, last = st.session_state.get("_live_told", (0, None))
    if told != last:
        stamp = time_ns() // 1_000_000
        st.session_state["_live_told"] = (stamp, told)
    return stamp


def take_released(key: str, table: StepTable, version: str) -> None:
    """Take over where the mount `key` let the lines go; if they do not fit the present steps, it gets ours again."""
    sent = st.session_state[key].released
    revision, _known = st.session_state.get("_live", (0, None))
    lines = sent.get("lines") if isinstance(sent, dict) else None
    try:
        if not isinstance(lines, dict) or sent.get("version") != version:
            raise SettingsError("tiers: the lines belong to other steps")
        changed = table.settings_at(settings(), lines)
    except SettingsError:
        st.session_state["_live"] = (revision, None)
        return
    st.session_state["_live"] = (revision, (dict(lines), version))
    st.session_state["live_hint"] = False
    remember(replace(view(), settings=changed), move=_path(table, sent.get("moved")))


def _path(table: StepTable, tier: Any) -> str:
    return f"tiers.{LINE_FIELDS[table.mode]}.{tier}" if tier in table.lines else ""


def take_rule(key: str) -> None:
    """Take over a limit of the lifecycle that was let go; what is no such limit, or out of its range, does nothing."""
    sent = st.session_state[key].rule
    path, value = (sent.get("path"), sent.get("value")) if isinstance(sent, dict) else (None, None)
    known = {item.path: item for item in adjustables(settings()) if item.path.startswith("lifecycle.")}
    if path not in known or isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    item = known[path]
    if item.low <= value <= item.high:
        change(path, int(value) if float(item.step).is_integer() and float(value).is_integer() else value)


def take_narrowed(key: str, tiers: Collection[str], stages: Collection[str]) -> None:
    """Narrow the list to the tier or cell clicked; clicked again, widen it."""
    sent = st.session_state[key].narrowed
    if not isinstance(sent, dict) or sent.get("tier") not in tiers or sent.get("stage") not in (None, *stages):
        return
    tier, stage = sent["tier"], sent["stage"]
    chosen = filters()
    if stage is None:
        narrow(tier=None if chosen.tier == tier else tier)
    else:
        again = (chosen.tier, chosen.stage) == (tier, stage)
        narrow(tier=None if again else tier, stage=None if again else stage)
