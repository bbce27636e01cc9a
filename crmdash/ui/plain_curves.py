"""The two curves as Plotly figures: for browsers that may not run code of ours."""

import html

import streamlit as st

from crmdash.charts.curves import CurveWords, TierLine, pareto_figure, whale_figure
from crmdash.charts.large_type import enlarged
from crmdash.charts.palette import SLATE, tier_colour
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.concentration import cumulative_curve
from crmdash.ui import state
from crmdash.ui.changes import before
from crmdash.ui.theme import CONFIG, ground, ink, type_size
from crmdash.ui.words import tier_words, value_words

ALONE = 1.6
"""How much taller the curve is drawn where it is the only panel."""


def pareto_chart(_: Wording, evaluation: Evaluation) -> None:
    """Draw cumulated value over customers, with the tier lines."""
    values, measure = evaluation.values, value_words(evaluation.settings, _).lower()
    title = _("Top 20% of customers make {share} of {measure}",
              share=_.percent(evaluation.concentration.top20_share), measure=measure)  # fmt: skip
    words = CurveWords(
        title=html.escape(title),
        x_axis=_("Share of customers, largest first"),
        y_axis=_("Share of positive {measure}", measure=measure),
        point=_("{x} of customers hold {y}", x="%{x:.1f}%", y="%{y:.1f}%") + "<extra></extra>",
        ink=ink(),
        ground=ground(),
    )
    lines, earlier = tier_lines(_, evaluation), baseline_lines(evaluation)
    figure = pareto_figure(cumulative_curve(values), values.size, values.positive_total, lines, words, earlier)
    st.plotly_chart(
        enlarged(figure, type_size(), ALONE if not state.presenting().shows_everything else 1),
        key="pareto",
        config=CONFIG,
        alt=title,
    )


def baseline_lines(evaluation: Evaluation) -> list[TierLine]:
    """Return the baseline's lines that stand elsewhere now, at their amounts on the present curve."""
    then, tiers = before(), evaluation.settings.tiers
    if then.settings.tiers.measure != tiers.measure or then.settings.tiers.scheme != tiers.scheme:
        return []
    moved = {code: cut for code, cut in then.cuts.items() if cut is not None and cut != evaluation.cuts.get(code)}
    ends = {code: evaluation.values.count_at_or_above(cut) for code, cut in moved.items()}
    return [TierLine(end, tier_colour(code, tiers.scheme), "") for code, end in ends.items()]


def tier_lines(_: Wording, evaluation: Evaluation) -> list[TierLine]:
    """Return where each tier ends on the value curve; tiers without a cut of their own share the rest."""
    values, tiers = evaluation.values, evaluation.settings.tiers
    ends = {code: values.count_at_or_above(cut) for code, cut in evaluation.cuts.items() if cut is not None}
    if tiers.lead_if_loss and tiers.measure == "customer_profit":
        ends[tiers.codes[-2]] = values.positives
    lines, before = [], 0
    for code, end in ends.items():
        lines.append(TierLine(end, tier_colour(code, tiers.scheme), _line_words(_, evaluation, (code,), before, end)))
        before = end
    rest = tuple(code for code in evaluation.cuts if code not in ends)
    colour = tier_colour(rest[0], tiers.scheme) if len(rest) == 1 else SLATE
    return [*lines, TierLine(values.size, colour, _line_words(_, evaluation, rest, before, values.size))]


def _line_words(_: Wording, evaluation: Evaluation, codes: tuple[str, ...], start: int, end: int) -> str:
    """Name a part of the curve: its tiers, their value and customers; nothing for a part without customers."""
    if end <= start:
        return ""
    held = evaluation.values.sum_of_largest(end) - evaluation.values.sum_of_largest(start)
    tiers = " + ".join(tier_words(code, _) for code in codes)
    words = _("{tier}: {customers}, {value}", tier=tiers, customers=_.integer(end - start), value=_.compact_money(held))
    return html.escape(words)


def whale_chart(_: Wording, evaluation: Evaluation) -> None:
    """Draw cumulated profit over customers, with its peak."""
    profits, whale = evaluation.profits, evaluation.whale
    assert profits is not None and whale is not None
    peak = _.percent(whale.peak_share) if whale.peak_share is not None else _.compact_money(profits.positive_total)
    title = _("{count} customers lose {amount}", count=_.integer(whale.loss_makers),
              amount=_.compact_money(-whale.profit_destroyed))  # fmt: skip
    in_percent = whale.peak_share is not None
    words = CurveWords(
        title=html.escape(title),
        x_axis=_("Share of customers, most profitable first"),
        y_axis=_("Share of total customer profit") if in_percent else _("Customer profit"),
        point=_("{x} of customers: {y}", x="%{x:.1f}%", y="%{y:.1f}%" if in_percent else "%{y:,.0f}")
        + "<extra></extra>",
        note=_("Peak {peak} at customer {place}", peak=peak, place=_.integer(whale.peak_at)),
        ink=ink(),
        ground=ground(),
    )
    colours = evaluation.settings.tiers.scheme
    lines = [TierLine(whale.peak_at, tier_colour(evaluation.settings.tiers.codes[0], colours), "")]
    lines.append(TierLine(profits.size, tier_colour("lead", colours), ""))
    figure = whale_figure(
        cumulative_curve(profits), profits.size, profits.total, lines, words, (whale.peak_at, profits.positive_total)
    )
    st.plotly_chart(
        enlarged(figure, type_size(), ALONE if not state.presenting().shows_everything else 1),
        key="whale",
        config=CONFIG,
        alt=title,
    )
