"""Limits of the flags that the strategy table reads."""

from crmdash.rule_settings.section import Section, number


class FlagSettings(Section):
    """Limits of the flags that the strategy table reads."""

    poor_margin: int = number(50, 0, 100, 5, "%")
    upside_wallet: float = number(0.6, 0, 1, 0.05, "fraction")
    upside_breadth: float = number(0.5, 0, 1, 0.05, "fraction")
    upside_growth: float = number(0.4, 0, 2, 0.05, "growth")
    saturated_wallet: float = number(0.8, 0, 1, 0.05, "fraction")
    contested_wallet_fall: float = number(0.10, 0, 0.5, 0.05, "fraction")
    contested_category_loss: float = number(0.33, 0, 1, 0.05, "fraction")
    contested_contract_days: int = number(90, 0, 365, 10, "days")
    fresh_days: int = number(365, 30, 1825, 10, "days")
