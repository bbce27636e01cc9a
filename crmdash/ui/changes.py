"""What changed against the baseline: the same board as it stood then, and who crossed a line since."""

from dataclasses import replace

import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.lines import Ledger, Moved, ledger, moved
from crmdash.ui import state
from crmdash.ui.cache import evaluated, view_key
from crmdash.view import View


def baseline_view() -> View:
    """Return the baseline with the customers looked at now.

    Whether lines are drawn within the filter stays the baseline's: redrawing them moves customers.
    """
    then, now = state.baseline().view, state.view()
    return replace(then, scope=replace(now.scope, redraw=then.scope.redraw))


def before() -> Evaluation:
    """Return the board as it stood at the baseline."""
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    return evaluated(opened, baseline_view())


def changes(evaluation: Evaluation) -> Ledger:
    """Return who crossed a line between the baseline and the present board."""
    return _ledger(key=_key(), _before=before(), _now=evaluation)


def how_many_moved(evaluation: Evaluation) -> Moved:
    """Return only how many did: they are not listed for that."""
    return _moved(key=_key(), _before=before(), _now=evaluation)


def _key() -> str:
    opened = state.opened()
    assert opened is not None, "the board opens data first"
    return f"{view_key(opened, baseline_view())}||{view_key(opened, state.view())}"


def since(_: Wording) -> str:
    """Name the baseline."""
    return _("since the pin") if state.baseline().pinned else _("since you opened")


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _ledger(key: str, _before: Evaluation, _now: Evaluation) -> Ledger:
    return ledger(_before, _now)


@st.cache_resource(scope="session", max_entries=8, show_spinner=False)
def _moved(key: str, _before: Evaluation, _now: Evaluation) -> Moved:
    return moved(_before, _now)
