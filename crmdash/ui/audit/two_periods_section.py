"""Two periods: who was kept, won, came back or was lost, and the bridge between two revenues."""

import html
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.audit import BridgeStep, bridge_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.audit_two_periods import GROUPS
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.sections import FigureTile, Section, figure_row, reported

_ENDS: Final = ("before", "late")
_BESIDE: Final = ("group", "direction", "customers", "revenue_before", "revenue_late", "change")


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the bridge, set the groups beside each other, and list whose revenue changed most."""
    titled(_, _("What changed between two periods?"), "customer_audit")
    report = reported(_, evidence, "audit_two_periods")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    _bridge(_, report)
    groups, moves = st.columns(2, gap="small")
    with groups:
        report_table(_, _narrow(report.tables["groups"]), "audit.groups", _("Groups of customers"))
    with moves:
        report_table(_, _narrow(report.tables["moves"]), "audit.moves", _("Kept customers by change of spend"))
    report_table(
        _, report.tables["drivers"], "audit.drivers", _("Revenue = customers × purchases × revenue a purchase")
    )
    _list(_, evidence, report)


def _narrow(table: Table) -> Table:
    """Leave out what there is no room for beside another table."""
    return Table(table.frame, tuple(column for column in table.columns if column.name in _BESIDE))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = {name: show(figure, _) for name, figure in report.figures.items()}
    days = _("Bought in both: the last {days} days and the {days} days before.", days=figures["days"])
    return [
        (_("Kept"), figures["retained"], _("{share} of the earlier ones", share=figures["kept_share"]), days),
        (_("New"), figures["new"], _("first purchase in the later period"), None),
        (_("Came back"), figures["returned"], _("had skipped the earlier period"), None),
        (_("Lost"), figures["lost"], _("bought only in the earlier one"),
         _("Lost means: did not buy in the later period. Some will come back.")),
        (_("Revenue"), _.compact_money(report.figures["revenue_late"].value),
         _("{change} against {before}", change=_change(_, report),
           before=_.compact_money(report.figures["revenue_before"].value)), None),
    ]  # fmt: skip


def _change(_: Wording, report: Report) -> str:
    share = report.figures["change_share"].value
    return _("{change}%", change=_.signed(None if share is None else share * 100, 1))


def _bridge(_: Wording, report: Report) -> None:
    rows = [
        row
        for row in report.tables["bridge"].frame.iter_rows(named=True)
        if row["step"] in _ENDS or row["customers"] or row["amount"]
    ]
    steps = []
    for row in rows:
        label = _.term("audit", f"step.{row['step']}")
        hover = _("{step}: {amount}, {count} customers", step=label, amount=_.money(row["amount"]),
                  count=_.integer(row["customers"]))  # fmt: skip
        text = _.compact_money(row["amount"])
        steps.append(BridgeStep(html.escape(label), row["amount"], text, html.escape(hover), row["step"] in _ENDS))
    title = _("From the earlier revenue to the later one")
    words = written(title, "", _("Revenue, in the file's currency"))
    said = [html.unescape(step.hover) for step in steps]
    picture(bridge_figure(steps, words, _.compact_money), "audit.picture.bridge", told(_, title, said))


def _list(_: Wording, evidence: Evidence, report: Report) -> None:
    counts = dict(report.rows.frame.group_by("group").len().iter_rows())
    offered = [group for group in GROUPS if counts.get(group)]
    group = st.pills(
        _("Only the group"), offered, key="audit.group", format_func=lambda code: _.term("audit", f"group.{code}"),
        persist_state="session",
    )  # fmt: skip
    rows = report.rows.frame if group is None else report.rows.frame.filter(pl.col("group") == group)
    report_list(_, evidence, "audit_two_periods", Table(rows, report.rows.columns), _("Customers by change of revenue"))


TWO_PERIODS: Final = Section("two_periods", lambda _: _("Two periods"), draw)
