"""Arrays say the same as the rules that they are quicker than, and what is counted anew the same as what is counted."""

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from crmdash.engine.arrays import Marks, Rows, as_bytes, where
from crmdash.model.flags import earns_little, little_share
from crmdash.model.standing import Earned
from crmdash.model.tally import Tally, amounts_of
from crmdash.remembered import Remembered
from crmdash.rule_settings import FlagSettings

flags = st.lists(st.booleans(), max_size=70)
money = st.one_of(st.none(), st.integers(-30, 30), st.sampled_from([10**12, 3 * 10**15]))
keys = st.lists(st.integers(0, 5), min_size=12, max_size=12)


def _little(earned: Earned, usual: float, limits: FlagSettings, places: Rows | slice) -> Marks:
    """Ask of customers who all stand where the same is usual."""
    asked = np.arange(len(earned.ratio))[places]
    line = np.full(len(asked), little_share(usual, limits))
    return earned.is_little(line, [usual], np.zeros(len(asked), np.uint8), limits, places)


@given(flags, st.integers(0, 9))
def test_marks_are_read_from_their_bits(held: list[bool], first: int):
    marks = pl.Series(held, dtype=pl.Boolean)[min(first, len(held)) :]
    assert as_bytes(marks).tolist() == [int(one) for one in held[first:]]
    assert where(np.array(held, np.bool_)).tolist() == [place for place, one in enumerate(held) if one]


@given(
    st.lists(st.tuples(money, money, st.booleans()), min_size=1, max_size=20),
    st.sampled_from([0.1, 0.25, 0.3, 1 / 3, 1.0]),
    st.sampled_from([0, 10, 50, 100]),
)
@hypothesis_settings(deadline=None)
def test_a_share_tells_who_earns_little(rows: list[tuple[int | None, int | None, bool]], usual: float, part: int):
    profits, revenues, bought = (list(column) for column in zip(*rows, strict=True))
    limits = FlagSettings(poor_margin=part)
    earned = Earned.of(pl.Series(profits, dtype=pl.Int64), pl.Series(revenues, dtype=pl.Int64), pl.Series(bought))
    for places in (slice(0, None), np.arange(len(rows))[::-1]):
        found = _little(earned, usual, limits, places)
        for place, told in zip(np.arange(len(rows))[places], found, strict=True):
            profit, revenue = profits[place], revenues[place]
            if not bought[place] or profit is None or revenue is None:
                assert not told
            elif profit > 0:
                assert told == earns_little(profit, revenue, usual, limits)


def test_where_rounding_decides_amounts_are_asked():
    # 3 of 10 is as much as 0.3 of 10 is, although 3 / 10 and 0.3 * 10 round differently beside other numbers.
    profit, revenue = pl.Series([3, 9, 30_000_001]), pl.Series([10, 30, 100_000_000])
    earned = Earned.of(profit, revenue, pl.Series([True] * 3))
    found = _little(earned, 0.3, FlagSettings(poor_margin=100), slice(0, 3))
    assert found.tolist() == [
        earns_little(p, r, 0.3, FlagSettings(poor_margin=100)) for p, r in zip(profit, revenue, strict=True)
    ]


@given(st.lists(keys, min_size=1, max_size=5))
def test_who_changed_is_counted_again(settings: list[list[int]]):
    amounts = tuple(amounts_of(pl.Series([2**place * factor for place in range(12)])) for factor in (1, -3))
    earlier: list[Tally] = []
    for chosen in settings:
        labels = np.array(chosen, np.uint16)
        anew, again = Tally.of(labels, amounts), Tally.of(labels, amounts, earlier)
        assert anew.found == again.found
        assert sum(value for _, _, value, _ in again.found) == 2**12 - 1
        earlier.append(again)


def test_what_was_counted_of_other_amounts_does_not_serve():
    labels, ones, twos = np.zeros(4, np.uint16), *(amounts_of(pl.Series([one] * 4)) for one in (1, 2))
    before = Tally.of(labels, (ones,))
    assert Tally.of(labels, (twos,), [before]).found == [(0, 4, 8, 0)]


def test_several_are_made_in_one_go_and_kept_together():
    kept, asked = Remembered(), []

    def make(wanting: list[str]) -> dict[str, str]:
        asked.append(wanting)
        return {name: name.upper() for name in wanting}

    assert kept.get_each("word", ["a", "b"], make, few=3) == {"a": "A", "b": "B"}
    assert kept.get_each("word", ["b", "c"], make, few=3) == {"b": "B", "c": "C"}
    assert kept.get_each("word", ["a", "d"], make, few=3) == {"a": "A", "d": "D"}
    assert asked == [["a", "b"], ["c"], ["d"]]
    assert kept.all_of("word") == ["D", "A", "C"]
    assert kept.all_of("nothing") == []
