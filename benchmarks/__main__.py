"""Measure how fast the product is, as ratios to peers on the same machine in the same run.

``python -m benchmarks`` measures everything and writes `benchmarks/results.json` and the tables of
`docs/performance.md`. ``--only PART…`` measures some parts and keeps the others' rows; ``--largest N`` leaves out what
is larger; ``--quick`` measures the small set that the guard compares with, and writes nothing.
"""

import argparse
from collections.abc import Callable, Iterable
from typing import Any, Final

from benchmarks import growth, quick, report
from benchmarks.processes import in_own_process
from benchmarks.results import Measured, from_tree
from benchmarks.summary import measure as summary_of_files

SIZES: Final = {10_000: 15, 100_000: 11, 1_000_000: 7, 10_000_000: 5}
"""Customers, with how many rounds are timed."""
LINES: Final = {1_000_000: 5, 10_000_000: 3}
"""Order lines, with how many rounds are timed."""
BOARDS: Final = {"sample": 0, "100000": 100_000, "1000000": 1_000_000}
"""Customers behind the slider."""
LARGE: Final = (1_000_000, 10_000_000)
"""Customers of a file that a reader opens in the dashboard."""
DRAGGED: Final = (1_000_000,)
"""Customers behind a line under the hand."""
PRESSES: Final = 15
STARTS: Final = 5


def evaluation(largest: int) -> list[Measured]:
    """Measure evaluating at every size."""
    return _each(
        in_own_process("benchmarks.evaluation", str(size), "--rounds", str(rounds))
        for size, rounds in SIZES.items()
        if size <= largest
    )


def summary(largest: int) -> list[Measured]:
    """Measure the way from a file to the summary, and its memory, at every size."""
    return [one for lines, rounds in LINES.items() if lines <= largest for one in told(summary_of_files(lines, rounds))]


def slider(largest: int) -> list[Measured]:
    """Measure the slider of the board on bases of every size, and where the time goes."""
    return _each(
        in_own_process("benchmarks.slider", name, "--rounds", str(PRESSES))
        for name, size in BOARDS.items()
        if size <= largest
    )


def drag(largest: int) -> list[Measured]:
    """Measure a tier line under the hand, beside the board as it was before."""
    sizes = [size for size in DRAGGED if size <= largest]
    return _each(in_own_process("benchmarks.drag", str(size), "--rounds", str(PRESSES)) for size in sizes)


def opening(largest: int) -> list[Measured]:
    """Measure the start, and changes of page and language."""
    return _each([in_own_process("benchmarks.opening", "--rounds", str(STARTS))])


def large(largest: int) -> list[Measured]:
    """Measure the dashboard with many customers: its memory, their slider, and another tab while they are read."""
    return _each(in_own_process("benchmarks.large", str(size)) for size in LARGE if size <= largest)


def _each(trees: Iterable[list[dict[str, Any]]]) -> list[Measured]:
    return [one for tree in trees for one in told(from_tree(tree))]


def told(measured: list[Measured]) -> list[Measured]:
    """Print rows as they come."""
    for one in measured:
        beside = "" if one.ratio is None else f", {one.ratio:.3g} x {one.peer}"
        promised = one.at_most if one.at_least is None else one.at_least
        broken = "" if one.kept is not False else f"  (promised {promised:.3g})"
        print(f"{one.part:10} {one.size or '':>10} {one.what}: {one.ours:.4g} {one.unit}{beside}{broken}", flush=True)
    return measured


PARTS: Final[dict[str, Callable[[int], list[Measured]]]] = {
    "evaluate": evaluation,
    "slider": slider,
    "drag": drag,
    "opening": opening,
    "large": large,
    "summary": summary,
}


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--largest", type=int, default=10_000_000, help="leave out sizes above this")
    parser.add_argument("--quick", action="store_true", help="the guard's small set alone; writes nothing")
    options = parser.parse_args()
    if options.quick:
        told(quick.measure())
        return
    for part in options.only:
        report.save(PARTS[part](options.largest))
    report.save(told(growth.exponents(report.load()["measured"])))
    report.save([], told(quick.measure()))
    report.write_page()


if __name__ == "__main__":
    main()
