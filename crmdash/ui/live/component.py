"""The component in the browser: its code, its mounts, and what comes back from them.

Mounts that nobody sees bring the data, so that everything drawn from it changes at once and early in the script; the
visible ones only say where a part is drawn and with which words. The code comes with the first, once.
"""

import os
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.cache import evaluation_now
from crmdash.ui.live.payload import head_payload, near_payload, now_payload
from crmdash.ui.parts import whole_page

CODE: Final = Path(__file__).with_name("code")
FILES: Final = ("numbers", "steps", "nodes", "board", "nearest", "curve", "tiers", "matrix", "rule", "mount", "head")
"""In the order in which they are put together; each is about one thing."""

HEAD: Final = "crmdash.live_head"
PART: Final = "crmdash.live_part"
NOW: Final = "live_now"

PLAIN: Final = "CRMDASH_PLAIN_FIGURES"
"""Set to 1, the board is drawn without code of ours in the browser: for servers whose content policy forbids it."""


def is_live() -> bool:
    """Say whether the board is drawn in the browser; else Plotly figures and sliders serve."""
    return os.environ.get(PLAIN, "") in ("", "0")


def live_place() -> DeltaGenerator:
    """Return where the data of the live board goes: always the same place, or the browser would take it for new."""
    return st.container(key="live_data")


@st.fragment(key="live")
def live_data(_: Wording) -> None:
    """Hand the browser the step table and where the lines stand, as early in the script as can be."""
    evaluation = evaluation_now()
    if not is_live() or not evaluation.base or state.presenting().hides:
        return
    table, settings = evaluation.steps, evaluation.settings
    head = head_payload(_, evaluation)
    version = head["version"]
    state.keep("_live_version", version)
    now = now_payload(_, evaluation, version, state.live_revision(table.lines, version))
    _mount(HEAD, "live_head", head)
    _mount(
        PART, NOW, now | {"stamp": state.live_stamp(now)},
        on_released_change=whole_page(lambda: state.take_released(NOW, table, version)),
        on_rule_change=whole_page(lambda: state.take_rule(NOW)),
        on_narrowed_change=whole_page(lambda: state.take_narrowed(NOW, settings.tiers.codes, table.stages)),
    )  # fmt: skip


@st.fragment(key="live_accounts")
def live_accounts() -> None:
    """Hand over the accounts around the lines, after all that is seen at once: only a line under the hand asks them."""
    if is_live():
        with st.container(key="live_accounts"):
            _mount(PART, "live_near", near_payload(evaluation_now(), state.kept("_live_version", "")))


def live_part(part: Literal["curve", "tiers", "matrix", "rule"], data: dict[str, Any]) -> None:
    """Draw one part of the board here."""
    _mount(PART, f"live_{part}", {"part": part, **data})


def _mount(name: str, key: str, data: dict[str, Any], **callbacks: Any) -> None:
    # Registered each time: it costs nothing where it is the same as before, and a test begins with an empty registry.
    is_head = name == HEAD
    component = st.components.v2.component(
        name, js=code(*FILES) if is_head else code("part"), css=style() if is_head else None, isolate_styles=False
    )
    component(key=key, data=data, **callbacks)


@cache
def code(*names: str) -> str:
    """Return files of JavaScript as one module."""
    return "\n".join((CODE / f"{name}.js").read_text(encoding="utf-8") for name in names)


@cache
def style() -> str:
    """Return the style sheet of all parts."""
    return Path(__file__).with_name("live.css").read_text(encoding="utf-8")
