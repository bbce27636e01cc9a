"""Changing one setting by its path: ranges and steps for sliders, neighbours pushed along, lines turned to amounts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from crmdash.columns import MONEY_SCALE
from crmdash.settings import (
    LARGEST_AMOUNT,
    LIFECYCLE_PRESETS,
    LINE_FIELDS,
    ORDERS,
    PRESETS,
    SECTIONS,
    Lines,
    Mode,
    Settings,
    Tier,
    TierSettings,
    field_extra,
    get_value,
    parse_settings,
)


@dataclass(frozen=True)
class Adjustable:
    """One number that a slider can move: its path, default, range, step and unit."""

    path: str
    default: float
    low: float
    high: float
    step: float
    unit: str


def adjustables(settings: Settings) -> Iterator[Adjustable]:
    """Yield every number with a range, tier lines in force first, in the order of the model.

    Limits that the chosen lifecycle model does not read are left out: moving them would change nothing.
    """
    lines_field = LINE_FIELDS[settings.tiers.mode]
    extra = field_extra(TierSettings.model_fields[lines_field])
    if "step" in extra:
        for code, default in _usual_lines(settings.tiers).items():
            path = f"tiers.{lines_field}.{code}"
            yield Adjustable(path, default, extra["low"], extra["high"], extra["step"], extra["unit"])
    for item in _NUMBERS:
        section, _, name = item.path.partition(".")
        if section != "lifecycle" or name in settings.lifecycle.read:
            yield item


def _numbers() -> Iterator[Adjustable]:
    for section, kind in SECTIONS.items():
        for name, field in kind.model_fields.items():
            bounds = {type(limit).__name__: limit for limit in field.metadata}
            if {"Ge", "Le"} <= bounds.keys():
                extra = field_extra(field)
                low, high = bounds["Ge"].ge, bounds["Le"].le
                yield Adjustable(f"{section}.{name}", field.default, low, high, extra["step"], extra["unit"])


_NUMBERS: Final = tuple(_numbers())
"""Every number with a range beside the tier lines, in the order of the model."""


def _usual_lines(tiers: TierSettings) -> Lines:
    """Return the lines that a scheme begins with in the mode in force; one of typed amounts has its own."""
    if tiers.scheme == "amounts":
        return tiers.lines
    return getattr(TierSettings.model_validate({"scheme": tiers.scheme}), LINE_FIELDS[tiers.mode])


def modes_of(tiers: TierSettings) -> tuple[Mode, ...]:
    """Return the ways in which lines can be drawn: those that there are lines for, and amounts, which lines become."""
    return tuple(mode for mode, field in LINE_FIELDS.items() if mode == "amount" or getattr(tiers, field))


def with_value(settings: Settings, path: str, value: Any) -> Settings:
    """Return `settings` with one value changed, its neighbours pushed along where an order would break.

    A tier line pushes the next lines by a step, a limit such as `cooling_silence` pushes its partner (`ORDERS`).
    Where the last neighbour stands at the end of its range, the value itself stops short of it. Another scheme brings
    its own tiers, lines and mode.
    """
    get_value(settings, path)
    tree = settings.model_dump()
    if path == "tiers.scheme":
        kept = {name: tree["tiers"][name] for name in ("measure", "lead_if_loss")}
        return parse_settings(tree | {"tiers": kept | {"scheme": value}})
    order = _Order(settings)
    if isinstance(value, (int, float)) and order.concerns(path):
        value = min(max(value, order.floor(path)), order.ceiling(path))
        _put(tree, path, value)
        order.push_up(tree, path)
        order.push_down(tree, path)
    else:
        _put(tree, path, value)
    return parse_settings(tree)


def pushed_along(settings: Settings, path: str, values: Sequence[float]) -> dict[str, NDArray[np.float64]]:
    """Return what `with_value` sets for each of `values`: the setting at `path` and every partner that moves with it.

    By path, (values,). Thousands of values are told at once, without building settings for each.
    """
    tree, order = settings.model_dump(), _Order(settings)
    low, high = order.floor(path), order.ceiling(path)
    moved: list[dict[str, float]] = []
    section = path.partition(".")[0]
    partners = [other for other in order.ranges if other.partition(".")[0] == section]
    for value in values:
        changed = tree | {section: dict(tree[section])}
        _put(changed, path, min(max(value, low), high))
        order.push_up(changed, path)
        order.push_down(changed, path)
        moved.append({other: _take(changed, other) for other in partners})
    found = {other: np.array([row[other] for row in moved], np.float64) for other in partners}
    return {other: there for other, there in found.items() if other == path or (there != _take(tree, other)).any()}


def with_preset(settings: Settings, name: str) -> Settings:
    """Return `settings` with the tiers of a preset."""
    return parse_settings(settings.model_dump() | {"tiers": PRESETS[name]})


def with_lifecycle_preset(settings: Settings, name: str) -> Settings:
    """Return `settings` with the limits of a lifecycle preset; it keeps the model unless it brings its own."""
    model = settings.lifecycle.model
    # The personal cycle is a preset that brings its model: leaving it, the usual model comes back.
    kept = {} if model == "personal_cycle" else {"model": model}
    return parse_settings(settings.model_dump() | {"lifecycle": kept | LIFECYCLE_PRESETS[name]})


def lifecycle_preset_of(settings: Settings) -> str | None:
    """Return the preset that the lifecycle's limits are exactly; None where somebody has moved one."""
    model = {"model": settings.lifecycle.model}
    for name in reversed(LIFECYCLE_PRESETS):
        if settings.lifecycle == parse_settings({"lifecycle": model | LIFECYCLE_PRESETS[name]}).lifecycle:
            return name
    return None


