"""S25: new customers per quarter and source, and which sources are fading."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from crmdash.summary import to_day
from crmdash.systems.acquisition import quarter_of, report
from tests.unit.frames import Row, evidence, money, sale

FAIR = {"2023": [4, 4, 4, 4], "2024": [4, 4, 3, 2]}
"""Newcomers by quarter: a quarter less in the third and half in the fourth of 2024."""

WEB = {"2023": [2, 2, 2, 2], "2024": [2, 2, 2, 2]}
"""As many as ever, but dearer in 2024."""

VISIT = {"2023": [3, 1, 4, 3], "2024": [3, 1, 2, 3]}
"""One bad quarter only."""


def came(
    source: str, counts: dict[str, list[int]], cost: dict[str, float] | None = None
) -> tuple[list[Row], list[Row]]:
    """Return the first purchases and the customers of a source, each on the first day of its quarter."""
    rows: list[Row] = []
    customers: list[Row] = []
    for year, quarters in counts.items():
        for quarter, count in enumerate(quarters):
            for place in range(count):
                name = f"{source}-{year}-{quarter}-{place}"
                rows.append(sale(name, to_day(date(int(year), 3 * quarter + 1, 1)), 10))
                more: dict[str, Any] = {} if cost is None else {"acquisition_cost": cost[year]}
                customers.append({"customer_id": name, "source": source, **more})
    return rows, customers


LAST_DAY = [sale("fair-2023-0-0", to_day(date(2024, 12, 31)), 1)]


def sources(*given: tuple[list[Row], list[Row]], last: list[Row] = LAST_DAY) -> Any:
    rows = [row for purchases, _customers in given for row in purchases] + last
    return evidence(rows, customers=[row for _purchases, customers in given for row in customers])


THREE = (
    came("fair", FAIR),
    came("web", WEB, {"2023": 100, "2024": 130}),
    came("visit", VISIT, {"2023": 50, "2024": 60}),
)


def verdicts(frame: pl.DataFrame) -> dict[str, Any]:
    return dict(frame.select("source", "fading").iter_rows())


def test_quarters_are_counted_on():
    assert quarter_of(to_day(date(2024, 1, 1))) - quarter_of(to_day(date(2023, 12, 31))) == 1
    assert quarter_of(to_day(date(2024, 3, 31))) == quarter_of(to_day(date(2024, 1, 1)))


def test_which_sources_fade():
    found = report(sources(*THREE))
    assert verdicts(found.tables["sources"].frame) == {"fair": True, "web": True, "visit": False}
    fair = found.tables["sources"].frame.row(by_predicate=pl.col("source") == "fair", named=True)
    assert (fair["quarter"], fair["new_customers"], fair["year_ago"], fair["change"]) == ("2024-Q4", 2, 4, -0.5)
    web = found.tables["sources"].frame.row(by_predicate=pl.col("source") == "web", named=True)
    assert (web["cost_per_newcomer"], web["cost_year_ago"]) == (money(130), money(100))
    assert web["cost_change"] == pytest.approx(0.3)


def test_everybody_together():
    found = report(sources(*THREE))
    figures = {name: figure.value for name, figure in found.figures.items()}
    assert figures["quarter"] == "2024-Q4"
    assert (figures["new_customers"], figures["year_ago"]) == (7, 9)
    assert figures["change"] == pytest.approx(7 / 9 - 1)
    # (2 x 130 + 3 x 60) / 5 = 88 against (2 x 100 + 3 x 50) / 5 = 70: fading by cost, though not by number.
    assert figures["cost_per_newcomer"] == money(88)
    assert figures["cost_change"] == pytest.approx(88 / 70 - 1)
    assert figures["fading"] is True
    assert (figures["sources_named"], figures["sources_fading"], figures["compared_with_quarters_ago"]) == (3, 2, 4)
    counts = found.tables["quarters"].frame.select("quarter", "new_customers").rows()
    assert counts[:2] == [("2023-Q1", 9), ("2023-Q2", 7)] and len(counts) == 8


def test_the_files_first_days_are_compared_with_nothing():
    quarters = report(sources(*THREE)).tables["quarters"].frame
    assert quarters["year_ago"].to_list() == [None] * 5 + [7, 10, 9]


def test_a_quarter_that_is_not_over_is_not_judged():
    found = report(sources(*THREE, last=[sale("fair-2023-0-0", to_day(date(2024, 12, 30)), 1)]))
    assert found.figures["quarter"].value == "2024-Q3"
    last = found.tables["quarters"].frame.row(-1, named=True)
    assert (last["quarter"], last["complete"], last["change"], last["fading"]) == ("2024-Q4", False, None, None)
    # The third quarter alone is no run of two.
    assert verdicts(found.tables["sources"].frame)["fair"] is False


def test_a_quarter_without_anybody_counts():
    found = report(sources(came("fair", {"2023": [4, 4, 4, 4], "2024": [4, 4, 2, 0]})))
    fair = found.tables["sources"].frame.row(0, named=True)
    assert (fair["new_customers"], fair["change"], fair["fading"]) == (0, -1.0, True)


def test_a_short_file_is_compared_with_the_quarter_before():
    last = [sale("fair-2023-0-0", to_day(date(2023, 12, 31)), 1)]
    found = report(sources(came("fair", {"2023": [9, 8, 4, 2]}), last=last))
    assert found.figures["compared_with_quarters_ago"].value == 1
    assert found.notes[0].key == "acquisition.quarter_before"
    assert found.tables["quarters"].frame["year_ago"].to_list() == [None, None, 8, 4]
    assert found.figures["fading"].value is True


def test_without_a_source_or_a_cost_there_are_totals_only():
    found = report(evidence([sale("a", 0, 5), sale("b", 100, 5)]))
    assert "source" not in [column.name for column in found.rows.held]
    assert [note.key for note in found.notes][-2:] == ["acquisition.no_source", "acquisition.no_cost"]


def test_first_purchases_of_a_customers_table_will_do():
    customers = [
        {"customer_id": str(day), "orders": 1, "revenue": 5, "first_purchase": day, "last_purchase": day}
        for day in (10, 200)
    ]
    found = report(evidence(None, customers=customers))
    assert found.tables["quarters"].frame["new_customers"].to_list() == [1, 0, 1]


def test_a_base_without_any_first_purchase_has_no_quarters():
    found = report(evidence([sale("a", 5, -5)]))
    assert found.figures["new_customers"].value is None
    assert not len(found.rows.frame)
