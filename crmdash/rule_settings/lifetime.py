"""Lifetime value (S15)."""

from typing import Literal

from pydantic import Field

from crmdash.rule_settings.section import Section, number

ExpectedFrom = Literal["last_period", "fitted"]
"""What a customer's expected profit comes from: last period and keep rate, or the models of lifetime value."""


class LifetimeSettings(Section):
    """How far ahead lifetime value looks, how it is discounted, and how much data it asks for (S15).

    `contract_*` tell a base with contracts, for which the model is not made: so many per cent of the gaps lie within
    so many per cent of the customer's own usual gap. `margin_limit`: an own margin counts up to this, either way.
    """

    horizon_years: int = number(3, 1, 10, 1, "years")
    discount: int = number(10, 0, 30, 1, "%")
    fewest_customers: int = number(100, 50, 1000, 10, "customers")
    fewest_repeaters: int = number(30, 10, 500, 5, "customers")
    fewest_rhythms: float = number(3.0, 1, 10, 0.5, "rhythms")
    contract_share: int = number(80, 50, 100, 5, "%")
    contract_width: int = number(10, 1, 50, 1, "%")
    margin_limit: int = number(100, 10, 1000, 10, "%")
    top_share: int = number(20, 5, 50, 5, "%")
    expected_profit_from: ExpectedFrom = Field(default="last_period")
