"""RF and RFM grids: every cell with its segment, customers and value."""

import html
from collections.abc import Mapping
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.kinds import Words
from crmdash.i18n import Wording
from crmdash.model.grids import RF, RFM, SegmentMap
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.kinds.shares import cell_map, chosen_kind
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import Section, reported
from crmdash.ui.theme import ink

_MAPS: Final[dict[str, SegmentMap]] = {"rf_grid": RF, "rfm_grid": RFM}
_SLIDERS: Final = {"rf_grid": "kinds.rf_classes", "rfm_grid": "kinds.rfm_classes"}


def draw(_: Wording, evidence: Evidence) -> None:
    """Let the reader choose a grid, and draw it with its segments."""
    titled(_, _("Segments by recency, frequency and money"), "segment_grids")
    code = _chosen(_)
    report = reported(_, evidence, code)
    if report is None:
        return
    rule_sliders(_, [_SLIDERS[code]])
    if code == "rf_grid":
        _panel(_, report.tables["cells"].frame, _("How lately and how often they bought"), "kinds.rf")
    else:
        _by_money(_, report)
    words_of = lambda name: _.term("kinds", f"segment.{name}")  # noqa: E731
    picked = chosen_kind(
        _, _("Show the customers of a segment"), tuple(_MAPS[code].segments), words_of, f"kinds.{code}.segment"
    )
    rows = report.rows.frame if picked is None else report.rows.frame.filter(pl.col("segment") == picked)
    report_list(_, evidence, code, Table(rows, report.rows.columns), _("Customers by segment"))
    left, right = st.columns([1.5, 1], gap="small")
    with left:
        report_table(_, report.tables["by_segment"], f"kinds.{code}.segments", _("Segments with customers and value"))
    with right:
        report_table(_, report.tables["cuts"], f"kinds.{code}.cuts", _("Where the classes end"))
        st.caption(_("Equal values are never parted, so classes may differ in size. Recency is in days."))


def _chosen(_: Wording) -> str:
    names = {name: _.term("kinds", f"rule_set.{name}") for name in _MAPS}
    return one_of(_("Grid"), "kinds.grid", names)


def _by_money(_: Wording, report: Report) -> None:
    """Draw one panel of recency and frequency for each class of money, the highest first."""
    cells = report.tables["cells"].frame
    classes = sorted(cells["money_class"].unique(), reverse=True)
    strongest = cells.select(pl.col("value_share").max()).item()
    for number in classes:
        title = _("Money class {number} of {classes}", number=_.integer(number), classes=_.integer(len(classes)))
        _panel(_, cells.filter(pl.col("money_class") == number), title, f"kinds.rfm.{number}", strongest)


def _panel(_: Wording, cells: pl.DataFrame, title: str, key: str, strongest: float | None = None) -> None:
    recency, frequency = (sorted(cells[f"{name}_class"].unique()) for name in ("recency", "frequency"))
    rows = [
        {**row, "row": str(row["recency_class"]), "column": str(row["frequency_class"])}
        for row in cells.rows(named=True)
    ]
    words = Words(
        html.escape(title),
        x_axis=html.escape(_("Frequency class: 1 seldom, {most} often", most=_.integer(frequency[-1]))),
        y_axis=html.escape(_("Recency class: {most} lately", most=_.integer(recency[-1]))),
        ink=ink(),
    )
    down = [(str(number), _("R{number}", number=number)) for number in reversed(recency)]
    across = [(str(number), _("F{number}", number=number)) for number in frequency]
    cell_map(_, rows, (down, across), words, key, lambda row: _segment(_, row), strongest)


def _segment(_: Wording, row: Mapping[str, Any]) -> str | None:
    return None if row["segment"] is None else _.term("kinds", f"segment.{row['segment']}")


GRIDS: Final = Section("grids", lambda _: _("RF and RFM grids"), draw)
