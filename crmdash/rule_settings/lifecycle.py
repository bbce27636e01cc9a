"""Limits of the lifecycle models, and which of them each model reads."""

from typing import Final, Literal

from crmdash.rule_settings.section import Section, number

Model = Literal["relationship", "commercial", "journey", "acquaintance", "personal_cycle"]
Yardstick = Literal["rhythm", "days"]

_ENDED: Final = (
    "lapsed_silence",
    "lapsed_silence_early",
    "regular_from",
    "lapsed_days_at_least",
    "lapsed_days_at_most",
)
_BY_RHYTHM: Final = ("cooling_silence", "cooling_growth", *_ENDED)
_BY_DAYS: Final = ("cooling_days", "lapsed_days")
_ESTABLISHED: Final = ("established_from", "loyal_silence")

_OWN: Final[dict[Model, tuple[str, ...]]] = {
    "relationship": (
        "exploration_up_to", "formation_up_to", "stable_by_age", "formation_at_least", "dissatisfied",
        "satisfaction_fall",
    ),
    "commercial": (
        "decline_growth", "decline_satisfaction", "introduction_up_to", "introduction_days", "growth_days",
        "growth_from",
    ),
    "journey": (*_ESTABLISHED, "inspire_recommend", "inspire_satisfaction", "growing_up_to"),
    "acquaintance": (*_ESTABLISHED, "introduction_up_to", "introduction_days", "loyal_satisfaction"),
    "personal_cycle": ("sleepy_from", "half_asleep_from", "asleep_from", "growing_up_to"),
}  # fmt: skip
"""What a model reads beside the limits by which customers cool down and are gone."""

_GROWTHS: Final = frozenset({"cooling_growth", "decline_growth", "growth_from"})


class LifecycleSettings(Section):
    """Limits of the five models; `model` labels the customers, and its phase enters the choice of strategy.

    `measured_by` days is for those who insist: cooling and gone by days without a purchase, no silence, no growth.
    """

    model: Model = "relationship"
    measured_by: Yardstick = "rhythm"
    cooling_silence: float = number(2.0, 1, 5, 0.1, "times")
    lapsed_silence: float = number(6.0, 2, 12, 0.5, "times")
    lapsed_silence_early: float = number(4.0, 2, 12, 0.5, "times")
    regular_from: int = number(3, 2, 10, 1, "purchases")
    cooling_growth: float = number(-0.67, -1.5, -0.1, 0.01, "growth")
    lapsed_days_at_least: int = number(90, 0, 365, 10, "days")
    lapsed_days_at_most: int = number(730, 180, 1825, 10, "days")
    cooling_days: int = number(90, 10, 730, 10, "days")
    lapsed_days: int = number(180, 20, 1825, 10, "days")
    exploration_up_to: int = number(2, 1, 5, 1, "purchases")
    formation_up_to: int = number(5, 2, 12, 1, "purchases")
    stable_by_age: int = number(730, 180, 1825, 10, "days")
    formation_at_least: int = number(183, 0, 365, 10, "days")
    dissatisfied: float = number(6.0, 0, 10, 0.5, "points")
    satisfaction_fall: float = number(2.0, 0, 10, 0.5, "points")
    decline_growth: float = number(-0.4, -1.5, -0.1, 0.01, "growth")
    decline_satisfaction: float = number(5.0, 0, 10, 0.5, "points")
    introduction_up_to: int = number(2, 1, 5, 1, "purchases")
    introduction_days: int = number(91, 0, 365, 1, "days")
    growth_days: int = number(365, 30, 1825, 1, "days")
    growth_from: float = number(0.2, 0.0, 2.0, 0.05, "growth")
    established_from: int = number(6, 2, 24, 1, "purchases")
    loyal_silence: float = number(1.5, 0.5, 5, 0.1, "times")
    loyal_satisfaction: float = number(8.0, 0, 10, 0.5, "points")
    inspire_recommend: float = number(9.0, 0, 10, 0.5, "points")
    inspire_satisfaction: float = number(9.0, 0, 10, 0.5, "points")
    growing_up_to: int = number(5, 2, 12, 1, "purchases")
    sleepy_from: float = number(1.0, 0.5, 5, 0.1, "times")
    half_asleep_from: float = number(2.0, 1, 8, 0.1, "times")
    asleep_from: float = number(3.0, 1.5, 12, 0.1, "times")

    @property
    def by_days(self) -> bool:
        """Whether days without a purchase take the place of silence and growth; the personal cycle knows none."""
        return self.measured_by == "days" and self.model != "personal_cycle"

    @property
    def read(self) -> frozenset[str]:
        """Names of the limits that the chosen model reads: no other changes anything."""
        own = frozenset(_OWN[self.model])
        if self.model == "personal_cycle":
            return own
        if self.by_days:
            return (own | set(_BY_DAYS)) - _GROWTHS - {"loyal_silence"}
        shared = frozenset(_BY_RHYTHM) - ({"cooling_growth"} if self.model == "commercial" else set())
        return own | shared
