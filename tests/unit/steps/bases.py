"""Bases that step tables are counted on: a real one, and a small invented one in which everything occurs."""

import random
from pathlib import Path

import polars as pl

from crmdash.columns import MONEY_SCALE
from crmdash.summary import Summary, Tables, summarise
from tests.unit.frames import Row, sale, summarised


def invented(seed: int = 1, count: int = 60) -> Summary:
    """A base with ties, zeros, returns, losses, missing regions, internal customers and prospects of all kinds."""
    chance = random.Random(seed)
    rows: list[Row] = []
    customers: list[Row] = []
    for number in range(count):
        name = f"c{number:02}"
        nature = "internal" if number % 20 == 7 else None
        customers.append({"customer_id": name, "region": chance.choice(["north", "south", None]), "nature": nature})
        for _ in range(chance.choice([1, 1, 2, 5])):
            amount = chance.choice([0, 10, 10, 25.5, chance.randint(-40, 900)])
            profit = round(amount * chance.choice([0.3, 0.1, -0.4]), 2)
            rows.append(sale(name, chance.randint(0, 1_000), amount, profit=profit))
    for number in range(12):
        potential = [None, 0, 10, 25.5, 700, 5_000][number % 6]
        region = ["north", "south"][number % 2]
        customers.append({"customer_id": f"p{number:02}", "region": region, "potential_value": potential})
    return summarised(rows, customers=customers)


def cdnow_master(datasets: Path) -> Summary:
    """Read the master file of the CDNOW purchases: 23,570 customers."""
    lines = (datasets / "cdnow" / "CDNOW_master.txt").read_text("ascii").splitlines()
    fields = [line.split() for line in lines if line.split()[0].isdigit()]
    frame = pl.DataFrame(
        {
            "customer_id": [row[0] for row in fields],
            "date": pl.Series([row[1] for row in fields]).str.to_date("%Y%m%d").cast(pl.Int32).cast(pl.Int64),
            "amount": [round(float(row[3]) * MONEY_SCALE) for row in fields],
        }
    )
    return summarise(Tables.of(frame))
