"""How measures are counted: window, rhythm, value period."""

from typing import Final, Literal, Self

from pydantic import Field

from crmdash.rule_settings.section import Section, number


class PeriodSettings(Section):
    """How measures are counted: the days, and what an hour of staff costs where the data does not say."""

    value_months: Literal[0, 12, 24] = Field(default=0, json_schema_extra={"unit": "months"})
    window: int = number(365, 30, 730, 1, "days", chips=(30, 90, 180, 365))
    pseudo_gaps: int = number(3, 1, 10, 1, "gaps")
    rhythm_floor: int = number(7, 1, 60, 1, "days")
    hourly_cost: float | None = Field(default=None, ge=0)

    def same_sums(self, other: "PeriodSettings") -> bool:
        """Say whether a summary made for the other period serves this one: rhythms are told when evaluating."""
        return self.with_sums_of(other) == self

    def with_sums_of(self, other: "PeriodSettings") -> Self:
        """Return the same with what the sums of the other period were made for."""
        return self.model_copy(update={name: getattr(other, name) for name in _OF_SUMS})


_OF_SUMS: Final = ("window", "value_months", "hourly_cost")
"""What the sums of a summary depend on."""
