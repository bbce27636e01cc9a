"""Settings: the table of defaults, ranges and steps; errors that help; sliders that push; files that come back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmdash.adjusting import Adjustable, adjustables, modes_of, with_amounts, with_value, without_amounts
from crmdash.errors import SettingsError
from crmdash.settings import ORDERS, SCHEMES, SECTIONS, Settings, differences, get_value, parse_settings

RULES = {
    # path: default, low, high, step
    "tiers.shares.platinum": (50, 5, 99, 1),
    "tiers.shares.gold": (80, 5, 99, 1),
    "tiers.shares.iron": (95, 5, 99, 1),
    "period.window": (365, 30, 730, 1),
    "period.pseudo_gaps": (3, 1, 10, 1),
    "period.rhythm_floor": (7, 1, 60, 1),
    "lifecycle.cooling_silence": (2, 1, 5, 0.1),
    "lifecycle.cooling_growth": (-0.67, -1.5, -0.1, 0.01),
    "lifecycle.lapsed_silence": (6, 2, 12, 0.5),
    "lifecycle.lapsed_silence_early": (4, 2, 12, 0.5),
    "lifecycle.lapsed_days_at_least": (90, 0, 365, 10),
    "lifecycle.lapsed_days_at_most": (730, 180, 1825, 10),
    "lifecycle.exploration_up_to": (2, 1, 5, 1),
    "lifecycle.formation_up_to": (5, 2, 12, 1),
    "lifecycle.stable_by_age": (730, 180, 1825, 10),
    "lifecycle.formation_at_least": (183, 0, 365, 10),
    "lifecycle.dissatisfied": (6, 0, 10, 0.5),
    "flags.upside_wallet": (0.6, 0, 1, 0.05),
    "flags.upside_breadth": (0.5, 0, 1, 0.05),
    "flags.upside_growth": (0.4, 0, 2, 0.05),
    "flags.poor_margin": (50, 0, 100, 5),
    "flags.contested_wallet_fall": (0.10, 0, 0.5, 0.05),
    "flags.contested_category_loss": (0.33, 0, 1, 0.05),
    "flags.contested_contract_days": (90, 0, 365, 10),
}


@pytest.mark.parametrize("path", RULES)
def test_default_range_and_step(path: str):
    item = {item.path: item for item in adjustables(Settings())}[path]
    assert (item.default, item.low, item.high, item.step) == RULES[path]
    assert get_value(Settings(), path) == RULES[path][0]


@pytest.mark.parametrize("path", RULES)
def test_a_file_may_not_leave_the_range(path: str):
    _, low, high, step = RULES[path]
    for outside in (low - step, high + step):
        with pytest.raises(SettingsError, match=path.split(".")[1]):
            parse_settings(_tree(path, outside))


def _tree(path: str, value: Any) -> dict[str, Any]:
    for part in reversed(path.split(".")):
        value = {part: value}
    return value


def test_every_number_has_a_unit_and_its_default_in_range():
    for item in adjustables(Settings()):
        assert item.unit and item.low <= item.default <= item.high, item


@pytest.mark.parametrize(
    ("scheme", "mode", "lines"),
    [
        ("pyramid", "share", {"platinum": 50, "gold": 80, "iron": 95}),
        ("two", "heads", {"gold": 20}),
        ("three", "heads", {"key": 20, "normal": 50}),
        ("abc", "share", {"a": 80, "b": 95}),
        ("textbook", "heads", {"vital": 1, "major": 5, "normal": 20}),
    ],
)
def test_presets(scheme: str, mode: str, lines: dict[str, float]):
    tiers = parse_settings({"tiers": {"scheme": scheme}}).tiers
    assert (tiers.mode, tiers.lines, tiers.measure, tiers.lead_if_loss) == (mode, lines, "revenue", False)


@pytest.mark.parametrize(
    ("tree", "near"),
    [
        ({"teirs": {}}, "tiers"),
        ({"tiers": {"mesure": "revenue"}}, "measure"),
        ({"tiers": {"shares": {"platnum": 40}}}, "platinum"),
        ({"period": {"windw": 3}}, "window"),
        ({"lifecycle": {"coolingsilence": 3}}, "cooling_silence"),
        ({"flags": {"upside_walet": 0.5}}, "upside_wallet"),
    ],
)
def test_an_unknown_key_names_the_nearest(tree: dict[str, Any], near: str):
    with pytest.raises(SettingsError, match=f"\\b{near}\\b"):
        parse_settings(tree)


@pytest.mark.parametrize(("path", "near"), [("tiers.shares.platin", "platinum"), ("perod.window", "period")])
def test_an_unknown_path_names_the_nearest(path: str, near: str):
    with pytest.raises(SettingsError, match=near):
        get_value(Settings(), path)
    with pytest.raises(SettingsError, match=near):
        with_value(Settings(), path, 3)


@pytest.mark.parametrize(
    "tree",
    [
        {"tiers": {"shares": {"platinum": 80, "gold": 80}}},
        {"tiers": {"shares": {"platinum": 90}}},
        {"tiers": {"mode": "heads", "heads": {"platinum": 6}}},
        {"tiers": {"mode": "score", "scores": {"iron": 99}}},
        {"tiers": {"mode": "amount", "amounts": {"platinum": 1, "gold": 2, "iron": 3}}},
        {"tiers": {"mode": "amount"}},
        {"tiers": {"scheme": "amounts"}},
        *(_tree(lower, high) for lower, high in [
            ("lifecycle.cooling_silence", 4.0), ("lifecycle.lapsed_silence", 2.0),
            ("lifecycle.lapsed_silence_early", 2.0), ("lifecycle.exploration_up_to", 5),
            ("lifecycle.formation_up_to", 2), ("lifecycle.stable_by_age", 180),
        ]),
    ],
)  # fmt: skip
def test_a_broken_order_or_a_missing_line_is_an_error(tree: dict[str, Any]):
    with pytest.raises(SettingsError):
        parse_settings(tree)


@pytest.mark.parametrize("tree", [{"tiers": {"measure": "fame"}}, {"period": {"value_months": 6}}, [], "x", None])
def test_what_is_no_setting_is_an_error(tree: Any):
    with pytest.raises(SettingsError):
        parse_settings(tree)


def test_a_slider_pushes_its_neighbours():
    moved = with_value(Settings(), "tiers.shares.platinum", 85)
    assert moved.tiers.lines == {"platinum": 85, "gold": 86, "iron": 95}
    assert with_value(Settings(), "tiers.shares.platinum", 97).tiers.lines == {"platinum": 97, "gold": 98, "iron": 99}
    assert with_value(Settings(), "tiers.shares.iron", 30).tiers.lines == {"platinum": 28, "gold": 29, "iron": 30}
    cooled = with_value(Settings(), "lifecycle.cooling_silence", 4.5).lifecycle
    assert (cooled.cooling_silence, cooled.lapsed_silence_early, cooled.lapsed_silence) == (4.5, 5.0, 6.0)
    assert with_value(Settings(), "lifecycle.lapsed_silence", 2).lifecycle.cooling_silence == 1.9
    assert with_value(Settings(), "lifecycle.exploration_up_to", 5).lifecycle.formation_up_to == 6


def test_a_slider_stops_where_its_last_neighbour_has_no_room():
    assert with_value(Settings(), "tiers.shares.platinum", 99).tiers.lines == {"platinum": 97, "gold": 98, "iron": 99}
    assert with_value(Settings(), "tiers.shares.iron", 5).tiers.lines == {"platinum": 5, "gold": 6, "iron": 7}


def test_scores_and_amounts_fall_from_the_top():
    scored = parse_settings({"tiers": {"mode": "score"}})
    assert with_value(scored, "tiers.scores.iron", 97).tiers.lines == {"platinum": 99, "gold": 98, "iron": 97}
    typed = parse_settings({"tiers": {"mode": "amount", "amounts": {"platinum": 30, "gold": 20, "iron": 10}}})
    assert with_value(typed, "tiers.amounts.gold", 100).tiers.lines == {"platinum": 101, "gold": 100, "iron": 10}


TYPED = {"scheme": "amounts", "amounts": {"tier1": 50, "tier2": 10}}
OWN_SHARES = {"scheme": "amounts", "mode": "share", "shares": {"tier1": 40, "tier2": 60}}


@pytest.mark.parametrize(
    ("tiers", "modes"),
    [
        ({}, ("share", "heads", "amount", "score")),
        (TYPED, ("amount",)),
        (OWN_SHARES, ("share", "amount")),
        (OWN_SHARES | {"scores": {"tier1": 90}}, ("share", "amount", "score")),
    ],
)
def test_lines_are_drawn_only_in_ways_that_there_are_lines_for(tiers, modes):
    settings = parse_settings({"tiers": tiers})
    assert modes_of(settings.tiers) == modes
    for mode in set(modes) - {"amount"}:
        assert with_value(settings, "tiers.mode", mode).tiers.lines


def test_lines_of_a_scheme_without_usual_ones_have_sliders_too():
    settings = parse_settings({"tiers": OWN_SHARES})
    lines = {item.path: (item.default, item.high) for item in adjustables(settings) if item.unit == "%"}
    assert lines.items() >= {"tiers.shares.tier1": (40, 99), "tiers.shares.tier2": (60, 99)}.items()
    assert with_value(settings, "tiers.shares.tier1", 70).tiers.lines == {"tier1": 70, "tier2": 71}


def test_another_scheme_brings_its_own_lines():
    start = parse_settings({"tiers": {"measure": "gross_profit", "lead_if_loss": True, "shares": {"platinum": 30}}})
    moved = with_value(start, "tiers.scheme", "three").tiers
    assert (moved.mode, moved.lines) == ("heads", {"key": 20, "normal": 50})
    assert (moved.measure, moved.lead_if_loss) == ("gross_profit", True)


def test_the_same_tiers_by_amount():
    drawn = with_amounts(Settings(), {"platinum": 1_000_000, "gold": 500_000, "iron": 500_000}).tiers
    assert drawn.mode == "amount"
    assert drawn.lines == {"platinum": 100, "gold": 50, "iron": 49.9999}


@pytest.mark.parametrize(
    ("cuts", "lines"),
    [
        ((300, 200, -5), {"platinum": 0.03, "gold": 0.02, "iron": 0}),
        ((300, 0, -5), {"platinum": 0.03, "gold": 0}),
        ((-5, -6, -7), {"platinum": 0}),
        ((1, 1, 1), {"platinum": 0.0001, "gold": 0}),
        ((2**60, 2**59, 50_000), {"platinum": 1e12, "gold": 1e12 - 0.0001, "iron": 5}),
    ],
)
def test_lines_that_amounts_cannot_say_come_near_and_keep_the_upper_ones(cuts, lines):
    drawn = with_amounts(Settings(), dict(zip(("platinum", "gold", "iron"), cuts, strict=True)))
    assert drawn.tiers.lines == lines


@st.composite
def some_settings(draw: st.DrawFn) -> Settings:
    """Settings as somebody leaves them after a few moves of the sliders."""
    scheme = draw(st.sampled_from([name for name in SCHEMES if name != "amounts"]))
    settings = with_value(Settings(), "tiers.scheme", scheme)
    mode = draw(st.sampled_from(["share", "heads", "score"]))
    settings = with_value(settings, "tiers.mode", mode)
    settings = with_value(settings, "tiers.lead_if_loss", draw(st.booleans()))
    for _ in range(draw(st.integers(0, 4))):
        settings = with_value(settings, *draw(some_move(settings)))
    return settings


@st.composite
def some_move(draw: st.DrawFn, settings: Settings) -> tuple[str, float]:
    item: Adjustable = draw(st.sampled_from(list(adjustables(settings))))
    steps = draw(st.integers(0, int((item.high - item.low) / item.step)))
    return item.path, round(item.low + steps * item.step, 6)


@given(some_settings(), st.data())
def test_after_a_move_orders_hold_and_everything_is_in_range(settings: Settings, data: st.DataObject):
    path, value = data.draw(some_move(settings))
    moved = with_value(settings, path, value)
    for item in adjustables(moved):
        assert item.low <= get_value(moved, item.path) <= item.high
    for lower, upper in ORDERS:
        assert get_value(moved, lower) < get_value(moved, upper)
    lines = list(moved.tiers.lines.values())
    assert lines == sorted(set(lines), reverse=moved.tiers.mode == "score")
    assert with_value(moved, path, get_value(moved, path)) == moved


@given(some_settings(), st.data())
def test_a_line_lands_where_it_is_put_unless_there_is_no_room(settings: Settings, data: st.DataObject):
    path, value = data.draw(some_move(settings))
    places = len(settings.tiers.lines)
    limits = {item.path: item for item in adjustables(settings)}[path]
    free = limits.low + places <= value <= limits.high - places
    if free and path.startswith("tiers."):
        assert get_value(with_value(settings, path, value), path) == value


@given(some_settings())
def test_settings_come_back_from_their_file(settings: Settings):
    assert parse_settings(json.loads(settings.model_dump_json())) == settings


@given(some_settings())
def test_settings_come_back_from_what_differs(settings: Settings):
    assert parse_settings(json.loads(json.dumps(differences(settings)))) == settings


def test_defaults_differ_in_nothing():
    assert differences(Settings()) == {}
    moved = with_value(Settings(), "lifecycle.cooling_silence", 2.5)
    assert differences(moved) == {"lifecycle": {"cooling_silence": 2.5}}


def test_typed_amounts_come_back():
    settings = parse_settings({"tiers": {"scheme": "amounts", "amounts": {"tier1": 100, "tier2": 9.5}}})
    assert parse_settings(differences(settings)) == settings
    assert parse_settings(json.loads(settings.model_dump_json())) == settings


def test_the_file_of_the_interface_is_the_default():
    shares = {"platinum": 50, "gold": 80, "iron": 95}
    tiers = {"measure": "revenue", "mode": "share", "shares": shares, "lead_if_loss": False}
    assert parse_settings({"tiers": tiers}) == Settings() == parse_settings({})


@pytest.mark.parametrize(
    ("tiers", "expected"),
    [
        (
            {"mode": "amount", "amounts": {"platinum": 9, "gold": 5, "iron": 1}, "measure": "gross_profit"},
            {"measure": "gross_profit"},
        ),
        ({"scheme": "amounts", "amounts": {"tier1": 5}, "lead_if_loss": True}, {"lead_if_loss": True}),
        ({"shares": {"platinum": 60}, "amounts": {"platinum": 9, "gold": 5, "iron": 1}}, {"shares": {"platinum": 60}}),
        ({"scheme": "abc"}, {"scheme": "abc"}),
    ],
)
def test_typed_amounts_go_with_the_data_they_were_typed_for(tiers, expected):
    assert without_amounts(parse_settings({"tiers": tiers})) == parse_settings({"tiers": expected})


def test_defaults_have_the_type_of_their_setting():
    """A link reads a number by the type of the default."""
    odd = [
        f"{section}.{name}"
        for section, kind in SECTIONS.items()
        for name, field in kind.model_fields.items()
        if field.annotation is float and not isinstance(field.default, float)
    ]
    assert not odd
