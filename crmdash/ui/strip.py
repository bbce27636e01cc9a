"""The strip of key figures above the board."""

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.lifecycle import PHASE_OF
from crmdash.ui.figures import key_figure
from crmdash.ui.words import stage_words, value_words


def key_figures(_: Wording, evaluation: Evaluation) -> None:
    """Show value, concentration, loss-makers and customers falling away."""
    with st.grid(5, min_column_width=150, gap="small"):
        _total(_, evaluation)
        _top_share(_, evaluation)
        _for_most(_, evaluation)
        _loss_makers(_, evaluation)
        _falling(_, evaluation)


def _total(_: Wording, evaluation: Evaluation) -> None:
    key_figure(
        value_words(evaluation.settings, _),
        _.compact_money(evaluation.concentration.total),
        _("{customers} customers", customers=_.integer(evaluation.base)),
        _("Net sum over every customer with a purchase; returns are taken off."),
    )


def _top_share(_: Wording, evaluation: Evaluation) -> None:
    figures = evaluation.concentration
    key_figure(
        _("Top 20% make"),
        _.percent(figures.top20_share),
        _("of {measure}", measure=value_words(evaluation.settings, _).lower()),
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


def _falling(_: Wording, evaluation: Evaluation) -> None:
    falling = [stage for stage, phase in PHASE_OF.items() if phase == "falling"]
    rows = evaluation.stages.filter(evaluation.stages["stage"].is_in(falling))
    known = len(rows) > 0
    key_figure(
        stage_words(falling[0], _),
        _.integer(int(rows["customers"].sum()) if known else None),
        _("customers, {amount}", amount=_.compact_money(int(rows["value"].sum())))
        if known
        else _("needs dates of purchase"),
        _("Customers in the falling phase, and the value they stand for: the first to look after."),
    )
