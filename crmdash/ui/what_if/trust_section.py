"""Trust: the loyalty ladder, second orders, and who brought whom."""

import html
from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.charts.literal import literal
from crmdash.charts.palette import AMBER, BLUE, MAUVE, SLATE, TEAL
from crmdash.i18n import Wording
from crmdash.phrases import Figure, show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.words import bold

RULES: Final = (
    "economics.second_order_rhythms", "economics.contact_within", "economics.regular_orders",
    "economics.regular_silence", "economics.advocate_recommend",
)  # fmt: skip
SHOWN_QUARTERS: Final = 8
"""So many quarters are drawn, the last ones."""

LARGEST: Final = 10
"""So many introducers are drawn."""

_COLOURS: Final = {"first": SLATE, "repeat": MAUVE, "regular": AMBER, "loyal": BLUE, "advocate": TEAL}
_LONGEST: Final = 28


def draw_trust(_: Wording, evidence: Evidence) -> None:
    """Draw the ladder and the second-order rate, and list everybody with its rung."""
    titled(_, _("How far trust has grown"), "trust")
    report = reported(_, evidence, "trust_ladder")
    if report is None:
        return
    figure_row(_, _second_orders(_, report))
    ladder, quarters = st.columns([1.2, 1], gap="small")
    with ladder:
        _ladder(_, report)
    with quarters:
        _by_quarter(_, report)
    rungs = report.tables["ladder"].frame.reverse()
    codes = rungs.filter(rungs["customers"] > 0)["rung"].to_list()
    rung = st.pills(
        _("Only the rung"), codes, key="what_if.rung", format_func=lambda code: _.term("what_if", f"rung.{code}"),
        persist_state="session",
    )  # fmt: skip
    rows = report.rows.frame if rung is None else report.rows.frame.filter(report.rows.frame["rung"] == rung)
    report_list(_, evidence, "trust_ladder", Table(rows, report.rows.columns), _("Customers by rung"))
    rules_expander(_, "what_if.trust", RULES)


