"""A tier setting and a distribution of values to cut values: a threshold is a value.

Whatever way a line is stated (share of value, share of heads, amount, score), it resolves to one number on the measure;
a customer at or above it belongs to the tier or a higher one. Equal value, equal tier.
"""

from crmdash.cuts.binned import BinnedDistribution
from crmdash.cuts.distribution import Distribution, Ranked, Values
from crmdash.cuts.lines import cut_at, cut_by_amount, cut_by_heads, cut_by_score, cut_by_share, resolve_cuts

__all__ = [
    "BinnedDistribution",
    "Distribution",
    "Ranked",
    "Values",
    "cut_at",
    "cut_by_amount",
    "cut_by_heads",
    "cut_by_score",
    "cut_by_share",
    "resolve_cuts",
]
