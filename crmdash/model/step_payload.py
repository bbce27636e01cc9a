"""The step table as what a browser is handed: plain lists, money as decimal text, since it outgrows their numbers."""

from typing import Any

from crmdash.model.concentration import Curve
from crmdash.model.steps import Counted, StepTable, Whole, idle_line
from crmdash.model.tiers import last_value_tier
from crmdash.settings import Settings

Payload = dict[str, Any]


def as_payload(table: StepTable, settings: Settings) -> Payload:
    """Return the table without its present lines, so that it stays the same bytes while lines move.

    Beside the table: `tiers` (top first), `line_tiers` (those with a line), `idle` (the line not in force), `rest` (the
    tier of who reaches no line), `loss` (the tier of loss-makers), `middle` (that of unplaced prospects), and for every
    line its `lowest` and `highest` step.
    """
    tiers, above = settings.tiers, table.base.above
    middle = next(code for code, name in tiers.classes.items() if name == "middle")
    return {
        "signature": table.signature,
        "mode": table.mode,
        "tiers": list(tiers.codes),
        "line_tiers": list(table.lines),
        "idle": idle_line(settings),
        "rest": last_value_tier(settings),
        "loss": tiers.codes[-1] if tiers.lead_if_loss else None,
        "middle": middle,
        "lowest": {code: table.reach(code).start for code in table.lines},
        "highest": {code: table.reach(code).stop - 1 for code in table.lines},
        "grid": list(table.grid),
        "cuts": [None if cut is None else str(cut) for cut in table.cuts],
        "stages": list(table.stages),
        "customers": above.customers.tolist(),
        "value": money(above.value),
        "profit": None if above.profit is None else money(above.profit),
        "stage_customers": above.stage_customers.tolist(),
        "stage_value": [money(row) for row in above.stage_value],
        "everybody": _whole(table.base.everybody),
        "losing": _whole(table.base.apart) if tiers.lead_if_loss else None,
        "prospects": table.prospects.above.stage_customers.tolist(),
        "prospects_value": [money(row) for row in table.prospects.above.stage_value],
        "prospects_all": table.prospects.everybody.stage_customers[0].tolist(),
        "prospects_all_value": money(table.prospects.everybody.stage_value[0]),
        "prospects_unplaced": table.prospects.apart.stage_customers[0].tolist(),
        "prospects_unplaced_value": money(table.prospects.apart.stage_value[0]),
        "curve_customers": table.curve_customers.tolist(),
        "curve_value": money(table.curve_value),
        "total": str(table.total),
        "positive_total": str(table.positive_total),
        "size": table.size,
    }


def curve_payload(curve: Curve) -> Payload:
    """Return the points of a curve: `x` customers, `y` the value reached."""
    return {"x": curve.customers.tolist(), "y": money(curve.value)}


def money(amounts: Whole) -> list[str]:
    """Return whole ten-thousandths as decimal text."""
    return [str(amount) for amount in amounts.tolist()]


def _whole(counted: Counted) -> Payload:
    return {
        "customers": int(counted.customers[0]),
        "value": str(counted.value[0]),
        "profit": None if counted.profit is None else str(counted.profit[0]),
        "stage_customers": counted.stage_customers[0].tolist(),
        "stage_value": money(counted.stage_value[0]),
    }
