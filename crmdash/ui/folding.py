"""Panels that are folded away on a phone, and always open on wider screens."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from crmdash.ui import state


@contextmanager
def folded_on_phone(name: str, label: str) -> Iterator[None]:
    """Draw a panel that on a phone begins closed behind a switch.

    The style sheet knows the window's width and the server does not: it hides the switch on wide screens, and the
    panel on narrow ones unless the switch is on.
    """
    key = f"unfold.{name}"
    with st.container(key=f"fold_{name}"):
        st.toggle(label, key=key, persist_state="session")
    with st.container(key=f"unfolded_{name}" if state.kept(key, False) else f"folded_{name}"):
        yield
