"""Do tiers help here? Effect sizes and what they must reach (S7)."""

from crmdash.rule_settings.section import Section, number


class TierTestSettings(Section):
    """Do tiers help here? Effect sizes and what they must reach (S7)."""

    effect: float = number(0.06, 0, 0.5, 0.01, "effect")
    association: float = number(0.2, 0, 1, 0.05, "effect")
    chance: float = number(0.01, 0.01, 0.1, 0.01, "probability")
    fewest_measures: int = number(3, 1, 10, 1, "measures")
    share_of_measures: int = number(50, 10, 100, 5, "%")
    explained: float = number(0.02, 0, 0.5, 0.01, "effect")
    fewest_answers: int = number(30, 5, 500, 5, "customers")
