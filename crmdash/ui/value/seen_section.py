"""Four values that customers see in us, by tier."""

from typing import Final

from crmdash.charts.value import means_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.four_values import VALUES
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.value.pictures import tier_groups

BEST: Final = 10.0


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the four values by tier, and list the customers, those who see least first."""
    titled(_, _("What customers see in us: four values"), "four_values")
    report = reported(_, evidence, "four_values")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    title = _("Four values by tier")
    groups = tier_groups(_, report.tables["tiers"].frame, VALUES, evidence.settings, "seen")
    labels = [_.term("value", f"seen.{name}") for name in VALUES]
    said = written(title, _("Value that customers see"), _("Points of 10, on average"))
    picture(means_figure(labels, groups, said, BEST), "value.seen", told(_, title, [_means(_, report)]))
    report_list(_, evidence, "four_values", report.rows, _("Customers by the value they see, least first"))


def _tiles(_: Wording, report: Report) -> list[tuple[str, str, str, str | None]]:
    figures = report.figures
    asked = _("of {count} customers asked", count=show(figures["customers"], _))
    weakest = show(figures["weakest"], _)
    tiles: list[tuple[str, str, str, str | None]] = [
        (_("All four"), show(figures["customer_value"], _), asked, _("Points of 10; the four weigh the same."))
    ]
    for name in VALUES:
        label = _.term("value", f"seen.{name}")
        tiles.append((label, show(figures[name], _), _("the weakest") if label == weakest else _("of 10"), None))
    return tiles


def _means(_: Wording, report: Report) -> str:
    means = [
        _("{measure} {mean}", measure=_.term("value", f"seen.{name}"), mean=show(report.figures[name], _))
        for name in VALUES
    ]
    return _.joined(means)


SEEN_SECTION: Final = Section("seen", lambda _: _("Values they see"), draw)
