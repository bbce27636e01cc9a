"""How measures are counted: window, rhythm, value period."""

from typing import Literal

from pydantic import Field

from crmdash.rule_settings.section import Section, number


class PeriodSettings(Section):
    """How measures are counted: the days, and what an hour of staff costs where the data does not say."""

    value_months: Literal[0, 12, 24] = Field(default=0, json_schema_extra={"unit": "months"})
    window: int = number(365, 30, 730, 1, "days", chips=(30, 90, 180, 365))
    pseudo_gaps: int = number(3, 1, 10, 1, "gaps")
    rhythm_floor: int = number(7, 1, 60, 1, "days")
    hourly_cost: float | None = Field(default=None, ge=0)
