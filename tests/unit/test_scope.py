"""Looking at some customers only: lines from all of them, tables of those looked at."""

from crmdash.evaluate import evaluate
from crmdash.lines import rule_steps
from crmdash.scope import UNKNOWN, Scope, scope_values, within
from crmdash.settings import Settings
from tests.unit.frames import sales, summarised

ROWS = [
    *sales("a", {0: 60, 30: 40}), *sales("b", {0: 50, 30: 0}), *sales("c", {0: 30, 30: 0}),
    *sales("d", {0: 20, 30: 0}), *sales("e", {0: 10, 30: 0}),
]  # fmt: skip
REGIONS = {"a": "North", "b": "South", "c": "South", "d": "North"}
CUSTOMERS = [{"customer_id": name, "region": region} for name, region in REGIONS.items()]


def counts(scope: Scope) -> list[int]:
    return evaluate(summarised(ROWS, customers=CUSTOMERS), Settings(), scope).tiers["customers"].to_list()


def test_nothing_chosen_looks_at_everybody():
    assert not Scope().active
    assert counts(Scope()) == counts(Scope(redraw=True)) == [2, 1, 1, 1]


def test_parts_of_a_base_add_up_with_the_lines_of_all():
    assert counts(Scope(region=("North",))) == [1, 0, 1, 0]
    assert counts(Scope(region=("South",))) == [1, 1, 0, 0]
    assert counts(Scope(region=("North", "South"))) == [2, 1, 1, 0]


def test_lines_drawn_again_within_the_filter():
    # North holds a 100 and d 20: 120 x 50 % is reached by a alone, 80 % too, 95 % by both.
    assert counts(Scope(region=("North",), redraw=True)) == [1, 0, 1, 0]
    # South holds b 50 and c 30: 80 x 50 % by b, 80 % = 64 by both.
    assert counts(Scope(region=("South",), redraw=True)) == [1, 1, 0, 0]


def test_figures_are_of_those_looked_at():
    found = evaluate(summarised(ROWS, customers=CUSTOMERS), Settings(), Scope(region=("South",)))
    assert (found.base, found.concentration.total, found.cuts) == (
        2, 800_000, evaluate(summarised(ROWS, customers=CUSTOMERS)).cuts,
    )  # fmt: skip
    assert found.customers["customer_id"].to_list() == ["b", "c"]


def test_nobody_is_left():
    found = evaluate(summarised(ROWS, customers=CUSTOMERS), Settings(), Scope(region=("Atlantis",)))
    assert (found.base, found.concentration.top20_share, found.tiers["customers"].sum()) == (0, None, 0)


def test_a_column_that_the_data_lacks_narrows_nothing():
    assert counts(Scope(market=("Export",))) == counts(Scope())


def test_values_come_in_order_the_unknown_last():
    customers = summarised(ROWS, customers=CUSTOMERS).customers
    assert scope_values(customers, "region") == ["North", "South", UNKNOWN]
    assert scope_values(customers, "market") == []


def test_a_column_is_put_in_and_taken_out():
    scope = Scope(market=("Export",), redraw=True).with_values("region", ("North",))
    assert scope == Scope(region=("North",), market=("Export",), redraw=True)
    assert scope.chosen == {"region": ("North",), "market": ("Export",)}
    assert scope.with_values("region", ()) == Scope(market=("Export",), redraw=True)


def test_within_keeps_the_named_values():
    customers = summarised(ROWS, customers=CUSTOMERS).customers
    assert within(customers, Scope(region=("North",)))["customer_id"].to_list() == ["a", "d"]


def test_who_has_no_region_can_be_looked_at_too():
    customers = summarised(ROWS, customers=CUSTOMERS).customers
    assert within(customers, Scope(region=(UNKNOWN,)))["customer_id"].to_list() == ["e"]
    regions = scope_values(customers, "region")
    counts_by_region = [counts(Scope(region=(region,))) for region in regions]
    assert [sum(column) for column in zip(*counts_by_region, strict=True)] == counts(Scope())


def test_without_a_filter_nothing_is_redrawn():
    assert Scope(region=("North",), redraw=True).with_values("region", ()) == Scope()


def test_without_a_recency_of_their_own_those_looked_at_keep_their_stages():
    told = {"orders": 4, "first_purchase": 10, "last_purchase": 990}
    north = [{"customer_id": f"n{number}", "region": "North", "revenue": 90} for number in range(3)]
    south = [{"customer_id": f"s{number}", "region": "South", "revenue": 50, **told} for number in range(2)]
    everybody = summarised(customers=[*north, *south])
    for scope, customers in ((Scope(), 5), (Scope(region=("North",)), 3), (Scope(region=("South",)), 2)):
        found = evaluate(everybody, Settings(), scope)
        assert [found.stages["customers"].sum(), found.matrix["customers"].sum(), len(found.steps.stages)] == [
            customers, customers, len(found.stages),
        ]  # fmt: skip


def test_without_any_recency_those_that_never_bought_have_no_stages_either():
    south = [{"customer_id": f"s{number}", "region": "South", "revenue": 50, "orders": 3} for number in range(3)]
    north = {"customer_id": "n", "region": "North", "revenue": 5, "orders": 0, "recency": 7}
    everybody = summarised(customers=[*south, north])
    for scope in (Scope(), Scope(region=("North",)), Scope(region=("South",))):
        found = evaluate(everybody, Settings(), scope)
        assert (len(found.stages), found.steps.stages, found.matrix["customers"].sum()) == (0, (), 0)
        steps = rule_steps(found, "lifecycle.cooling_silence")
        assert (steps.stages, steps.customers.sum()) == ((), 0)
