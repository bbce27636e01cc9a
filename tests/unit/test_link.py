"""Links: short for what is usual, exact for what is not, harmless whatever somebody writes into an address."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.adjusting import Adjustable, adjustables, with_value
from crmdash.link import LONGEST_KEY, LONGEST_VALUE, MOST_KEYS, MOST_NAMED, MOST_VALUES, from_query, left_out, to_query
from crmdash.scope import Scope
from crmdash.settings import SCHEMES, Scheme, Settings, parse_settings
from crmdash.summary import to_day
from crmdash.view import View

DAY = 20_414


def linked(settings_tree: dict[str, Any]) -> dict[str, Any]:
    return to_query(View(parse_settings(settings_tree)))


def test_defaults_need_no_query():
    assert to_query(View()) == {}
    assert from_query({}).view == View() and from_query({}).ignored == ()


@pytest.mark.parametrize(
    ("tree", "query"),
    [
        ({"tiers": {"shares": {"platinum": 60}}}, {"tiers.shares.platinum": "60"}),
        ({"tiers": {"scheme": "abc"}}, {"tiers.scheme": "abc"}),
        ({"tiers": {"scheme": "abc", "mode": "heads"}}, {"tiers.scheme": "abc", "tiers.mode": "heads"}),
        ({"tiers": {"scheme": "two", "shares": {"gold": 70}}}, {"tiers.scheme": "two", "tiers.shares.gold": "70"}),
        ({"tiers": {"lead_if_loss": True}}, {"tiers.lead_if_loss": "true"}),
        ({"lifecycle": {"cooling_growth": -0.5}}, {"lifecycle.cooling_growth": "-0.5"}),
        ({"period": {"value_months": 12}}, {"period.value_months": "12"}),
        ({"period": {"hourly_cost": 80.5}}, {"period.hourly_cost": "80.5"}),
        (
            {"tiers": {"scheme": "amounts", "amounts": {"tier1": 100, "tier2": 9.5}}},
            {"tiers.scheme": "amounts", "tiers.amounts.tier1": "100", "tiers.amounts.tier2": "9.5"},
        ),
    ],
)
def test_a_link_carries_only_what_differs(tree: dict[str, Any], query: dict[str, str]):
    assert linked(tree) == query
    found = from_query(query)
    assert (found.view.settings, found.ignored) == (parse_settings(tree), ())


def test_day_filters_and_redrawing():
    scope = Scope(region=("North", "South & East"), nature=("retail",), redraw=True)
    query = to_query(View(as_of=DAY, scope=scope))
    assert query == {
        "as_of": "2025-11-22",
        "nature": ["retail"],
        "region": ["North", "South & East"],
        "redraw": "true",
    }
    assert from_query(query).view == View(as_of=DAY, scope=scope)


def test_owners_never_enter_and_never_leave_a_link():
    view = View(scope=Scope(region=("North",), owner=("Ann Lee",)))
    assert left_out(view) == ("owner",)
    assert to_query(view) == {"region": ["North"]}
    asked = from_query({"owner": "Ann Lee", "customer": "c1", "customer_id": "c1"})
    assert asked.view == View() and asked.ignored == ("owner", "customer", "customer_id")


def test_filters_too_long_for_an_address_are_told():
    many = View(scope=Scope(market=tuple(map(str, range(MOST_VALUES + 1))), format=("x" * (LONGEST_VALUE + 1),)))
    assert left_out(many) == ("format", "market")
    assert to_query(many) == {}
    assert not left_out(View(scope=Scope(region=("North",))))


@pytest.mark.parametrize(
    ("query", "tree", "ignored"),
    [
        ({"tiers.shares.platinum": "999"}, {}, ["tiers.shares.platinum"]),
        ({"tiers.shares.platinum": "nan"}, {}, ["tiers.shares.platinum"]),
        ({"tiers.shares.platinum": "1e999"}, {}, ["tiers.shares.platinum"]),
        ({"tiers.shares.platinum": ""}, {}, ["tiers.shares.platinum"]),
        ({"tiers.shares.platinum": ["60", "70"]}, {}, ["tiers.shares.platinum"]),
        ({"tiers.shares.platinum": []}, {}, ["tiers.shares.platinum"]),
        ({"tiers.shares.tin": "60"}, {}, ["tiers.shares.tin"]),
        ({"tiers.shares.a": "60"}, {}, ["tiers.shares.a"]),
        ({"tiers.shares": "60"}, {}, ["tiers.shares"]),
        ({"tiers.shares.platinum.x": "60"}, {}, ["tiers.shares.platinum.x"]),
        ({"tiers.scheme": "best"}, {}, ["tiers.scheme"]),
        ({"tiers.scheme": "amounts"}, {}, ["tiers.scheme"]),
        ({"tiers": "60", "tiers.": "1", ".": "1", "": "1"}, {}, ["tiers", "tiers.", ".", ""]),
        ({"tiers.lead_if_loss": "maybe"}, {}, ["tiers.lead_if_loss"]),
        ({"lifecycle.lapsed_silence": "4,5"}, {}, ["lifecycle.lapsed_silence"]),
        ({"period.window": "90.5"}, {}, ["period.window"]),
        ({"period.value_months": "6"}, {}, ["period.value_months"]),
        ({"model_config": "x", "tiers.__class__": "x"}, {}, ["model_config", "tiers.__class__"]),
        ({"as_of": "2025-02-30"}, {}, ["as_of"]),
        ({"as_of": "20250101"}, {}, ["as_of"]),
        ({"redraw": "perhaps"}, {}, ["redraw"]),
        # The rest is taken.
        (
            {"tiers.shares.platinum": "999", "tiers.shares.gold": "85", "flags.poor_margin": "60"},
            {"tiers": {"shares": {"gold": 85}}, "flags": {"poor_margin": 60}},
            ["tiers.shares.platinum"],
        ),
        (
            {"tiers.mode": "amount", "tiers.measure": "gross_profit"},
            {"tiers": {"measure": "gross_profit"}},
            ["tiers.mode"],
        ),
        (
            {"tiers.scheme": "abc", "tiers.shares.platinum": "60", "tiers.shares.a": "70"},
            {"tiers": {"scheme": "abc", "shares": {"a": 70}}},
            ["tiers.shares.platinum"],
        ),
        # One of two that contradict each other is given up, and says so.
        (
            {"tiers.shares.platinum": "90", "tiers.shares.gold": "85"},
            {"tiers": {"shares": {"gold": 85}}},
            ["tiers.shares.platinum"],
        ),
        (
            {"lifecycle.cooling_silence": "5", "lifecycle.lapsed_silence": "3", "lifecycle.lapsed_silence_early": "6"},
            {"lifecycle": {"lapsed_silence": 3, "lapsed_silence_early": 6}},
            ["lifecycle.cooling_silence"],
        ),
    ],
)
def test_what_cannot_be_taken_is_left_out_and_named(query: Any, tree: dict[str, Any], ignored: list[str]):
    found = from_query(query)
    assert list(found.ignored) == ignored
    assert found.view.settings == parse_settings(tree)


def test_all_that_is_broken_goes_and_all_that_holds_stays():
    broken = {"tiers.shares.platinum": "97", "tiers.shares.gold": "96", "tiers.shares.iron": "95.5"}
    found = from_query(broken | {"lifecycle.exploration_up_to": "5", "flags.fresh_days": "400"})
    assert found.view.settings.flags.fresh_days == 400
    assert "lifecycle.exploration_up_to" in found.ignored and "tiers.shares.platinum" in found.ignored


def test_sizes_are_limited():
    crowd = {f"k{number}": "1" for number in range(5_000)}
    found = from_query(crowd | {"flags.poor_margin": "60"})
    assert found.view == View() and len(found.ignored) == MOST_NAMED
    assert from_query({"x" * 5_000: "1"}).ignored == ("x" * LONGEST_KEY,)
    long = from_query({"region": ["ok", "y" * (LONGEST_VALUE + 1)], "flags.poor_margin": "6" * 5_000})
    assert long.view == View(scope=Scope(region=("ok",)))
    assert long.ignored == ("region", "flags.poor_margin")
    given = [str(place) for place in range(5_000)]
    assert from_query({"region": given}).view.scope.region == tuple(given[:MOST_VALUES])
    assert 2 * len(list(adjustables(Settings()))) < MOST_KEYS


@st.composite
def some_settings(draw: st.DrawFn) -> Settings:
    """Settings as somebody leaves them: another scheme and mode, and a few moves of the sliders."""
    scheme = draw(st.sampled_from([name for name in SCHEMES if name != "amounts"]))
    found = with_value(Settings(), "tiers.scheme", scheme)
    found = with_value(found, "tiers.mode", draw(st.sampled_from(["share", "heads", "score"])))
    found = with_value(found, "tiers.lead_if_loss", draw(st.booleans()))
    found = with_value(found, "tiers.measure", draw(st.sampled_from(["revenue", "gross_profit", "customer_profit"])))
    found = with_value(found, "period.value_months", draw(st.sampled_from([0, 12, 24])))
    found = with_value(found, "period.hourly_cost", draw(st.none() | st.floats(0, 1e9)))
    for _ in range(draw(st.integers(0, 5))):
        item: Adjustable = draw(st.sampled_from(list(adjustables(found))))
        steps = draw(st.integers(0, int((item.high - item.low) / item.step)))
        found = with_value(found, item.path, round(item.low + steps * item.step, 6))
    return found


@st.composite
def typed_amounts(draw: st.DrawFn) -> Settings:
    scheme: Scheme = draw(st.sampled_from(["amounts", "pyramid", "abc"]))
    most = len(SCHEMES[scheme]) - 1
    numbers = draw(st.lists(st.floats(0, 1e12), min_size=1, max_size=most, unique=True))
    amounts = dict(zip(SCHEMES[scheme], sorted(numbers, reverse=True), strict=False))
    return parse_settings({"tiers": {"scheme": scheme, "mode": "amount", "amounts": amounts}})


@pytest.mark.parametrize("amounts", [{}, {"tier1": 5}])
def test_typed_tiers_drawn_by_share_come_back(amounts):
    shares = {"mode": "share", "shares": {"tier1": 40, "tier2": 60}}
    view = View(parse_settings({"tiers": {"scheme": "amounts", "amounts": amounts} | shares}))
    linked = from_query(to_query(view))
    assert linked.view == view and not linked.ignored


texts = st.text(min_size=1, max_size=20)
values = st.lists(texts, max_size=3, unique=True).map(tuple)
scopes = st.builds(
    Scope, region=values, owner=values, format=values, market=values, nature=values, redraw=st.booleans()
)
views = st.builds(
    View,
    settings=some_settings() | typed_amounts(),
    as_of=st.none() | st.dates().map(to_day),
    scope=scopes,
)


@settings(deadline=None)
@given(views)
def test_a_link_opens_the_same_view_without_its_owners(view: View):
    found = from_query(to_query(view))
    assert found.view == replace(view, scope=replace(view.scope, owner=()))
    assert found.ignored == ()
    assert bool(left_out(view)) == bool(view.scope.owner)


@settings(deadline=None, max_examples=30)
@given(views)
def test_a_link_survives_an_address(view: View):
    query = to_query(view)
    assert from_query(parse_qs(urlencode(query, doseq=True))) == from_query(query)


SCRAPS = ["60", "", "-1", "1e5", "true", "abc", "amount", "amounts", "2024-01-01", "nan", "x" * 300, "５"]
KEYS = [
    "tiers.scheme", "tiers.mode", "tiers.shares.platinum", "tiers.shares.gold", "tiers.heads.a", "as_of", "region",
    "tiers.amounts.tier1", "lifecycle.cooling_silence", "lifecycle.lapsed_silence", "service.seniors", "redraw",
]  # fmt: skip


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS) | texts, st.sampled_from(SCRAPS) | texts | st.lists(texts, max_size=3)))
def test_any_address_opens_something(query: dict[str, Any]):
    found = from_query(query)
    again = from_query(to_query(found.view))
    assert again.view == found.view and again.ignored == ()
