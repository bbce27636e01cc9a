"""Completeness of the customer file (S29)."""

from crmdash.rule_settings.section import Section, number


class ProfileSettings(Section):
    """Completeness of the customer file (S29)."""

    weight_identity: int = number(3, 0, 10, 1, "weight")
