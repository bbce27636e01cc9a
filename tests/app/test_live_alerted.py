"""What is at risk, counted for every step of a line, is at the present step what the cells hold."""

from typing import Any

import pytest

from crmdash.evaluate import Evaluation, evaluate
from crmdash.scope import Scope
from crmdash.settings import parse_settings
from crmdash.summary import summarise
from crmdash.ui.cache import sample
from crmdash.ui.live.alerted import alerted, alerted_payload
from tests.unit.frames import summarised


def cells(evaluation: Evaluation) -> dict[tuple[str, str], tuple[int, int]]:
    """Return customers and value of every cell that holds any, reckoned from the payload."""
    told, table, settings = alerted_payload(evaluation), evaluation.steps, evaluation.settings
    found, codes = {}, settings.tiers.codes
    upper: dict[str, Any] = {"customers": [0] * len(table.stages), "value": [0] * len(table.stages)}
    for code in codes:
        if evaluation.cuts[code] is not None:
            row = {name: told[name][table.lines[code]] for name in upper}
        elif settings.tiers.lead_if_loss and code == codes[-1]:
            row, upper = told["losing"], {name: [0] * len(table.stages) for name in upper}
        else:
            row = told["everybody"]
        for place, stage in enumerate(table.stages):
            there = tuple(int(row[name][place]) - int(upper[name][place]) for name in ("customers", "value"))
            if there[0]:
                found[code, stage] = (there[0], there[1])
        upper = row
    return found


@pytest.mark.parametrize("scope", [Scope(), Scope(region=("North",)), Scope(region=("North",), redraw=True)], ids=str)
@pytest.mark.parametrize(
    "tiers", [{}, {"lead_if_loss": True}, {"measure": "customer_profit", "lead_if_loss": True}, {"scheme": "textbook"}]
)
def test_at_the_present_steps_it_is_what_the_cells_hold(tiers: dict[str, Any], scope: Scope):
    evaluation = evaluate(summarise(sample().tables), parse_settings({"tiers": tiers}), scope)
    expected = {place: (there.customers, there.value) for place, there in alerted(evaluation).items()}
    assert expected and cells(evaluation) == expected


@pytest.mark.parametrize("last_purchase", [990, None], ids=["dated elsewhere", "dated nowhere"])
def test_customers_without_a_date_are_counted_where_their_stages_are(last_purchase: int | None):
    unhappy = {"satisfaction": 1.0, "experience": 1.0, "expectation": 9.0}
    north = [{"customer_id": f"n{number}", "region": "North", "revenue": 90, **unhappy} for number in range(3)]
    told = {"orders": 4, "last_purchase": last_purchase}
    south = {"customer_id": "s", "region": "South", "revenue": 50, **told, **unhappy}
    data, settings = summarised(customers=[*north, south]), parse_settings({"warning": {"alert": 20, "watch": 10}})
    evaluation = evaluate(data, settings, Scope(region=("North",)))
    expected = {place: (there.customers, there.value) for place, there in alerted(evaluation).items()}
    assert cells(evaluation) == expected
    assert sum(customers for customers, _ in expected.values()) == (3 if last_purchase else 0)
