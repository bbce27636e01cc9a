"""Lifetime value: what is still to come, beside last year and past spend; and how sure that is."""

import html
from typing import Any, Final, get_args

import polars as pl
import streamlit as st

from crmdash.charts.large_type import enlarged
from crmdash.charts.lifetime import FitWords, conditional_figure, tracking_figure
from crmdash.i18n import Wording
from crmdash.phrases import show
from crmdash.rule_settings.lifetime import ExpectedFrom
from crmdash.systems.evidence import Evidence
from crmdash.systems.lifetime_check import MANY
from crmdash.systems.lifetime_value import PARAMETERS
from crmdash.systems.report import Report
from crmdash.ui import state
from crmdash.ui.concepts import titled
from crmdash.ui.pictures import picture, told
from crmdash.ui.report_list import report_list
from crmdash.ui.rule_sliders import rule_sliders, rules_expander
from crmdash.ui.sections import FigureTile, Section, figure_row, reported
from crmdash.ui.theme import CONFIG, ground, ink, type_size
from crmdash.ui.words import bold

SLIDERS: Final = ("lifetime.horizon_years", "lifetime.discount")
RULES: Final = (
    "lifetime.margin_limit",
    "lifetime.top_share",
    "lifetime.fewest_customers",
    "lifetime.fewest_repeaters",
    "lifetime.fewest_rhythms",
    "lifetime.contract_share",
    "lifetime.contract_width",
)


def draw(_: Wording, evidence: Evidence) -> None:
    """Draw the value to come, what it was checked against, and the customers by it."""
    titled(_, _("Lifetime value"), "lifetime_value")
    report = reported(_, evidence, "lifetime_value")
    if report is None:
        return
    sliders, choice = st.columns([2, 1], gap="small")
    with sliders:
        rule_sliders(_, SLIDERS, columns=2)
    with choice:
        _expected_from(_)
    figure_row(_, _worth(_, report))
    if "tracking" in report.tables:
        _checked(_, report, evidence.settings.lifetime.top_share)
    report_list(_, evidence, "lifetime_value", report.rows, _("Customers by lifetime value"))
    _how_sure(_, report)
    rules_expander(_, "value.lifetime", RULES)


def _worth(_: Wording, report: Report) -> list[FigureTile]:
    figures = report.figures
    years = _.integer(figures["horizon_years"].value)
    kind = _("profit, {years} years", years=years) if figures["in_profit"].value else _("revenue, {years} years",
                                                                                        years=years)  # fmt: skip
    plain = _.compact_money(figures["as_last_year"].value)
    tiles: list[FigureTile] = [
        (
            _("As last year, discounted"), _.compact_money(figures["as_last_year_discounted"].value),
            _("{amount} without discount", amount=plain),
            _("Every coming year brings what the last window brought."),
        ),
        (_("Spent so far"), _.compact_money(figures["past_spend"].value), _("revenue of all purchases"), None),
    ]  # fmt: skip
    if not figures["fitted"].value:
        return tiles
    value = _.compact_money(figures["lifetime_value"].value)
    repeaters = _("{repeaters} bought again", repeaters=_.integer(figures["repeaters"].value))
    return [
        (_("Lifetime value"), value, kind, _("Expected purchases × expected spend × margin, discounted.")),
        *tiles,
        (_("Customers in the model"), _.integer(figures["customers"].value), repeaters, None),
    ]


def _expected_from(_: Wording) -> None:
    """Offer what expected profit comes from on the other pages."""
    path = "lifetime.expected_profit_from"
    given = state.seed_choice(path, state.settings().lifetime.expected_profit_from)
    st.selectbox(
        _.term("settings", f"{path}.label"), get_args(ExpectedFrom), key=path,
        index=state.place_in(get_args(ExpectedFrom), given), persist_state="session",
        format_func=lambda code: _.term("lifetime", f"expected_from.{code}"),
        help=_.term("settings", f"{path}.help"), on_change=state.take_from_widget, args=(path,),
    )  # fmt: skip


def _checked(_: Wording, report: Report, top: int) -> None:
    """Show the model of a period ago beside what came after, and each ranking by what its top went on to spend."""
    figures = report.figures
    st.markdown(bold(_("Was it right? Fitted up to {date}, then left alone", date=_.date(figures["split"].value))))
    left, right = st.columns(2, gap="small")
    with left:
        _tracking(_, report)
    with right:
        _conditional(_, report)
    share, note = _.percent(top / 100, 0), _("of what was spent since")
    rankings = (
        (_("Top {share} by lifetime value", share=share), "top_by_lifetime_value"),
        (_("Top {share} by past spend", share=share), "top_by_past_spend"),
        (_("Top {share}, had one known", share=share), "top_by_hindsight"),
    )
    figure_row(_, [(label, show(figures[name], _), note, None) for label, name in rankings])


