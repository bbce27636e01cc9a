"""Survey: which items customers are dissatisfied with, by the value of the dissatisfied, and who they are."""

import html
from typing import Any, Final

import streamlit as st

from crmdash.charts.literal import literal
from crmdash.charts.palette import RUST
from crmdash.charts.value import Series, ranked_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, Table
from crmdash.systems.survey import DISSATISFIED, dissatisfied
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told, written
from crmdash.ui.report_list import download, report_list, report_table
from crmdash.ui.rule_sliders import rule_sliders
from crmdash.ui.sections import Section, figure_row, reported
from crmdash.ui.words import bold, value_words

MOST_ITEMS: Final = 12
"""So many items are drawn; the download has all of them."""


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the items, the one whose dissatisfied customers are worth most first, and list these customers."""
    titled(_, _("Survey: what to put right first"), "survey")
    report = reported(_, evidence, "survey")
    if report is None:
        return
    rule_sliders(_, ("worth.dissatisfied", "worth.satisfied"))
    figure_row(_, _tiles(_, report))
    shown = Table(report.rows.frame.head(MOST_ITEMS), report.rows.columns)
    _ranked(_, evidence, shown)
    report_table(_, _named_once(shown), "value.survey.items", _("Items by value of the dissatisfied"))
    st.caption(_("The measure is a suggestion; its owner is the account manager with most of the dissatisfied."))
    download(_, evidence, report.rows, "survey_items", _("Items of the survey"))
    st.markdown(bold(_("The dissatisfied, the top class first")))
    low = _named_once(Table(dissatisfied(evidence), DISSATISFIED))
    report_list(_, evidence, "survey", low, _("Dissatisfied customers, the top class first"))


def _named_once(table: Table) -> Table:
    """Leave out what items are about where every item has a name, and the names where one has none."""
    spare = "item" if table.frame["item"].null_count() else "about"
    return Table(table.frame, tuple(column for column in table.columns if column.name != spare))


def _tiles(_: Wording, report: Report) -> list[tuple[str, str, str, str | None]]:
    figures = report.figures
    worth = _("value {amount}", amount=_.compact_money(figures["value"].value))
    return [
        (_("Customers that answered"), show(figures["customers"], _), _("latest answer to each item"), None),
        (_("Mean score"), show(figures["mean"], _), _("of 10"), None),
        (_("Dissatisfied with something"), show(figures["dissatisfied"], _), worth, None),
        (_("Of them in the top class"), show(figures["top_class"], _), _("all of them are listed"), None),
    ]


def _ranked(_: Wording, evidence: Evidence, items: Table) -> None:
    rows = items.frame.rows(named=True)
    labels = [_item(_, row) for row in rows]
    hovers = [
        _("{item}: {dissatisfied} of {customers} dissatisfied, value {amount}", item=label,
          dissatisfied=_.integer(row["dissatisfied"]), customers=_.integer(row["customers"]),
          amount=_.compact_money(row["value"]))
        for label, row in zip(labels, rows, strict=True)
    ]  # fmt: skip
    title = _("Value of the customers dissatisfied with each item")
    said = written(title, value_words(evidence.settings, _), _.term("systems", "column.item"))
    amounts = tuple(row["value"] for row in rows)
    bars = Series("", RUST, amounts, tuple(literal(text, 120) for text in hovers))
    figure = ranked_figure([literal(label, 30) for label in labels], bars, said, _.compact_money)
    picture(figure, "value.survey", told(_, html.unescape(said.title), hovers))


def _item(_: Wording, row: dict[str, Any]) -> str:
    """Name an item as the survey does; what has no topic is the whole."""
    return row["item"] or _.term("value", f"about.{row['about']}")


SURVEY_SECTION: Final = Section("survey", lambda _: _("Survey"), draw)
