"""The guard of ``make check``: a small set of ratios, and a failure where one worsened by half.

Usage: ``python -m benchmarks.quick``. Everything runs on one thread and counts processor time, so that neither the
number of cores nor what else the machine does enters a ratio. A ratio that looks worse is measured again, twice at
most, and the best counts: what the code costs can only be seen in a quiet moment, and noise only adds.
"""

import sys
from typing import Final

from benchmarks.processes import ONE_THREAD, in_own_process
from benchmarks.report import load
from benchmarks.results import Measured, from_tree

CUSTOMERS: Final = 100_000
LINES: Final = 200_000
ROUNDS: Final = 7
WORSE: Final = 1.5
ATTEMPTS: Final = 3

Key = tuple[str, str, int | None, str | None]


def measure() -> list[Measured]:
    """Measure the small set once."""
    rounds = ("--rounds", str(ROUNDS), "--cpu")
    evaluated = in_own_process("benchmarks.evaluation", str(CUSTOMERS), *rounds, environment=ONE_THREAD)
    summarised = in_own_process("benchmarks.summary", "--lines", str(LINES), *rounds, environment=ONE_THREAD)
    return from_tree(evaluated) + from_tree(summarised)


def worsened(now: dict[Key, float], committed: dict[Key, float]) -> dict[Key, float]:
    """Return by how much each ratio is worse than the committed one, only those worse by half and more.

    Raises
    ------
    KeyError
        If something is measured of which nothing is committed.
    """
    by = {key: ratio / committed[key] for key, ratio in now.items()}
    return {key: factor for key, factor in by.items() if factor >= WORSE}


def ratios(measured: list[Measured]) -> dict[Key, float]:
    """Return the ratio of everything measured beside a peer."""
    return {one.key: one.ratio for one in measured if one.ratio is not None}


def main() -> int:
    """Compare with the committed ratios."""
    committed, best = ratios(load()["quick"]), ratios(measure())
    for _ in range(ATTEMPTS - 1):
        if not worsened(best, committed):
            break
        again = ratios(measure())
        best = {key: min(ratio, again[key]) for key, ratio in best.items()}
    worse = worsened(best, committed)
    for (part, what, size, peer), factor in worse.items():
        print(f"{part}, {what}, {size:,}: {factor:.2f} times the committed ratio to {peer}")
    if worse:
        print("If that is meant, measure anew and commit: make bench")
    else:
        print(f"No ratio of {len(best)} is {WORSE:g} times the committed one or more")
    return 1 if worse else 0


if __name__ == "__main__":
    sys.exit(main())
