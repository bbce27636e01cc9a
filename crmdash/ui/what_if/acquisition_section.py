"""Where new customers come from, which sources fade, and through how many channels customers buy."""

import html
from collections.abc import Sequence
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.charts.columns import Layer, columns_figure
from crmdash.charts.literal import literal
from crmdash.charts.palette import SERIES, SLATE
from crmdash.i18n import Wording
from crmdash.phrases import Figure, show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Column, Report, Table
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, written
from crmdash.ui.report_list import download, report_table
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.words import bold

RULES: Final = ("economics.fading_fall", "economics.fading_cost", "economics.newcomer_after")
NAMED: Final = 5
"""So many sources have a colour of their own; the others share one."""

QUARTERS: Final = 12
"""So many quarters are drawn, the last ones."""

_CHANNELS: Final = 100
"""So many channels are listed, the largest first."""


def draw_acquisition(_: Wording, evidence: Evidence) -> None:
    """Draw newcomers by quarter and source, and the verdict on every source."""
    titled(_, _("Where new customers come from"), "acquisition")
    report = reported(_, evidence, "acquisition")
    if report is None:
        return
    figure_row(_, _tiles(_, report))
    _newcomers(_, report)
    sources = report.tables["sources"]
    if "source" in sources.frame.columns:
        shown = Table(_named(_, sources.frame), sources.columns)
        report_table(_, shown, "what_if.sources", _("Sources in the last complete quarter"))
    else:
        report_table(_, report.tables["quarters"], "what_if.quarters", _("New customers by quarter"))
    download(_, evidence, report.rows, "acquisition", _("New customers by quarter and source"))
    rules_expander(_, "what_if.acquisition", RULES)


def _named(_: Wording, sources: pl.DataFrame) -> pl.DataFrame:
    return sources.with_columns(pl.col("source").fill_null(_("not entered")))


def _tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    ago = _("the same quarter a year ago") if figures["compared_with_quarters_ago"].value == 4 else _("the quarter before")  # noqa: E501  # fmt: skip
    quarter = show(figures["quarter"], _)
    now = _("{quarter}: new customers", quarter=quarter) if figures["quarter"].value else _("New customers")
    tiles: list[FigureTile] = [
        (now, _.integer(figures["new_customers"].value),
         _("{count} in {then}", count=_.integer(figures["year_ago"].value), then=ago), None),
        (_("Change"), _change(_, figures["change"].value), ago, None),
    ]  # fmt: skip
    if figures["cost_per_newcomer"].value is not None:
        dearer = _("{change} against {then}", change=_change(_, figures["cost_change"].value), then=ago)
        tiles.append((_("Cost per newcomer"), _.compact_money(figures["cost_per_newcomer"].value), dearer, None))
    if "source" in report.tables["sources"].frame.columns:
        of_all = _("of {count} sources", count=_.integer(figures["sources_named"].value))
        explained = _("Fewer than a year ago by the limit in two quarters running, or dearer by the limit.")
        tiles.append((_("Sources fading"), _.integer(figures["sources_fading"].value), of_all, explained))
    return tiles


def _change(_: Wording, change: float | None) -> str:
    return _.percent(None) if change is None else _("{change}%", change=_.signed(change * 100, 0))


def _newcomers(_: Wording, report: Report) -> None:
    """Draw the newcomers of every quarter that can be judged, stacked by source."""
    rows = report.rows.frame.filter(pl.col("index") >= _first_fair(report))
    quarters = sorted(rows["quarter"].unique().to_list())[-QUARTERS:]
    if not quarters:
        return
    if "source" not in rows.columns:
        rows = rows.with_columns(source=pl.lit(_("All")))
    rows = rows.filter(pl.col("quarter").is_in(quarters))
    layers = _layers(_, rows, quarters)
    title = _("New customers by quarter and source")
    names = [show(Figure("quarter", quarter), _) for quarter in quarters]
    figure = columns_figure(names, layers, written(title, _("Quarter of the first purchase"), _("New customers")))
    picture(figure, "what_if.newcomers", title)


