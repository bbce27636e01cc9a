"""One of a few things, side by side: what a list shows, which picture is drawn."""

from collections.abc import Callable, Mapping

import streamlit as st

from crmdash.ui import state


def one_of(
    label: str,
    key: str,
    names: Mapping[str, str],
    first: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> str:
    """Let the reader pick one of some things by their names, and return its code.

    Parameters
    ----------
    label : what is picked, for those who cannot see it.
    first : the code that stands until another is picked, and again where the picked one is no longer offered; the first
        of `names` unless said.
    on_change : called when another is picked.
    """
    picked = state.kept(key, None)
    chosen = picked if picked in names else first or next(iter(names))
    given = state.seed_choice(key, chosen)
    st.segmented_control(
        label, list(names), key=key,
        default=given, format_func=names.__getitem__, required=True, label_visibility="collapsed",
        persist_state="session", on_change=on_change,
    )  # fmt: skip
    return str(state.kept(key, chosen))
