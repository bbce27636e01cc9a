"""Do tiers help here? The verdict, the four conditions, and how strongly each measure differs between tiers."""

import html
from typing import Any, Final

import streamlit as st

from crmdash.charts.bars import Bar, bars_figure
from crmdash.charts.palette import BLUE, SLATE
from crmdash.i18n import Wording
from crmdash.phrases import Figure, show
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, written
from crmdash.ui.report_list import download, report_table
from crmdash.ui.rule_sliders import rules_expander
from crmdash.ui.sections import Section, figure_row, need_words, reported
from crmdash.ui.words import bold

RULES: Final = tuple(
    f"tier_test.{name}"
    for name in (
        "effect", "association", "chance", "fewest_measures", "share_of_measures", "explained", "fewest_answers",
    )
)  # fmt: skip
STRONGEST: Final = 12
"""So many measures are drawn."""

_ICONS: Final = {
    "holds": ":material/check_circle:",
    "does_not": ":material/cancel:",
    "untested": ":material/help:",
}


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the verdict, each condition with its figures, and the measures behind the first."""
    titled(_, _("Do tiers help here?"), "tiers_help")
    report = reported(_, evidence, "tiers_help")
    if report is None:
        return
    figures = report.figures
    verdict = str(figures["verdict"].value).rpartition(".")[2]
    with st.container(border=True, key="tiers_help_verdict"):
        st.subheader(show(figures["verdict"], _), anchor=False)
        st.markdown(_.term("what_if", f"verdict_means.{verdict}"))
    differing = _("{count} of {known}", count=_.integer(figures["measures_differing"].value),
                  known=_.integer(figures["measures"].value))  # fmt: skip
    same = figures["same_tier"].value
    figure_row(
        _,
        [
            (_("Measures that differ"), differing, _("clearly between the tiers"), None),
            (_("In the same tier as before"), _.percent(same), _since(_, evidence),
             _("Of the customers of both periods. Where tiers change all the time, nobody can be served by them.")),
        ],
    )  # fmt: skip
    _conditions(_, report)
    if len(report.rows.frame):
        _effects(_, report)
        folded = st.expander(_("Every measure"), key="what_if.measures", on_change="rerun")
        if folded.open:
            with folded:
                report_table(_, report.rows, "what_if.every_measure", _("How strongly measures differ between tiers"))
        download(_, evidence, report.rows, "tiers_help", _("How strongly measures differ between tiers"))
    rules_expander(_, "what_if.tiers_help", RULES)


def _since(_: Wording, evidence: Evidence) -> str:
    length = evidence.clock.comparison
    return _("{days} days ago", days=_.integer(length)) if length else _("no earlier period")


def _conditions(_: Wording, report: Report) -> None:
    """Say of every condition whether it holds, how it was asked, and what is missing."""
    for row in report.tables["conditions"].frame.iter_rows(named=True):
        name, outcome = row["condition"], row["outcome"]
        icon, says = _ICONS[outcome], _.term("what_if", f"outcome.{outcome}")
        heading = _("{condition}: {outcome}", condition=_.term("what_if", f"condition.{name}"), outcome=says)
        st.markdown(f"{icon} {bold(heading)}")
        st.caption(_told(_, row))


def _told(_: Wording, row: dict[str, Any]) -> str:
    name, sentences = row["condition"], [_.term("what_if", f"condition_asks.{row['condition']}")]
    if row["effect"] is not None and name == "profiles":
        needed, found = _.integer(row["effect_needed"]), _.integer(row["effect"])
        sentences.append(_("{found} do; asked for: {needed}.", found=found, needed=needed))
    elif row["effect"] is not None:
        found, needed = shares_apart(_, row["effect"], row["effect_needed"])
        sentences.append(_("More explained: {found}; asked for: {needed}.", found=found, needed=needed))
    if row["reason"]:
        sentences.append(_.term("what_if", f"untested.{row['reason']}"))
    if row["missing"]:
        columns = _.joined([need_words(_, need) for need in row["missing"].split(";")])
        sentences.append(_("Would tell more: {columns}.", columns=columns))
    if row["cases"] is not None:
        sentences.append(_("Cases: {count}.", count=_.integer(row["cases"])))
    return (" " if _.language == "en" else "").join(sentences)


def shares_apart(_: Wording, found: float, needed: float) -> tuple[str, str]:
    """Return what was found and what is asked for, with one digit more where both would read the same."""
    if found == needed or _.percent(found) != _.percent(needed):
        return _.percent(found), _.percent(needed, 0)
    return _.percent(found, 2), _.percent(needed, 2)


def _effects(_: Wording, report: Report) -> None:
    """Draw the strongest measures, each as a multiple of the effect that is asked of it."""
    bars = []
    for row in report.rows.frame.head(STRONGEST).iter_rows(named=True):
        name, test = _.term("what_if", f"trait.{row['measure']}"), _.term("what_if", f"test.{row['test']}")
        told = _("{measure}: {test} {effect}, asked for {needed}", measure=name, test=test,
                 effect=_.decimal(row["effect"], 3), needed=_.decimal(row["effect_needed"], 2))  # fmt: skip
        colour = BLUE if row["differs"] else SLATE
        times = show(Figure("times", row["strength"]), _)
        bars.append(Bar(html.escape(name), row["strength"], times, html.escape(told), colour))
    title = _("Which measures differ between the tiers")
    words = written(title, _("Effect, as a multiple of what is asked for"), _("Measure"))
    picture(bars_figure(bars, words, mark=1.0), "what_if.effects", title)


TIERS_HELP: Final = Section("tiers_help", lambda _: _("Do tiers help?"), draw)
