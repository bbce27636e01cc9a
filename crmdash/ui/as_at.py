"""As at which day the board stands, and over which time value is counted."""

from typing import Final

import streamlit as st

from crmdash.i18n import Wording
from crmdash.settings import get_value
from crmdash.summary import Clock, Summary
from crmdash.summary.clock import period_ends
from crmdash.ui import state
from crmdash.ui.cache import summarised
from crmdash.ui.words import bold

_STEPS: Final = {"quarter": 3, "month": 1}
_VALUE_MONTHS: Final = (0, 24, 12)


def data_chip(_: Wording, opened: state.Opened, summary: Summary, base: int) -> None:
    """Say what is open: sample or own data, how many customers, as at which day; the day can be changed."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="data_chip"):
        if opened.is_sample:
            st.badge(_("Sample"), icon=":material/science:", color="orange")
        else:
            st.badge(_("Your data"), icon=":material/lock:", color="green")
        if not state.presenting().hides:
            st.caption(_counted(_, summary, base), width="content")
    day = summary.clock.as_of
    if day is None:
        return
    stands = _.date(day)
    if opened.dataset.goes_back and (months := state.settings().period.value_months):
        stands = _("{day} · {period}", day=stands, period=months_words(_, months))
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        # The day stands beside the button and not on it: with another label the popover would be another, and close.
        # What a closed popover holds would report its first value when it is opened, not the one it was given since.
        popover = st.popover(_("As at"), icon=":material/calendar_month:", key="as_at", on_change="rerun")
        st.markdown(bold(stands), width="content")
    if popover.open:
        with popover:
            _day_slider(_, opened)
            if opened.dataset.goes_back:
                _value_period(_)


def _counted(_: Wording, summary: Summary, base: int) -> str:
    """Say how many customers are looked at, and of how many where some are filtered away."""
    everybody = int(summary.customers["in_base"].sum())
    if base < everybody:
        return _("{customers} of {all} customers", customers=_.integer(base), all=_.integer(everybody))
    return _.plural("{n} customer", "{n} customers", base)


def _day_slider(_: Wording, opened: state.Opened) -> None:
    """Offer the ends of the quarters or months that the data covers, and its last day."""
    whole = summarised(opened, state.settings().period).clock
    step = state.kept("as_at.step", "quarter")
    days = days_to_stand_at(whole, _STEPS[step]) if opened.dataset.goes_back else []
    if len(days) < 2:
        st.caption(_("With dated orders over a longer time, the board could stand at earlier days."))
        return
    shown = state.view().as_of
    if shown is not None and shown not in days:
        days = sorted({*days, shown})
    given = state.seed_choice("as_at.day", days[-1] if shown is None else shown)
    st.select_slider(
        _("As at"), days, key="as_at.day", value=given, persist_state="session",
        format_func=_.date, on_change=state.take_day,
        args=("as_at.day", days[-1]), help=_("Only what happened up to this day counts: go back and see who moved."),
    )  # fmt: skip
    names = {"quarter": _("By quarter"), "month": _("By month")}
    state.seed_choice("as_at.step", step)
    st.segmented_control(
        _("Steps"), list(_STEPS), key="as_at.step", default=step, format_func=names.__getitem__, required=True,
        label_visibility="collapsed", persist_state="session",
    )  # fmt: skip


def days_to_stand_at(clock: Clock, months: int) -> list[int]:
    """Return the ends of the quarters or months within the data, and its last day."""
    if clock.as_of is None or clock.span is None:
        return []
    return period_ends(clock.as_of - clock.span, clock.as_of, months)


def _value_period(_: Wording) -> None:
    path = "period.value_months"
    given = state.seed_choice(path, get_value(state.settings(), path))
    st.segmented_control(
        _("Value of"), _VALUE_MONTHS, key=path, default=given, persist_state="session", required=True,
        format_func=lambda months: months_words(_, months),
        on_change=state.take_from_widget, args=(path,), help=_.term("settings", "period.value_months.help"),
    )  # fmt: skip


def months_words(_: Wording, months: int) -> str:
    """Name a value period."""
    return _("the last {months} months", months=months) if months else _("the whole file")
