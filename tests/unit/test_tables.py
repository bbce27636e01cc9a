"""The board's tables: tiers, stages, matrix and strategies of a few customers."""

import pytest

from tests.unit.frames import Row, evaluated, money, of_customer, sale

# T = 400. b, c, d bought once, 400 days ago: with b = W / 4 a silence of 4.4, so they are gone and not fresh;
# a is new today. Revenue 50, 30, 15, 5: platinum, gold, iron, lead.
ROWS = [sale("a", 400, 50), sale("b", 0, 30), sale("c", 0, 15), sale("d", 0, 5)]
PROSPECTS = [{"customer_id": "p"}, {"customer_id": "q", "potential_value": 1}]


def rows_of(frame, *columns: str) -> list[tuple[object, ...]]:
    return frame.select(columns).rows()


def cell(evaluation, tier: str, stage: str) -> Row:
    return {(row["tier"], row["stage"]): row for row in evaluation.matrix.rows(named=True)}[tier, stage]


def test_tiers():
    found = evaluated(ROWS).tiers
    assert rows_of(found, "tier", "customers", "value", "cut") == [
        ("platinum", 1, money(50), money(50)),
        ("gold", 1, money(30), money(30)),
        ("iron", 1, money(15), money(15)),
        ("lead", 1, money(5), None),
    ]
    assert found["value_share"].to_list() == pytest.approx([0.5, 0.3, 0.15, 0.05])


def test_tiers_show_their_profit_where_it_is_known():
    assert evaluated(ROWS).tiers["profit"].to_list() == [None] * 4
    earned = [row | {"profit": -1 if row["customer_id"] == "d" else 2} for row in ROWS]
    assert evaluated(earned).tiers["profit"].to_list() == [money(2), money(2), money(2), money(-1)]


def test_without_a_positive_total_tiers_have_no_share():
    found = evaluated([sale("a", 0, 10), sale("b", 9, -10)])
    assert found.tiers["value_share"].to_list() == [None] * 4
    assert found.tiers["value"].sum() == 0


def test_prospects_are_no_part_of_the_tiers():
    assert evaluated(ROWS, customers=PROSPECTS).tiers["customers"].to_list() == [1, 1, 1, 1]


def test_stages():
    assert rows_of(evaluated(ROWS, customers=PROSPECTS).stages, "stage", "customers", "value") == [
        ("prospect", 2, 0),
        ("exploration", 1, money(50)),
        ("formation", 0, 0),
        ("stable", 0, 0),
        ("deterioration", 0, 0),
        ("ended", 3, money(50)),
    ]


def test_matrix_has_every_cell():
    found = evaluated(ROWS, customers=PROSPECTS)
    assert len(found.matrix) == 4 * 6
    filled = found.matrix.filter(found.matrix["customers"] > 0)
    assert rows_of(filled, "tier", "stage", "customers", "value", "strategy", "strategy_share") == [
        ("platinum", "exploration", 1, money(50), "start", 1.0),
        ("gold", "ended", 1, money(30), "win_back", 1.0),
        ("iron", "prospect", 1, 0, "start", 1.0),
        ("iron", "ended", 1, money(15), "closed", 1.0),
        ("lead", "prospect", 1, 0, "end", 1.0),
        ("lead", "ended", 1, money(5), "closed", 1.0),
    ]


def test_an_empty_cell_shows_what_the_table_says_without_flags():
    found = cell(evaluated(ROWS), "platinum", "stable")
    assert (found["customers"], found["value"], found["strategy"], found["strategy_share"]) == (0, 0, "protect", None)


def with_guards(*guarded: str) -> list[Row]:
    return [{"customer_id": name, "tags": "strategic"} for name in guarded]


# Four small customers, all gone; a guarded one is won back, the others are closed.
SMALL = [*ROWS, sale("e", 0, 5), sale("f", 0, 5), sale("a", 400, 900)]


def test_a_cell_shows_its_commonest_strategy():
    found = cell(evaluated(SMALL, customers=with_guards("e")), "lead", "ended")
    assert (found["customers"], found["strategy"]) == (4, "closed")
    assert found["strategy_share"] == pytest.approx(3 / 4)
    assert cell(evaluated(SMALL, customers=with_guards("c", "d", "e")), "lead", "ended")["strategy"] == "win_back"


def test_a_tie_goes_by_the_order_of_the_strategies():
    # A closed file is an `end`, which stands before `win_back` in that order.
    found = cell(evaluated(SMALL, customers=with_guards("e", "f")), "lead", "ended")
    assert (found["customers"], found["strategy_share"], found["strategy"]) == (4, 0.5, "closed")


def test_strategies_count_everybody_and_closed_files_apart():
    found = evaluated(ROWS, customers=[*PROSPECTS, {"customer_id": "r"}])
    assert rows_of(found.strategies, "strategy", "customers", "value", "reason_code", "reason_share") == [
        ("start", 3, money(50), "prospect", 2 / 3),
        ("protect", 0, 0, None, None),
        ("re_engineer", 0, 0, None, None),
        ("enhance", 0, 0, None, None),
        ("harvest", 0, 0, None, None),
        ("end", 1, 0, "prospect_small", 1.0),
        ("win_back", 1, money(30), "gone_valuable", 1.0),
        ("closed", 2, money(20), "gone", 1.0),
    ]
    assert of_customer(found.customers, "b")["reason_code"] == "gone_valuable"
