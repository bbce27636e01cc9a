"""How tiers are recomputed step by step (S9)."""

from crmdash.rule_settings.section import Section, number


class MovementSettings(Section):
    """How tiers are recomputed step by step (S9): the margin at every line, and how far back the steps reach."""

    margin: int = number(5, 0, 20, 1, "%")
    steps_at_most: int = number(24, 2, 60, 1, "steps")
