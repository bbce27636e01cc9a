"""Lines to cuts: what each way of stating a line comes to on the measure."""

from math import ceil

from crmdash.columns import MONEY_SCALE
from crmdash.cuts.distribution import Ranked, exact
from crmdash.settings import Mode, Settings, Tier


def cut_by_share(values: Ranked, percent: float) -> int | None:
    """Smallest value in the smallest set of largest customers that reaches `percent` of the positive total."""
    needed = values.needed_for_share(percent)
    return None if needed is None else values.at(needed)


def cut_by_heads(values: Ranked, percent: float) -> int | None:
    """Value of the last of the largest `percent` of customers, rounded up to a whole customer."""
    if not values.size:
        return None
    return values.at(min(ceil(exact(percent) * values.base / 100), values.size))


def cut_by_amount(values: Ranked, amount: float) -> int | None:
    """Return a typed amount (currency units) as it is, in ten-thousandths."""
    return round(exact(amount) * MONEY_SCALE)


def cut_by_score(values: Ranked, percent: float) -> int | None:
    """Smallest value above at least `percent` of the customers; just above the largest where nobody scores so high."""
    if not values.size:
        return None
    below = ceil(exact(percent) * values.base / 100)
    if below >= values.size:
        return values.at(1) + 1
    candidate = values.at(values.size - below)
    if values.size - values.count_at_or_above(candidate) >= below:
        return candidate
    larger = values.count_at_or_above(candidate + 1)
    return values.at(larger) if larger else values.at(1) + 1


_BY_MODE = {"share": cut_by_share, "heads": cut_by_heads, "amount": cut_by_amount, "score": cut_by_score}


def cut_at(values: Ranked, mode: Mode, line: float) -> int | None:
    """Resolve one line stated in `mode` to a value in ten-thousandths; None where the data gives none."""
    return _BY_MODE[mode](values, line)


def resolve_cuts(values: Ranked, settings: Settings) -> dict[Tier, int | None]:
    """Return the cut of every tier in force, top first; None for the last tier.

    Where lead means losing money, the tier above it has no cut either: it takes every other customer below.
    """
    tiers = settings.tiers
    cuts: dict[Tier, int | None] = {code: cut_at(values, tiers.mode, line) for code, line in tiers.lines.items()}
    codes = tiers.codes
    cuts[codes[-1]] = None
    if tiers.lead_if_loss:
        cuts[codes[-2]] = None
    return {code: cuts[code] for code in codes}
