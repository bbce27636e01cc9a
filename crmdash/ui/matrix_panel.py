"""The tier x stage matrix with the strategy of each cell; a click narrows the list."""

from typing import Any

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.cells import has
from crmdash.model.lifecycle import phase_of
from crmdash.model.strategies import decide, shown_strategy
from crmdash.ui.concepts import titled
from crmdash.ui.live.component import is_live, live_part
from crmdash.ui.plain_matrix import matrix_chart
from crmdash.ui.words import stage_words, strategy_words


def matrix_panel(_: Wording, evaluation: Evaluation) -> None:
    """Draw the matrix, or say what it needs."""
    if not len(evaluation.stages):
        st.info(_("A date of purchase or the days since the last one would switch on: lifecycle stages, strategies."))
        return
    at_risk = _head(_, evaluation)
    if is_live():
        live_part("matrix", matrix_part(_, evaluation))
    else:
        matrix_chart(_, evaluation, shown_stages(evaluation), at_risk=at_risk)


def matrix_part(_: Wording, evaluation: Evaluation) -> dict[str, Any]:
    """Return the words of the matrix: its stages, and what the decision table says of each cell without flags."""
    phases, stages = phase_of(evaluation.settings), shown_stages(evaluation)
    usual = {
        tier: {stage: strategy_words(shown_strategy(decide(name, phases[stage])), _, short=True) for stage in stages}
        for tier, name in evaluation.settings.tiers.classes.items()
    }
    return {
        "title": _("Tier × stage: customers, value, strategy"),
        "stages": [
            {"code": stage, "name": stage_words(stage, _), "bought": phases[stage] != "before"} for stage in stages
        ],
        "usual": usual,
    }


def shown_stages(evaluation: Evaluation) -> list[str]:
    """Leave out the prospects' columns where the file has none."""
    counts = dict(evaluation.stages.select("stage", "customers").iter_rows())
    phases = phase_of(evaluation.settings)
    return [stage for stage, customers in counts.items() if customers or phases[stage] != "before"]


def _head(_: Wording, evaluation: Evaluation) -> bool:
    """Draw the title, and where there are alerts the switch that colours cells by them; return whether it is on."""
    title = _("Tier × stage")
    if not any(has("risk", cell.flags) for cell in evaluation.cells):
        titled(_, title, "matrix")
        return False
    name, switch = st.columns([4, 1], gap="small", vertical_alignment="center")
    with name:
        titled(_, title, "matrix")
    with switch:
        return st.toggle(
            _("At risk"), key="matrix.at_risk", persist_state="session",
            help=_("Colours the cells by the value of the customers with an alert instead of by all value."),
        )  # fmt: skip
