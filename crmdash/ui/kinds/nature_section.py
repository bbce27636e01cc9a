"""Nature of the customers, and who at a customer pays, decides and uses."""

from typing import Final

import polars as pl
import streamlit as st

from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.ui import state
from crmdash.ui.choice import one_of
from crmdash.ui.concepts import titled
from crmdash.ui.kinds.shares import share_bars
from crmdash.ui.report_list import report_list
from crmdash.ui.sections import FigureTile, Section, figure_row, reported


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the natures, or list the customers at whom different people pay, decide and use."""
    titled(_, _("What customers are, and who decides"), "nature")
    names = {"nature": _("Nature"), "buyers": _("Who pays, decides, uses")}
    if one_of(_("Nature or deciders"), "kinds.who", names) == "nature":
        _natures(_, evidence)
    else:
        _buyers(_, evidence)


def _natures(_: Wording, evidence: Evidence) -> None:
    report = reported(_, evidence, "nature")
    if report is None:
        return
    figure_row(_, _nature_tiles(_, report))
    words_of = lambda code: _("Not known") if code is None else _.term("model", f"nature.{code}")  # noqa: E731
    share_bars(_, report.tables["by_nature"], "nature", words_of, _("Customers and value by nature"), "kinds.natures")
    unsure = report.rows.frame.filter(pl.col("nature_guessed") | pl.col("nature").is_null())
    if len(unsure):
        st.caption(_("A column “nature” in the customers table would replace the guesses. Those in doubt:"))
    listed = unsure if len(unsure) else report.rows.frame
    report_list(_, evidence, "nature", Table(listed, report.rows.columns), _("Customers by nature"))


def _buyers(_: Wording, evidence: Evidence) -> None:
    report = reported(_, evidence, "buyers")
    if report is None:
        return
    figure_row(_, _buyer_tiles(_, report))
    words_of = lambda code: _.term("kinds", f"buying.{code}")  # noqa: E731
    share_bars(_, report.tables["by_buying"], "buying", words_of, _("Customers and value by who buys"), "kinds.buyers")
    st.toggle(_("Only those of whom nobody knows who decides"), key="kinds.decider", persist_state="session")
    wanted = pl.col("decider_unknown") if state.kept("kinds.decider", False) else pl.col("buying") == "roles_apart"
    listed = Table(report.rows.frame.filter(wanted), report.rows.columns)
    report_list(_, evidence, "buyers", listed, _("Customers with different people"))


def _nature_tiles(_: Wording, report: Report) -> list[FigureTile]:
    told = {"known": _("by the data"), "guessed": _("marked as a guess"), "unknown": _("somebody has to say")}
    names = {"known": _("Nature known"), "guessed": _("Nature guessed"), "unknown": _("Nature not known")}
    return [(names[code], show(report.figures[code], _), note, None) for code, note in told.items()]


def _buyer_tiles(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    worth = _("value {amount}", amount=_.compact_money(figures["value_decider_unknown"].value))
    same = figures["customers"].value - figures["roles_apart"].value
    return [
        (_("Buyer is user"), _.integer(same), _("one and the same"), None),
        (_("Different people"), show(figures["roles_apart"], _), _("pay, decide or use"), None),
        (
            _("Decider unknown"), show(figures["decider_unknown"], _), worth,
            _("Valuable customers at whom different people pay and use, and nobody knows who decides."),
        ),
    ]  # fmt: skip


NATURE: Final = Section("nature", lambda _: _("Nature and deciders"), draw)
