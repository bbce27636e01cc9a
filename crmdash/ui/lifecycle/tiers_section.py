"""Tiers over time: who moved between the periods, when and why, and what the margin at the lines spares."""

import html
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.charts.lifecycle import Flow, MapCell, Node, Words, flows_figure, move_map_figure
from crmdash.charts.palette import BLUE, RUST, SLATE, TEAL, tier_colour
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture
from crmdash.ui.report_list import report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.theme import ink
from crmdash.ui.words import tier_words

SHOWN_STEPS: Final = 5
"""More steps than these would not be readable beside each other; the latest are drawn."""


def _draw(_: Wording, evidence: Evidence) -> None:
    titled(_, _("Tiers over time"), "dynamic_tiers")
    report = reported(_, evidence, "dynamic_tiers")
    if report is None:
        return
    if report.figures["periods"].value < 2:
        return
    _figures(_, report)
    left, right = st.columns([1.35, 1], gap="medium")
    with left:
        _flows(_, report, evidence)
    with right:
        _move_map(_, report, evidence)
    why, margin = st.columns([1.35, 1], gap="medium")
    with why:
        report_table(_, report.tables["causes"], "lifecycle.causes", _("Why customers moved in the last period"))
    with margin:
        rule_sliders(_, ["movement.margin"], columns=1)
        for sentence in _explained(_, report):
            st.caption(sentence)
    kind = _kind_choice(_)
    report_list(
        _, evidence, "dynamic_tiers", Table(_listed(report, kind), _columns(report)),
        _("Customers and their way through the tiers"), name=f"lifecycle.tiers.{kind}",
    )  # fmt: skip


def _explained(_: Wording, report: Report) -> list[str]:
    """Say how the tiers were found, and how many customers stand in another one than on the board."""
    lines = _(
        "The lines are drawn anew for every period, where the board would have drawn them on that day. With value "
        "of the whole file tiers move slowly; with that of the last 12 months, faster."
    )
    held = report.figures["held"].value
    if not held:
        return [lines]
    other = _.plural(
        "The board has no margin: with it, {n} customer stands in another tier here than on the board.",
        "The board has no margin: with it, {n} customers stand in another tier here than on the board.",
        held,
    )
    return [lines, other]


def _columns(report: Report) -> tuple[Any, ...]:
    """Leave out what only a file needs: the way as codes."""
    return tuple(column for column in report.rows.columns if column.name != "path")


def _figures(_: Wording, report: Report) -> None:
    figures = report.figures
    day = report.tables["steps"].frame["day"][-2]
    since = _("since {day}", day=_.date(day))
    margin = _("margin {margin}", margin=show(figures["margin"], _))
    tiles = [
        (_("Moved up"), show(figures["moved_up"], _), since, None),
        (_("Moved down"), show(figures["moved_down"], _), since, None),
        (_("New in the base"), show(figures["newcomers"], _), since, None),
        (_("Kept by the margin"), show(figures["held"], _), margin,
         _("They stand on the other side of a line, but not by more than the margin.")),
        (_("Spared a there and back"), show(figures["flapped"], _), margin,
         _("Without the margin they would have left their tier and come back to it.")),
    ]  # fmt: skip
    figure_row(_, tiles)


def _flows(_: Wording, report: Report, evidence: Evidence) -> None:
    days = report.tables["steps"].frame["day"].to_list()[-SHOWN_STEPS:]
    flows = report.tables["flows"].frame.filter(pl.col("day").is_in(days[1:])).to_dicts()
    counts = _counts(flows, days)
    nodes, places = _nodes(_, counts, days, evidence)
    links = []
    for row in flows:
        if row["tier_before"] is None:
            continue
        source, target = places[row["day_before"], row["tier_before"]], places[row["day"], row["tier"]]
        links.append(Flow(source, target, row["customers"], _hover(_, row)))
    figures = report.figures
    moved = figures["moved_up"].value + figures["moved_down"].value
    title = _.plural(
        "{n} customer changed its tier in the last period", "{n} customers changed their tier in the last period", moved
    )
    words = Words(title=html.escape(title), ink=ink())
    picture(flows_figure(nodes, links, [_.date(day) for day in days], words), "lifecycle.tier_flows", title)


