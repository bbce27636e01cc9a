"""The sidebar: what is open and as at which day, and every setting as a slider, made from `Settings`."""

from collections.abc import Callable, Sequence
from math import floor, log10
from typing import Any, Final, get_args

import streamlit as st

from crmdash.adjusting import Adjustable, adjustables, lifecycle_preset_of, modes_of, preset_of
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import drawn_by_amount
from crmdash.model.steps import idle_line
from crmdash.rule_settings.lifecycle import Model
from crmdash.settings import LARGEST_AMOUNT, LIFECYCLE_PRESETS, PRESETS, Settings, get_value
from crmdash.summary import Summary
from crmdash.ui import state
from crmdash.ui.cache import evaluation_now, held_measures
from crmdash.ui.hit_rates import hit_rates
from crmdash.ui.parts import line_moved
from crmdash.ui.suggest import suggest
from crmdash.ui.words import bold, measure_words, tier_words

FIRST: Final = (
    "lifecycle.cooling_silence", "lifecycle.lapsed_silence", "lifecycle.cooling_days", "lifecycle.lapsed_days",
    "lifecycle.half_asleep_from", "lifecycle.asleep_from",
)  # fmt: skip
"""Sliders that stand in the sidebar beside the tier lines, two for each way of telling who cools down and who is gone;
all others are under "more rules"."""

IN_SIDEBAR: Final = ("period", "lifecycle", "flags", "service")
"""Sections whose numbers stand under "more rules"; those of the others stand on the pages that they act on."""

_FORMATS: Final = {"%": "%d%%", "times": "×%.1f"}


def settings_panel(_: Wording, summary: Summary, evaluation: Evaluation) -> None:
    """Draw every setting: measure and tier lines first, the rest folded away."""
    settings = evaluation.settings
    _measure(_)
    numbers = list(adjustables(settings))
    lines = [item for item in numbers if item.path.startswith("tiers.")]
    for item in lines or _amounts(settings):
        _line(_, item, settings)
    profit_known = "customer_profit" in summary.customers.columns
    _switch(_, "tiers.lead_if_loss", disabled=not profit_known)
    for item in numbers:
        if item.path in FIRST:
            setting_slider(_, item)
    hit_rates(_)
    _buttons(_, evaluation)
    more = st.expander(
        _("More rules"),
        key="more_rules",
        on_change="rerun",
        icon=":material/tune:",
        expanded=state.kept("_more", False),
    )
    # Its label is part of what it is: in another language it would begin closed.
    state.keep("_more", bool(more.open))
    if more.open:
        with more:
            _more_rules(_, [item for item in numbers if item not in lines and item.path not in FIRST], evaluation)


def _measure(_: Wording) -> None:
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    known = held_measures(opened, state.view())
    _choice(_, "tiers.measure", known, lambda code: measure_words(code, _), on_change=state.take_measure, args=())


def _choice(
    _: Wording,
    path: str,
    options: Sequence[Any],
    words: Callable[[Any], str],
    on_change: Callable[..., None] = state.take_from_widget,
    args: tuple[Any, ...] | None = None,
) -> None:
    given = state.seed_choice(path, get_value(state.settings(), path))
    st.selectbox(
        _.term("settings", f"{path}.label"),
        options,
        key=path,
        index=state.place_in(options, given),
        persist_state="session",
        format_func=words,
        help=_.term("settings", f"{path}.help"),
        on_change=on_change,
        args=(path,) if args is None else args,
    )


def _switch(_: Wording, path: str, *, disabled: bool) -> None:
    given = state.seed_widget(path)
    help_text = _.term("settings", f"{path}.help")
    st.toggle(
        _.term("settings", f"{path}.label"),
        key=path,
        value=given,
        persist_state="session",
        help=_("Needs a profit or cost column.") if disabled else help_text,
        disabled=disabled,
        on_change=state.take_from_widget,
        args=(path,),
    )


def _amounts(settings: Settings) -> list[Adjustable]:
    lines = settings.tiers.lines.items()
    return [Adjustable(f"tiers.amounts.{code}", value, 0, LARGEST_AMOUNT, 1, "money") for code, value in lines]


def _line(_: Wording, item: Adjustable, settings: Settings) -> None:
    """Draw one tier line; where lead means losing money, the line above lead does nothing and says so."""
    *section, code = item.path.split(".")
    kind, tier = ".".join(section), tier_words(code, _)
    idle = code == idle_line(settings)
    label = _.term("settings", f"{kind}.label", tier=tier)
    help_text = _("Not in force: heavy lead is drawn at zero profit.") if idle else None
    help_text = help_text or _.term("settings", f"{kind}.help", tier=tier)
    if item.unit == "money":
        given = state.seed_widget(item.path)
        st.number_input(
            label, value=float(given), min_value=0.0, max_value=item.high, step=_amount_step(item.default),
            key=item.path,
            persist_state="session", help=help_text,
            on_change=state.take_from_widget, args=(item.path,),
        )  # fmt: skip
        return
    setting_slider(_, item, label=label, help_text=help_text, disabled=idle, on_change=line_moved)


def _amount_step(amount: float) -> float:
    """Return by how much a click changes an amount: about a hundredth of it, a round number, at least one."""
    return float(10 ** max(0, floor(log10(amount)) - 1)) if amount >= 1 else 1.0


