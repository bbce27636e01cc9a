"""The whole base: revenue by quarter and by when its customers were won."""

import html
from typing import Final

import polars as pl

from crmdash.charts.columns import Layer, columns_figure
from crmdash.charts.palette import FAINT, SERIES, SLATE
from crmdash.i18n import Wording
from crmdash.phrases import Figure, show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import download, report_table
from crmdash.ui.sections import FigureTile, Section, figure_row, reported

_LAYERS: Final = len(SERIES) - 1
"""So many years have a colour of their own; what was won before them shares one."""
_COLUMNS: Final = 24
_NAMED: Final = 8
_HEIGHT: Final = 330


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw revenue of every quarter, stacked by the year in which its customers first bought."""
    titled(_, _("Who brings the revenue: old customers or new ones?"), "cohort")
    report = reported(_, evidence, "audit_base")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    _stack(_, report)
    report_table(_, report.tables["quarters"], "audit.quarters", _("Revenue by quarter"))
    download(_, evidence, report.rows, "audit.base", _("Revenue by quarter and cohort"))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = {name: figure.value for name, figure in report.figures.items()}
    tiles: list[FigureTile] = [
        (_("Revenue of the file"), _.compact_money(figures["revenue"]), _("up to the as-at day"),
         _("All cohorts and quarters add up to it exactly, whatever value period the tiers use.")),
        (_("Customers"), _.integer(figures["customers"]), _("in {cohorts} cohorts",
                                                            cohorts=_.integer(figures["cohorts"])), None),
        (_("From customers of the last year"), _.percent(figures["newcomers_share"], 0),
         _("of the revenue of {quarter}", quarter=show(report.figures["quarter"], _)),
         _("Their first purchase fell into that quarter or the three before.")),
    ]  # fmt: skip
    if figures["returns_only"]:
        amount = _.compact_money(figures["returns_only"])
        tiles.append((_("Returns only"), amount, _("from customers without a purchase"), None))
    return tiles


def _stack(_: Wording, report: Report) -> None:
    quarters = report.tables["quarters"].frame["quarter"].to_list()[-_COLUMNS:]
    rows = report.tables["years"].frame.filter(pl.col("quarter").is_in(quarters))
    layers = []
    new = rows.filter(~pl.col("may_be_older"))
    years = sorted(new["cohort_year"].drop_nulls().unique())
    own = years[-_LAYERS:]
    apart = pl.col("may_be_older") | ~pl.col("cohort_year").is_in(own)
    older = rows.filter(pl.col("cohort_year").is_not_null() & apart)
    if len(older):
        merged = len(years) > len(own)
        label = (
            _("{year} and before", year=years[-_LAYERS - 1]) if merged else _("earlier, or in the file’s first days")
        )
        layers.append(_layer(_, label, SLATE, older, quarters))
    for year, colour in zip(own, SERIES, strict=False):
        layers.append(_layer(_, year, colour, new.filter(pl.col("cohort_year") == year), quarters))
    without = rows.filter(pl.col("cohort_year").is_null())
    if len(without):
        layers.append(_layer(_, _("no purchase"), FAINT, without, quarters))
    title = _("Revenue by quarter, stacked by year of the first purchase")
    words = written(title, _("Quarter"), _("Revenue, in the file's currency"))
    step = -(-len(quarters) // _NAMED)
    labels = [
        show(Figure("quarter", quarter), _) if place % step == 0 else "" for place, quarter in enumerate(quarters)
    ]
    figure = columns_figure(labels, layers, words, _.compact_money).update_layout(height=_HEIGHT)
    last = [html.unescape(layer.hovers[-1]) for layer in layers]
    picture(figure, "audit.picture.base", told(_, title, last))


def _layer(_: Wording, label: str, colour: str, rows: pl.DataFrame, quarters: list[str]) -> Layer:
    sums = dict(rows.group_by("quarter").agg(pl.col("revenue").sum()).iter_rows())
    heights = [int(sums.get(quarter, 0)) for quarter in quarters]
    hovers = [
        html.escape(_("{quarter} ({year}): {amount}", quarter=show(Figure("quarter", quarter), _), year=label,
                      amount=_.money(height)))
        for quarter, height in zip(quarters, heights, strict=True)
    ]  # fmt: skip
    return Layer(html.escape(label), colour, heights, hovers)


BASE: Final = Section("base", lambda _: _("Whole base"), draw)
