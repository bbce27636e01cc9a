"""What ties a customer to us, read out of ``exit_barriers``: entries such as ``economic:bond;contractual:lockin``."""

from typing import Final

import polars as pl

from crmdash.systems.evidence import Evidence
from crmdash.systems.places import base_places

KINDS: Final = ("economic", "technical", "contractual")
FORMS: Final = ("bond", "lockin")
"""A bond is valued by the customer, a lock-in resented."""

_BOND: Final = r":\s*bond"
_LOCK_IN: Final = r":\s*lock[\s_-]?in"
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


def has(kind: str, form: str) -> pl.Expr:
    """Return whether a customer has a barrier of a kind in a form."""
    pattern = rf"{kind}[^;:]*{_BOND if form == 'bond' else _LOCK_IN}"
    return pl.col("exit_barriers").str.to_lowercase().str.contains(pattern).fill_null(False)
