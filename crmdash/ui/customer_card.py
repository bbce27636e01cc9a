"""One customer: every label with its rule in numbers and the way out."""

from collections.abc import Iterable
from typing import Any, Final

import polars as pl
import streamlit as st

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.model.reasons import Customer, Reason, Rulebook, why_flags, why_stage, why_strategy, why_tier
from crmdash.phrases import Figure, Unit, say, show
from crmdash.ui import state
from crmdash.ui.words import bold, measure_words, stage_words, strategy_words, tier_words

MEASURES: Final[tuple[tuple[str, Unit], ...]] = (
    ("revenue", "money"),
    ("gross_profit", "money"),
    ("cost_to_serve", "money"),
    ("customer_profit", "money"),
    ("lifetime_value", "money"),
    ("indicator_total", "money"),
    ("orders", "count"),
    ("tenure", "days"),
    ("recency", "days"),
    ("rhythm", "days"),
    ("silence", "times"),
    ("growth", "growth"),
    ("relative_growth", "growth"),
    ("basket", "money"),
    ("next_order_due", "date"),
)


def customer_card(_: Wording, evaluation: Evaluation) -> None:
    """Show the customer looked at, or say how to choose one."""
    found = evaluation.row(state.customer() or "")
    st.markdown(bold(_("One customer")))
    if not len(found):
        st.caption(_("Click a customer in the list: every label is explained here, with what would change it."))
        return
    customer = found.row(0, named=True)
    st.text(" · ".join(str(customer[name]) for name in ("customer_id", "name") if customer.get(name)))
    st.page_link("pages/customers.py", label=_("Purchases, next order, file"), icon=":material/arrow_forward:")
    labels_panel(_, evaluation, customer)
    measures_panel(_, customer)


def labels_panel(_: Wording, evaluation: Evaluation, customer: Customer) -> None:
    """Explain tier, stage, strategy and flags of a customer, and what its strategy means."""
    for title, label, reason in _labels(_, customer, evaluation):
        _explained(_, title, label, reason)
    for name, phrase in why_flags(customer, evaluation.rulebook).items():
        flag = _("{label}: {text}", label=_.term("model", f"flag.{name}"), text=say(phrase, _))
        st.caption(f":material/flag: {flag}")
    if customer["strategy"] is not None:
        st.info(_.term("model", f"strategy_help.{customer['strategy']}"), icon=":material/lightbulb:")


def _labels(_: Wording, customer: Customer, evaluation: Evaluation) -> Iterable[tuple[str, str, Reason | None]]:
    rules = evaluation.rulebook
    tier = customer["tier"]
    yield _("Tier"), tier_words(tier, _) if tier else _("none"), why_tier(customer, rules)
    if customer["stage"] is not None:
        yield _("Stage"), stage_words(customer["stage"], _), why_stage(customer, rules)
    if customer["strategy"] is not None:
        yield _("Strategy"), strategy_words(customer["strategy"], _), _own_way_out(customer, rules)


def _own_way_out(customer: Customer, rules: Rulebook) -> Reason | None:
    """Return the strategy's reason without a way out that the stage has named already."""
    why, stage = why_strategy(customer, rules), why_stage(customer, rules)
    repeated = why is not None and stage is not None and why.way_out == stage.way_out
    return Reason(why.because) if why is not None and repeated else why


def _explained(_: Wording, title: str, label: str, reason: Reason | None) -> None:
    st.markdown(_("{label}: {text}", label=title, text=bold(label)))
    if reason is not None:
        way_out = "" if reason.way_out is None else f"  \n:material/arrow_forward: {say(reason.way_out, _)}"
        st.caption(f"{say(reason.because, _)}{way_out}")


def measures_panel(_: Wording, customer: Customer) -> None:
    """Show the measures that are known of a customer."""
    known = [(name, unit) for name, unit in MEASURES if customer.get(name) is not None]
    rows = {
        _("Measure"): [measure_words(name, _) for name, _unit in known],
        _("Figure"): [_figure(_, unit, customer[name]) for name, unit in known],
    }
    st.dataframe(
        pl.DataFrame(rows), hide_index=True, height="content", alt=_("Measures of the customer"),
        column_config={_("Figure"): st.column_config.TextColumn(alignment="right")},
    )  # fmt: skip


def _figure(_: Wording, unit: Unit, value: Any) -> str:
    """Return a figure with its unit; amounts have none, for the file names no currency."""
    shown = show(Figure(unit, value), _)
    if unit == "days":
        return _("{days} days", days=shown)
    return f"×{shown}" if unit == "times" else shown
