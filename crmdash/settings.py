"""Every adjustable number, as one frozen value.

A field carries its default, range, step and unit; its label and help stand in `data/words/settings.toml` under its path
(``lifecycle.cooling_silence``). Sliders, settings files, links and scenarios are all made from this model, so adding
a slider is adding a field. The defaults are those of the rule tables (tiers, lifecycle, flags, service); none is a
finding.
"""

from difflib import get_close_matches
from itertools import pairwise
from math import inf
from typing import Any, Final, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo

from crmdash.errors import SettingsError
from crmdash.rule_settings import (
    SYSTEM_CODES,
    EconomicsSettings,
    FlagSettings,
    KindSettings,
    LifecycleSettings,
    LifetimeSettings,
    MovementSettings,
    PeriodSettings,
    ProfileSettings,
    Section,
    ServiceSettings,
    SystemCode,
    TierTestSettings,
    WarningSettings,
    WorthSettings,
)

Measure = Literal["revenue", "gross_profit", "customer_profit", "lifetime_value", "indicator_total"]
Mode = Literal["share", "heads", "amount", "score"]
Scheme = Literal["pyramid", "two", "three", "abc", "textbook", "amounts"]
Tier = str
"""A tier's code, such as ``platinum`` or ``tier3``."""

LARGEST_AMOUNT: Final = 1e12
"""Lines beyond this would leave whole ten-thousandths in 64 bits when they are compared and summed."""

Lines = dict[Tier, float]
"""Where the lower edge of each tier but the last is drawn, top tier first."""

SCHEMES: Final[dict[Scheme, tuple[Tier, ...]]] = {
    "pyramid": ("platinum", "gold", "iron", "lead"),
    "two": ("gold", "iron"),
    "three": ("key", "normal", "small"),
    "abc": ("a", "b", "c"),
    "textbook": ("vital", "major", "normal", "small"),
    "amounts": ("tier1", "tier2", "tier3", "tier4", "tier5", "tier6"),
}
"""Tier codes of each scheme, top first; `amounts` uses as many as there are typed amounts, plus one."""

TIER_CLASSES: Final[dict[int, tuple[str, ...]]] = {
    2: ("top", "middle"),
    3: ("top", "middle", "bottom"),
    4: ("top", "upper", "middle", "bottom"),
    5: ("top", "upper", "upper", "middle", "bottom"),
    6: ("top", "upper", "upper", "middle", "middle", "bottom"),
}
"""Class of each tier, by the number of tiers: only classes enter the strategy table."""

_DEFAULT_LINES: Final[dict[tuple[int, Mode], tuple[float, ...]]] = {
    (3, "share"): (50, 80, 95),
    (3, "heads"): (1, 5, 20),
    (3, "score"): (99, 95, 80),
    (2, "share"): (80, 95),
    (2, "heads"): (20, 50),
    (2, "score"): (80, 50),
    (1, "share"): (80,),
    (1, "heads"): (20,),
    (1, "score"): (80,),
}
_SCHEME_MODES: Final[dict[Scheme, Mode]] = {
    "pyramid": "share",
    "two": "heads",
    "three": "heads",
    "abc": "share",
    "textbook": "heads",
    "amounts": "amount",
}
LINE_FIELDS: Final[dict[Mode, str]] = {"share": "shares", "heads": "heads", "amount": "amounts", "score": "scores"}


PRESETS: Final[dict[str, dict[str, Any]]] = {
    "pyramid": {},
    "pyramid_by_profit": {"measure": "customer_profit", "lead_if_loss": True},
    "two": {"scheme": "two"},
    "three": {"scheme": "three"},
    "abc": {"scheme": "abc"},
    "textbook": {"scheme": "textbook"},
}
"""Tier settings to begin with; what they do not name takes its default."""

LIFECYCLE_PRESETS: Final[dict[str, dict[str, Any]]] = {
    "distributor": {},
    "online_shop": {"cooling_silence": 2.5, "exploration_up_to": 1, "formation_up_to": 3},
    "fixed_days": {"measured_by": "days"},
    "personal_cycle": {"model": "personal_cycle"},
}
"""Lifecycle limits to begin with; what they do not name takes its default, but for the model, which stays."""


