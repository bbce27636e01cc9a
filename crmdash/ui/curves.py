"""The curve panel: Pareto curve of the value, or whale curve of the customer profit."""

from dataclasses import asdict, dataclass
from typing import Any

import streamlit as st

from crmdash.charts.palette import SLATE, tier_colour
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.ui import state
from crmdash.ui.concepts import concept_link
from crmdash.ui.live.component import is_live, live_part
from crmdash.ui.plain_curves import pareto_chart, whale_chart
from crmdash.ui.words import value_words


@dataclass(frozen=True)
class CurvePart:
    """What the browser is told of the curve drawn: its words, and colours that belong to no tier.

    `point` keeps the placeholders x and y; `positives` is how many are above zero where lead begins there.
    """

    curve: str
    title: str
    x_axis: str
    y_axis: str
    point: str
    note: str
    colours: tuple[str, str]
    rest_colour: str
    positives: int | None
    alone: bool


def curve_panel(_: Wording, evaluation: Evaluation) -> None:
    """Offer both curves, and draw the chosen one with the tier lines on it."""
    kinds = ["pareto", "whale"] if evaluation.profits is not None else ["pareto"]
    if state.kept("curve", "pareto") not in kinds:
        state.seed("curve", "pareto")
    names = {"pareto": _("Value (Pareto)"), "whale": _("Profit (whale)")}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="curve_head"):
        given = state.seed_choice("curve", state.kept("curve", "pareto"))
        st.segmented_control(
            _("Curve"), kinds, key="curve",
            default=given, format_func=names.__getitem__, required=True, label_visibility="collapsed",
            persist_state="session",
        )  # fmt: skip
        chosen = state.kept("curve", "pareto")
        concept_link(_.term("concepts", f"{chosen}.idea"), chosen)
    if chosen == "pareto" and evaluation.values.positive_total <= 0:
        st.info(_("No customer has a positive value, so there is no curve to draw."))
    elif is_live():
        live_part("curve", curve_part(_, evaluation, chosen))
    else:
        (whale_chart if chosen == "whale" else pareto_chart)(_, evaluation)
    if kinds == ["pareto"]:
        st.caption(_("A profit or cost column would switch on: the whale curve."))


def curve_part(_: Wording, evaluation: Evaluation, curve: str) -> dict[str, Any]:
    """Return what the browser is told of the chosen curve."""
    tiers = evaluation.settings.tiers
    lead_at_zero = tiers.lead_if_loss and tiers.measure == "customer_profit"
    part = CurvePart(
        curve=curve,
        **(_whale_words if curve == "whale" else _pareto_words)(_, evaluation),
        colours=(tier_colour(tiers.codes[0], tiers.scheme), tier_colour("lead", tiers.scheme)),
        rest_colour=SLATE,
        positives=evaluation.values.positives if lead_at_zero else None,
        alone=not state.presenting().shows_everything,
    )
    return asdict(part)


def _pareto_words(_: Wording, evaluation: Evaluation) -> dict[str, str]:
    measure = value_words(evaluation.settings, _).lower()
    share = _.percent(evaluation.concentration.top20_share)
    return {
        "title": _("Top 20% of customers make {share} of {measure}", share=share, measure=measure),
        "x_axis": _("Share of customers, largest first"),
        "y_axis": _("Share of positive {measure}", measure=measure),
        "point": _("{x} of customers hold {y}", x="{x}", y="{y}"),
        "note": "",
    }


def _whale_words(_: Wording, evaluation: Evaluation) -> dict[str, str]:
    profits, whale = evaluation.profits, evaluation.whale
    assert profits is not None and whale is not None, "the whale is offered where profits are known"
    peak = _.percent(whale.peak_share) if whale.peak_share is not None else _.compact_money(profits.positive_total)
    lost = _.compact_money(-whale.profit_destroyed)
    in_percent = whale.peak_share is not None
    return {
        "title": _("{count} customers lose {amount}", count=_.integer(whale.loss_makers), amount=lost),
        "x_axis": _("Share of customers, most profitable first"),
        "y_axis": _("Share of total customer profit") if in_percent else _("Customer profit"),
        "point": _("{x} of customers: {y}", x="{x}", y="{y}"),
        "note": _("Peak {peak} at customer {place}", peak=peak, place=_.integer(whale.peak_at)),
    }
