"""What ties a customer to us, read out of ``exit_barriers``: entries such as ``economic:bond;contractual:lockin``."""

import re
from typing import Final

import polars as pl

from crmdash.phrases import Figure
from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places

KINDS: Final = ("economic", "technical", "contractual")
FORMS: Final = ("bond", "lockin")
"""A bond is valued by the customer, a lock-in resented."""

_BOND: Final = r":\s*bond"
_LOCK_IN: Final = r":\s*lock[\s_-]?in"
_PATTERNS: Final = {"bond": _BOND, "lockin": _LOCK_IN}
_ENTRY: Final = r"[^;\s][^;]*"


def barriers_of(evidence: Evidence) -> pl.DataFrame:
    """Return barriers, bonds and lockins of the base, in its order; computed once."""

    def counted() -> pl.DataFrame:
        everybody = evidence.remember_lasting("barriers", lambda: count_barriers(evidence.summary.customers))
        return everybody[base_places(evidence)]

    return evidence.remember("barriers", counted)


def count_barriers(base: pl.DataFrame) -> pl.DataFrame:
    """Return barriers, bonds and lockins of every customer, in the order given; missing where none is entered.

    An entry that says neither bond nor lock-in counts as a barrier only.
    """
    if "exit_barriers" not in base.columns:
        nothing = pl.Series([None] * len(base), dtype=pl.Int64)
        return pl.DataFrame({"barriers": nothing, "bonds": nothing, "lockins": nothing})
    entered = base.select("exit_barriers")
    text, counts = pl.col("exit_barriers").str.to_lowercase(), {"barriers": _ENTRY, "bonds": _BOND, "lockins": _LOCK_IN}
    # Few texts stand for many customers: each is read once.
    read = (
        entered.unique()
        .drop_nulls()
        .with_columns(**{name: text.str.count_matches(pattern).cast(pl.Int64) for name, pattern in counts.items()})
    )
    return entered.join(read, on="exit_barriers", how="left", maintain_order="left").select(*counts)


def entries_of(text: str) -> Figure:
    """Return the entries of one customer as they can be said; what is neither of a kind nor of a form stays itself."""
    return Figure("list", tuple(_entry(entry.strip()) for entry in re.findall(_ENTRY, text)))


def _entry(text: str) -> Figure:
    for kind in KINDS:
        for form, pattern in _PATTERNS.items():
            if re.search(rf"{kind}[^:]*{pattern}", text.lower()):
                return Figure("term", f"warnings:barrier_entry.{kind}_{form}")
        if text.lower() == kind:
            return Figure("term", f"warnings:barrier.{kind}")
    return Figure("text", text)


def has(kind: str, form: str) -> pl.Expr:
    """Return whether a customer has a barrier of a kind in a form."""
    pattern = rf"{kind}[^;:]*{_PATTERNS[form]}"
    return pl.col("exit_barriers").str.to_lowercase().str.contains(pattern).fill_null(False)
