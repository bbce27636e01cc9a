"""Expectations: what customers expected and what they experienced, by tier; the aim is as low as suffices, and met."""

import html
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.value import EXPECTED, EXPERIENCED, Series, dumbbell_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.words import tier_words


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw both sides by tier, and list the customers: those promised too much first, then the widest gaps."""
    titled(_, _("Expectations: did we promise too much?"), "expectations")
    report = reported(_, evidence, "expectations")
    if report is None:
        return
    figure_row(_, _tiles(_, evidence, report))
    _by_tier(_, report.tables["tiers"].frame)
    st.caption(_("The aim: expectations as low as suffice, and met. Promise nothing that cannot be kept."))
    known = report.rows.frame.filter(pl.col("gap").is_not_null())
    report_list(_, evidence, "expectations", Table(known, report.rows.columns), _("Customers by unmet expectation"))
    rules_expander(_, "value.expectations", ("worth.good_experience", "worth.expectation_gap"))


def _tiles(_: Wording, evidence: Evidence, report: Report) -> list[tuple[str, str, str, str | None]]:
    figures, worth = report.figures, evidence.settings.worth
    asked = _("of {count} customers asked", count=show(figures["customers"], _))
    value = _.compact_money(figures["promised_too_much_value"].value)
    explained = _(
        "Experience of {experience} or more, and yet a gap of {gap} or less: good service, but a larger promise.",
        experience=_.decimal(worth.good_experience, 1), gap=_.decimal(worth.expectation_gap, 1),
    )  # fmt: skip
    return [
        (_("Expectation met"), show(figures["met"], _), asked, None),
        (_("Gap on average"), _.signed(figures["gap"].value, 2), _("experience − expectation"), None),
        (
            _("Promised too much"), show(figures["promised_too_much"], _), _("value {amount}", amount=value), explained,
        ),
    ]  # fmt: skip


def _by_tier(_: Wording, means: pl.DataFrame) -> None:
    rows = means.filter(pl.col("customers") > 0).rows(named=True)
    names = [tier_words(row["tier"], _) for row in rows]
    title = _("Expected and experienced, by tier")
    expected = _series(_, _("Expectation"), EXPECTED, rows, names, "expectation")
    experienced = _series(_, _("Experience"), EXPERIENCED, rows, names, "experience")
    parts = [
        _("{tier}: expected {expectation}, experienced {experience}", tier=name,
          expectation=_.decimal(row["expectation"], 1), experience=_.decimal(row["experience"], 1))
        for name, row in zip(names, rows, strict=True)
    ]  # fmt: skip
    said = written(title, _("Points of 10, on average"), _("Tier"))
    figure = dumbbell_figure([html.escape(name) for name in names], expected, experienced, said)
    picture(figure, "value.expectations", told(_, title, parts))


def _series(_: Wording, name: str, colour: str, rows: list[dict[str, Any]], tiers: list[str], column: str) -> Series:
    hovers = [
        html.escape(_("{tier}, {measure}: {mean}", tier=tier, measure=name, mean=_.decimal(row[column], 2)))
        for tier, row in zip(tiers, rows, strict=True)
    ]
    return Series(html.escape(name), colour, tuple(row[column] for row in rows), tuple(hovers))


EXPECTATIONS_SECTION: Final = Section("expectations", lambda _: _("Expectations"), draw)
