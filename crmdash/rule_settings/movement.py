"""How tiers are recomputed period by period (S9)."""

from crmdash.rule_settings.section import Section, number


class MovementSettings(Section):
    """How tiers are recomputed period by period (S9)."""

    margin: int = number(5, 0, 20, 1, "%")
