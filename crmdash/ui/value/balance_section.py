"""Give and take: what customers get from us against what they give, and whom we owe more."""

import html
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.literal import literal
from crmdash.charts.palette import tier_colour
from crmdash.charts.value import Dots, balance_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.balance import SIDES
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.words import tier_words

MOST_DOTS: Final = 400
CORNERS: Final = ("under_served", "balanced", "neglected", "over_served")
"""Names of the fields as they lie in the picture: top left, top right, bottom left, bottom right."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw give and take, and list the customers, the under-served first."""
    titled(_, _("Give and take: whom do we owe more?"), "balance")
    report = reported(_, evidence, "balance")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    known = report.rows.frame.filter(pl.col("balance").is_not_null())
    _drawn(_, evidence, known)
    report_list(_, evidence, "balance", Table(known, report.rows.columns), _("Customers by give and take"))
    rules_expander(_, "value.balance", ("worth.balance_line", "worth.peers_at_least"))


def _tiles(_: Wording, report: Report) -> list[tuple[str, str, str, str | None]]:
    values = dict(report.tables["sides"].frame.select("balance", "value").iter_rows())
    notes = {side: _("value {amount}", amount=_.compact_money(values[side])) for side in SIDES}
    helps = {side: _.term("value", f"balance_advice.{side}") for side in SIDES}
    return [
        (_.term("value", f"balance.{side}"), show(report.figures[side], _), notes[side], helps[side]) for side in SIDES
    ]


def _drawn(_: Wording, evidence: Evidence, known: pl.DataFrame) -> None:
    title = _("What they get against what they give")
    said = written(title, _("What the customer gets: points of 100"), _("What it gives: percentile among its peers"))
    shown, scheme = sampled(known, MOST_DOTS), evidence.settings.tiers.scheme
    groups = [
        _dots(_, tier_words(tier, _), tier_colour(tier, scheme), shown.filter(pl.col("tier") == tier))
        for tier in evidence.settings.tiers.codes
        if (shown["tier"] == tier).any()
    ]
    corners = [html.escape(_.term("value", f"balance.{side}")) for side in CORNERS]
    counts = dict(known.group_by("balance").len().iter_rows())
    parts = [
        _("{side}: {count}", side=_.term("value", f"balance.{side}"), count=_.integer(counts.get(side, 0)))
        for side in SIDES
    ]
    figure = balance_figure(groups, corners, evidence.settings.worth.balance_line, said)
    picture(figure, "value.balance", told(_, title, parts))
    if len(shown) < len(known):
        st.caption(_("A sample of {shown} out of {all} customers is drawn, in proportion to the tiers; the figures and "
                     "the list are of all.", shown=_.integer(len(shown)), all=_.integer(len(known))))  # fmt: skip


def sampled(rows: pl.DataFrame, most: int) -> pl.DataFrame:
    """Return at most about `most` rows, as many of each tier as is its share, evenly spread over the order of rows."""
    step = len(rows) / most
    if step <= 1:
        return rows
    place = pl.int_range(pl.len()).over("tier")
    return rows.filter((place / step).floor() != ((place - 1) / step).floor())


def _dots(_: Wording, name: str, colour: str, rows: pl.DataFrame) -> Dots:
    hovers = [
        _("{customer}: gets {gets}, gives {gives}", customer=literal(row["name"] or row["customer_id"]),
          gets=_.decimal(row["gets"], 0), gives=_.decimal(row["gives"], 0))
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip
    gets, gives = (tuple(rows[column].round(1).to_list()) for column in ("gets", "gives"))
    return Dots(html.escape(name), colour, gets, gives, tuple(hovers))


BALANCE_SECTION: Final = Section("balance", lambda _: _("Give and take"), draw)