def setting_slider(
    _: Wording,
    item: Adjustable,
    *,
    label: str | None = None,
    help_text: str | None = None,
    disabled: bool = False,
    key: str | None = None,
    on_change: Callable[[str, str], None] = state.take_from_widget,
) -> None:
    """Draw the slider of one setting; `key` where it is not the setting's path."""
    key = key or item.path
    given = state.seed_widget(item.path, key)
    whole = float(item.step).is_integer()
    low, high, step = (int(n) if whole else float(n) for n in (item.low, item.high, item.step))
    st.slider(
        label or _label(_, item),
        min_value=low,
        max_value=high,
        value=type(low)(given),
        step=step,
        key=key,
        persist_state="session",
        format=_FORMATS.get(item.unit, "%d" if whole else "%.2f"),
        help=help_text or _.term("settings", f"{item.path}.help"),
        disabled=disabled,
        on_change=on_change,
        args=(item.path, key),
    )


def _label(_: Wording, item: Adjustable) -> str:
    """Name a slider, with the unit where its figure does not carry it."""
    label = _.term("settings", f"{item.path}.label")
    # In brackets, away from its number, a unit may need other words than behind it.
    key = f"unit_in_brackets.{item.unit}"
    if item.unit in _FORMATS or not _.has_term("model", key):
        return label
    return _("{label} ({unit})", label=label, unit=_.term("model", key))


def _buttons(_: Wording, evaluation: Evaluation) -> None:
    """Offer what changes many settings at once, and the way back."""
    with st.container(horizontal=True, gap="xsmall", key="view_buttons"):
        st.button(
            _("Undo"), key="undo", icon=":material/undo:", on_click=state.undo, disabled=not state.history(),
            help=_("Take back the last change."),
        )  # fmt: skip
        st.button(
            _("Redo"), key="redo", icon=":material/redo:", on_click=state.redo, disabled=not state.future(),
            help=_("Make the change again that was taken back."),
        )  # fmt: skip
        st.button(
            _("Defaults"), key="reset", icon=":material/restart_alt:", on_click=state.reset,
            disabled=state.at_defaults(), help=_("Settings, day and filters back to where they began."),
        )  # fmt: skip
        if st.button(
            _("Suggest"),
            key="suggest",
            icon=":material/lightbulb:",
            help=_("Let the data propose tier lines."),
            disabled=state.presenting().hides,
        ):
            suggest(_, evaluation)
        st.button(
            _("Pin"), key="pin", icon=":material/keep:", on_click=state.pin,
            help=_("Count changes from the present board on."),
        )  # fmt: skip


def _more_rules(_: Wording, numbers: list[Adjustable], evaluation: Evaluation) -> None:
    presets = [name for name in PRESETS if name != "pyramid_by_profit" or evaluation.profits is not None]
    given = state.seed_choice("tiers.preset", preset_of(evaluation.settings))
    st.selectbox(
        _.term("settings", "tiers.scheme.label"), presets, key="tiers.preset",
        index=state.place_in(presets, given), persist_state="session",
        on_change=state.take_preset,
        format_func=lambda name: _.term("model", f"scheme.{name}"), help=_.term("settings", "tiers.scheme.help"),
    )  # fmt: skip
    mode_words = lambda code: _.term("model", f"mode.{code}")  # noqa: E731
    _choice(_, "tiers.mode", modes_of(evaluation.settings.tiers), mode_words, on_change=_change_mode, args=())
    headings = {
        "period": _("Days and rhythm"),
        "lifecycle": _("Stages"),
        "flags": _("Signs for the strategy"),
        "service": _("Service"),
    }
    assert tuple(headings) == IN_SIDEBAR
    for section, heading in headings.items():
        st.markdown(bold(heading))
        if section == "lifecycle":
            lifecycle_choices(_)
        for item in numbers:
            if item.path.startswith(f"{section}."):
                _rule(_, item)


def _rule(_: Wording, item: Adjustable) -> None:
    """Draw the slider of a rule; of a stored summary the window stays as it is."""
    opened = state.opened()
    bound = item.path == "period.window" and opened is not None and opened.dataset.stored
    why = _("This file was summed up for this window; for another one, open its order lines.") if bound else None
    setting_slider(_, item, help_text=why, disabled=bound)


def _change_mode() -> None:
    """Draw lines by another rule; where lines stand now is asked now, for moving one does not draw this box again."""
    state.change_mode(drawn_by_amount(evaluation_now()))


def lifecycle_choices(_: Wording) -> None:
    """Offer the lifecycle model and the limits to begin with; an empty box means that somebody has moved a limit."""
    model_words = lambda code: _.term("model", f"model.{code}")  # noqa: E731
    _choice(_, "lifecycle.model", get_args(Model), model_words, on_change=state.take_model, args=())
    state.seed_choice("lifecycle.preset", lifecycle_preset_of(state.settings()))
    st.selectbox(
        _.term("settings", "lifecycle.preset.label"), list(LIFECYCLE_PRESETS), key="lifecycle.preset",
        index=None,
        persist_state="session",
        format_func=lambda name: _.term("model", f"lifecycle_preset.{name}"),
        placeholder=_("Limits of your own"), help=_.term("settings", "lifecycle.preset.help"),
        on_change=state.take_lifecycle_preset,
    )  # fmt: skip
