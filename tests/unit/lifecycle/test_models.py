"""What all lifecycle models share: one stage for everyone, phases of the strategy table, presets, limits in use."""

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmdash.adjusting import adjustables, lifecycle_preset_of, with_lifecycle_preset, with_value
from crmdash.i18n import Wording, terms
from crmdash.lines import ledger, why_moved
from crmdash.link import from_query, to_query
from crmdash.model.lifecycle import MODELS, PHASES_OF, stages_of
from crmdash.model.lifecycle.phases import PHASES
from crmdash.model.reasons import why_stage
from crmdash.model.strategies import STRATEGIES, decide
from crmdash.phrases import say
from crmdash.rule_settings.lifecycle import LifecycleSettings, Model
from crmdash.settings import LIFECYCLE_PRESETS, Settings, parse_settings
from crmdash.view import View
from tests.unit.frames import evaluated, money, sale, sales
from tests.unit.lifecycle.rows import LONG_FILE, PROSPECT, STEADY, stage_of, staged

each_model = pytest.mark.parametrize("model", MODELS)

STAGES: Final = {
    "relationship": ("prospect", "exploration", "formation", "stable", "deterioration", "ended"),
    "commercial": ("prospect", "introduction", "growth", "maturity", "decline", "ended"),
    "journey": ("reach", "acquire", "convert", "retain", "inspire", "lapsed"),
    "acquaintance": ("potential", "new", "established", "established_loyal", "lapsed"),
    "personal_cycle": ("prospect", "new", "active", "sleepy", "half_asleep", "asleep"),
}


@each_model
def test_stages_in_the_order_of_the_relationship(model: Model):
    assert stages_of(parse_settings({"lifecycle": {"model": model}})) == STAGES[model]


@each_model
def test_every_stage_has_a_phase_of_the_strategy_table_and_its_words(model: Model):
    words = terms("model")
    assert {f"model.{model}"} <= words.keys()
    for stage, phase in PHASES_OF[model].items():
        assert phase in PHASES and decide("top", phase).strategy in STRATEGIES
        assert {f"stage.{stage}", f"managed.{stage}", f"emphasis.{phase}"} <= words.keys()


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


counts, points = st.integers(0, 12), st.floats(0, 10)
known_facts = st.fixed_dictionaries(
    {
        "orders": maybe(counts),
        "tenure": maybe(st.integers(0, 2_000)),
        "recency": maybe(st.integers(0, 2_000)),
        "silence": maybe(st.floats(0, 12)),
        "relative_growth": maybe(st.floats(-2, 2)),
        "orders_before": maybe(counts),
        "satisfaction": maybe(points),
        "satisfaction_change": maybe(st.floats(-10, 10)),
        "recommend": maybe(points),
        "deal_share": maybe(st.floats(0, 1)),
        "contacts_made": maybe(counts),
        "open_matters": st.booleans(),
        "status": st.sampled_from([None, "active", "closed"]),
    }
)
customers = st.lists(known_facts | st.just(PROSPECT), min_size=1, max_size=8)
own = {
    "retain": {"falling", "growing", "steady"},
    "established": {"falling", "steady"},
    "active": {"growing", "steady"},
}


@each_model
@settings(max_examples=25, deadline=None)
@given(rows=customers, measured_by=st.sampled_from(["rhythm", "days"]))
def test_everybody_is_in_exactly_one_stage_of_the_model(model: Model, measured_by: str, rows: list[dict[str, Any]]):
    named = [row | {"customer_id": str(place)} for place, row in enumerate(rows)]
    for row, (stage, phase) in zip(rows, staged(*named, model=model, measured_by=measured_by), strict=True):
        assert stage in STAGES[model]
        assert phase in own.get(stage, {PHASES_OF[model][stage]})
        assert (phase == "before") == bool(row.get("prospect"))
        unsettled = row.get("open_matters") and model != "personal_cycle"
        assert not (phase == "gone" and unsettled)


