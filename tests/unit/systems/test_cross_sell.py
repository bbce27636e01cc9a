"""S12: the gap to the leaders' breadth, and which categories to offer next."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from crmdash.phrases import Figure
from crmdash.systems.cross_sell import MOST_CATEGORIES, explain, propose, rank_categories, report
from tests.unit.frames import evidence, money, of_customer, sale

# All of equal revenue, so of one tier. 75th percentile of breadth 3: "l" and "m" lead.
BOUGHT = {
    "l": {"tea": 10, "soap": 20, "rice": 30}, "m": {"tea": 20, "soap": 20, "rice": 20},
    "n": {"tea": 60}, "o": {"tea": 30, "soap": 30},
}  # fmt: skip
ROWS = [sale(who, 10, spend, category=category) for who, what in BOUGHT.items() for category, spend in what.items()]
OLD = [sale("n", 10 - 365, 5, category="rice"), sale("n", 10, -5), sale("n", 9, 7), sale("n", 9, -7, category="soap")]


def test_next_categories_and_their_value():
    found = report(evidence(ROWS))
    # Tea and rice have a median of 25, soap of 20; all three are bought by both leaders.
    assert found.tables["categories"].frame.select("category", "leaders", "customers", "median_spend").rows() == [
        ("rice", 2, 2, money(25)), ("tea", 2, 4, money(25)), ("soap", 2, 3, money(20)),
    ]  # fmt: skip
    columns = ["customer_id", "breadth", "gap", "next_category", "next_value", "second_category", "cross_sell_value"]
    assert found.rows.frame.select(columns).rows() == [
        ("n", 1, 2.0, "rice", money(7.5), "soap", money(13.5)),
        ("o", 2, 1.0, "rice", money(7.5), None, money(7.5)),
    ]
    assert found.rows.frame["third_category"].null_count() == 2
    figures = {name: figure.value for name, figure in found.figures.items()}
    assert figures == {"customers": 2, "share": 0.5, "cross_sell_value": money(21), "next_value": money(15)}


def test_only_purchases_of_the_window_count():
    found = report(evidence(ROWS + OLD))
    assert of_customer(found.rows.frame, "n")["second_category"] == "soap"
    assert of_customer(found.rows.frame, "n")["breadth"] == 1


def test_how_many_are_shown_and_what_is_assumed():
    found = report(evidence(ROWS, {"economics": {"cross_sell_shown": 1, "cross_sell_spend": 100}}))
    assert of_customer(found.rows.frame, "n")["cross_sell_value"] == money(25)
    assert "second_category" not in found.rows.frame.columns


def test_a_customer_is_told_what_to_offer():
    found = evidence(ROWS)
    told = explain(report(found), of_customer(found.base, "o"))
    assert told is not None
    assert told.label.figures["breadth"] == Figure("count", 2)
    assert told.because[0].figures["category"] == Figure("text", "rice")
    assert explain(report(found), of_customer(found.base, "l")) is None


def test_without_a_purchase_in_the_window_nobody_has_a_gap():
    found = report(evidence([sale("a", 0, 5, category="tea"), sale("b", 500, 5)]))
    assert not len(found.rows.frame)


purchases = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from([f"k{place}" for place in range(70)])),
    st.integers(-5, 50),
    min_size=1,
)


@given(purchases, st.sets(st.sampled_from("abcdefgh")))
def test_what_is_proposed_is_what_a_loop_would_find(bought, leading):
    rows = [(ord(who), what, money(spend), "gold", who in leading) for (who, what), spend in bought.items()]
    pairs = pl.DataFrame(rows, schema=["row", "category", "spend", "tier", "leads"], orient="row")
    usual = rank_categories(pairs, 0.3)
    gaps = pl.DataFrame({"row": sorted({ord(who) for who, _what in bought}), "tier": "gold"})
    found = propose(gaps, pairs, usual, 3)
    ranking = usual["category"].to_list()
    assert len(ranking) <= MOST_CATEGORIES
    for row in found.iter_rows(named=True):
        lacking = [category for category in ranking if (chr(row["row"]), category) not in bought][:3]
        offered = [row["next_category"], row["second_category"], row["third_category"]]
        assert [category for category in offered if category is not None] == lacking
