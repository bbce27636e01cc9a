"""One period: how unequal the customers of the last window were."""

import html
from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.charts.columns import Layer, columns_figure
from crmdash.charts.palette import BLUE, RUST
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.sections import FigureTile, Section, figure_row, reported

_ROOM: Final = 0.16
"""Room beside the longest bars, as a share of all."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the tenths of customers and the distribution of purchases, spend or profit, and list everybody."""
    titled(_, _("How unequal were customers in one period?"), "customer_audit")
    report = reported(_, evidence, "audit_period")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    deciles, distribution = st.columns([1, 1.3], gap="small")
    with deciles:
        _deciles(_, report)
    with distribution:
        _distribution(_, report)
    report_table(_, report.tables["deciles"], "audit.deciles", _("Tenths of the customers"))
    report_list(_, evidence, "audit_period", report.rows, _("Customers of the period"))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = {name: show(figure, _) for name, figure in report.figures.items()}
    tiles: list[FigureTile] = [
        (_("Customers who bought"), figures["customers"], _("{share} of the base", share=figures["share_of_base"]),
         _("In the last {days} days.", days=figures["days"])),
        (_("Purchases each"), figures["purchases_per_customer"], _("{share} bought once", share=figures["bought_once"]),
         None),
        (_("Revenue each"), _.compact_money(report.figures["revenue_per_customer"].value),
         _("{amount} a purchase", amount=_.compact_money(report.figures["revenue_per_purchase"].value)), None),
        (_("Best tenth makes"), figures["best_decile_share"], _("of {measure}", measure=figures["measure"]), None),
    ]  # fmt: skip
    if report.figures["losing"].value is not None:
        tiles.append((_("Lost money"), figures["losing"], _("customers in this period"), None))
    return tiles


def _deciles(_: Wording, report: Report) -> None:
    """Draw what each tenth of the customers holds."""
    measure = show(report.figures["measure"], _)
    rows = report.tables["deciles"].frame
    title = _("What each tenth of the customers brings")
    bars = [
        Bar(
            _.integer(row["decile"]),
            row["sum_share"] or 0.0,
            _.percent(row["sum_share"], 0),
            html.escape(_("Tenth {number}: {amount}, {mean} each", number=_.integer(row["decile"]),
                          amount=_.money(row["sum"]), mean=_.money(row["mean"]))),
            BLUE if row["sum"] >= 0 else RUST,
        )
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    if not bars:
        st.caption(_("Nobody bought in this period."))
        return
    words = written(title, _("Share of {measure}", measure=measure), _("Tenth of the customers, best first"))
    shares = [_("{label} {share}", label=bar.label, share=bar.text) for bar in bars]
    figure = bars_figure(bars, words, as_share=True)
    lowest, highest = min(0.0, *(bar.length for bar in bars)), max(bar.length for bar in bars)
    # What is written beside a loss needs room to the left of it.
    figure.update_xaxes(range=[lowest - _ROOM * (lowest < 0), highest + _ROOM], dtick=0.2)
    picture(figure, "audit.picture.deciles", told(_, title, shares))


def _distribution(_: Wording, report: Report) -> None:
    names = {"by_purchases": _("Purchases"), "by_revenue": _("Revenue"), "by_profit": _("Customer profit")}
    offered = [name for name in names if name in report.tables]
    if not offered:
        return
    chosen = one_of(_("Distribution of"), "audit.distribution", {name: names[name] for name in offered})
    rows = report.tables[chosen].frame.to_dicts()
    money = chosen != "by_purchases"
    labels = [bin_words(_, row["lower"], row["upper"], money=money) for row in rows]
    hovers = [
        html.escape(_("{bin}: {count} customers, {share}", bin=label, count=_.integer(row["customers"]),
                      share=_.percent(row["share"])))
        for label, row in zip(labels, rows, strict=True)
    ]  # fmt: skip
    title = _("Customers by {measure}", measure=names[chosen].lower())
    layer = Layer(names[chosen], BLUE, [row["customers"] for row in rows], hovers)
    words = written(title, _("{measure} per customer in the period", measure=names[chosen]), _("Customers"))
    figure = columns_figure([html.escape(label) for label in labels], [layer], words)
    picture(figure, "audit.picture.distribution", told(_, title, [html.unescape(hover) for hover in hovers]))


def bin_words(_: Wording, lower: int | None, upper: int | None, *, money: bool) -> str:
    """Name a bin by its edges; of whole purchases the last one in it is named."""
    amount = _.compact_money if money else _.integer
    if lower is None:
        return _("below {amount}", amount=amount(upper))
    if upper is None:
        return _("{amount} and more", amount=amount(lower))
    if not money and upper == lower + 1:
        return amount(lower)
    return _("{lowest}–{highest}", lowest=amount(lower), highest=amount(upper if money else upper - 1))


PERIOD: Final = Section("period", lambda _: _("One period"), draw)
