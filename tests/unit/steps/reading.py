"""A step table read as a browser reads it: off the payload alone, by taking one row from another."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

Payload = dict[str, Any]


class Shown(NamedTuple):
    """What is shown of a tier: customers, value, profit, share of the net total, cut."""

    customers: int
    value: int
    profit: int | None
    share: float | None
    cut: int | None


def handed_over(payload: Payload) -> Payload:
    """Return the payload as it arrives."""
    arrived: Payload = json.loads(json.dumps(payload))
    return arrived


def tiers_at(payload: Payload, lines: Mapping[str, int]) -> dict[str, Shown]:
    """Return every tier with the lines at these steps."""
    found: dict[str, Shown] = {}
    before: dict[str, int | None] = dict.fromkeys(("customers", "value", "profit"), 0)
    for code in in_force(payload):
        step = lines[code]
        row = {name: int(payload[name][step]) if payload[name] is not None else None for name in before}
        cut = payload["cuts"][step]
        found[code] = _shown(payload, _less(row, before), None if cut is None else int(cut))
        before = row
    found[payload["rest"]] = _shown(payload, _less(_numbers(payload["everybody"]), before), None)
    if payload["losing"] is not None:
        found[payload["loss"]] = _shown(payload, _numbers(payload["losing"]), None)
    return {code: found[code] for code in payload["tiers"]}


def in_force(payload: Payload) -> list[str]:
    """Return the lines that draw a tier, top first."""
    return [code for code in payload["line_tiers"] if code != payload["idle"]]


def _numbers(totals: Payload) -> dict[str, int | None]:
    return {name: None if totals[name] is None else int(totals[name]) for name in ("customers", "value", "profit")}


def _less(row: Mapping[str, int | None], other: Mapping[str, int | None]) -> dict[str, int | None]:
    return {name: None if one is None else one - (other[name] or 0) for name, one in row.items()}


def _shown(payload: Payload, row: Mapping[str, int | None], cut: int | None) -> Shown:
    customers, value, total = row["customers"], row["value"], int(payload["total"])
    assert customers is not None and value is not None
    return Shown(customers, value, row["profit"] if customers else None, value / total if total > 0 else None, cut)


def matrix_at(payload: Payload, lines: Mapping[str, int]) -> dict[tuple[str, str], tuple[int, int]]:
    """Return customers and value of every tier and stage, prospects among them."""
    stages = payload["stages"]
    nobody = [0] * len(stages)
    found: dict[str, list[list[int]]] = {}
    parts = [
        ("stage_customers", "stage_value", payload["everybody"]["stage_customers"],
         payload["everybody"]["stage_value"]),
        ("prospects", "prospects_value", payload["prospects_all"], payload["prospects_all_value"]),
    ]  # fmt: skip
    for code in payload["tiers"]:
        found[code] = [nobody, nobody]
    for counts, values, everybody_counts, everybody_values in parts:
        before: list[list[int]] = [nobody, nobody]
        for code in in_force(payload):
            row = [[int(number) for number in payload[name][lines[code]]] for name in (counts, values)]
            found[code] = _sum(found[code], _difference(row, before))
            before = row
        whole = [[int(number) for number in numbers] for numbers in (everybody_counts, everybody_values)]
        found[payload["rest"]] = _sum(found[payload["rest"]], _difference(whole, before))
    if payload["losing"] is not None:
        losing = payload["losing"]
        found[payload["loss"]] = _sum(found[payload["loss"]], [
            losing["stage_customers"], [int(value) for value in losing["stage_value"]]
        ])  # fmt: skip
    unplaced = [payload["prospects_unplaced"], [int(value) for value in payload["prospects_unplaced_value"]]]
    found[payload["middle"]] = _sum(found[payload["middle"]], unplaced)
    return {
        (code, stage): (counts[place], values[place])
        for code, (counts, values) in found.items()
        for place, stage in enumerate(stages)
    }


def _difference(row: list[list[int]], other: list[list[int]]) -> list[list[int]]:
    return [[a - b for a, b in zip(one, two, strict=True)] for one, two in zip(row, other, strict=True)]


def _sum(row: list[list[int]], other: list[list[int]]) -> list[list[int]]:
    return [[a + b for a, b in zip(one, two, strict=True)] for one, two in zip(row, other, strict=True)]