def _second_orders(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    tiles: list[FigureTile] = [
        *_rates(_, report),
        (_("Loyal or advocate"), _.integer(figures["loyal"].value + figures["advocate"].value), _("customers"), None),
    ]  # fmt: skip
    if figures["contacted_soon_share"].value is None:
        return tiles
    rates = [figures[f"second_order_rate_{name}"].value for name in ("contacted", "not_contacted")]
    with_contact, without = (_.percent(rate) for rate in rates)
    return [
        *tiles,
        (_("Contacted soon"), _.percent(figures["contacted_soon_share"].value), _("after the first order"),
         _("Any contact but an advertisement, from the day after the first order on.")),
        (_("Second order, contacted soon"), with_contact, _("{share} without", share=without),
         _("Those contacted may differ from the others in more than the contact.")),
    ]  # fmt: skip


def _rates(_: Wording, report: Report) -> list[FigureTile]:
    """Return the second-order rate, of new customers first where the file also holds some who may be older."""
    figures = report.figures
    days = _.integer(figures["second_order_within"].value)
    count, new = figures["observed"].value, figures["observed_new"].value
    within, rate = _("within {days} days", days=days), _.percent(figures["second_order_rate_new"].value)
    of = _("Of {count} customers whose first order lies at least so long back.", count=_.integer(new))
    if new == count:
        return [(_("Order a second time"), rate, within, of)]
    return [
        (_("Order a second time"), rate, _("new customers, within {days} days", days=days), of),
        (_("With older customers"), _.percent(figures["second_order_rate"].value),
         _("of {count} customers", count=_.integer(count)),
         _("Counts those too who may have bought long before the file begins. The other rates of this row leave them "
           "out.")),
    ]  # fmt: skip


def _ladder(_: Wording, report: Report) -> None:
    bars = [
        Bar(_.term("what_if", f"rung.{rung}"), share or 0.0, _.integer(customers),
            html.escape(_("{count} customers, {value} of all value", count=_.integer(customers),
                          value=_.percent(value_share))), _COLOURS[rung])
        for rung, customers, share, value_share in report.tables["ladder"].frame.reverse().select(
            "rung", "customers", "share", "value_share"
        ).iter_rows()
    ]  # fmt: skip
    title = _("The loyalty ladder")
    figure = bars_figure(bars, written(title, _("Share of customers"), _("Rung")), as_share=True)
    picture(figure, "what_if.ladder", title)


def _by_quarter(_: Wording, report: Report) -> None:
    """Draw the second-order rate of the last quarters' newcomers."""
    every = report.tables["by_quarter"].frame
    rows = every.tail(SHOWN_QUARTERS)
    if not len(rows):
        st.caption(_("Nobody’s first order lies far enough back to tell a second-order rate."))
        return
    names = [show(Figure("quarter", quarter), _) for quarter in rows["quarter"]]
    bars = [
        Bar(quarter, rate, _.percent(rate, 0), html.escape(_("{quarter}: {share} of {count}", quarter=quarter,
                                                              share=_.percent(rate), count=_.integer(count))))
        for quarter, count, rate in zip(names, rows["customers"], rows["second_order_rate"], strict=True)
    ]  # fmt: skip
    title = _("Second orders, by quarter of the first")
    words = written(title, _("Share with a second order in time"), _("Quarter of the first order"))
    picture(bars_figure(bars, words, as_share=True), "what_if.second_orders", title)
    if len(every) > len(rows):
        st.caption(_("The last {shown} of {count} quarters are shown.", shown=_.integer(len(rows)),
                     count=_.integer(len(every))))  # fmt: skip


def draw_recommendations(_: Wording, evidence: Evidence) -> None:
    """Draw who brought the most, and list all who brought anybody."""
    titled(_, _("Who brought whom"), "recommendations")
    report = reported(_, evidence, "recommendations")
    if report is None:
        return
    figures = report.figures
    prospects = figures["referrals"].value - figures["referred_buying"].value
    figure_row(
        _,
        [
            (_("Brought by others"), _.integer(figures["referrals"].value),
             _("of them {count} not buying yet", count=_.integer(prospects)), None),
            (_("Introducers"), _.integer(figures["introducers"].value),
             _("{count} more not in this list", count=_.integer(figures["unknown_introducers"].value)),
             _("Introducers who are no customer of this data, or are filtered out.")),
            (_("Value brought"), _.compact_money(figures["brought_value"].value),
             _("{share} of all value", share=_.percent(figures["value_share"].value)), None),
        ],
    )  # fmt: skip
    _introducers(_, report)
    st.markdown(bold(_("Brought or not: what they are worth")))
    report_table(_, report.tables["came"], "what_if.came", _("Brought or not: what they are worth"))
    report_list(_, evidence, "recommendations", report.rows, _("Customers who brought others"))


def _introducers(_: Wording, report: Report) -> None:
    rows = report.rows.frame.filter(report.rows.frame["brought_value"] > 0).head(LARGEST)
    if not len(rows):
        return
    bars = []
    for row in rows.iter_rows(named=True):
        who = row.get("name") or row["customer_id"]
        brought = _.plural("{n} customer", "{n} customers", row["referred"])
        hover = _("Brought {customers} worth {value}; buys {own} itself", customers=brought,
                  value=_.money(row["brought_value"]), own=_.money(row["value"]))  # fmt: skip
        amount = row["brought_value"]
        bars.append(Bar(literal(who, _LONGEST), amount, _.compact_money(amount), f"{literal(who)}<br>{html.escape(hover)}"))  # noqa: E501  # fmt: skip
    title = _("Who brought the largest value")
    figure = bars_figure(bars, written(title, _("Value brought, in the file’s currency"), _("Introducer")))
    picture(figure.update_xaxes(showticklabels=False), "what_if.introducers", title)


TRUST: Final = Section("trust", lambda _: _("Trust"), draw_trust)
RECOMMENDATIONS: Final = Section("recommendations", lambda _: _("Recommendations"), draw_recommendations)