def test_by_days_neither_silence_nor_growth_is_looked_at():
    limits: dict[str, Any] = {"measured_by": "days"}
    quiet: dict[str, Any] = {"silence": 11.0, "relative_growth": -2.0}
    assert [stage_of(limits, recency=days, **quiet) for days in (89, 90, 179, 180)] == [
        "stable", "deterioration", "deterioration", "ended",
    ]  # fmt: skip
    assert stage_of(limits, orders=1, recency=90) == "deterioration"
    assert stage_of(limits, recency=180, open_matters=True) == "deterioration"
    assert stage_of(limits, status="closed") == "ended"
    commercial = limits | {"model": "commercial"}
    assert [stage_of(commercial, recency=89, relative_growth=growth) for growth in (-2.0, 2.0)] == ["maturity"] * 2
    loyal = limits | {"model": "acquaintance"}
    assert [stage_of(loyal, recency=days, silence=9.0) for days in (89, 90)] == ["established_loyal", "established"]
    assert stage_of(limits | {"model": "personal_cycle"}, recency=500) == "active"
    assert stage_of(limits | {"cooling_days": 30, "lapsed_days": 60}, recency=60) == "ended"


def test_presets():
    shop = with_lifecycle_preset(Settings(), "online_shop").lifecycle
    assert (shop.cooling_silence, shop.lapsed_silence, shop.lapsed_silence_early) == (2.5, 6, 4)
    assert (shop.exploration_up_to, shop.formation_up_to) == (1, 3)
    days = with_lifecycle_preset(with_value(Settings(), "lifecycle.model", "journey"), "fixed_days").lifecycle
    assert (days.model, days.measured_by, days.cooling_days, days.lapsed_days) == ("journey", "days", 90, 180)
    asleep = with_lifecycle_preset(Settings(), "personal_cycle")
    assert asleep.lifecycle.model == "personal_cycle"
    assert with_lifecycle_preset(asleep, "distributor") == Settings()


@pytest.mark.parametrize("name", LIFECYCLE_PRESETS)
def test_a_preset_is_known_again_until_a_limit_is_moved(name: str):
    chosen = with_lifecycle_preset(Settings(), name)
    assert lifecycle_preset_of(chosen) == name
    path = next(item.path for item in adjustables(chosen) if item.path.startswith("lifecycle."))
    low = {item.path: item.low for item in adjustables(chosen)}[path]
    assert lifecycle_preset_of(with_value(chosen, path, low)) is None
    journey = with_value(Settings(), "lifecycle.model", "journey")
    assert lifecycle_preset_of(journey) == "distributor"


def moved_limit(name: str, item: Any) -> float:
    """Return another value of a limit, as far from its default as its range goes."""
    return item.high if item.high - item.default >= item.default - item.low else item.low


@each_model
def test_sliders_that_a_model_does_not_read_are_hidden(model: Model):
    settings_of = parse_settings({"lifecycle": {"model": model}})
    shown = {item.path.partition(".")[2] for item in adjustables(settings_of) if item.path.startswith("lifecycle.")}
    assert shown == settings_of.lifecycle.read
    assert ("cooling_silence" in shown) == (model != "personal_cycle")
    assert ("exploration_up_to" in shown) == (model == "relationship")
    assert not {"cooling_days", "lapsed_days"} & shown


def test_by_days_the_sliders_of_silence_are_hidden():
    limits = LifecycleSettings(measured_by="days")
    assert {"cooling_days", "lapsed_days"} <= limits.read
    assert not {"cooling_silence", "lapsed_silence", "lapsed_silence_early", "cooling_growth"} & limits.read


def test_every_limit_is_read_by_some_model():
    read = {
        name
        for model in MODELS
        for measured_by in ("rhythm", "days")
        for name in parse_settings({"lifecycle": {"model": model, "measured_by": measured_by}}).lifecycle.read
    }
    assert read == LifecycleSettings.model_fields.keys() - {"model", "measured_by"}


@each_model
def test_a_hidden_limit_changes_nothing(model: Model):
    rows = [
        {"customer_id": f"{n} {silence} {growth}", "orders": n, "tenure": 200 * n, "recency": round(silence * 60),
         "silence": silence, "relative_growth": growth, "satisfaction": 5.5 + n / 2}
        for n in (1, 2, 4, 7) for silence in (0.5, 1.7, 2.5, 7.0) for growth in (-1.0, 0.3)
    ]  # fmt: skip
    usual = staged(*rows, model=model)
    everything = LifecycleSettings(model=model)
    numbers = {
        item.path: item
        for other in MODELS
        for by in ("rhythm", "days")
        for item in adjustables(parse_settings({"lifecycle": {"model": other, "measured_by": by}}))
        if item.path.startswith("lifecycle.")
    }
    for path, item in numbers.items():
        name = path.partition(".")[2]
        if name not in everything.read:
            tree = with_value(parse_settings({"lifecycle": {"model": model}}), path, moved_limit(name, item))
            assert staged(*rows, **dict(tree.lifecycle)) == usual, name


