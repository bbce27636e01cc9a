"""Walk-away value: what would walk out with one person."""

from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.palette import AMBER
from crmdash.charts.picture_words import PictureWords
from crmdash.columns import MONEY_SCALE
from crmdash.i18n import Wording
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.warnings.bars import draw_bars, money_marks

_MOST: Final = 10
"""So many people are shown, the most at risk first; the customers of all of them are listed."""

_BESIDE: Final = ("main_contact", "walk_away_value", "share_at_risk", "customers", "customers_all")
"""What there is room for beside the picture."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the value by person, and list the customers whom nobody else knows."""
    titled(_, _("Walk-away value"), "walk_away_value")
    report = reported(_, evidence, "walk_away_value")
    if report is None:
        return
    figures = report.figures
    foremost = figures["foremost"].value or _("nobody")
    figure_row(
        _,
        [
            (
                _("Would walk out"), _.compact_money(figures["walk_away_value"].value),
                _("{amount} not yet gone", amount=_.compact_money(figures["living_value"].value)),
                _("Value of the customers whom only one person knows, with a thin file."),
            ),
            (_("Known to one only"), _.integer(figures["customers"].value), _("customers"), None),
            (
                _("With how many people"), _.integer(figures["people_concerned"].value),
                _("most: {person}", person=foremost), None,
            ),
        ],
    )  # fmt: skip
    picture, table = st.columns(2, gap="small")
    with picture:
        _people(_, report)
    with table:
        people = report.tables["people"]
        first = Table(people.frame.head(_MOST), tuple(column for column in people.columns if column.name in _BESIDE))
        report_table(_, first, "warnings.people", _("Walk-away value by person"))
    rule_sliders(_, ["warning.one_person_share", "warning.complete_file"], columns=2)
    report_list(_, evidence, "walk_away_value", report.rows, _("Customers known to one person only"))


def _people(_: Wording, report: Report) -> None:
    bars = [
        Bar(
            row["main_contact"], row["walk_away_value"] / MONEY_SCALE,
            _("{amount}, {share} of all theirs", amount=_.compact_money(row["walk_away_value"]),
              share=_.percent(row["share_at_risk"], 0)),
            _("{person}: {count} of {all} customers, {amount}", person=row["main_contact"],
              count=_.integer(row["customers"]), all=_.integer(row["customers_all"]),
              amount=_.compact_money(row["walk_away_value"])),
            AMBER,
        )
        for row in report.tables["people"].frame.head(_MOST).rows(named=True)
    ]  # fmt: skip
    axis = _.term("systems", "column.main_contact")
    words = PictureWords(_("What would walk out with whom"), _("Value, amount"), axis)
    draw_bars(bars, "warnings.walk_away", words, money_marks(_))


WALK_AWAY: Final = Section("walk_away", lambda _: _("Walk-away value"), draw)
