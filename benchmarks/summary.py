"""From a file of order lines to one row per customer, beside the same columns written by hand.

Usage: ``python -m benchmarks.summary SUBJECT FILE`` runs one subject once and prints its seconds and the most memory
that its process held, as JSON; ``python -m benchmarks.summary --lines N [--rounds N] [--cpu]`` compares ours with
Polars' in one process, on a file that it makes.

crmdash   the columns recognised, the file scanned and typed (`crmdash.ingest.clean`), then summarised
checked   every cell looked at besides (`crmdash.ingest.clean_checks`)
thorough  read as a file of any kind is (`crmdash.ingest.dataset`): cell by cell, as text; up to a million lines
polars, pandas, duckdb   `benchmarks.summary_peers`, which read the file and check nothing
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from benchmarks.order_lines import write_order_lines
from benchmarks.processes import in_own_process, peak_memory
from benchmarks.results import Measured, as_tree, compared, middle
from benchmarks.rounds import Times, alternate, always
from benchmarks.summary_peers import duckdb_summary, pandas_summary, polars_summary
from crmdash.ingest.clean import scan_clean
from crmdash.ingest.clean_checks import open_clean
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.summary import Tables, summarise

PART: Final = "summary"
MEMORY: Final = "memory"
KINDS: Final = ("parquet", "csv")
PEERS: Final = ("polars", "pandas", "duckdb")
LARGEST: Final = 10_000_000
MOST_THOROUGH: Final = 1_000_000
SLOWEST: Final = {"polars": 1.3, "pandas": 1.0, "duckdb": 1.0}
"""Promised at the largest size: at most so many times what the peer takes."""
LARGEST_MEMORY: Final = 1_500
"""Megabytes, promised at the largest size."""


def scanned(path: Path) -> object:
    """Summarise what a clean file holds, typed but unchecked.

    Raises
    ------
    ValueError
        If the file is not recognised as a clean one.
    """
    file = scan_clean(path)
    if file is None:
        raise ValueError(f"{path} is not recognised as a clean file")
    return summarise(Tables(transactions=file.rows)).customers


def checked(path: Path) -> object:
    """Look at every cell of a clean file, and summarise it.

    Raises
    ------
    ValueError
        If the file is not recognised as a clean one.
    """
    file = open_clean(path)
    if file is None:
        raise ValueError(f"{path} is not recognised as a clean file")
    return summarise(file.tables).customers


def thorough(path: Path) -> object:
    """Read the file cell by cell, as one of any kind, and summarise it."""
    return summarise(open_dataset([Source.from_path(path)]).tables).customers


SUBJECTS: Final[dict[str, Callable[[Path], object]]] = {
    "crmdash": scanned,
    "checked": checked,
    "thorough": thorough,
    "polars": polars_summary,
    "pandas": pandas_summary,
    "duckdb": duckdb_summary,
}


def measure(lines: int, rounds: int) -> list[Measured]:
    """Run every subject on Parquet and on CSV in turn, each time in a process of its own."""
    measured = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            path = Path(folder) / f"orders.{kind}"
            in_own_process("benchmarks.order_lines", str(path), "--rows", str(lines), told=False)
            measured += _of_file(path, lines, rounds)
            path.unlink()
    return measured


def _of_file(path: Path, lines: int, rounds: int) -> list[Measured]:
    subjects = [name for name in SUBJECTS if name != "thorough" or lines <= MOST_THOROUGH]
    times: Times = {name: [] for name in subjects}
    memory: dict[str, list[float]] = {name: [] for name in subjects}
    for _ in range(rounds):
        for name in subjects:
            found = in_own_process("benchmarks.summary", name, str(path))
            times[name].append(found["seconds"])
            memory[name].append(found["megabytes"])
    kind = path.suffix[1:]
    what = f"{kind} to summary"
    rows = [compared(PART, what, lines, times, "crmdash", peer, _promise(SLOWEST[peer], lines)) for peer in PEERS]
    more = {"checked": "every cell looked at", "thorough": "read cell by cell"}
    rows += [compared(PART, f"{what}, {more[name]}", lines, times, name, "polars") for name in more if name in times]
    return rows + _memory({name: middle(found) for name, found in memory.items()}, kind, lines)


def _memory(megabytes: dict[str, float], kind: str, lines: int) -> list[Measured]:
    promised = {"crmdash": _promise(LARGEST_MEMORY, lines)}
    return [
        Measured(MEMORY, f"{kind}, {name}", lines, most, "MB", at_most=promised.get(name))
        for name, most in megabytes.items()
    ]


def _promise(value: float, lines: int) -> float | None:
    return value if lines == LARGEST else None


def once(subject: str, path: Path) -> dict[str, float]:
    """Run one subject once."""
    began = time.perf_counter()
    kept = SUBJECTS[subject](path)
    seconds = time.perf_counter() - began
    del kept
    return {"seconds": seconds, "megabytes": peak_memory()}


def beside_polars(lines: int, rounds: int, clock: Callable[[], float]) -> list[Measured]:
    """Compare ours with the Polars written by hand, on Parquet, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        write_order_lines(path, lines)
        works = {name: always(lambda name=name: SUBJECTS[name](path)) for name in ("crmdash", "polars")}  # type: ignore[misc]
        alternate(works, 1)
        times = alternate(works, rounds, clock)
    return [compared(PART, "parquet to summary", lines, times, "crmdash", "polars")]


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("subject", nargs="?", choices=SUBJECTS)
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--lines", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cpu", action="store_true", help="count processor time, for one thread on a busy machine")
    options = parser.parse_args()
    if options.lines is None:
        found: Any = once(options.subject, options.file)
    else:
        clock = time.process_time if options.cpu else time.perf_counter
        found = as_tree(beside_polars(options.lines, options.rounds, clock))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
