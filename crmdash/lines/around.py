"""Around a line: who stands just above and just below it, at its step of now and at those near by."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from crmdash.evaluate import Evaluation
from crmdash.labelling import Rows, base_rows
from crmdash.model.steps import idle_line

REACH: Final = 10
"""So many steps to each side of a line are told."""

PER_SIDE: Final = 10
"""So many customers on each side of a step."""


@dataclass(frozen=True)
class Around:
    """Customers near the lines, each once, largest value first.

    Attributes
    ----------
    ranks : place in the order of value, from 1; equals stand by id. At a step that n customers reach (the step table's
        `customers`), those of rank n and less stand above the line, those from n + 1 on below it.
    names : as the data has them, None where one is missing; None where the data has no names at all.
    values : of the measure, in ten-thousandths.
    """

    ranks: tuple[int, ...]
    customer_ids: tuple[str, ...]
    names: tuple[str | None, ...] | None
    values: tuple[int, ...]


def near_lines(evaluation: Evaluation, reach: int = REACH, per_side: int = PER_SIDE, block: int = 1) -> Around:
    """Return the customers looked at around every line in force, for every step within `reach` of where it stands.

    Loss-makers in a tier of their own, and customers without a value, are next to no line.

    Parameters
    ----------
    block : steps are taken together in blocks of so many, so that moving within a block tells the same customers.
    """
    table, idle, ranked = evaluation.steps, idle_line(evaluation.settings), _ranked(evaluation)
    wanted = np.zeros(len(ranked), np.bool_)
    for code, step in table.lines.items():
        if code == idle:
            continue
        first = step - step % block
        for near in range(max(0, first - reach), min(len(table.grid), first + block + reach)):
            reached = int(table.base.above.customers[near])
            wanted[max(0, reached - per_side) : reached + per_side] = True
    places = np.flatnonzero(wanted)
    customers, measure = evaluation.groundwork.summary.customers, evaluation.settings.tiers.measure
    names = [name for name in ("customer_id", "name", measure) if name in customers.columns]
    found = customers.select(names)[ranked[places]]
    return Around(
        ranks=tuple((places + 1).tolist()),
        customer_ids=tuple(found["customer_id"]),
        names=tuple(found["name"]) if "name" in names else None,
        values=tuple(found[measure]),
    )


def around_payload(around: Around) -> dict[str, Any]:
    """Return the customers as a browser is handed them: money as decimal text, names as they are."""
    return {
        "ranks": list(around.ranks),
        "ids": list(around.customer_ids),
        "names": None if around.names is None else list(around.names),
        "values": [str(value) for value in around.values],
    }


def _ranked(evaluation: Evaluation) -> Rows:
    """Return the places in the summary of those whom lines part, largest value first."""
    ground, loses = evaluation.groundwork, evaluation.settings.tiers.lead_if_loss

    def ordered() -> Rows:
        customers = ground.summary.customers
        among = np.zeros(len(customers), np.bool_)
        among[base_rows(ground)] = True
        among &= customers[ground.measure].is_not_null().to_numpy()
        if loses:
            among &= ~(customers["customer_profit"] <= 0).fill_null(False).to_numpy()
        return ground.by_value[among[ground.by_value]]

    return ground.kept("ranked", (ground.measure, loses, ground.scope), ordered)
