"""Customers are found by number and name in three scripts."""

from collections.abc import Mapping, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.customer.folding import fold, fold_all
from crmdash.customer.search import Index, build_index, search
from tests.unit.frames import sale, summarised

NAMES = {
    "C10": "臺灣龍鳳貿易",  # traditional
    "C1": "台湾龙腾超市",  # simplified
    "C11": "Café Ünïon",
    "X-C1": "ACME",
    "Z9": "Ａｃｍｅ　Ｇｒｏｕｐ",  # full width
    "Z8": "衞生用品",  # Hong Kong
    "Z7": "乾隆商行",
    "Z6": None,
}
"""In the order of the list: largest value first."""


def named(names: Mapping[str, str | None]) -> Index:
    return build_index(pl.DataFrame({"customer_id": list(names), "name": list(names.values())}))


def listed(ids: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame({"customer_id": list(ids)}, {"customer_id": pl.String})


def found(query: str) -> list[str]:
    result = search(named(NAMES), listed(list(NAMES)), query)
    assert result.count == len(result.customers)
    return result.customers["customer_id"].to_list()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("龙", ["C10", "C1"]),
        ("龍", ["C10", "C1"]),
        ("台灣", ["C10", "C1"]),
        ("臺湾", ["C10", "C1"]),
        ("贸易", ["C10"]),
        ("龍騰", ["C1"]),
        ("卫生", ["Z8"]),
        ("乾", ["Z7"]),
        ("乾隆", ["Z7"]),
        ("干隆", ["Z7"]),
        ("cafe", ["C11"]),
        ("CAFÉ union", ["C11"]),
        ("union café", ["C11"]),
        ("acme", ["X-C1", "Z9"]),
        ("ａｃｍｅ", ["X-C1", "Z9"]),
        ("acme group", ["Z9"]),
        ("ｃ１０", ["C10"]),
        ("c1", ["C1", "C10", "C11", "X-C1"]),
        ("z6", ["Z6"]),
        ("nothing like it", []),
        ("a.m", []),
        ("(", []),
    ],
)
def test_found_in_every_script_and_in_order(query, expected):
    assert found(query) == expected


def test_the_number_itself_comes_first_then_the_name_then_beginnings():
    names = {"a": "Shop 7", "b": "Seven 7", "c": "7 Days", "7": "Last", "d": "7"}
    result = search(named(names), listed(list(names)), "7")
    assert result.customers["customer_id"].to_list() == ["7", "d", "c", "a", "b"]
    assert result.customers.columns == ["customer_id"]


def test_only_the_best_are_shown_and_all_are_counted():
    names: dict[str, str | None] = {f"N{place:03}": "Shop" for place in range(120)}
    result = search(named(names), listed(list(names)), "shop")
    assert result.count == 120
    assert result.customers["customer_id"].to_list() == list(names)[:50]


def test_a_query_without_words_finds_everybody():
    result = search(named(NAMES), listed(list(NAMES)), "  　")
    assert (result.count, len(result.customers)) == (len(NAMES), len(NAMES))


def test_only_customers_looked_at_are_found():
    result = search(named(NAMES), listed(["C1"]), "c1")
    assert result.customers["customer_id"].to_list() == ["C1"]


def test_customers_without_a_file_are_found_by_number():
    rows = [sale("T1", 0, 5), sale("T2", 1, 5), sale("T1", 2, 5)]
    index = build_index(summarised(rows, customers=[{"customer_id": "C1", "name": "Shop"}]).customers)
    assert search(index, listed(["T2", "T1", "C1"]), "t").customers["customer_id"].to_list() == ["T2", "T1"]
    without = build_index(summarised(rows).customers)
    assert search(without, listed(["T2", "T1"]), "T1").count == 1


def test_nobody_is_found_among_nobody():
    nobody = build_index(pl.DataFrame(schema={"customer_id": pl.String}))
    assert search(nobody, listed([]), "x").count == 0


def test_line_breaks_in_names_move_no_name_to_another_customer():
    names = {"a": "One\nTwo", "b": "Three", "c": None, "d": "\n", "e": "Five\r\n\u2028Six"}
    index = named(names).folded.sort("customer_id")
    assert index["name"].to_list() == ["one two", "three", "", "", "five six"]


@given(st.text(), st.text(), st.text())
def test_a_name_is_found_by_any_word_in_it(before, word, after):
    """A part folds to a part, as long as no letter grows together with its neighbour."""
    name = f"{before} {word} {after}"
    assert fold(word) in fold(name) or any(map(fold_joins, word))


def fold_joins(character: str) -> bool:
    return not fold(character)


@given(st.lists(st.one_of(st.none(), st.text())))
def test_folding_together_is_folding_one_by_one(texts):
    single = [" ".join(fold_all(pl.Series("t", [text], dtype=pl.String)).to_list()) for text in texts]
    assert fold_all(pl.Series("t", texts, dtype=pl.String)).to_list() == single
