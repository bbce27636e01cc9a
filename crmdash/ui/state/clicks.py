"""What was clicked on the board: a tier, a cell, a strategy, a customer."""

from dataclasses import dataclass, replace

import streamlit as st


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


def filters() -> Filters:
    """Return what the customer list is narrowed to."""
    return st.session_state.get("_filters", Filters())


def narrow(**chosen: str | None) -> None:
    """Narrow the list to what was clicked, or widen it again with None; other filters stay."""
    st.session_state["_filters"] = replace(filters(), **chosen)
    st.session_state["_customer"] = None
    st.session_state["below"] = "customers"
    _renew_selections()


def take_click(name: str, key: str) -> None:
    """Narrow the list by what was picked in the box `key`."""
    narrow(**{name: st.session_state[key]})


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
