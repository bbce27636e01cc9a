"""At the top by revenue, and losing money."""

from pathlib import Path

import pytest

from crmdash.lines import losing_at_the_top
from tests.unit.frames import evaluated, money, sale
from tests.unit.test_references import evaluated_file, superstore

BASE = [
    sale("a", 0, 500, profit=-40),
    sale("b", 0, 400, profit=-50),
    sale("c", 0, 400, profit=0),
    sale("d", 0, 400, profit=90),
    sale("e", 0, 20, profit=-90),
]
TIERS = {"mode": "amount", "amounts": {"platinum": 300, "gold": 100, "iron": 20}}


@pytest.mark.parametrize(
    "tiers",
    [
        TIERS,
        TIERS | {"measure": "customer_profit", "lead_if_loss": True},
        {"mode": "share", "measure": "gross_profit", "shares": {"platinum": 60}},
        {"scheme": "three", "heads": {"key": 40, "normal": 80}, "lead_if_loss": True},
    ],
)
def test_whatever_orders_now_the_line_is_drawn_on_revenue(tiers):
    found = losing_at_the_top(evaluated(BASE, {"tiers": tiers}))
    assert found.select("customer_id", "revenue", "customer_profit").rows() == [
        ("b", money(400), money(-50)),
        ("a", money(500), money(-40)),
    ]


def test_empty_without_profit():
    found = losing_at_the_top(evaluated([sale("a", 0, 5)]))
    assert found.is_empty() and found.columns == ["customer_id", "revenue", "customer_profit", "stage", "strategy"]


@pytest.mark.parametrize("more", [{}, {"measure": "customer_profit", "lead_if_loss": True}])
def test_superstore(shared_datasets: Path, more):
    found = losing_at_the_top(evaluated_file(superstore(shared_datasets), **more))
    assert found.height == 21
    assert round(found["customer_profit"].sum() / 10_000) == -29_254
    assert found["customer_profit"].is_sorted()
