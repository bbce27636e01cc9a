"""A page made of sections: one is chosen, and only that one is computed and drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from crmdash.columns import TABLES, TableName
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.phrases import say
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import SYSTEMS
from crmdash.systems.report import Needs, Report
from crmdash.ui import state
from crmdash.ui.board import notes
from crmdash.ui.cache import evidence_of
from crmdash.ui.choice import one_of
from crmdash.ui.data_card import opened_or_sample
from crmdash.ui.data_words import column_words, literal, table_words
from crmdash.ui.figures import key_figure
from crmdash.ui.filter_panel import filter_chips, filter_popover
from crmdash.ui.parts import place_of_its_own

FigureTile = tuple[str, str, str, str | None]
"""Label, value, note and help of one key figure."""


@dataclass(frozen=True)
class Section:
    """One part of a page: its code, its title in the reader's language, and how it is drawn."""

    code: str
    title: Callable[[Wording], str]
    draw: Callable[[Wording, Evidence], None]


def sections(_: Wording, page: str, offered: Sequence[Section], evaluation: Evaluation) -> None:
    """Let the reader choose a section, and draw it for the customers looked at.

    Parameters
    ----------
    page : begins the keys of the page's widgets.
    """
    if state.presenting().hides:
        st.info(_("Figures are hidden until they are revealed on the board."), icon=":material/visibility_off:")
        return
    chosen = _chosen(_, page, offered, evaluation)
    with place_of_its_own():
        filter_chips(_, "")
    if not evaluation.base and evaluation.scope.active:
        st.info(_("No customer is left. Take a filter away."))
        return
    opened = opened_or_sample(_)
    chosen.draw(_, evidence_of(opened, state.view()))
    notes(_, evaluation)


def _chosen(_: Wording, page: str, offered: Sequence[Section], evaluation: Evaluation) -> Section:
    by_code = {section.code: section for section in offered}
    with st.container(key=f"{page}_head"):
        choice, tools = st.columns([7.2, 1], gap="small", vertical_alignment="center")
    with choice:
        names = {code: section.title(_) for code, section in by_code.items()}
        chosen = one_of(_("Part of the page"), f"{page}.section", names)
    with tools:
        filter_popover(_)
    return by_code[chosen]


def reported(_: Wording, evidence: Evidence, code: str) -> Report | None:
    """Return what a system found; None, and a note of the columns that would switch it on, where these are missing.

    The report's own notes are said too. While a long report is computed, a spinner turns.
    """
    if missing := evidence.missing(SYSTEMS[code].needs):
        dark(_, missing)
        return None
    with st.spinner(_("Counting …"), show_time=True):
        report = evidence.report(code)
    for note in report.notes:
        st.caption(literal(say(note, _)))
    return report


def dark(_: Wording, missing: Needs) -> None:
    """Say which columns would switch a part of the page on."""
    wanted = [_(" or ").join(need_words(_, need) for need in anyone) for anyone in missing]
    st.info(_("Dark: this data lacks what it needs. Would be switched on by: {columns}.", columns=_("; ").join(wanted)))
    st.page_link("pages/data.py", label=_("See what each column switches on"), icon=":material/arrow_forward:")


def need_words(_: Wording, need: str) -> str:
    """Name a table, or a column with its table."""
    name, _dot, column = need.partition(".")
    table: TableName = next(known for known in TABLES if known == name)
    if not column:
        return table_words(table, _)
    return _("{column} ({table})", column=column_words(table, column, _), table=table_words(table, _))


def figure_row(_: Wording, tiles: Sequence[FigureTile]) -> None:
    """Show key figures beside each other."""
    with st.grid(max(1, len(tiles)), min_column_width=140, gap="small"):
        for label, value, note, explained in tiles:
            key_figure(label, value, note, explained)
