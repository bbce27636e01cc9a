"""The strip of key figures above the board."""

from collections.abc import Callable
from typing import Final

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.systems.early_warning import Alerts, alerts
from crmdash.ui import state
from crmdash.ui.cache import evaluation_now, evidence_of
from crmdash.ui.changes import how_many_moved, since
from crmdash.ui.figures import key_figure
from crmdash.ui.words import value_words


@st.fragment(key="strip")
def key_figures(_: Wording) -> None:
    """Show concentration, loss-makers, what changed and the alerts."""
    evaluation = evaluation_now()
    with st.grid(5, min_column_width=140, gap="small"):
        for figure in _FIGURES:
            figure(_, evaluation)


def _top_share(_: Wording, evaluation: Evaluation) -> None:
    figures = evaluation.concentration
    key_figure(
        _("Top 20% make"),
        _.percent(figures.top20_share),
        _(
            "of {amount} {measure}",
            amount=_.compact_money(figures.total),
            measure=value_words(evaluation.settings, _).lower(),
        ),
        _("Share of all positive value held by the largest fifth of customers. Measured, not assumed."),
    )


def _for_most(_: Wording, evaluation: Evaluation) -> None:
    needed, base = evaluation.concentration.customers_for_80, evaluation.base
    share = _("nothing is positive")
    if needed is not None and base:
        share = _("customers, {share} of all", share=_.percent(needed / base))
    key_figure(
        _("80% come from"),
        _.integer(needed),
        share,
        _("The fewest largest customers that together hold 80% of all positive value."),
    )


def _loss_makers(_: Wording, evaluation: Evaluation) -> None:
    whale = evaluation.whale
    key_figure(
        _("Lose money"),
        _.integer(None if whale is None else whale.loss_makers),
        _("customers, {amount}", amount=_.compact_money(whale.profit_destroyed))
        if whale is not None
        else _("needs profit or cost"),
        _("Customers whose profit after cost to serve is below zero, and what they lose together."),
    )


def _changed(_: Wording, evaluation: Evaluation) -> None:
    moved = how_many_moved(evaluation)
    note = since(_)
    if moved.customers:
        hours = _.signed(moved.hours_wanted, 0)
        note = _("{amount} · {hours} visit hours", amount=_.compact_money(moved.value), hours=hours)
    key_figure(
        _("Changed tier"),
        _.integer(moved.customers),
        note,
        _(
            "Customers in another tier than {since}, the value they stand for now, and how many hours of visits a year "
            "the service policy asks for more or less. What their profit can pay for stands in the list below.",
            since=since(_),
        ),
    )


def _alerts(_: Wording, evaluation: Evaluation) -> None:
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    evidence = evidence_of(opened, state.view())
    found = alerts(evidence) if evidence.can("early_warning") else None
    key_figure(
        _("Alerts"),
        _.integer(None if found is None else found.customers),
        _alerts_note(_, found),
        _(
            "Customers with a risk score of {alert} or more. At stake is their expected profit times the score in per "
            "cent. Who they are, and why, stands on the Warnings page.",
            alert=_.integer(evaluation.settings.warning.alert),
        ),
    )


def _alerts_note(_: Wording, found: Alerts | None) -> str:
    if found is None:
        return _("needs dates of purchase")
    if found.at_stake is None:
        return _("customers at risk")
    return _("customers, {amount} at stake", amount=_.compact_money(found.at_stake))


_FIGURES: Final[tuple[Callable[[Wording, Evaluation], None], ...]] = (
    _top_share,
    _for_most,
    _loss_makers,
    _changed,
    _alerts,
)
