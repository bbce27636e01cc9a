"""The benchmark counts what it says: equal tables, ratios within rounds, fitted exponents, a guard that sees."""

import pytest

from benchmarks import drag, growth, quick, report, slider
from benchmarks.browser import Answer
from benchmarks.evaluation import FIRST, RULE, TIER_LINE, Base, check, measure, rows
from benchmarks.invented import invent_summary
from benchmarks.pandas_evaluate import as_pandas, pandas_evaluate
from benchmarks.results import Measured, as_tree, from_tree
from benchmarks.rounds import alternate, always, median_ratio
from crmdash.adjusting import with_value
from crmdash.evaluate import evaluate
from crmdash.settings import Settings


@pytest.mark.parametrize(("platinum", "cooling"), [(50, 2.0), (60, 2.0), (50, 3.1)])
def test_pandas_counts_the_same_tables(platinum: float, cooling: float):
    summary = invent_summary(3_000)
    settings = with_value(Settings(), "tiers.shares.platinum", platinum)
    settings = with_value(settings, "lifecycle.cooling_silence", cooling)
    theirs = pandas_evaluate(as_pandas(summary.customers), (platinum, 80, 95), cooling)
    check(evaluate(summary, settings), theirs)


def test_a_difference_is_seen():
    summary = invent_summary(3_000)
    with pytest.raises(AssertionError):
        check(evaluate(summary), pandas_evaluate(as_pandas(summary.customers), (51, 80, 95)))


def test_every_round_has_a_summary_and_settings_of_its_own():
    base = Base(1_000)
    seen = []
    for number in range(3):
        base.first(number)
        seen.append(base.fresh)
        tier_line, rule = base.tier_line(number), base.rule(number)
        assert tier_line() and rule()
    assert len({id(summary) for summary in seen}) == 3
    assert all(summary.customers.equals(base.original.customers) for summary in seen)


def test_rows_hold_the_median_of_the_ratios():
    ticks = iter(range(1_000_000))
    times = measure(1_000, 1, lambda: float(next(ticks)))
    assert [(one.what, one.peer, one.ratio) for one in rows(1_000, times)] == [
        (what, peer, 1.0) for what in (FIRST, TIER_LINE, RULE) for peer in ("floor", "pandas")
    ]


def test_works_are_timed_in_turn():
    said: list[object] = []
    clock = iter([0, 1, 10, 12, 20, 24, 30, 31])
    times = alternate(
        {"ours": always(lambda: said.append("ours")), "theirs": lambda number: lambda: said.append(number)},
        rounds=2,
        clock=lambda: float(next(clock)),
    )
    assert said == ["ours", 0, "ours", 1]
    assert times == {"ours": [1, 4], "theirs": [2, 1]}
    assert median_ratio(times, "ours", "theirs") == 2.25


def test_cost_that_doubles_with_size_has_exponent_one():
    rows = [Measured("evaluate", "first", size, size / 1e6, "s", "floor", 1.0) for size in (10, 100_000, 1_000_000)]
    told = {one.what: (round(one.ours, 6), one.kept) for one in growth.exponents(rows)}
    assert told == {"evaluate, first": (1.0, True), "evaluate, (floor)": (0.0, None)}


def test_one_size_has_no_exponent():
    assert growth.exponents([Measured("evaluate", "first", 10, 1.0)]) == []


def test_a_ratio_worse_by_half_is_told():
    committed: dict[quick.Key, float] = {("evaluate", name, 1, "floor"): 2.0 for name in ("same", "slower", "faster")}
    now = dict(zip(committed, (2.9, 3.0, 0.1), strict=True))
    assert quick.worsened(now, committed) == {("evaluate", "slower", 1, "floor"): 1.5}


def test_the_guard_knows_everything_that_it_measures():
    committed = quick.ratios(report.load()["quick"])
    assert {(what, peer) for _, what, _, peer in committed} == {
        *((what, peer) for what in (FIRST, TIER_LINE, RULE) for peer in ("floor", "pandas")),
        ("parquet to summary", "polars"),
    }


def test_the_way_of_a_key_press_is_split_without_a_rest():
    runs = [
        {"began": 0.0, "ended": 9.0, "engine": 9.0, "figures": 0.0},  # another press
        {"began": 10.5, "ended": 12.5, "engine": 0.5, "figures": 0.25},
    ]
    rows = slider.split([Answer(pressed=10.0, received=13.0, drawn=13.5)], runs, 7)
    assert {one.what: one.ours for one in rows} == {
        "to the server": 0.5,
        "engine": 0.5,
        "figures": 0.25,
        "rest of the script": 1.25,
        "to the browser": 0.5,
        "drawing": 0.5,
    }
    assert sum(one.ours for one in rows) == 3.5


def test_a_script_that_runs_on_after_the_last_picture_delays_nothing():
    runs = [{"began": 10.5, "ended": 99.0, "engine": 0.5, "figures": 0.25}]
    rows = slider.split([Answer(pressed=10.0, received=13.0, drawn=13.5)], runs, 7)
    assert sum(one.ours for one in rows) == 3.5


def test_results_come_back_as_they_were():
    rows = [Measured("evaluate", "first", 10, 0.5, "s", "floor", 0.25, 2.0, 15), Measured("growth", "x", None, 1.0)]
    assert from_tree(as_tree(rows)) == rows


def test_what_people_wrote_stays(tmp_path, monkeypatch):
    page = tmp_path / "performance.md"
    page.write_text(f"above\n{report.BEGIN}\nold\n{report.END}\nbelow\n", encoding="utf-8")
    monkeypatch.setattr(report, "PAGE", page)
    report.write_page()
    text = page.read_text(encoding="utf-8")
    assert text.startswith("above\n") and text.endswith(f"{report.END}\nbelow\n") and "old" not in text
    report.write_page()
    assert page.read_text(encoding="utf-8") == text


def test_a_broken_promise_is_shown():
    kept, broken = (Measured("evaluate", "first", 1_000, 1.0, "s", "floor", 2.0, ratio, 0.5) for ratio in (0.5, 0.6))
    table = report._table([kept, broken], "customers")
    assert "≤ 0.5: kept" in table and "≤ 0.5: **broken**" in table


def test_a_line_under_the_hand_keeps_its_promises_or_not():
    times = {"key": [0.01, 0.01], "release": [0.3, 0.5], drag.PEER: [0.5, 0.5]}
    pressed = [0.01] * 95 + [0.03] * 5
    kept = drag.rows(7, times, [60.0, 56.0], [0, 0], pressed)
    assert [one.kept for one in kept] == [True, True, True, None, True, None]
    assert (kept[0].ours, kept[3].ratio, kept[4].ours, kept[5].ratio) == (58.0, 0.02, 0.4, 0.8)
    slow = {"key": [0.01], "release": [0.5], drag.PEER: [0.5]}
    broken = drag.rows(7, slow, [54.0], [3], [*pressed[1:], 0.03, 0.03])
    assert [one.kept for one in broken] == [False, False, False, None, False, None]
    assert "≥ 55: **broken**" in report._table(broken, "customers")
    assert "≤ 0 bytes: kept" in report._table(kept, "customers")
    assert from_tree(as_tree(kept)) == kept
