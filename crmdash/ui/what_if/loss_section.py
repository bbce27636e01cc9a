"""Loss of the top: take away the largest customers, an account manager's or a tier, and look at what remains."""

import html
from typing import Final

import numpy as np
import polars as pl
import streamlit as st

from crmdash.charts.columns import Layer, columns_figure
from crmdash.charts.lines import Line, lines_figure
from crmdash.charts.palette import BLUE, FAINT, tier_colour
from crmdash.i18n import Wording
from crmdash.model.concentration import cumulative_curve
from crmdash.scope import UNKNOWN, scope_values
from crmdash.systems.evidence import Evidence
from crmdash.systems.loss_of_the_top import Removal, Standing, left_without, of_each, standing, taken
from crmdash.systems.report import CUSTOMER, TIER, Column, Table
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.words import bold, tier_words, value_words

TAKEN: Final = (
    *CUSTOMER, TIER, Column("owner", "text"), Column("value", "money"), Column("revenue", "money"),
    Column("customer_profit", "money"),
)  # fmt: skip


_BESIDE: Final = {
    "orientation": "v", "traceorder": "reversed", "xref": "paper", "x": 1.02, "yref": "paper", "y": 1,
}  # fmt: skip
"""A legend beside the first picture names the tiers from the top, as they lie; it serves the second one too."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Ask who is taken away, and show what remains beside what was."""
    titled(_, _("What remains without them?"), "loss_of_the_top")
    report = reported(_, evidence, "loss_of_the_top")
    if report is None:
        return
    away = _asked(_, evidence)
    base = of_each(evidence)
    gone = taken(base, away)
    left = left_without(base, away)
    before, after = standing(base), standing(left)
    figure_row(_, _tiles(_, before, after, value_words(evidence.settings, _)))
    _pictures(_, evidence, left, before, after)
    st.markdown(bold(_("Those taken away")))
    lost = Table(base.filter(gone), TAKEN)
    report_list(_, evidence, "loss_of_the_top", lost, _("Customers taken away"), "what_if.taken")
    name = "without_owner" if away.kind == "owner" else "without_tier"
    compared = "without_half_of_tier" if away.kind == "half" else name
    if away.kind != "top" and compared in report.tables:
        st.markdown(bold(_("Each one taken away alone")))
        report_table(_, report.tables[compared], f"what_if.{compared}", _("What would be left without each"))


def _asked(_: Wording, evidence: Evidence) -> Removal:
    """Let the reader say who is taken away."""
    owners = scope_values(evidence.base, "owner")
    ways = {
        "top": _("The largest"),
        **({"owner": _("An account manager’s")} if owners else {}),
        "tier": _("A tier"),
        "half": _("Half of a tier"),
    }
    if state.kept("what_if.take", "top") not in ways:
        state.keep("what_if.take", "top")
    given = state.seed_choice("what_if.take", state.kept("what_if.take", "top"))
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="what_if_asked"):
        st.segmented_control(
            _("Take away"), list(ways), key="what_if.take", default=given, format_func=ways.__getitem__, required=True,
            persist_state="session",
        )  # fmt: skip
        kind = state.kept("what_if.take", "top")
        if kind == "top":
            return _largest(_, evidence)
        return _an_owners(_, owners) if kind == "owner" else _a_tier(_, evidence, half=kind == "half")


def _largest(_: Wording, evidence: Evidence) -> Removal:
    most = max(1, len(evidence.base))
    usual = min(evidence.settings.economics.top_n, most)
    given = state.seed("what_if.top_n", min(int(state.kept("what_if.top_n", None) or usual), most))
    count = st.number_input(
        _("How many of the largest"), min_value=1, max_value=most, step=1, key="what_if.top_n", value=given, width=170,
        persist_state="session",
    )  # fmt: skip
    return Removal("top", count=int(count))


def _an_owners(_: Wording, owners: list[str]) -> Removal:
    chosen = state.kept("what_if.owner", None)
    given = state.seed_choice("what_if.owner", chosen if chosen in owners else owners[0])
    owner = st.selectbox(
        _("Whose customers"), owners, key="what_if.owner", index=state.place_in(owners, given), width=260,
        persist_state="session",
        format_func=lambda name: _("nobody’s") if name == UNKNOWN else name,
    )  # fmt: skip
    return Removal("owner", name=None if owner == UNKNOWN else owner)


def _a_tier(_: Wording, evidence: Evidence, *, half: bool) -> Removal:
    codes = evidence.settings.tiers.codes
    chosen = state.kept("what_if.tier", None)
    given = state.seed_choice("what_if.tier", chosen if chosen in codes else codes[0])
    tier = st.selectbox(
        _("Which tier"), codes, key="what_if.tier", index=state.place_in(codes, given), width=220,
        persist_state="session",
        format_func=lambda code: tier_words(code, _),
        help=_("Half of it is drawn by chance, the same half every time.") if half else None,
    )  # fmt: skip
    return Removal("half" if half else "tier", name=tier)