def _first_fair(report: Report) -> int:
    """Return the first quarter with anything to compare later ones with: those of the file's first days are not shown.

    Where nothing can be compared, every quarter is shown.
    """
    back = report.figures["compared_with_quarters_ago"].value
    compared = report.rows.frame.filter(pl.col("year_ago").is_not_null())["index"].min()
    return compared - back if isinstance(compared, int) else -1


def _layers(_: Wording, rows: pl.DataFrame, quarters: Sequence[str]) -> list[Layer]:
    sizes = rows.filter(pl.col("source").is_not_null()).group_by("source").agg(pl.col("new_customers").sum())
    named = sizes.sort("new_customers", "source", descending=[True, False])["source"].head(NAMED).to_list()
    by_source = rows.with_columns(shown=pl.when(pl.col("source").is_in(named)).then(pl.col("source")))
    counts = {
        (quarter, source): count
        for quarter, source, count in by_source.group_by("quarter", "shown").agg(pl.col("new_customers").sum()).iter_rows()  # noqa: E501
    }  # fmt: skip
    layers, names = [], [show(Figure("quarter", quarter), _) for quarter in quarters]
    colours = [*SERIES[: len(named)], SLATE]
    for source, colour in zip([*named, None], colours, strict=True):
        heights = [counts.get((quarter, source), 0) for quarter in quarters]
        if source is None and not any(heights):
            continue
        name = literal(source) if source is not None else html.escape(_("Others and not entered"))
        hovers = [
            f"{name}<br>{html.escape(_('{quarter}: {count}', quarter=quarter, count=_.integer(height)))}"
            for quarter, height in zip(names, heights, strict=True)
        ]
        layers.append(Layer(name, colour, heights, hovers))
    return layers


def draw_channels(_: Wording, evidence: Evidence) -> None:
    """Draw how many channels customers use, and what the channels bring."""
    titled(_, _("Through how many channels they buy"), "channels")
    report = reported(_, evidence, "channels")
    if report is None:
        return
    figures = report.figures
    figure_row(
        _,
        [
            (_("Use several channels"), _.percent(figures["several_share"].value),
             _("{count} customers", count=_.integer(figures["several_channels"].value)), None),
            (_("Their share of revenue"), _.percent(figures["several_revenue_share"].value),
             _("in the window"), None),
        ],
    )  # fmt: skip
    bars = [
        Bar(channels, revenue, _.compact_money(revenue), html.escape(_of(_, channels, customers, revenue)))
        for channels, customers, revenue in report.rows.frame.select(
            "channels", "customers", "revenue_per_customer"
        ).iter_rows()
    ]
    title = _("Revenue per customer, by channels used")
    figure = bars_figure(bars, written(title, _("Revenue in the window, in the file’s currency"), _("Channels used")))
    picture(figure.update_xaxes(showticklabels=False), "what_if.channels", title)
    report_table(_, report.rows, "what_if.channels_used", title)
    largest = Table(report.tables["channels"].frame.head(_CHANNELS), _columns(report))
    st.markdown(bold(_("Each channel in the window")))
    report_table(_, largest, "what_if.each_channel", _("Each channel in the window"))
    download(_, evidence, report.rows, "channels", title)


def _columns(report: Report) -> tuple[Column, ...]:
    return report.tables["channels"].columns


def _of(_: Wording, channels: str, customers: int, revenue: int) -> str:
    who = _.plural("{n} customer", "{n} customers", customers)
    return _("{channels}: {amount} each, {customers}", channels=channels, amount=_.money(revenue), customers=who)


ACQUISITION: Final = Section("acquisition", lambda _: _("New customers"), draw_acquisition)
CHANNELS: Final = Section("channels", lambda _: _("Channels"), draw_channels)
