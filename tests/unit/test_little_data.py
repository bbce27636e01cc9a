"""Files that say little: every system reports what it can, or says what it needs; nothing breaks."""

import csv
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from crmdash.cli import USABLE, main
from crmdash.evaluate import evaluate
from crmdash.export.reports import report_sheet, reports_of, systems_tree, table_rows
from crmdash.i18n import LANGUAGES, Wording
from crmdash.phrases import say
from crmdash.rule_settings import SYSTEM_CODES
from crmdash.rule_settings import SystemCode as Code
from crmdash.scope import Scope
from crmdash.summary import to_date
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import SYSTEMS, gather
from tests.unit.frames import Row, contact, evidence, sale, sales

LOOKED_AT = 3
"""Customers of each report that are explained."""


def shop(customers: int = 160, days: int = 540, **more: Any) -> list[Row]:
    """Return the orders of customers who come in week by week, some once, some often: id, date and amount only."""
    chance = Random(12)
    rows: list[Row] = []
    for number in range(customers):
        day, gap = chance.randrange(days // 3), chance.choice((9, 20, 45, 400))
        while day < days:
            rows.append(sale(f"c{number}", day, round(chance.uniform(5, 90), 2), **more))
            day += 1 + int(chance.expovariate(1 / gap))
    return rows


CASES: dict[str, Callable[[], Evidence]] = {
    "id, date and amount": lambda: evidence(shop()),
    "id and revenue": lambda: evidence(customers=[{"customer_id": f"c{n}", "revenue": 10.0 * n} for n in range(30)]),
    "a recency and a revenue": lambda: evidence(
        customers=[{"customer_id": f"c{n}", "revenue": 10.0 * n, "recency": 20 * n, "orders": n} for n in range(30)]
    ),
    "a profit and no revenue": lambda: evidence(
        customers=[{"customer_id": f"c{n}", "profit": 5.0 * n - 20, "cost_to_serve": 1.0} for n in range(30)],
        settings={"tiers": {"measure": "gross_profit"}},
    ),
    "internal customers alone": lambda: evidence(
        sales("a", {0: 5, 90: 5}), customers=[{"customer_id": "a", "nature": "internal"}]
    ),
    "one customer, one order": lambda: evidence(sales("a", {0: 5})),
    "one customer, many orders": lambda: evidence(sales("a", dict.fromkeys(range(0, 900, 30), 5.0), profit=1.0)),
    "one day": lambda: evidence([sale(f"c{n}", 100, 5 + n, cost=3.0, category="x", channel="y") for n in range(40)]),
    "two days": lambda: evidence([sale(f"c{n}", 100 + n % 2, 5 + n) for n in range(40)]),
    "amounts of 0": lambda: evidence(sales("a", {0: 0, 400: 0, 800: 0}) + sales("b", {0: 0, 30: 0}, profit=0.0)),
    "returns alone": lambda: evidence(sales("a", {0: -5, 400: -5}) + sales("b", {20: -1}, profit=-1.0)),
    "sums that barely fit": lambda: evidence([*sales("a", {400: 4e14, 500: 5e14}), *shop(60)]),
    "everybody alike": lambda: evidence(
        [row for n in range(120) for row in sales(f"c{n}", dict.fromkeys(range(0, 800, 40), 10.0))]
    ),
    "one customer and prospects": lambda: evidence(
        sales("a", {0: 5}),
        customers=[{"customer_id": f"p{n}", "potential_value": 100.0 * n} for n in range(4)],
        contacts=[contact("p0", 3, "enquiry"), contact("p1", 5, "ad")],
    ),
    "every column empty": lambda: evidence(
        shop(20, cost=None, discount=None, product=None, category=None, channel=None, due_date=None, planned=None),
        customers=[{"customer_id": f"c{n}", "tags": None, "satisfaction": None, "owner": None} for n in range(20)],
    ),
    "as at a day before the first order": lambda: evidence(shop(20), as_of=-9),
    "as at the day of the first order": lambda: evidence(sales("a", {7: 5, 90: 5}) + sales("b", {80: 5}), as_of=7),
    "nobody looked at": lambda: _looked_at(Scope(owner=("nobody",))),
    "one looked at": lambda: _looked_at(Scope(owner=("o7",))),
    "one looked at, lines redrawn": lambda: _looked_at(Scope(owner=("o7",), redraw=True)),
}


def _looked_at(scope: Scope) -> Evidence:
    whole = evidence(
        shop(60, profit=2.0, category="x", channel="y"),
        customers=[
            {
                "customer_id": f"c{n}",
                "owner": f"o{n}",
                "satisfaction": n % 11,
                "source": "fair",
                "acquisition_cost": 4.0,
            }
            for n in range(60)
        ],
        contacts=[contact(f"c{n}", 30 + 5 * n, "complaint", staff="ann", cost=1.0) for n in range(60)],
    )
    found = evaluate(whole.summary, whole.settings, scope)
    return gather(whole.tables, whole.summary, found, whole.summary_at)


@cache
def case(name: str) -> Evidence:
    return CASES[name]()


each_case = pytest.mark.parametrize("name", CASES)
each_system = pytest.mark.parametrize("code", SYSTEM_CODES)


@each_case
@each_system
def test_it_reports_or_says_what_it_needs(code: Code, name: str):
    found = case(name)
    if not found.can(code):
        assert all(anyone for anyone in found.missing(SYSTEMS[code].needs))
        return
    report = found.report(code)
    assert all(figure.value == figure.value for figure in report.figures.values())
    assert report.rows.held
    for table in (report.rows, *report.tables.values()):
        _is_finite(table_rows(table))
        report_sheet(table, "Found", Wording())  # every code has a word
    for note in report.notes:
        assert say(note, Wording())
    if "customer_id" in report.rows.frame.columns:
        ids = report.rows.frame["customer_id"]
        assert ids.is_unique().all()
        assert set(ids) <= set(found.customers["customer_id"])


@each_case
@each_system
def test_it_explains_every_customer(code: Code, name: str):
    found, system = case(name), SYSTEMS[code]
    if system.explain is None or not found.can(code):
        return
    report = found.report(code)
    for customer in found.customers.head(LOOKED_AT).iter_rows(named=True):
        told = system.explain(report, customer)
        for wording in map(Wording, LANGUAGES):
            assert told is None or (say(told.label, wording) and all(say(why, wording) for why in told.because))


def _is_finite(frame: pl.DataFrame) -> None:
    for name, kind in frame.schema.items():
        if kind.is_float():
            assert frame[name].drop_nulls().is_finite().all(), name


@each_case
def test_the_branch_of_summary_json_is_json(name: str):
    found = case(name)
    tree = systems_tree(found, reports_of(found), Wording())
    assert set(json.loads(json.dumps(tree, allow_nan=False))) == set(SYSTEM_CODES)
    assert all(bool(branch.get("missing")) != found.can(code) for code, branch in tree.items())


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("customer_id,date,amount", [(row["customer_id"], to_date(row["date"]), row["amount"]) for row in shop()]),
        ("customer_id,revenue", [(f"c{n}", 100 * n) for n in range(30)]),
    ],
)
def test_the_command_line_writes_what_is_not_dark(header: str, rows: list[tuple[Any, ...]], tmp_path: Path):
    file = tmp_path / "little.csv"
    file.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")
    assert main(["evaluate", str(file), "--out", str(tmp_path / "out")]) == USABLE
    systems = json.loads((tmp_path / "out" / "summary.json").read_text("utf-8"))["systems"]
    lit = {code for code, branch in systems.items() if "missing" not in branch}
    written = {path.stem for path in (tmp_path / "out").glob("*.csv")} - {"customers"}
    assert set(systems) == set(SYSTEM_CODES)
    assert written == lit
    for code in lit:
        with (tmp_path / "out" / f"{code}.csv").open(encoding="utf-8", newline="") as written_rows:
            assert len(list(csv.DictReader(written_rows))) == systems[code]["rows"]
