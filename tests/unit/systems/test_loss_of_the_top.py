"""S30: what remains without the largest, an account manager's, a tier, or half of one."""

import pytest

from crmdash.systems.loss_of_the_top import Removal, explain, left_without, report, standing, taken
from tests.unit.frames import evidence, money, of_customer, sale

# 100 in all: a is platinum, b gold, c and d iron, e heavy lead.
AMOUNTS = {"a": (50, -5), "b": (30, 10), "c": (10, 4), "d": (6, 2), "e": (4, 1)}
ROWS = [sale(name, day, amount, profit=profit) for day, (name, (amount, profit)) in enumerate(AMOUNTS.items())]
OWNERS = [
    {"customer_id": name, "owner": owner} for name, owner in zip("abcde", ["x", "x", "y", None, "y"], strict=True)
]


def left(removal: Removal) -> str:
    return "".join(left_without(evidence(ROWS, customers=OWNERS).base, removal)["customer_id"])


@pytest.mark.parametrize(
    ("removal", "remain"),
    [
        (Removal("top", count=0), "abcde"),
        (Removal("top", count=2), "cde"),
        (Removal("top", count=9), ""),
        (Removal("owner", name="x"), "cde"),
        (Removal("owner", name=None), "abce"),
        (Removal("owner", name="nobody of that name"), "abcde"),
        (Removal("tier", name="iron"), "abe"),
    ],
)
def test_who_remains(removal, remain):
    assert left(removal) == remain


def test_half_of_a_tier_is_the_same_half_every_time():
    base = evidence([sale(f"c{place:03}", place, 10) for place in range(101)]).base
    halves = [taken(base, Removal("half", name="platinum")) for _again in range(2)]
    assert halves[0].equals(halves[1])
    assert halves[0].sum() == 51
    # By chance: neither the first nor the last half.
    assert 10 < halves[0].head(51).sum() < 41


def test_without_owners_nobody_is_taken_with_one():
    base = evidence(ROWS).base
    assert taken(base, Removal("owner", name="x")).sum() == 0


def test_what_customers_are_worth_together():
    whole = standing(evidence(ROWS).base)
    assert (whole.customers, whole.value, whole.revenue, whole.profit) == (5, money(100), money(100), money(12))
    assert whole.top20_share == 0.5
    assert standing(evidence([sale("a", 1, 5)]).base).profit is None
    nobody = standing(evidence(ROWS).base.clear())
    assert (nobody.customers, nobody.value, nobody.top20_share) == (0, 0, None)


def test_before_and_after():
    found = report(evidence(ROWS, {"economics": {"top_n": 1}}, customers=OWNERS))
    figures = {name: figure.value for name, figure in found.figures.items()}
    assert figures == {
        "customers": 5, "customers_left": 4,
        "revenue": money(100), "revenue_left": money(50),
        "customer_profit": money(12), "customer_profit_left": money(17),
        "top20_share": 0.5, "top20_share_left": 0.6,
    }  # fmt: skip
    assert found.rows.frame.select("customer_id", "value_share").rows() == [("a", 0.5)]


def test_each_owner_and_each_tier_taken_alone():
    found = report(evidence(ROWS, customers=OWNERS))
    owners = found.tables["without_owner"].frame.select("owner", "customers", "revenue_left", "profit_left")
    assert owners.rows() == [
        ("x", 2, pytest.approx(0.2), pytest.approx(1 - 5 / 12)),
        ("y", 2, pytest.approx(0.86), pytest.approx(1 - 5 / 12)),
        (None, 1, pytest.approx(0.94), pytest.approx(1 - 2 / 12)),
    ]
    tiers = found.tables["without_tier"].frame
    assert tiers["tier"].to_list() == ["platinum", "gold", "iron", "lead"]
    assert tiers["revenue_left"].to_list() == pytest.approx([0.5, 0.7, 0.84, 0.96])
    half = of_customer(found.tables["without_half_of_tier"].frame.rename({"tier": "customer_id"}), "iron")
    assert half["customers"] == 1 and half["revenue"] in (money(10), money(6))


def test_profit_that_is_none_leaves_no_share():
    found = report(evidence([sale("a", 1, 10, profit=-3), sale("b", 2, 5, profit=1)]))
    assert found.tables["without_tier"].frame["profit_left"].null_count() == 2


def test_one_of_the_largest_is_told():
    found = evidence(ROWS, {"economics": {"top_n": 1}})
    told = explain(report(found), found.base.row(0, named=True))
    assert told is not None and told.label.figures["share"].value == 0.5
    assert explain(report(found), found.base.row(1, named=True)) is None