def preset_of(settings: Settings) -> str:
    """Return the preset that the tiers come nearest to: by scheme, and for the pyramid by what it orders by."""
    tiers = settings.tiers
    by_profit = tiers.scheme == "pyramid" and tiers.lead_if_loss and tiers.measure == "customer_profit"
    return "pyramid_by_profit" if by_profit else tiers.scheme


def with_amounts(settings: Settings, cuts: Mapping[Tier, int]) -> Settings:
    """Return `settings` with lines drawn by amount at `cuts` (ten-thousandths), as near as amounts can come.

    Of lines at one value the upper one stays, and each lower one stands a ten-thousandth below the one above it: only
    who has exactly that much less comes up. A line below zero is drawn at zero. Lines below one at zero are left out,
    for they would push it up: the tier below the last line drawn takes everybody who is left.
    """
    tree = settings.model_dump()
    amounts: Lines = {}
    above = int(LARGEST_AMOUNT) * MONEY_SCALE + 1
    for code in settings.tiers.lines:
        if above == 0:
            break
        above = max(0, min(cuts[code], above - 1))
        amounts[code] = above / MONEY_SCALE
    tree["tiers"] |= {"mode": "amount", "amounts": amounts}
    return parse_settings(tree)


def without_amounts(settings: Settings) -> Settings:
    """Return `settings` without lines, or a scheme, of typed amounts: they mean nothing in other data."""
    tiers = settings.tiers.model_dump()
    if settings.tiers.scheme == "amounts":
        tiers = {name: tiers[name] for name in ("measure", "lead_if_loss")}
    elif settings.tiers.mode == "amount":
        tiers = {name: tiers[name] for name in tiers if name not in ("mode", "amounts")}
    else:
        tiers["amounts"] = {}
    return parse_settings(settings.model_dump() | {"tiers": tiers})


class _Order:
    """The pairs of settings that must ascend, with the range and step of each."""

    def __init__(self, settings: Settings) -> None:
        field = LINE_FIELDS[settings.tiers.mode]
        paths = [f"tiers.{field}.{code}" for code in settings.tiers.lines]
        if settings.tiers.mode in ("amount", "score"):
            paths.reverse()
        self.pairs = (*pairwise(paths), *ORDERS)
        typed = {path: Adjustable(path, 0, 0, LARGEST_AMOUNT, 1, "money") for path in paths}
        self.ranges = typed | {item.path: item for item in (*adjustables(settings), *_NUMBERS)}

    def concerns(self, path: str) -> bool:
        """Say whether a setting is one of a pair."""
        return any(path in pair for pair in self.pairs)

    def ceiling(self, path: str) -> float:
        """Return how far up a setting can go with its partners above it pushed to their ends."""
        own = self.ranges[path]
        above = [self.ceiling(upper) - self.ranges[upper].step for lower, upper in self.pairs if lower == path]
        return round(min([own.high, *above]), 6)

    def floor(self, path: str) -> float:
        """Return how far down a setting can go with its partners below it pushed to their ends."""
        own = self.ranges[path]
        below = [self.floor(lower) + self.ranges[lower].step for lower, upper in self.pairs if upper == path]
        return round(max([own.low, *below]), 6)

    def push_up(self, tree: dict[str, Any], path: str) -> None:
        """Move the partners above `path` just above it, and theirs in turn."""
        for upper in (upper for lower, upper in self.pairs if lower == path):
            if _take(tree, upper) <= _take(tree, path):
                _put(tree, upper, round(_take(tree, path) + self.ranges[upper].step, 6))
                self.push_up(tree, upper)

    def push_down(self, tree: dict[str, Any], path: str) -> None:
        """Move the partners below `path` just below it, and theirs in turn."""
        for lower in (lower for lower, upper in self.pairs if upper == path):
            if _take(tree, lower) >= _take(tree, path):
                _put(tree, lower, round(_take(tree, path) - self.ranges[lower].step, 6))
                self.push_down(tree, lower)


def _take(tree: Any, path: str) -> Any:
    for part in path.split("."):
        tree = tree[part]
    return tree


def _put(tree: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for part in parents:
        tree = tree[part]
    tree[last] = value