ROWS = [
    *sales("steady", {day: 10.0 for day in range(0, 901, 30)}),
    *sales("late", {day: 10.0 for day in range(0, 811, 30)}),
    *sales("gone", {0: 10.0, 30: 10.0, 60: 10.0}),
    sale("new", 890, 10.0),
]


@each_model
def test_the_board_follows_the_model(model: Model):
    found = evaluated(ROWS, {"lifecycle": {"model": model}}, customers=[{"customer_id": "prospect"}])
    assert tuple(found.stages["stage"]) == STAGES[model]
    assert found.stages["customers"].sum() == found.matrix["customers"].sum() == 5
    assert found.customers["strategy"].null_count() == 0
    falling = found.in_phase("falling")
    # Silent for 90 days of a rhythm of 30: late for most, and asleep by its own cycle.
    late = (0, 0) if model == "personal_cycle" else (1, money(280))
    assert falling is not None and (falling.customers, falling.value) == late
    empty = found.matrix.filter(found.matrix["customers"] == 0)
    assert empty["strategy"].null_count() == 0 and len(found.matrix) == 4 * len(STAGES[model])


def test_without_recency_no_phase_is_counted():
    dark = evaluated(customers=[{"customer_id": "a", "revenue": 5, "orders": 2}])
    assert dark.in_phase("falling") is None


def test_stages_of_another_model_are_no_moves_of_time():
    before, now = evaluated(ROWS), evaluated(ROWS, {"lifecycle": {"model": "journey"}})
    moves = ledger(before, now).stage_moves
    assert set(moves["cause"]) == {"model_changed"} and len(moves) == 4
    phrase = why_moved(moves.row(0, named=True), before, now)
    assert phrase.key == "ledger.model_changed"
    assert phrase.figures["before"].value == moves["stage_before"][0]


@each_model
@pytest.mark.parametrize("measured_by", ["rhythm", "days"])
def test_everybody_can_be_explained(model: Model, measured_by: str):
    lifecycle = {"model": model, "measured_by": measured_by}
    found = evaluated(ROWS, {"lifecycle": lifecycle}, customers=[{"customer_id": "prospect"}])
    for row in found.customers.iter_rows(named=True):
        reason = why_stage(row, found.rulebook)
        assert reason is not None
        said = [say(phrase, Wording("en")) for phrase in (reason.because, reason.way_out) if phrase]
        assert said and not [sentence for sentence in said if "–" in sentence], row["customer_id"]


def test_the_steady_customer_is_the_same_everywhere():
    labels = {model: staged({}, model=model, clock=LONG_FILE)[0] for model in MODELS}
    assert {phase for _, phase in labels.values()} == {"steady"} and STEADY["silence"] == 0.5
    assert {model: stage for model, (stage, _) in labels.items()} == {
        "relationship": "stable",
        "commercial": "maturity",
        "journey": "inspire",
        "acquaintance": "established_loyal",
        "personal_cycle": "active",
    }


def test_every_limit_has_words_a_unit_and_its_default_in_range():
    shown = {
        item.path: item
        for model in MODELS
        for measured_by in ("rhythm", "days")
        for item in adjustables(parse_settings({"lifecycle": {"model": model, "measured_by": measured_by}}))
        if item.path.startswith("lifecycle.")
    }
    assert len(shown) == len(LifecycleSettings.model_fields) - 2
    for path, item in shown.items():
        assert item.unit and item.low <= item.default <= item.high, path
    words = {f"lifecycle.{name}" for name in (*LifecycleSettings.model_fields, "preset")}
    assert {f"{path}.{part}" for path in words for part in ("label", "help")} <= terms("settings").keys()


def test_neighbours_are_pushed_along():
    moved = with_value(Settings(), "lifecycle.sleepy_from", 4.0).lifecycle
    assert (moved.sleepy_from, moved.half_asleep_from, moved.asleep_from) == (4.0, 4.1, 4.2)
    assert with_value(Settings(), "lifecycle.cooling_days", 300).lifecycle.lapsed_days == 310
    assert with_value(Settings(), "lifecycle.growth_days", 60).lifecycle.introduction_days == 59


@each_model
def test_a_link_carries_the_model(model: Model):
    view = View(parse_settings({"lifecycle": {"model": model, "measured_by": "days"}}))
    assert from_query(to_query(view)).view == view
    assert from_query({"lifecycle.model": "fame"}).ignored == ("lifecycle.model",)
