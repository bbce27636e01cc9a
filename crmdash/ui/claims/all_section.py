"""All claims at a glance: how many hold, what each found."""

import html
from typing import Final

import polars as pl
import streamlit as st

from crmdash.charts.columns import Layer, columns_figure
from crmdash.charts.palette import RUST, SLATE, TEAL
from crmdash.i18n import Wording
from crmdash.systems.claims import CLAIMS, findings
from crmdash.systems.claims.claim import THEMES, VERDICTS, Finding
from crmdash.systems.evidence import Evidence
from crmdash.ui import state
from crmdash.ui.claims.card import claim_card
from crmdash.ui.claims.told import told
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, written
from crmdash.ui.pictures import told as in_words
from crmdash.ui.report_list import download
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.theme import pixels

COLOURS: Final = {"holds": TEAL, "fails": RUST, "untested": SLATE}
_TABLE: Final = "claims.table"
_HEIGHT: Final = 400
_CLAIM: Final = 290
_VERDICT: Final = 105


def draw(_: Wording, evidence: Evidence) -> None:
    """Count the verdicts, draw them by theme, and list every claim with what was found."""
    titled(_, _("What the texts claim, measured on your data"), "claims")
    report = reported(_, evidence, "claims")
    if report is None:
        return
    found = findings(evidence)
    notes = {"holds": _("on this data"), "fails": _("on this data"), "untested": _("columns or cases are missing")}
    figure_row(
        _,
        [
            (_.term("claims", f"verdict.{name}"), _.integer(report.figures[name].value), notes[name], None)
            for name in VERDICTS
        ],
    )
    table, card = st.columns([1.5, 1], gap="small")
    with table:
        _table(_, found)
        download(_, evidence, report.rows, "claims", _("Claims with their verdicts"))
    with card:
        claim = CLAIMS[_chosen()]
        claim_card(_, claim, found[claim.code])
    _by_theme(_, found)


def _table(_: Wording, found: dict[str, Finding]) -> None:
    rows = {
        "claim": [_.term("claims", f"claim.{claim.code}") for claim in CLAIMS],
        "verdict": [_.term("claims", f"verdict.{found[claim.code].verdict}") for claim in CLAIMS],
        "found": [told(_, claim.code, found[claim.code]) for claim in CLAIMS],
    }
    text = st.column_config.TextColumn
    config = {
        "claim": text(_("Claim"), width=pixels(_CLAIM)),
        "verdict": text(_("Verdict"), width=pixels(_VERDICT)),
        "found": text(_("What was found"), width="large"),
    }
    st.dataframe(
        pl.DataFrame(rows), key=_TABLE, hide_index=True, column_config=config, height=pixels(_HEIGHT),
        alt=_("Claims with their verdicts"), on_select="rerun", selection_mode="single-cell",
    )  # fmt: skip


def _chosen() -> int:
    """Return the place of the claim clicked, of the first one before any click."""
    cell = state.clicked_cell(_TABLE)
    return cell[0] if cell is not None and cell[0] < len(CLAIMS) else 0


def _by_theme(_: Wording, found: dict[str, Finding]) -> None:
    counts = {
        verdict: [
            sum(found[claim.code].verdict == verdict for claim in CLAIMS if claim.theme == theme) for theme in THEMES
        ]
        for verdict in VERDICTS
    }
    themes = [_.term("claims", f"theme.{theme}") for theme in THEMES]
    layers = []
    for verdict, heights in counts.items():
        name = _.term("claims", f"verdict.{verdict}")
        hovers = [
            html.escape(_("{theme}: {verdict} {count}", theme=theme, verdict=name.lower(), count=_.integer(height)))
            for theme, height in zip(themes, heights, strict=True)
        ]
        layers.append(Layer(html.escape(name), COLOURS[verdict], heights, hovers))
    title = _("Verdicts by theme")
    figure = columns_figure(
        [html.escape(theme) for theme in themes], layers, written(title, _.term("systems", "column.theme"), _("Claims"))
    )
    said = [html.unescape(hover) for layer in layers for hover in layer.hovers]
    picture(figure, "claims.picture.claims", in_words(_, title, said))


ALL: Final = Section("all", lambda _: _("All claims"), draw)
