"""A section of the settings, and a number with its range, step and unit."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Section(BaseModel):
    """A frozen part of the settings; unknown keys are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def number(default: float, low: float, high: float, step: float, unit: str, **extra: Any) -> Any:
    """Return a field with a range, the step of its slider and its unit."""
    return Field(default=default, ge=low, le=high, json_schema_extra={"step": step, "unit": unit, **extra})