def _counts(flows: list[dict[str, Any]], days: list[int]) -> dict[tuple[int, str], int]:
    """Count who stands in which tier at each step: at the first, those who flow on; later, those who flowed in."""
    counts: dict[tuple[int, str], int] = {}
    for row in flows:
        if row["day_before"] == days[0] and row["tier_before"] is not None:
            first = (row["day_before"], row["tier_before"])
            counts[first] = counts.get(first, 0) + row["customers"]
        here = (row["day"], row["tier"])
        counts[here] = counts.get(here, 0) + row["customers"]
    return counts


def _nodes(
    _: Wording, counts: dict[tuple[int, str], int], days: list[int], evidence: Evidence
) -> tuple[list[Node], dict[tuple[int, str], int]]:
    """Return the tiers of every step, from top to bottom, and where each stands in the list."""
    tiers = evidence.settings.tiers
    nodes: list[Node] = []
    places: dict[tuple[int, str], int] = {}
    for step, day in enumerate(days):
        here = [(code, counts[day, code]) for code in tiers.codes if (day, code) in counts]
        whole, above = sum(count for _code, count in here), 0
        for code, count in here:
            # Between the ends there is no room for names; the colour tells the tier.
            ends = step in (0, len(days) - 1)
            words = _.integer(count)
            if ends:
                words = _("{tier} {customers}", tier=tier_words(code, _), customers=_.integer(count))
            places[day, code] = len(nodes)
            middle = (above + count / 2) / whole
            nodes.append(Node(html.escape(words), step / (len(days) - 1), middle, tier_colour(code, tiers.scheme)))
            above += count
    return nodes, places


def _hover(_: Wording, row: dict[str, Any]) -> str:
    before = _("new") if row["tier_before"] is None else tier_words(row["tier_before"], _)
    words = _("{before} → {now}: {customers} customers, {value}", before=before, now=tier_words(row["tier"], _),
              customers=_.integer(row["customers"]), value=_.compact_money(row["value"]))  # fmt: skip
    return html.escape(words)


def _move_map(_: Wording, report: Report, evidence: Evidence) -> None:
    codes = list(evidence.settings.tiers.codes)
    rows: list[str | None] = [*codes, None]
    found = report.tables["matrix"].frame.to_dicts()
    cells = [_cell(_, row, rows, codes, found) for row in found]
    down = report.figures["moved_down"].value
    title = _.plural("{n} customer moved down", "{n} customers moved down", down)
    words = Words(
        title=html.escape(title), x_axis=_("Tier now (customers, value)"), y_axis=_("Tier a period ago"), ink=ink()
    )
    names = [html.escape(tier_words(code, _)) for code in codes]
    figure = move_map_figure(cells, [*names, html.escape(_("New"))], names, words)
    picture(figure, "lifecycle.move_map", title)


def _cell(
    _: Wording, row: dict[str, Any], rows: list[str | None], codes: list[str], found: list[dict[str, Any]]
) -> MapCell:
    """Return one cell: up is green, down is red, stayed is grey, each as strong as its share of its row's customers."""
    before, now = row["tier_before"], row["tier"]
    whole = sum(other["customers"] for other in found if other["tier_before"] == before)
    up = before is not None and codes.index(now) < codes.index(before)
    stayed = before == now
    colour = BLUE if before is None else SLATE if stayed else TEAL if up else RUST
    text = f"{html.escape(_.integer(row['customers']))}<br>{html.escape(_.compact_money(row['value']))}"
    return MapCell(rows.index(before), codes.index(now), text, _hover(_, row), row["customers"] / whole, colour)


def _listed(report: Report, kind: str) -> pl.DataFrame:
    rows = report.rows.frame
    if kind == "all":
        return rows
    return rows.filter("held") if kind == "held" else rows.filter(direction=kind)


def _kind_choice(_: Wording) -> str:
    names = {
        "down": _("Moved down"),
        "up": _("Moved up"),
        "new": _("New"),
        "held": _("Kept by the margin"),
        "all": _("Everyone"),
    }
    return one_of(_("Customers listed"), "lifecycle.tier_moves", names)


TIERS: Final = Section("tiers", lambda _: _("Tiers over time"), _draw)
