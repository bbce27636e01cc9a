"""Exit barriers: what keeps customers with us, and who is captive."""

from typing import Final

import streamlit as st

from crmdash.charts.bars import Bar
from crmdash.charts.picture_words import PictureWords
from crmdash.charts.warnings import FORM_COLOURS
from crmdash.i18n import Wording
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.warnings.bars import draw_parts
from crmdash.ui.words import bold


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw kinds of barriers and what became of those without, and list who has some."""
    titled(_, _("Exit barriers"), "exit_barriers")
    report = reported(_, evidence, "exit_barriers")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    kinds, ties = st.columns(2, gap="small")
    with kinds:
        _kinds(_, report)
    with ties:
        st.markdown(bold(_("Who is gone, by what ties them")))
        report_table(_, report.tables["ties"], "warnings.ties", _("Customers and the share that is gone, by ties"))
        st.caption(_("That those with bonds stay longer does not prove that the bonds hold them."))
    rule_sliders(_, ["warning.captive_satisfaction"])
    report_list(_, evidence, "exit_barriers", report.rows, _("Customers with exit barriers, captives first"))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    none = _("{count} have none entered", count=_.integer(figures["none"].value))
    return [
        (_("With barriers"), _.integer(figures["with_barriers"].value), none, None),
        (_("Bonds only"), _.integer(figures["bonds_only"].value), _("they value what holds them"), None),
        (_("Lock-ins only"), _.integer(figures["lockins_only"].value), _("they resent what holds them"), None),
        (
            _("Captive"), _.integer(figures["captive"].value),
            _("worth {amount}", amount=_.compact_money(figures["captive_value"].value)),
            _("Only locked in, and not satisfied: they will leave when they are free."),
        ),
    ]  # fmt: skip


def _kinds(_: Wording, report: Report) -> None:
    rows = report.tables["kinds"].frame.rows(named=True)
    names = {"bond": _("Bonds"), "lockin": _("Lock-ins")}
    parts = [
        (
            name,
            [
                Bar(
                    _.term("warnings", f"barrier.{row['barrier']}"), row[form], _.integer(row[form]),
                    _("{barrier}, {form}: {count} customers", barrier=_.term("warnings", f"barrier.{row['barrier']}"),
                      form=name, count=_.integer(row[form])),
                    FORM_COLOURS[form],
                )
                for row in rows
            ],
        )
        for form, name in names.items()
    ]  # fmt: skip
    axis = _.term("systems", "column.barrier")
    draw_parts(parts, "warnings.barriers", PictureWords(_("Bonds and lock-ins by kind"), _("Customers"), axis))


BARRIERS: Final = Section("barriers", lambda _: _("Exit barriers"), draw)