def _tiles(_: Wording, before: Standing, after: Standing, measure: str) -> list[FigureTile]:
    tiles: list[FigureTile] = [
        (_("Customers left"), _.integer(after.customers), _of(_, before.customers, after.customers,
                                                              _.integer(before.customers)), None),
    ]  # fmt: skip
    for label, then, now in (
        (_("Revenue left"), before.revenue, after.revenue),
        (_("Profit left"), before.profit, after.profit),
    ):
        if then is not None and now is not None:
            tiles.append((label, _.compact_money(now), _of(_, then, now, _.compact_money(then)), None))
    was = _("was {share}", share=_.percent(before.top20_share))
    explained = _("The share of the positive {measure} that the largest fifth of the customers left holds.",
                  measure=measure.lower())  # fmt: skip
    return [*tiles, (_("Top 20% make"), _.percent(after.top20_share), was, explained)]


def _of(_: Wording, before: int, after: int, whole: str) -> str:
    if before <= 0:
        return _("of {whole}", whole=whole)
    return _("{share} of {whole}", share=_.percent(after / before), whole=whole)


def _pictures(_: Wording, evidence: Evidence, left: pl.DataFrame, before: Standing, after: Standing) -> None:
    shown = [name for name in ("revenue", "customer_profit") if name in evidence.base.columns]
    places = st.columns([*(1.45 if name == "revenue" else 1 for name in shown), 1.7], gap="small")
    for place, name in zip(places, shown, strict=False):
        with place:
            _bars(_, evidence, left, name)
    with places[-1]:
        _curves(_, evidence, before, after)


def _bars(_: Wording, evidence: Evidence, left: pl.DataFrame, name: str) -> None:
    """Draw a measure before and after, stacked by tier."""
    words = _.term("model", f"measure.{name}")
    sums = [dict(frame.group_by("tier").agg(pl.col(name).sum()).iter_rows()) for frame in (evidence.base, left)]
    columns = [_("Before"), _("After")]
    layers = []
    for tier in reversed(evidence.settings.tiers.codes):
        heights = [int(of_tier.get(tier, 0)) for of_tier in sums]
        label = tier_words(tier, _)
        hovers = [
            html.escape(_("{when}, {tier}: {amount}", when=when, tier=label, amount=_.money(height)))
            for when, height in zip(columns, heights, strict=True)
        ]
        layers.append(Layer(label, tier_colour(tier, evidence.settings.tiers.scheme), heights, hovers))
    title = _("{measure} before and after", measure=words)
    figure = columns_figure(columns, layers, written(title, "", words), _.compact_money)
    first = name == "revenue"
    figure.update_layout(showlegend=first, legend=_BESIDE if first else None)
    picture(figure, f"what_if.left_{name}", title)


def _curves(_: Wording, evidence: Evidence, before: Standing, after: Standing) -> None:
    """Draw the cumulative curve of everybody and, on the same axes, of those who remain."""
    whole, size = before.values.positive_total, before.values.size
    if whole <= 0:
        st.info(_("No customer has a positive value, so there is no curve to draw."))
        return
    point = _("{x} of customers hold {y}", x="%{x:.1f}%", y="%{y:.1f}%") + "<extra></extra>"
    lines = [
        _line(_("Before"), FAINT, before, (size, whole), point, "dot"),
        _line(_("After"), BLUE, after, (size, whole), point, "solid"),
    ]
    measure = value_words(evidence.settings, _).lower()
    title = _("The curve with and without them")
    words = written(title, _("Share of today’s customers, largest first"), _("Share of today’s {measure}",
                                                                              measure=measure))  # fmt: skip
    figure = lines_figure(lines, words)
    figure.update_xaxes(range=[0, 100])
    figure.update_yaxes(range=[0, 104])
    told = _("{title}: {share} of the {measure} is left", title=title, measure=measure,
             share=_.percent(after.values.positive_total / whole))  # fmt: skip
    picture(figure, "what_if.curve", told)


def _line(name: str, colour: str, held: Standing, wholes: tuple[int, int], point: str, dash: str) -> Line:
    curve, (size, whole) = cumulative_curve(held.values), wholes
    x = np.round(curve.customers * 100 / max(size, 1), 3)
    y = np.round(curve.value * 100 / whole, 3)
    return Line(name, colour, x.tolist(), y.tolist(), point, dash)


LOSS: Final = Section("loss", lambda _: _("Loss of the top"), draw)