class TierSettings(Section):
    """Which measure orders the customers, and where the tier lines stand.

    `shares` are cumulative per cent of the positive value, `heads` cumulative per cent of customers, `amounts` in
    currency units, `scores` per cent of customers with a smaller value. Only the lines of `mode` are in force.
    """

    scheme: Scheme = "pyramid"
    measure: Measure = "revenue"
    mode: Mode = "share"
    shares: Lines = Field(default_factory=dict, json_schema_extra={"low": 5, "high": 99, "step": 1, "unit": "%"})
    heads: Lines = Field(default_factory=dict, json_schema_extra={"low": 1, "high": 99, "step": 1, "unit": "%"})
    scores: Lines = Field(default_factory=dict, json_schema_extra={"low": 1, "high": 99, "step": 1, "unit": "%"})
    amounts: Lines = Field(default_factory=dict, json_schema_extra={"low": 0, "high": LARGEST_AMOUNT})
    lead_if_loss: bool = False

    @model_validator(mode="before")
    @classmethod
    def _fill_lines(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        filled = dict(given)
        scheme = filled.get("scheme", "pyramid")
        if not isinstance(scheme, str) or scheme not in SCHEMES:
            return filled
        filled.setdefault("mode", _SCHEME_MODES[scheme])
        codes = SCHEMES[scheme][:-1]
        for mode, field in LINE_FIELDS.items():
            defaults = dict(zip(codes, _DEFAULT_LINES.get((len(codes), mode), ()), strict=False))
            if isinstance(filled.get(field, {}), dict):
                lines = defaults | filled.get(field, {})
                filled[field] = dict(sorted(lines.items(), key=lambda line: _place(line[0], scheme)))
        return filled

    @model_validator(mode="after")
    def _check_lines(self) -> Self:
        for mode, field in LINE_FIELDS.items():
            lines: Lines = getattr(self, field)
            _check_codes(field, lines, SCHEMES[self.scheme])
            _check_order(field, lines, ascending=mode in ("share", "heads"))
            extra = field_extra(type(self).model_fields[field])
            low, high = extra.get("low", 0), extra.get("high", inf)
            if not all(low <= value <= high for value in lines.values()):
                raise ValueError(f"tiers.{field}: every line lies between {low} and {high}")
        if not self.lines:
            raise ValueError(f"tiers.{LINE_FIELDS[self.mode]}: mode {self.mode!r} needs at least one line")
        return self

    @property
    def lines(self) -> Lines:
        """The lines in force, top tier first."""
        return getattr(self, LINE_FIELDS[self.mode])

    @property
    def codes(self) -> tuple[Tier, ...]:
        """Tier codes in force, top first, including a tier of loss-makers where the scheme gains one."""
        codes = SCHEMES[self.scheme][: len(self.lines) + 1]
        if not self.lead_if_loss or "lead" in codes:
            return codes
        return (*codes, "lead")

    @property
    def classes(self) -> dict[Tier, str]:
        """Class of each tier in force: top, upper, middle or bottom."""
        codes = self.codes
        if codes[-1] == "lead" and "lead" not in SCHEMES[self.scheme]:
            return dict(zip(codes[:-1], TIER_CLASSES[len(codes) - 1], strict=True)) | {"lead": "bottom"}
        return dict(zip(codes, TIER_CLASSES[len(codes)], strict=True))


def _place(code: Tier, scheme: Scheme) -> int:
    codes = SCHEMES[scheme]
    return codes.index(code) if code in codes else len(codes)


def _check_codes(field: str, lines: Lines, codes: tuple[Tier, ...]) -> None:
    expected = codes[: len(lines)]
    if tuple(lines) != expected:
        wrong = next((code for code in lines if code not in codes[:-1]), None)
        found = "" if wrong is None else f"; {wrong!r} is none of them"
        raise ValueError(f"tiers.{field}: lines belong to {', '.join(codes[:-1])}, top first{found}")


def _check_order(field: str, lines: Lines, *, ascending: bool) -> None:
    values = list(lines.values())
    if not all((left < right) if ascending else (left > right) for left, right in pairwise(values)):
        raise ValueError(f"tiers.{field}: lines must {'rise' if ascending else 'fall'} from the top tier down")


ORDERS: Final = (
    ("lifecycle.cooling_silence", "lifecycle.lapsed_silence"),
    ("lifecycle.cooling_silence", "lifecycle.lapsed_silence_early"),
    ("lifecycle.lapsed_days_at_least", "lifecycle.lapsed_days_at_most"),
    ("lifecycle.exploration_up_to", "lifecycle.formation_up_to"),
    ("lifecycle.formation_at_least", "lifecycle.stable_by_age"),
    ("lifecycle.cooling_days", "lifecycle.lapsed_days"),
    ("lifecycle.introduction_days", "lifecycle.growth_days"),
    ("lifecycle.sleepy_from", "lifecycle.half_asleep_from"),
    ("lifecycle.half_asleep_from", "lifecycle.asleep_from"),
    ("warning.watch", "warning.alert"),
    ("worth.grade_c", "worth.grade_b"),
    ("worth.grade_b", "worth.grade_a"),
    ("worth.dissatisfied", "worth.satisfied"),
    ("kinds.credit_b", "kinds.credit_a"),
    ("kinds.loyalty_middle", "kinds.loyalty_high"),
    ("kinds.loyalty_awake", "kinds.loyalty_silent"),
    ("kinds.price_low", "kinds.price_usual"),
    ("kinds.price_usual", "kinds.price_high"),
    ("kinds.on_time_low", "kinds.on_time_high"),
    ("kinds.impulse_planned", "kinds.need_planned"),
    ("kinds.low_percentile", "kinds.high_percentile"),
)
"""Pairs of settings of which the first must stay below the second."""


class Settings(Section):
    """Every adjustable number of the product.

    Examples
    --------
    >>> Settings().tiers.lines
    {'platinum': 50.0, 'gold': 80.0, 'iron': 95.0}
    """

    tiers: TierSettings = Field(default_factory=lambda: TierSettings.model_validate({}))
    period: PeriodSettings = PeriodSettings()
    lifecycle: LifecycleSettings = LifecycleSettings()
    flags: FlagSettings = FlagSettings()
    service: ServiceSettings = ServiceSettings()
    movement: MovementSettings = MovementSettings()
    warning: WarningSettings = WarningSettings()
    lifetime: LifetimeSettings = LifetimeSettings()
    worth: WorthSettings = WorthSettings()
    kinds: KindSettings = KindSettings()
    economics: EconomicsSettings = EconomicsSettings()
    tier_test: TierTestSettings = TierTestSettings()
    profile: ProfileSettings = ProfileSettings()
    systems: tuple[SystemCode, ...] = SYSTEM_CODES
    """Which systems are computed, those that have their columns."""

    @field_validator("systems")
    @classmethod
    def _check_systems(cls, given: tuple[SystemCode, ...]) -> tuple[SystemCode, ...]:
        for code in given:
            if code not in SYSTEM_CODES:
                raise ValueError(_unknown("systems", code, SYSTEM_CODES))
        return tuple(code for code in SYSTEM_CODES if code in given)

    @model_validator(mode="after")
    def _check_orders(self) -> Self:
        for lower, upper in ORDERS:
            if not get_value(self, lower) < get_value(self, upper):
                raise ValueError(f"{lower} must stay below {upper}")
        return self


def field_extra(field: FieldInfo) -> dict[str, Any]:
    """Return the step, unit and other facts that a field carries beside its range."""
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def _sections() -> dict[str, type[Section]]:
    kinds = ((name, field.annotation) for name, field in Settings.model_fields.items())
    return {name: kind for name, kind in kinds if isinstance(kind, type) and issubclass(kind, Section)}


SECTIONS: Final = _sections()
"""The sections of `Settings` (tiers, period, lifecycle …), each with the type that it holds."""


def get_value(settings: Settings, path: str) -> Any:
    """Return the setting at `path`, such as ``tiers.shares.platinum``.

    Raises
    ------
    SettingsError
        If there is no such setting; the message names the nearest known one.
    """
    value: Any = settings
    for part in path.split("."):
        known = value if isinstance(value, dict) else type(value).model_fields
        if part not in known:
            raise SettingsError(_unknown(path, part, known))
        value = value[part] if isinstance(value, dict) else getattr(value, part)
    return value


def parse_settings(tree: Any) -> Settings:
    """Build settings from the parsed JSON of a settings file; what it leaves out takes its default.

    Raises
    ------
    SettingsError
        For an unknown key (the message names the nearest known one), a value out of range or a broken order.
    """
    try:
        return Settings.model_validate(tree)
    except ValidationError as error:
        raise SettingsError("; ".join(_explain(item) for item in error.errors())) from error


def _explain(item: Any) -> str:
    path = ".".join(str(part) for part in item["loc"])
    if item["type"] == "extra_forbidden":
        *parents, last = item["loc"]
        known = SECTIONS[str(parents[0])] if parents else Settings
        return _unknown(path, str(last), known.model_fields)
    message = item["msg"].removeprefix("Value error, ")
    return f"{path}: {message}" if path and not message.startswith(path) else message


def _unknown(path: str, part: str, known: Any) -> str:
    near = get_close_matches(part, list(known), n=1, cutoff=0.0)
    hint = f", did you mean {near[0]!r}?" if near else ""
    return f"{path}: unknown setting {part!r}{hint}"


def differences(settings: Settings) -> dict[str, Any]:
    """Return what differs from the defaults, as a nested tree that `parse_settings` reads back."""
    changed = _difference(settings.model_dump(), Settings().model_dump())
    if "scheme" in changed.get("tiers", {}):
        # Another scheme brings a mode of its own when read back.
        changed["tiers"]["mode"] = settings.tiers.mode
    return changed


def _difference(tree: dict[str, Any], base: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    for key, value in tree.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict) and key in Settings.model_fields:
            if inner := _difference(value, base[key]):
                changed[key] = inner
        elif value != base.get(key):
            changed[key] = value
    return changed
