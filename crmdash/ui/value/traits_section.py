"""Quality customers: how many of three traits each has, and whether more traits went with more loyalty and profit."""

import html
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.palette import BLUE
from crmdash.charts.value import FULL, Series, means_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.quality_traits import TRAITS
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import Section, figure_row, reported

RULES: Final = tuple(
    f"worth.{name}"
    for name in (
        "reliable_orders", "reliable_variation", "reliable_integrity", "reliable_days_late", "potential_percentile",
        "potential_wallet", "potential_on_time", "potential_signs", "satisfied", "values_us_recommend",
        "values_us_silence",
    )
)  # fmt: skip


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw who bought again by number of traits, and list the customers, those with most traits first."""
    titled(_, _("Quality customers: who has all three traits?"), "quality_traits")
    report = reported(_, evidence, "quality_traits")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    then = report.tables["by_traits"].frame
    if then["customers_before"].count():
        chart, table = st.columns(2, gap="small")
        with chart:
            _followed(_, evidence, then)
        with table:
            report_table(_, report.tables["by_traits"], "value.traits.table", _("Customers by number of traits"))
            st.caption(_verdict(_, report))
    report_list(_, evidence, "quality_traits", report.rows, _("Customers by number of traits"))
    rules_expander(_, "value.traits", RULES)


def _tiles(_: Wording, report: Report) -> list[tuple[str, str, str, str | None]]:
    figures = report.figures
    notes = {
        "reliable": _("a steady rhythm, and pays as agreed"),
        "potential_profit": _("two signs of four at least"),
        "values_us": _("{count} judged by behaviour", count=show(figures["by_behaviour"], _)),
    }
    helps = {
        "reliable": _("A customer for a whole window, with steady gaps, that pays as agreed."),
        "potential_profit": _("Buys much, mostly from us, pays on time, is simple to serve: two of the known signs."),
        "values_us": _("Satisfied, recommends us or has its expectations met; where nothing is known, buys on without "
                       "waiting for deals."),
    }  # fmt: skip
    none = _("{count} with none", count=show(figures["none"], _))
    return [
        (_("All three traits"), show(figures["all_three"], _), none, None),
        *((_.term("value", f"trait.{name}"), show(figures[name], _), notes[name], helps[name]) for name in TRAITS),
    ]


def _followed(_: Wording, evidence: Evidence, by_traits: pl.DataFrame) -> None:
    days = _.integer(evidence.clock.comparison)
    title = _("Bought in the {days} days since, by traits before", days=days)
    rows = by_traits.filter(pl.col("customers_before") > 0).rows(named=True)
    hovers = [
        _("{traits} traits: {share} of {customers} customers bought since", traits=row["traits"],
          share=_.percent(row["bought_since"]), customers=_.integer(row["customers_before"]))
        for row in rows
    ]  # fmt: skip
    shares = tuple(round(row["bought_since"] * FULL, 1) for row in rows)
    bars = Series("", BLUE, shares, tuple(html.escape(text) for text in hovers))
    said = written(title, _("Traits one period ago"), _("Per cent that bought since"))
    picture(
        means_figure([str(row["traits"]) for row in rows], [bars], said, FULL), "value.traits", told(_, title, hovers)
    )


def _verdict(_: Wording, report: Report) -> str:
    """Say whether the claim holds here that customers with more traits stay more often."""
    rises = report.figures["retention_rises"].value
    if rises is None:
        return _("More traits, more loyal? Too few customers to tell.")
    if rises:
        return _("More traits, more loyal? It holds here: with every further trait more customers bought again.")
    return _("More traits, more loyal? It does not hold here.")


TRAITS_SECTION: Final = Section("traits", lambda _: _("Quality customers"), draw)
