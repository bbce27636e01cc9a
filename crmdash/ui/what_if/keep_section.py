"""Keeping or winning, and price: what a few more kept customers are worth, and what a price cut would have to earn."""

import html
from typing import Final

import numpy as np
import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.charts.lines import Line, lines_figure
from crmdash.charts.palette import tier_colour
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.price_cut import needed_over
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, written
from crmdash.ui.report_list import download, report_table
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.words import bold, tier_words

DEEPEST: Final = 25
"""Price cuts up to so many per cent are drawn."""

HIGHEST: Final = 300
"""Volumes above so many per cent more are not drawn: no price cut brings them."""


def draw_keeping(_: Wording, evidence: Evidence) -> None:
    """Draw what keeping a few more is worth, beside what winning as much costs."""
    titled(_, _("Keep or win?"), "keeping")
    report = reported(_, evidence, "retention_gain")
    if report is None:
        return
    assumed = report.figures["acquisition_cost_assumed"].value
    paid = ["economics.acquisition_cost"] if assumed else []
    rule_sliders(_, ["economics.retention_gain", *paid, "economics.newcomer_after"])
    st.caption(_("How many more can be kept is an assumption: the slider sets it. Everything else is measured, unless a note says otherwise."))  # noqa: E501  # fmt: skip
    figures = report.figures
    points = _.integer(figures["retention_gain"].value * 100)
    figure_row(
        _,
        [
            (_("Gain a year"), _.compact_money(figures["gain"].value), _("{points} points more kept", points=points),
             _("Living customers × points kept more × mean expected profit, over all tiers.")),
            (_("To win as much anew"), _.decimal(figures["newcomers_needed"].value, 0), _("new customers"), None),
            (_("Winning them costs"), _.compact_money(figures["cost_of_winning"].value),
             _("{cost} each", cost=_.money(figures["acquisition_cost"].value)), None),
            (_("A newcomer’s first year"), _.compact_money(figures["newcomer_profit"].value),
             _("mean of {count}", count=_.integer(figures["newcomers"].value)),
             _("Customer profit in the first window of all newcomers whose first window is over.")),
        ],
    )  # fmt: skip
    if figures["cost_of_winning"].value is not None:
        cost = _.compact_money(figures["cost_of_winning"].value)
        st.markdown(bold(_("Keeping is cheaper than winning as long as it costs less than {cost}.", cost=cost)))
    _gains(_, evidence, report)
    report_table(_, report.rows, "what_if.retention_gain", _("Keeping and winning by tier"))
    download(_, evidence, report.rows, "retention_gain", _("Keeping and winning by tier"))


def _gains(_: Wording, evidence: Evidence, report: Report) -> None:
    """Draw the gain of every tier."""
    rows = report.rows.frame.filter(report.rows.frame["gain"].is_not_null())
    if not len(rows):
        return
    bars = [
        Bar(tier_words(tier, _), gain, _.compact_money(gain), html.escape(_worth(_, tier, gain, worth)),
            tier_colour(tier, evidence.settings.tiers.scheme))
        for tier, gain, worth in rows.select("tier", "gain", "worth_keeping").iter_rows()
    ]  # fmt: skip
    title = _(
        "What keeping {points} points more is worth", points=_.integer(report.figures["retention_gain"].value * 100)
    )
    figure = bars_figure(bars, written(title, _("Profit gained a year, in the file’s currency"), _("Tier")))
    figure.update_xaxes(showticklabels=False)
    picture(figure, "what_if.gain", title)


def _worth(_: Wording, tier: str, gain: int, worth: int) -> str:
    return _("{tier}: {gain}, or {worth} a customer", tier=tier_words(tier, _), gain=_.money(gain),
             worth=_.money(worth))  # fmt: skip


def draw_price(_: Wording, evidence: Evidence) -> None:
    """Draw how much more would have to be sold to pay for a price cut."""
    titled(_, _("What a price cut must earn"), "price_cut")
    report = reported(_, evidence, "price_cut")
    if report is None:
        return
    rule_sliders(_, ["economics.price_cut"])
    figures = report.figures
    needed = figures["volume_needed"].value
    cut = _.percent(figures["price_cut"].value, 0)
    figure_row(
        _,
        [
            (_("More volume needed"), _.percent(needed) if needed is not None else _("impossible"),
             _("for prices {cut} lower", cut=cut),
             _("Price cut ÷ (margin − price cut). Impossible where the cut takes the whole margin.")),
            (_("Gross margin"), _.percent(figures["margin"].value), _("of revenue, measured"), None),
            (_("Given away at first"), _.compact_money(figures["given_away"].value), _("on the present volume"), None),
        ],
    )  # fmt: skip
    _needed(_, evidence, report)
    report_table(_, report.rows, "what_if.price_cut", _("Volume needed by tier"))
    download(_, evidence, report.rows, "price_cut", _("Volume needed by tier"))


def _needed(_: Wording, evidence: Evidence, report: Report) -> None:
    """Draw the volume needed over the price cut, a line per tier."""
    cuts = np.round(np.arange(0, DEEPEST + 0.25, 0.5), 2)
    lines = []
    for tier, margin in report.rows.frame.select("tier", "margin").drop_nulls().iter_rows():
        volume = np.round(needed_over(cuts / 100, margin) * 100, 1)
        y = [float(value) if value <= HIGHEST else None for value in volume]
        name = tier_words(tier, _)
        point = html.escape(_("{tier}: {cut} off needs {volume} more", tier=name, cut="%{x}%", volume="%{y}%"))
        colour = tier_colour(tier, evidence.settings.tiers.scheme)
        lines.append(Line(name, colour, cuts.tolist(), y, f"{point}<extra></extra>"))
    title = _("The thinner the margin, the dearer the cut")
    words = written(title, _("Price cut"), _("More volume needed"))
    figure = lines_figure(lines, words, mark=evidence.settings.economics.price_cut)
    figure.update_xaxes(range=[0, DEEPEST])
    told = _("{title}: {cut} off needs {volume} more volume", title=title,
             cut=_.percent(report.figures["price_cut"].value, 0),
             volume=show(report.figures["volume_needed"], _))  # fmt: skip
    picture(figure, "what_if.price", told)


KEEPING: Final = Section("keeping", lambda _: _("Keep or win"), draw_keeping)
PRICE: Final = Section("price", lambda _: _("Price cut"), draw_price)
