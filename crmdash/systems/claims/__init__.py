"""What the texts claim, measured on the data: every testable claim with its verdict, its figure and its limit."""

from typing import Any, Final

import polars as pl

from crmdash.phrases import Figure
from crmdash.systems.claims import loyalty, value
from crmdash.systems.claims.claim import THEMES, VERDICTS, Claim, Finding
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Column, Report, System, Table

CLAIMS: Final[tuple[Claim, ...]] = tuple(
    claim for theme in THEMES for claim in (*value.CLAIMS, *loyalty.CLAIMS) if claim.theme == theme
)
"""Every claim, by theme."""

_ROWS: Final = (
    Column("claim", "code", "claims:claim"), Column("number", "text"), Column("theme", "code", "claims:theme"),
    Column("verdict", "code", "claims:verdict"),
    Column("effect", "decimal"), Column("needed", "decimal"), Column("cases", "count"),
    Column("reason", "code", "claims:reason"), Column("missing", "text"),
)  # fmt: skip
_SCHEMA: Final[dict[str, Any]] = {
    "claim": pl.String, "number": pl.String, "theme": pl.String, "verdict": pl.String,
    "effect": pl.Float64, "needed": pl.Float64,    "cases": pl.Int64, "reason": pl.String, "missing": pl.String,
}  # fmt: skip


def findings(evidence: Evidence) -> dict[str, Finding]:
    """Test every claim, once for this evidence."""
    return evidence.remember("claims", lambda: {claim.code: claim.finding(evidence) for claim in CLAIMS})


def report(evidence: Evidence) -> Report:
    """Return every claim with its verdict: those that hold, those that do not, those that cannot be tested."""
    found = findings(evidence)
    rows = [_row(claim, found[claim.code]) for claim in CLAIMS]
    verdicts = [finding.verdict for finding in found.values()]
    figures: dict[str, Figure] = {
        **{name: Figure("count", verdicts.count(name)) for name in VERDICTS},
        **{code: Figure("term", f"claims:verdict.{finding.verdict}") for code, finding in found.items()},
    }
    return Report(figures, Table(pl.DataFrame(rows, schema=_SCHEMA, orient="row"), _ROWS))


def _row(claim: Claim, found: Finding) -> tuple[Any, ...]:
    reason = None if found.reason is None else found.reason.key.rpartition(".")[2]
    missing = "; ".join(" or ".join(anyone) for anyone in found.missing) or None
    if missing is not None:
        reason = "missing"
    return (
        claim.code, claim.number, claim.theme, found.verdict, found.effect, found.needed, found.cases, reason, missing
    )  # fmt: skip


CLAIMS_SYSTEM: Final = System("claims", "claims", (("transactions", "customers"),), report)
"""Claims, measured."""
