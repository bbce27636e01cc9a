"""For a group in front of a screen: one panel at a time, figures hidden until guessed, everything back in one click."""

from dataclasses import dataclass
from typing import Literal

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.figures import key_figure


@dataclass(frozen=True)
class Riddle:
    """A key figure to guess: what is asked, in which unit, and what was measured (None: nothing to measure).

    `answer` names the figure once it is on the screen.
    """

    figure: str
    question: str
    answer: str
    unit: Literal["percent", "customers"]
    measured: float | None


def riddles(_: Wording, evaluation: Evaluation) -> list[Riddle]:
    """Return what can be guessed about the present board; per cent as 0-100."""
    figures, base = evaluation.concentration, evaluation.base
    share = None if figures.top20_share is None else 100 * figures.top20_share
    needed = None if figures.customers_for_80 is None or not base else 100 * figures.customers_for_80 / base
    falling = evaluation.in_phase("falling")
    asked = [
        Riddle("top20", _("The top 20% of customers make … %"), _("Top 20% make"), "percent", share),
        Riddle("for80", _("80% come from … % of customers"), _("Customers who make 80%"), "percent", needed),
        Riddle(
            "losses", _("… customers lose money"), _("Lose money"), "customers",
            None if evaluation.whale is None else evaluation.whale.loss_makers,
        ),
        Riddle(
            "falling", _("… customers are in the falling phase"), _("In the falling phase"), "customers",
            None if falling is None else falling.customers,
        ),
    ]  # fmt: skip
    return [riddle for riddle in asked if riddle.measured is not None]


def present_panel(_: Wording, evaluation: Evaluation) -> None:
    """Show the trainer's buttons, the guesses to type while figures are hidden, and how they compare afterwards."""
    presenting = state.presenting()
    if not presenting.on:
        return
    _buttons(_, presenting)
    asked = riddles(_, evaluation)
    if presenting.hidden:
        _guesses(_, asked)
    else:
        _answers(_, asked, presenting)


def _buttons(_: Wording, presenting: state.Presenting) -> None:
    names = {
        "everything": _("Everything"), "curve": _("Curve"), "tiers": _("Tiers"), "matrix": _("Matrix"),
        "strategies": _("Strategies"), "lists": _("Lists"),
    }  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="present_panel"):
        given = state.seed_choice("present.panel", presenting.panel)
        st.segmented_control(
            _("Panel shown"), state.PANELS, key="present.panel", default=given, persist_state="session",
            format_func=names.__getitem__, required=True, label_visibility="collapsed",
            on_change=state.take_panel, args=("present.panel",),
        )  # fmt: skip
        if presenting.hidden:
            st.button(
                _("Reveal"), key="present.reveal", type="primary", icon=":material/visibility:", on_click=state.reveal
            )
        else:
            st.button(
                _("Hide figures"), key="present.hide", icon=":material/visibility_off:", on_click=state.hide_figures,
                help=_("Nothing measured is on the screen until you reveal it."),
            )  # fmt: skip
        st.button(
            _("Begin again"), key="present.again", icon=":material/replay:", on_click=state.begin_again,
            help=_("Settings, day, filters, guesses and the baseline back to where they began."),
        )  # fmt: skip


def _guesses(_: Wording, asked: list[Riddle]) -> None:
    if not asked:
        return
    with st.grid(len(asked), min_column_width=180, gap="small"):
        for riddle in asked:
            key = f"guess.{riddle.figure}"
            guess = state.presenting().guess_of(riddle.figure)
            state.seed(key, None if guess is None else guess.value)
            st.number_input(
                riddle.question, min_value=0.0, max_value=100.0 if riddle.unit == "percent" else None, step=1.0,
                format="%.0f", key=key, persist_state="session", on_change=state.guess, args=(riddle.figure, key),
                placeholder=_("The group's guess"),
            )  # fmt: skip


def _answers(_: Wording, asked: list[Riddle], presenting: state.Presenting) -> None:
    """Show what was measured with how far off the group was, in one row that can be put away."""
    guesses = {guess.figure: guess.value for guess in presenting.guesses}
    guessed = [riddle for riddle in asked if riddle.figure in guesses]
    if not guessed:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="guesses"):
        with st.grid(len(guessed), min_column_width=140, gap="small"):
            for riddle in guessed:
                key_figure(riddle.answer, *compared(_, riddle, guesses[riddle.figure]))
        st.button(
            _("Put away"), key="present.put_away", type="tertiary", icon=":material/close:",
            on_click=state.put_guesses_away, help=_("Takes the guesses off the screen. The lines stay where they are."),
        )  # fmt: skip


def compared(_: Wording, riddle: Riddle, guessed: float) -> tuple[str, str]:
    """Return what was measured, and how far off a guess was."""
    assert riddle.measured is not None
    off = guessed - riddle.measured
    if riddle.unit == "percent":
        said, measured, by = _.percent(guessed / 100, 0), _.percent(riddle.measured / 100), _.decimal(abs(off), 1)
    else:
        said, measured, by = _.integer(guessed), _.integer(riddle.measured), _.integer(abs(off))
    if abs(off) < 0.05:
        return measured, _("guessed {guessed}: exactly", guessed=said)
    if off > 0:
        return measured, _("guessed {guessed}: {off} too high", guessed=said, off=by)
    return measured, _("guessed {guessed}: {off} too low", guessed=said, off=by)


def concealed(_: Wording) -> None:
    """Stand where the panels will be once the figures are revealed."""
    st.info(_("Figures are hidden. Type the group's guess above, then reveal."), icon=":material/visibility_off:")
