"""Nearest to a line: who misses it by least and who clears it by least, by hand."""

from crmdash.evaluate import Evaluation
from crmdash.lines import nearest
from tests.unit.frames import Row, evaluated, money, sale

LINES = {"mode": "amount", "amounts": {"platinum": 300, "gold": 100, "iron": 20}}
BASE = [
    sale("a", 0, 500, profit=200),
    sale("b", 0, 300, profit=-10),
    sale("d", 0, 290, profit=5),
    sale("c", 0, 290, profit=0),
    sale("e", 0, 50, profit=5),
    sale("f", 0, -10, profit=-1),
]


def of(tiers: Row, customers: list[Row] | None = None) -> Evaluation:
    return evaluated(BASE, {"tiers": tiers}, **({} if customers is None else {"customers": customers}))


def test_both_sides_of_every_line():
    found = nearest(of(LINES), per_side=2)
    assert found.select("line", "side", "customer_id", "distance").rows() == [
        ("platinum", "below", "c", money(10)),
        ("platinum", "below", "d", money(10)),
        ("platinum", "above", "b", 0),
        ("platinum", "above", "a", money(200)),
        ("gold", "below", "e", money(50)),
        ("gold", "below", "f", money(110)),
        ("gold", "above", "c", money(190)),
        ("gold", "above", "d", money(190)),
        ("iron", "below", "f", money(30)),
        ("iron", "above", "e", money(30)),
        ("iron", "above", "c", money(270)),
    ]
    assert found.columns == ["line", "side", "customer_id", "tier", "stage", "value", "distance", "strategy"]
    assert found.row(0)[3:6] == ("gold", "exploration", money(290))


def test_so_many_a_side():
    counted = nearest(of(LINES), per_side=1).group_by("line", "side").len()
    assert counted["len"].to_list() == [1] * 6


def test_the_line_at_zero_profit_and_no_value_line_for_those_who_lose():
    found = nearest(of(LINES | {"lead_if_loss": True}))
    assert found["line"].unique(maintain_order=True).to_list() == ["platinum", "gold", "lead"]
    assert found.filter(line="platinum").select("side", "customer_id").rows() == [
        ("below", "d"), ("below", "e"), ("above", "a"),
    ]  # fmt: skip
    assert found.filter(line="lead").select("side", "customer_id", "value", "distance").rows() == [
        ("below", "c", 0, 1),
        ("below", "f", money(-1), money(1) + 1),
        ("below", "b", money(-10), money(10) + 1),
        ("above", "d", money(5), money(5) - 1),
        ("above", "e", money(5), money(5) - 1),
        ("above", "a", money(200), money(200) - 1),
    ]


def test_names_where_held_and_prospects_left_out():
    customers: list[Row] = [
        {"customer_id": "a", "name": "Anna"},
        {"customer_id": "p", "name": "New", "potential_value": 299},
    ]
    found = nearest(of(LINES, customers))
    assert "p" not in found["customer_id"]
    assert found.filter(line="platinum", customer_id="a")["name"].to_list() == ["Anna"]


def test_no_line_nobody_near():
    lost = evaluated([sale("a", 0, -5)])
    assert lost.cuts["platinum"] is None
    found = nearest(lost)
    assert found.is_empty() and found.schema["distance"] == found.schema["value"]
