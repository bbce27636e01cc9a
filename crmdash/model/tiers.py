"""Tiers: which customers stand at or above which line (customer pyramid and its kin)."""

from itertools import pairwise
from typing import Final

from crmdash.engine import LabelType, as_text
from crmdash.engine.language import nw
from crmdash.model.rules import Rule, first_that_holds, label_of
from crmdash.settings import Settings, Tier

Cuts = dict[Tier, int | None]

CLASSES: Final = ("top", "upper", "middle", "bottom")
"""What a tier counts as in the decision table."""


def in_money(settings: Settings) -> bool:
    """Say whether the measure of the tiers is an amount, which a potential in money can be held against."""
    return settings.tiers.measure != "indicator_total"


def tier_by_value(value: nw.Expr, cuts: Cuts, settings: Settings, labels: LabelType = as_text) -> nw.Expr:
    """Return the highest tier whose cut the value reaches; the last value tier takes the rest and missing values."""
    rules = [Rule(code, value >= cut) for code, cut in cuts.items() if cut is not None]
    return first_that_holds(rules, last_value_tier(settings), labels(settings.tiers.codes))


def tier(value: nw.Expr, profit: nw.Expr, cuts: Cuts, settings: Settings, labels: LabelType = as_text) -> nw.Expr:
    """Return each customer's tier.

    Where lead means losing money, customer profit <= 0 is lead before value is looked at; missing profit is not lead.
    """
    by_value = tier_by_value(value, cuts, settings, labels)
    if not settings.tiers.lead_if_loss:
        return by_value
    lead = nw.lit(settings.tiers.codes[-1], labels(settings.tiers.codes))
    return nw.when((profit <= 0).fill_null(False)).then(lead).otherwise(by_value)


def potential_tier(cuts: Cuts, settings: Settings, known: frozenset[str], labels: LabelType = as_text) -> nw.Expr:
    """Return the tier that a prospect's potential value would reach; class middle where there is nothing to compare.

    That is where the potential is unknown, and where tiers go by points instead of money.
    """
    code = next(code for code, name in settings.tiers.classes.items() if name == "middle")
    middle = nw.lit(code, labels(settings.tiers.codes))
    if "potential_value" not in known or not in_money(settings):
        return middle
    potential = nw.col("potential_value")
    return nw.when(potential.is_null()).then(middle).otherwise(tier_by_value(potential, cuts, settings, labels))


def last_value_tier(settings: Settings) -> Tier:
    """Return the tier that takes every customer below all lines."""
    codes = settings.tiers.codes
    return codes[-2] if settings.tiers.lead_if_loss else codes[-1]


def cut_above(tier_code: nw.Expr, cuts: Cuts, settings: Settings) -> nw.Expr:
    """Return the cut of the next tier up, in ten-thousandths; missing for the top tier."""
    codes = settings.tiers.codes
    above = {lower: cuts[upper] for upper, lower in pairwise(codes) if cuts[upper] is not None}
    return label_of(tier_code, above, nw.Int64)


def tier_class(tier_code: nw.Expr, settings: Settings, labels: LabelType = as_text) -> nw.Expr:
    """Return top, upper, middle or bottom: only classes enter the strategy table."""
    return label_of(tier_code, settings.tiers.classes, labels(CLASSES))
