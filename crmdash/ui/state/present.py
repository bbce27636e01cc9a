"""Presenting to a group: large type, one panel at a time, numbers hidden until the group has guessed."""

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from crmdash.ui.state.board import start_over

PANELS: Final = ("everything", "curve", "tiers", "matrix", "strategies", "lists")


@dataclass(frozen=True)
class Guess:
    """What the group guessed for a key figure."""

    figure: str
    value: float


@dataclass(frozen=True)
class Presenting:
    """How the board is shown to a group.

    `hidden` keeps every figure from the screen; `guesses` holds what the group guessed before each reveal.
    """

    on: bool = False
    panel: str = "everything"
    hidden: bool = False
    guesses: tuple[Guess, ...] = ()

    def shows(self, panel: str) -> bool:
        """Whether a panel is on the screen."""
        return not self.on or self.panel in ("everything", panel)

    @property
    def shows_everything(self) -> bool:
        """Whether the whole board is on the screen."""
        return not self.on or self.panel == "everything"

    @property
    def hides(self) -> bool:
        """Whether figures are kept from the screen."""
        return self.on and self.hidden

    def guess_of(self, figure: str) -> Guess | None:
        """Return the last guess for a key figure."""
        return next((guess for guess in reversed(self.guesses) if guess.figure == figure), None)


def presenting() -> Presenting:
    """Return how the board is shown."""
    return st.session_state.get("_presenting", Presenting())


def _put(changed: Presenting) -> None:
    st.session_state["_presenting"] = changed


def take_presenting(key: str) -> None:
    """Switch present mode on or off, as the widget `key` says; guesses are kept."""
    _put(replace(presenting(), on=bool(st.session_state[key]), panel="everything", hidden=False))


def take_panel(key: str) -> None:
    """Show the panel picked in the widget `key`."""
    _put(replace(presenting(), panel=st.session_state[key]))


def hide_figures() -> None:
    """Keep every figure from the screen until it is revealed; earlier guesses are forgotten."""
    _put(replace(presenting(), hidden=True, guesses=()))


def guess(figure: str, key: str) -> None:
    """Note what the group guessed for a figure (the widget `key`)."""
    value = st.session_state.get(key)
    if value is not None:
        others = tuple(held for held in presenting().guesses if held.figure != figure)
        _put(replace(presenting(), guesses=(*others, Guess(figure, float(value)))))


def reveal() -> None:
    """Show the figures."""
    _put(replace(presenting(), hidden=False))


def put_guesses_away() -> None:
    """Take the guesses from the screen; the board stays as it is."""
    _put(replace(presenting(), guesses=()))


def begin_again() -> None:
    """Put everything back for the next group: the board as it opens, no guesses, all panels; present mode stays."""
    start_over()
    _put(Presenting(on=presenting().on))
