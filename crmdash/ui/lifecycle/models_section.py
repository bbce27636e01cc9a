"""The four models side by side: the same customers, and how many of them stand in which phase by each."""

import html
from typing import Any, Final

import streamlit as st

from crmdash.charts.lifecycle import Share, Words, phases_figure
from crmdash.i18n import Wording
from crmdash.model.lifecycle.phases import PHASES
from crmdash.systems.evidence import Evidence
from crmdash.systems.side_by_side import SHOWN, SideBySide, side_by_side
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told
from crmdash.ui.report_list import report_list
from crmdash.ui.sections import Section, dark, figure_row
from crmdash.ui.theme import ink


def _draw(_: Wording, evidence: Evidence) -> None:
    titled(_, _("Four models, the same customers"), "lifecycle")
    if missing := evidence.missing(evidence.systems[SHOWN[0]].needs):
        dark(_, missing)
        return
    with st.spinner(_("Counting …"), show_time=True):
        found = side_by_side(evidence)
    agreed = _.percent(found.agreed / found.customers if found.customers else None, 0)
    disputed = found.disputed.frame
    tiles = [
        (_("Seen alike by all"), agreed, _.plural("of {n} customer", "of {n} customers", found.customers), None),
        (_("In dispute"), _.integer(len(disputed)), _("worth {value}", value=_value(_, disputed)),
         _("Falling away or gone by one model, in good standing by another.")),
    ]  # fmt: skip
    figure_row(_, tiles)
    _picture(_, found)
    alt = _("Customers in dispute, with their stage by each model")
    report_list(_, evidence, evidence.settings.lifecycle.model, found.disputed, alt, name="lifecycle.disputed")


def _value(_: Wording, frame: Any) -> str:
    return _.compact_money(int(frame["value"].sum()))


def _picture(_: Wording, found: SideBySide) -> None:
    rows = found.phases.frame.to_dicts()
    whole = max(1, found.customers)
    shares = [
        Share(
            html.escape(_.term("lifecycle", f"model_short.{row['model']}")), row["phase"], row["customers"] / whole,
            html.escape(_("{phase}: {customers} customers, {value}", phase=_.term("model", f"phase.{row['phase']}"),
                          customers=_.integer(row["customers"]), value=_.compact_money(row["value"]))),
        )
        for row in rows
    ]  # fmt: skip
    names = {phase: html.escape(_.term("model", f"phase.{phase}")) for phase in PHASES}
    title = _("Phases by each model")
    words = Words(title=html.escape(title), x_axis=_("Share of the customers"), y_axis=_("Lifecycle model"), ink=ink())
    parts = [told(_, html.unescape(share.row), [html.unescape(share.hover)]) for share in shares if share.part > 0]
    picture(phases_figure(shares, names, words), "lifecycle.models", told(_, title, parts))


MODELS_SIDE_BY_SIDE: Final = Section("models", lambda _: _("Four models"), _draw)
