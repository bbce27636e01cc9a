"""The complaint iceberg: the dissatisfied who said so, and those who never did."""

import html
from typing import Any, Final

import polars as pl

from crmdash.charts.value import SILENT, SPOKE, Series, iceberg_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.words import tier_words


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw those who complained above the water line and the silent below it, and list them, the silent first."""
    titled(_, _("Complaints are the tip: the dissatisfied who never said a word"), "complaint_iceberg")
    report = reported(_, evidence, "complaint_iceberg")
    if report is None:
        return
    rule_sliders(_, ("worth.dissatisfied",))
    figure_row(_, _tiles(_, report))
    _iceberg(_, report.tables["tiers"].frame)
    report_list(_, evidence, "complaint_iceberg", report.rows, _("Dissatisfied customers, the silent first"))


def _tiles(_: Wording, report: Report) -> list[tuple[str, str, str, str | None]]:
    figures = report.figures
    asked = _("of {count} customers asked", count=show(figures["asked"], _))
    worth = _("value {amount}", amount=_.compact_money(figures["value"].value))
    return [
        (_("Dissatisfied"), show(figures["dissatisfied"], _), asked, None),
        (_("Complained"), show(figures["complained"], _), _("at any time"), None),
        (_("Never complained"), show(figures["never_complained"], _), worth, None),
        (_("Share that kept silent"), show(figures["share"], _), _("of the dissatisfied"), None),
    ]


def _iceberg(_: Wording, tiers: pl.DataFrame) -> None:
    rows = tiers.filter(pl.col("customers") > 0).rows(named=True)
    if not rows:
        return
    names = [tier_words(row["tier"], _) for row in rows]
    spoke = _series(_, _("Complained"), SPOKE, names, [row["customers"] - row["never_complained"] for row in rows])
    silent = _series(_, _("Never complained"), SILENT, names, [row["never_complained"] for row in rows])
    title = _("Dissatisfied, by tier: who spoke, who kept silent")
    said = written(title, _("Tier"), _("Customers"))
    parts = [html.unescape(text) for series in (spoke, silent) for text in series.hovers]
    figure = iceberg_figure([html.escape(name) for name in names], spoke, silent, said)
    picture(figure, "value.iceberg", told(_, title, parts))


def _series(_: Wording, name: str, colour: str, tiers: list[str], counts: list[Any]) -> Series:
    hovers = [
        html.escape(_("{tier}, {group}: {count}", tier=tier, group=name.lower(), count=_.integer(count)))
        for tier, count in zip(tiers, counts, strict=True)
    ]
    return Series(html.escape(name), colour, tuple(counts), tuple(hovers))


ICEBERG_SECTION: Final = Section("iceberg", lambda _: _("Complaint iceberg"), draw)
