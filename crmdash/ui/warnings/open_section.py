"""Open matters: who would have ended but for an invoice, a complaint or a contract."""

from typing import Final

from crmdash.charts.bars import Bar
from crmdash.charts.palette import AMBER, BLUE, RUST
from crmdash.charts.picture_words import PictureWords
from crmdash.i18n import Wording
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.report_list import report_list
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.warnings.bars import draw_bars

_COLOURS: Final = {"invoice": AMBER, "complaint": RUST, "contract": BLUE}


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw what is open, and list whose it is."""
    titled(_, _("Open matters"), "open_matters")
    report = reported(_, evidence, "open_matters")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    bars = [
        Bar(
            _.term("warnings", f"matter.{row['matter']}"), row["customers"], _.integer(row["customers"]),
            _("{matter}: {count} customers, {amount}", matter=_.term("warnings", f"matter.{row['matter']}"),
              count=_.integer(row["customers"]), amount=_.compact_money(row["value"])),
            _COLOURS[row["matter"]],
        )
        for row in report.tables["matters"].frame.rows(named=True)
    ]  # fmt: skip
    words = PictureWords(_("What keeps them open"), _("Customers"), _.term("systems", "column.matter"))
    draw_bars(bars, "warnings.matters", words)
    report_list(_, evidence, "open_matters", report.rows, _("Customers kept open by what is unsettled"))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    return [
        (
            _("Kept open"), _.integer(figures["customers"].value), _("customers would have ended"),
            _("Silent beyond the limit, with something unsettled: settle it first."),
        ),
        (_("Their value"), _.compact_money(figures["value"].value), _("so far"), None),
        (
            _("Overdue"), _.compact_money(figures["overdue_amount"].value),
            _("{count} customers with an invoice", count=_.integer(figures["invoices"].value)), None,
        ),
        (_("Complaints"), _.integer(figures["complaints"].value), _("customers with an open one"), None),
        (_("Contracts"), _.integer(figures["contracts"].value), _("customers with one that runs"), None),
    ]  # fmt: skip


OPEN: Final = Section("open", lambda _: _("Open matters"), draw)
