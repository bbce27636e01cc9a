"""Time several pieces of work side by side: one after the other in every round, compared within the round."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping

Prepared = Callable[[], object]
"""What is timed."""
Work = Callable[[int], Prepared]
"""Prepares a round, given its number from 0, and returns what is timed."""
Times = dict[str, list[float]]
"""Seconds of every round."""


def always(run: Prepared) -> Work:
    """Return work that is the same in every round."""
    return lambda number: run


def alternate(works: Mapping[str, Work], rounds: int, clock: Callable[[], float] = time.perf_counter) -> Times:
    """Time each work once per round, in the order given; garbage of one is cleared before the next begins."""
    times: Times = {name: [] for name in works}
    for number in range(rounds):
        for name, work in works.items():
            run = work(number)
            gc.collect()
            gc.disable()
            began = clock()
            kept = run()
            times[name].append(clock() - began)
            gc.enable()
            del kept, run
    return times


def median_ratio(times: Times, ours: str, theirs: str) -> float:
    """Return the median over rounds of our time over theirs."""
    return statistics.median(one / other for one, other in zip(times[ours], times[theirs], strict=True))
