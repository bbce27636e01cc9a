"""A lint for rule sets: what falls through, what is claimed twice, what is never reached, and where order decides."""

from crmdash.model.lint.boxes import lint_boxes
from crmdash.model.lint.decisions import combinations, lint_decisions
from crmdash.model.lint.findings import Finding, lint_table
from crmdash.model.lint.stages import lint_stages, synthetic_customers

__all__ = [
    "Finding", "combinations", "lint_boxes", "lint_decisions", "lint_stages", "lint_table", "synthetic_customers",
]  # fmt: skip