def _tracking(_: Wording, report: Report) -> None:
    weeks, figures = report.tables["tracking"].frame, report.figures
    came, expected = (_.integer(round(figures[f"repeat_purchases_{name}"].value)) for name in ("after", "expected"))
    words = _words(
        _,
        title=_("{expected} repeat purchases expected since, {came} came", expected=expected, came=came),
        x_axis=_("Weeks since the first purchase"),
        y_axis=_("Repeat purchases so far"),
        point=_("Week {week}: {count}", week="%{x}", count="%{y:,.0f}"),
        note=_("fitted up to here"),
    )
    fitted = weeks.filter(~pl.col("held_out"))["week"].max() or 0
    figure = tracking_figure(
        weeks["week"].to_list(), weeks["actual"].to_list(), weeks["expected"].round(1).to_list(), fitted, words  # type: ignore[arg-type]
    )  # fmt: skip
    st.plotly_chart(enlarged(figure, type_size()), key="value.tracking", config=CONFIG, alt=html.unescape(words.title))


def _conditional(_: Wording, report: Report) -> None:
    groups = report.tables["conditional"].frame
    words = _words(
        _,
        title=_("Purchases since, by purchases before"),
        x_axis=_("Repeat purchases up to the fit"),
        y_axis=_("Mean purchases since"),
        point="%{y:.2f}<extra></extra>",
    )
    names = [f"{count}+" if count == MANY else str(count) for count in groups["repeat_purchases"]]
    figure = conditional_figure(
        names, groups["actual"].round(3).to_list(), groups["expected"].round(3).to_list(), words
    )
    groups_told = [
        _("{group}: {actual} came, {expected} expected", group=name, actual=_.decimal(actual, 2),
          expected=_.decimal(expected, 2))
        for name, actual, expected in zip(names, groups["actual"], groups["expected"], strict=True)
    ]  # fmt: skip
    picture(figure, "value.conditional", told(_, html.unescape(words.title), groups_told))


def _words(_: Wording, **said: str) -> FitWords:
    escaped = {name: html.escape(text) if name != "point" else text for name, text in said.items()}
    return FitWords(**escaped, actual=_("Actual"), expected=_("Expected"), ink=ink(), ground=ground())


def _how_sure(_: Wording, report: Report) -> None:
    if not report.figures["fitted"].value:
        return
    folded = st.expander(
        _("How sure is this"), key="value.lifetime.sure", on_change="rerun", icon=":material/query_stats:"
    )
    if folded.open:
        with folded:
            _parameters(_, report)


def _parameters(_: Wording, report: Report) -> None:
    """Show the parameters with their standard errors, and what the models take for granted."""
    figures = report.figures
    known = [name for name in PARAMETERS if name in figures]
    columns: dict[str, Any] = {
        "model": [_.term("lifetime", f"parameter.{name}") for name in known],
        "name": [_.term("lifetime", f"symbol.{name}") for name in known],
        "value": [figures[name].value for name in known],
        "error": [figures[f"{name}_error"].value for name in known],
    }
    config = {
        "model": st.column_config.TextColumn(_("What it says"), width="large"),
        "name": st.column_config.TextColumn(_("Parameter")),
        "value": st.column_config.NumberColumn(_("Estimate"), format="%.3f"),
        "error": st.column_config.NumberColumn(_("Standard error"), format="%.3f"),
    }
    st.dataframe(
        pl.DataFrame(columns, schema_overrides={"error": pl.Float64}), key="value.lifetime.parameters",
        column_config=config, hide_index=True, height="content", placeholder="–",
        alt=_("Parameters of both models with standard errors"),
    )  # fmt: skip
    for kind, prefix in ((_.term("lifetime", "model.purchases"), ""), (_.term("lifetime", "model.spend"), "spend_")):
        if f"{prefix}converged" in figures:
            st.caption(_settled(_, kind, report, prefix))
    if figures["correlation"].value is not None:
        said = _("Correlation of repeat purchases and mean spend: {value}. The model of spend takes it to be none.",
                 value=show(figures["correlation"], _))  # fmt: skip
        st.caption(said)
    if figures["regular_share"].value is not None:
        said = _("{share} of the gaps are almost equal to the customer's usual gap; with contracts nearly all are.",
                 share=show(figures["regular_share"], _))  # fmt: skip
        st.caption(said)


def _settled(_: Wording, kind: str, report: Report, prefix: str) -> str:
    figures = report.figures
    steps = _.integer(figures[f"{prefix}iterations"].value)
    likelihood = _.decimal(figures[f"{prefix}log_likelihood"].value, 1)
    slope = f"{figures[f'{prefix}gradient'].value:.0e}"
    if not figures[f"{prefix}converged"].value:
        return _("Model of {model}: not settled after {steps} steps (log-likelihood {likelihood}, slope left {slope}).",
                 model=kind, steps=steps, likelihood=likelihood, slope=slope)  # fmt: skip
    return _("Model of {model}: settled after {steps} steps (log-likelihood {likelihood}, slope left {slope}).",
             model=kind, steps=steps, likelihood=likelihood, slope=slope)  # fmt: skip


LIFETIME: Final = Section("lifetime", lambda _: _("Lifetime value"), draw)
