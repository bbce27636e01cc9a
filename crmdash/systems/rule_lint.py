"""The lint of every rule set that a setting can change: segment grids, the stages of the lifecycles, the strategies.

A grid should hold every cell exactly once. Ordered rules may contradict each other, since the first that holds wins:
that is reported as meant. A rule that never wins is a fault, whoever set the limits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from crmdash.model.grids import RF, RFM, SegmentMap, empty_classes
from crmdash.model.lifecycle import MODELS
from crmdash.model.lint import Finding, combinations, lint_boxes, lint_decisions, lint_stages, synthetic_customers
from crmdash.phrases import Figure
from crmdash.systems.conditions import everybody
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Column, Report, System, Table
from crmdash.systems.segment_grids import class_column, grid_cuts, measured

CLEAN: Final = "clean"
_BETWEEN: Final = 0.5
"""Clean rule sets stand behind the faults (0) and before what is meant (1)."""
COUNTED: Final = {"gap": "gaps", "overlap": "overlaps", "unreachable": "unreached", "order_dependent": "order_decides"}

RULE_SET: Final = Column("rule_set", "code", "kinds:rule_set")


@dataclass(frozen=True)
class Linted:
    """What the lint found in one rule set, on so many cases."""

    rule_set: str
    cases: int
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """The findings that nobody meant."""
        return tuple(finding for finding in self.findings if not is_meant(finding))


def is_meant(finding: Finding) -> bool:
    """Say whether a finding is what the rule set says: where the first rule wins, order decides on purpose."""
    return finding.kind == "order_dependent"


def linted(evidence: Evidence) -> tuple[Linted, ...]:
    """Lint every rule set with the present settings; the same settings on the same data are looked at once."""
    settings = evidence.settings
    parts = (settings.lifecycle, settings.period, settings.kinds, settings.tiers)
    key = "|".join(part.model_dump_json() for part in parts)
    return evidence.remember_lasting(f"linted {key}", lambda: (*_grids(evidence), *_stages(evidence), _decisions()))


def _grids(evidence: Evidence) -> Iterable[Linted]:
    limits = evidence.settings.kinds
    for code, segments, classes in (("rf_grid", RF, limits.rf_classes), ("rfm_grid", RFM, limits.rfm_classes)):
        found = [*lint_boxes(segments.boxes(classes), classes), *_empty(evidence, segments, classes)]
        yield Linted(code, classes ** len(segments.dimensions), tuple(found))


def _empty(evidence: Evidence, segments: SegmentMap, classes: int) -> Iterable[Finding]:
    """Find classes that stay empty on this data, because too many customers share a value."""
    base, value = everybody(evidence), evidence.settings.tiers.measure
    for dimension, cuts in grid_cuts(evidence, segments, classes).items():
        if not cuts:
            continue
        largest = base.select(measured(dimension, value).max()).item()
        for number in empty_classes(cuts, largest):
            yield Finding("unreachable", class_column(dimension), None, 0, str(number))


def _stages(evidence: Evidence) -> Iterable[Linted]:
    settings, clock = evidence.settings, evidence.clock
    customers = synthetic_customers(settings, evidence.evaluation.base_rhythm, clock)
    for model in MODELS:
        yield Linted(model, len(customers), tuple(lint_stages(settings, model, customers, clock)))


def _decisions() -> Linted:
    return Linted("strategies", len(combinations()), lint_decisions())


def report(evidence: Evidence) -> Report:
    """List every finding, faults first; a rule set without any fault has a row that says so."""
    found = linted(evidence)
    rows = [row for one in found for row in _rows(one)]
    faults_first = pl.col("intended").cast(pl.Float64).fill_null(_BETWEEN)
    frame = pl.DataFrame(rows, schema=_SCHEMA).sort(faults_first, maintain_order=True)
    faults = sum(len(one.faults) for one in found)
    figures = {
        "rule_sets": Figure("count", len(found)),
        "clean": Figure("count", sum(not one.faults for one in found)),
        "faults": Figure("count", faults),
        "intended": Figure("count", sum(len(one.findings) for one in found) - faults),
    }
    return Report(figures, Table(frame, _ROWS), {"by_rule_set": Table(_by_rule_set(found), _TABLE)})


def _rows(one: Linted) -> list[dict[str, Any]]:
    nothing: dict[str, Any] = {"rule_set": one.rule_set, "finding": CLEAN, "cases": one.cases}
    listed: list[dict[str, Any]] = [
        {
            "rule_set": one.rule_set, "finding": finding.kind, "rule": finding.rule, "other": finding.other,
            "cases": finding.cases, "where": finding.where, "intended": is_meant(finding),
        }
        for finding in one.findings
    ]  # fmt: skip
    return listed if one.faults else [nothing, *listed]


_SCHEMA: Final = {
    "rule_set": pl.String, "finding": pl.String, "rule": pl.String, "other": pl.String, "cases": pl.Int64,
    "where": pl.String, "intended": pl.Boolean,
}  # fmt: skip
_ROWS: Final = (
    RULE_SET, Column("finding", "code", "kinds:finding"), Column("rule", "text"), Column("other", "text"),
    Column("cases", "count"), Column("where", "text"), Column("intended", "flag"),
)  # fmt: skip
_TABLE: Final = (
    RULE_SET, Column("cases", "count"), *(Column(name, "count") for name in COUNTED.values()), Column("clean", "flag"),
)  # fmt: skip


def _by_rule_set(found: Iterable[Linted]) -> pl.DataFrame:
    rows = [
        {"rule_set": one.rule_set, "cases": one.cases, "clean": not one.faults}
        | {name: sum(finding.kind == kind for finding in one.findings) for kind, name in COUNTED.items()}
        for one in found
    ]
    return pl.DataFrame(rows)


RULE_LINT: Final = System("rule_lint", "–", (), report)
