"""Codes of the systems of the domain: which are computed can be chosen."""

from typing import Final

SystemCode = str
"""The code of a system of the domain, such as ``early_warning``."""

SYSTEM_CODES: Final[tuple[SystemCode, ...]] = (
    "nature", "buyers", "quality_traits", "trust_ladder", "tiers_help", "dynamic_tiers", "retention_gain", "price_cut",
    "cross_sell", "commercial", "due_list", "survey", "complaint_iceberg", "lifetime_value", "five_indicators",
    "four_values", "balance", "expectations", "journey", "channels", "ten_types", "orientation", "acquisition",
    "walk_away_value", "potential_tiers", "profile_completeness", "loss_of_the_top", "relationship", "open_matters",
    "exit_barriers", "transaction_cost", "early_warning", "lost_customers", "acquaintance", "personal_cycle",
    "criteria", "recommendations", "expected_profit", "what_followed", "audit_period", "audit_two_periods",
    "audit_cohort", "audit_cohorts", "audit_base", "claims", "rf_grid", "rfm_grid", "rule_lint",
)  # fmt: skip
"""Every system beside those of the board itself, in the order of the domain's numbers."""
