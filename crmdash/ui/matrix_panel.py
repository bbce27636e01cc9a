"""The tier x stage matrix with the strategy of each cell; a click narrows the list."""

from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from crmdash.adjusting import adjustables
from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.cells import has
from crmdash.model.lifecycle import phase_of
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.live.component import is_live, live_part
from crmdash.ui.live.payload import rule_part
from crmdash.ui.parts import place_of_its_own
from crmdash.ui.plain_matrix import matrix_chart
from crmdash.ui.words import stage_words

TRIED: Final = "limit_tried"
"""The box with the limit of the lifecycle that is tried."""


def matrix_panel(_: Wording, evaluation: Evaluation) -> DeltaGenerator | None:
    """Draw the matrix, or say what it needs; return where a limit that is tried goes, if one is."""
    if not len(evaluation.stages):
        st.info(_("A date of purchase or the days since the last one would switch on: lifecycle stages, strategies."))
        return None
    at_risk = _head(_, evaluation)
    tried = place_of_its_own()
    if is_live():
        live_part("matrix", matrix_part(_, evaluation))
    else:
        matrix_chart(_, evaluation, shown_stages(evaluation), at_risk=at_risk)
    return tried if is_live() and state.kept(TRIED, None) is not None else None


def matrix_part(_: Wording, evaluation: Evaluation) -> dict[str, Any]:
    """Return the words of the matrix: its title and its stages."""
    phases = phase_of(evaluation.settings)
    return {
        "title": _("Tier × stage: customers, value, strategy"),
        "stages": [
            {"code": stage, "name": stage_words(stage, _), "bought": phases[stage] != "before"}
            for stage in shown_stages(evaluation)
        ],
    }


def shown_stages(evaluation: Evaluation) -> list[str]:
    """Leave out the prospects' columns where the file has none."""
    counts = dict(evaluation.stages.select("stage", "customers").iter_rows())
    phases = phase_of(evaluation.settings)
    return [stage for stage, customers in counts.items() if customers or phases[stage] != "before"]


def _head(_: Wording, evaluation: Evaluation) -> bool:
    """Draw the title, and where there are alerts the switch that colours cells by them; return whether it is on."""
    name, limit, switch = st.columns([3.5, 0.62, 1.15], gap="small", vertical_alignment="center")
    with name:
        titled(_, _("Tier × stage"), "matrix")
    if is_live():
        with limit:
            _limit_box(_, evaluation)
    if not any(has("risk", cell.flags) for cell in evaluation.cells):
        return False
    with switch:
        return st.toggle(
            _("At risk"), key="matrix.at_risk", persist_state="session",
            help=_("Colours the cells by the value of the customers with an alert instead of by all value."),
        )  # fmt: skip


def _limit_box(_: Wording, evaluation: Evaluation) -> None:
    """Offer the limits of the lifecycle to be tried beside the matrix."""
    paths = [item.path for item in adjustables(evaluation.settings) if item.path.startswith("lifecycle.")]
    if state.kept(TRIED, None) not in (None, *paths):
        state.seed(TRIED, None)
    popover = st.popover(
        _("Try a limit"), icon=":material/tune:", key="limit_box", on_change="rerun",
        help=_("Try a limit of the lifecycle: stages and matrix follow while you move it."),
    )  # fmt: skip
    if popover.open:
        with popover:
            st.selectbox(
                _("Limit"), paths, index=None, key=TRIED, persist_state="session", placeholder=_("None"),
                format_func=lambda path: _.term("settings", f"{path}.label"),
            )  # fmt: skip


def limit_tried(_: Wording, evaluation: Evaluation, place: DeltaGenerator | None) -> None:
    """Draw the limit that is tried: working out its steps takes longest, so it comes when all else is drawn."""
    path = state.kept(TRIED, None)
    if place is not None and path is not None:
        with place:
            live_part("rule", rule_part(_, evaluation, path))
