"""Suggest cut-offs: natural breaks, profit zero, capacity; each with its reason in a sentence, to accept or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor
from typing import Final, Literal

import narwhals as nw
import polars as pl

from crmdash.adjusting import with_amounts, with_value
from crmdash.cuts import Distribution, cut_at, resolve_cuts
from crmdash.engine import Lazy, collect, collect_row, lazy
from crmdash.evaluate import Evaluation
from crmdash.lines.breaks import natural_breaks
from crmdash.lines.ladder import LEAD, loses_into_lead
from crmdash.model.tiers import Cuts, tier
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import ServiceSettings
from crmdash.settings import Settings, Tier

SuggestionCode = Literal["natural_breaks", "profit_zero", "capacity"]
SUGGESTIONS: Final[tuple[SuggestionCode, ...]] = ("natural_breaks", "profit_zero", "capacity")


@dataclass(frozen=True)
class Suggestion:
    """One way to draw the lines.

    Attributes
    ----------
    settings : the settings if it is accepted; None where it cannot be made, and `because` says what is missing.
    customers : how many customers looked at would change their tier.
    """

    code: SuggestionCode
    settings: Settings | None
    because: Phrase
    customers: int = 0


def suggestions(evaluation: Evaluation, seniors: int | None) -> tuple[Suggestion, ...]:
    """Return the three suggestions for the customers looked at, in the order of `SUGGESTIONS`.

    Accepted lines stand by amount; a line that a suggestion does not speak of stays where it is, or just below the
    next one up where that is put lower.

    Parameters
    ----------
    seniors : how many senior people there are (see `senior_people`); None where nobody says it.
    """
    return (_natural(evaluation), _profit_zero(evaluation), _capacity(evaluation, seniors))


def senior_people(service: ServiceSettings, staff: Lazy | None) -> int | None:
    """Return how many senior people there are: as set, else as the staff table names; None without either."""
    if service.seniors is not None or staff is None:
        return service.seniors
    return collect(staff.filter(nw.col("grade") == "senior").select("name"))["name"].n_unique()


def _natural(evaluation: Evaluation) -> Suggestion:
    lines = _lines_in_force(evaluation)
    values = _tiered_by_value(evaluation)
    tiers = Figure("count", len(lines) + 1)
    found = natural_breaks(values, len(lines) + 1)
    if found is None:
        missing = "natural_breaks.too_few" if values.positives else "nothing_positive"
        return Suggestion("natural_breaks", None, Phrase(f"suggestion.{missing}", {"tiers": tiers}))
    # Rounded down: groups of unlike customers never explain 100 %.
    fit = Figure("percent", floor(found.fit * 100) / 100)
    because = Phrase("suggestion.natural_breaks.because", {"tiers": tiers, "fit": fit})
    return _drawn("natural_breaks", evaluation, dict(zip(lines, found.cuts, strict=True)), because)


def _profit_zero(evaluation: Evaluation) -> Suggestion:
    code: SuggestionCode = "profit_zero"
    if evaluation.profits is None:
        return Suggestion(code, None, Phrase("suggestion.profit_zero.no_profit"))
    losing = evaluation.customers.filter(pl.col("in_base") & (pl.col("customer_profit") <= 0))
    amount = Figure("money", int(losing["customer_profit"].sum()))
    figures = {"customers": Figure("count", losing.height), "amount": amount}
    if loses_into_lead(evaluation):
        return Suggestion(code, None, Phrase("suggestion.profit_zero.already", figures))
    if losing.is_empty():
        return Suggestion(code, None, Phrase("suggestion.profit_zero.nobody"))
    accepted = with_value(evaluation.settings, "tiers.lead_if_loss", True)
    cuts = {line: cut for line, cut in evaluation.cuts.items() if line in accepted.tiers.codes[:-2]}
    cuts |= dict.fromkeys(accepted.tiers.codes[-2:])
    because = Phrase("suggestion.profit_zero.because", figures)
    return Suggestion(code, accepted, because, _changing(evaluation, accepted, cuts))


def _capacity(evaluation: Evaluation, people: int | None) -> Suggestion:
    """Draw the top line at the lowest value that no more customers reach than senior people can hold."""
    span = evaluation.settings.service.span_senior
    figures = {"people": Figure("count", people), "span": Figure("count", span)}
    if not people:
        missing = "people_unknown" if people is None else "no_people"
        return Suggestion("capacity", None, Phrase(f"suggestion.capacity.{missing}", figures))
    values = _tiered_by_value(evaluation)
    if not values.positives:
        return Suggestion("capacity", None, Phrase("suggestion.nothing_positive"))
    cut = _lowest_cut(values, people * span)
    figures |= {"capacity": Figure("count", people * span)}
    if cut is None:
        equal = values.count_at_or_above(int(values.descending[0]))
        return Suggestion(
            "capacity", None, Phrase("suggestion.capacity.equal", figures | {"customers": Figure("count", equal)})
        )
    cut = max(cut, len(evaluation.settings.tiers.lines))
    figures |= {"cut": Figure("money", cut), "customers": Figure("count", values.count_at_or_above(cut))}
    because = Phrase("suggestion.capacity.because", figures)
    return _drawn("capacity", evaluation, {evaluation.settings.tiers.codes[0]: cut}, because)


def _lowest_cut(values: Distribution, capacity: int) -> int | None:
    """Return the lowest positive value that at most `capacity` customers reach; None where too many share the top."""
    if values.positives <= capacity:
        return int(values.descending[values.positives - 1])
    # Whoever equals the first customer left out must be left out too.
    left_out = int(values.descending[capacity])
    reaching = values.count_at_or_above(left_out + 1)
    return int(values.descending[reaching - 1]) if reaching else None


def _lines_in_force(evaluation: Evaluation) -> list[Tier]:
    """Return the lines drawn on value, top first: where lead means losing money, none above lead."""
    codes = evaluation.settings.tiers.codes
    return list(codes[:-2] if loses_into_lead(evaluation) else codes[:-1])


def _tiered_by_value(evaluation: Evaluation) -> Distribution:
    """Return the values of those whom value gives a tier: all but those in lead by losing money."""
    if not loses_into_lead(evaluation):
        return evaluation.values
    values = evaluation.customers.filter(pl.col("in_base") & (pl.col("tier") != LEAD))["value"].drop_nulls()
    return Distribution.of(values.to_numpy())


def _drawn(code: SuggestionCode, evaluation: Evaluation, moved: Mapping[Tier, int], because: Phrase) -> Suggestion:
    """Make a suggestion of lines at amounts; lines that are not moved stay, but strictly below the next one up."""
    tiers = evaluation.settings.tiers
    cuts: dict[Tier, int] = {}
    above = None
    for place, (line, drawn) in enumerate(tiers.lines.items()):
        # A line out of force has no cut of its own now, but keeps its place for when it is back in force.
        stands = evaluation.cuts.get(line)
        cut = moved.get(line, cut_at(evaluation.values, tiers.mode, drawn) if stands is None else stands) or 0
        lowest = len(tiers.lines) - place
        cuts[line] = above = max(lowest, cut if above is None else min(cut, above - 1))
    accepted = with_amounts(evaluation.settings, cuts)
    return Suggestion(
        code, accepted, because, _changing(evaluation, accepted, resolve_cuts(evaluation.values, accepted))
    )


def _changing(evaluation: Evaluation, accepted: Settings, cuts: Cuts) -> int:
    """Count the customers looked at whose tier would change."""
    base = evaluation.customers.filter("in_base")
    profit = nw.col("customer_profit") if "customer_profit" in base.columns else nw.lit(None, nw.Int64)
    would = tier(nw.col("value"), profit, cuts, accepted)
    return int(collect_row(lazy(base).select(changing=(would != nw.col("tier")).sum()))["changing"])
