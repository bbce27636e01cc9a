"""What the browser draws of the live board, reckoned from what it is handed; tests/browser asks the browser itself."""

import json
from typing import Any

from streamlit.testing.v1 import AppTest

Rows = dict[str, dict[str, Any]]


def parts(app: AppTest) -> dict[str, dict[str, Any]]:
    """Return what each mount is handed, by the part that it is."""
    handed = (json.loads(mount.proto.json) for mount in app.get("bidi_component"))
    return {data["part"]: data for data in handed}


def live_tiers(app: AppTest) -> Rows:
    """Return customers, value, profit and cut of every tier by its code, top first, with its name and the change."""
    found, handed = {}, parts(app)
    table, now = handed["head"]["table"], handed["now"]
    upper = dict.fromkeys(("customers", "value", "profit"), 0)
    for tier in table["tiers"]:
        code, step = tier["code"], now["lines"].get(tier["code"])
        if code == table["loss"]:
            row, upper, cut = table["losing"], dict.fromkeys(upper, 0), None
        elif step is None or code == table["idle"]:
            row, cut = table["everybody"], None
        else:
            row = {name: None if table[name] is None else table[name][step] for name in upper}
            cut = int(table["cuts"][step])
        there = {name: None if row[name] is None else int(row[name]) - upper[name] for name in upper}
        earlier = now["earlier_customers"].get(code)
        change = None if earlier is None else (there["customers"] or 0) - earlier
        found[code] = {"name": tier["name"], "cut": cut, "change": change, **there}
        upper = {name: int(row[name] or 0) for name in upper}
    return found


def live_customers(app: AppTest) -> list[int]:
    """Return the customers of each tier, top first."""
    return [row["customers"] for row in live_tiers(app).values()]


def live_matrix(app: AppTest) -> dict[str, tuple[int, int]]:
    """Return customers and value of every cell, by ``tier|stage``, prospects included."""
    found, handed = {}, parts(app)
    table, lines = handed["head"]["table"], handed["now"]["lines"]
    zero = [0] * len(table["stages"])
    upper = [zero, zero, zero, zero]
    names = ("stage_customers", "stage_value", "prospects", "prospects_value")
    rest = [table["everybody"]["stage_customers"], table["everybody"]["stage_value"], table["prospects_all"],
            table["prospects_all_value"]]  # fmt: skip
    for tier in table["tiers"]:
        code = tier["code"]
        drawn = code in lines and code != table["idle"]
        row = [table[name][lines[code]] for name in names] if drawn else rest
        if code == table["loss"]:
            row, upper = [table["losing"]["stage_customers"], table["losing"]["stage_value"], zero, zero], [zero] * 4
        unplaced = [table["prospects_unplaced"], table["prospects_unplaced_value"]]
        for place, stage in enumerate(table["stages"]):
            base, worth, waiting, hoped = (int(row[n][place]) - int(upper[n][place]) for n in range(4))
            more = [int(amounts[place]) for amounts in unplaced] if code == table["middle"] else [0, 0]
            found[f"{code}|{stage}"] = (base + waiting + more[0], worth + hoped + more[1])
        upper = row
    return found
