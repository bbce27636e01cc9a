"""Completeness of the customer file (S29)."""

from crmdash.rule_settings.section import Section, number


class ProfileSettings(Section):
    """Completeness of the customer file (S29).

    `weight_*` say how much each part of the file counts; 0 asks for it no more. `factor_*` say how much a gap matters
    with customers of each class.
    """

    weight_identity: int = number(3, 0, 10, 1, "weight")
    weight_decider: int = number(3, 0, 10, 1, "weight")
    weight_industry: int = number(2, 0, 10, 1, "weight")
    weight_needs: int = number(2, 0, 10, 1, "weight")
    weight_source: int = number(1, 0, 10, 1, "weight")
    weight_introducer: int = number(1, 0, 10, 1, "weight")
    weight_buying_habits: int = number(1, 0, 10, 1, "weight")
    weight_preferences: int = number(1, 0, 10, 1, "weight")
    weight_birthday: int = number(1, 0, 10, 1, "weight")
    factor_top: int = number(3, 0, 10, 1, "weight")
    factor_upper: int = number(2, 0, 10, 1, "weight")
    factor_middle: int = number(1, 0, 10, 1, "weight")
    factor_bottom: int = number(0, 0, 10, 1, "weight")
