"""From a file of order lines to one row per customer, beside the same columns written by hand.

Usage: ``python -m benchmarks.summary SUBJECT FILE`` runs one subject once and prints its seconds and the most memory
that its process held, as JSON; ``python -m benchmarks.summary --lines N [--rounds N] [--cpu]`` compares ours with
Polars' in one process, on a file that it makes.

crmdash   the file scanned with its columns typed (money in ten-thousandths, days counted), then
          `crmdash.summary.summarise`
checked   the file opened as a user's file is: recognised, every cell typed and checked; then the same
polars, pandas, duckdb   `benchmarks.summary_peers`, which read the file and check nothing
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import narwhals as nw
import polars as pl

from benchmarks.order_lines import write_order_lines
from benchmarks.processes import in_own_process, peak_memory
from benchmarks.results import Measured, as_tree, compared, middle
from benchmarks.rounds import Times, alternate, always
from benchmarks.summary_peers import SCHEMA, duckdb_summary, pandas_summary, polars_summary
from crmdash.columns import MONEY_SCALE
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.summary import Tables, summarise

PART: Final = "summary"
MEMORY: Final = "memory"
KINDS: Final = ("parquet", "csv")
PEERS: Final = ("polars", "pandas", "duckdb")
LARGEST: Final = 10_000_000
SLOWEST: Final = {"polars": 1.3, "pandas": 1.0, "duckdb": 1.0}
"""Promised at the largest size: at most so many times what the peer takes."""
LARGEST_MEMORY: Final = 1_500
"""Megabytes, promised at the largest size."""


def scanned(path: Path) -> object:
    """Summarise what the file holds, typed but unchecked."""
    lines = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, schema=SCHEMA)
    typed = lines.select(
        "customer_id",
        pl.col("date").to_physical().cast(pl.Int64),
        "category",
        (pl.col("amount", "cost") * MONEY_SCALE).round().cast(pl.Int64),
    )
    return summarise(Tables(transactions=nw.from_native(typed))).customers


def checked(path: Path) -> object:
    """Open the file with every check, and summarise it."""
    return summarise(open_dataset([Source.from_path(path)]).tables).customers


SUBJECTS: Final[dict[str, Callable[[Path], object]]] = {
    "crmdash": scanned,
    "checked": checked,
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
    times: Times = {name: [] for name in SUBJECTS}
    memory: dict[str, list[float]] = {name: [] for name in SUBJECTS}
    for _ in range(rounds):
        for name in SUBJECTS:
            found = in_own_process("benchmarks.summary", name, str(path))
            times[name].append(found["seconds"])
            memory[name].append(found["megabytes"])
    kind = path.suffix[1:]
    what, whole = f"{kind} to summary", f"{kind} to summary, every check made"
    rows = [compared(PART, what, lines, times, "crmdash", peer, _promise(SLOWEST[peer], lines)) for peer in PEERS]
    rows.append(compared(PART, whole, lines, times, "checked", "polars"))
    return rows + _memory(memory, kind, lines)


def _memory(megabytes: dict[str, list[float]], kind: str, lines: int) -> list[Measured]:
    middles = {name: middle(found) for name, found in megabytes.items()}
    promised = _promise(LARGEST_MEMORY, lines)
    return [
        Measured(MEMORY, f"{kind}, crmdash", lines, middles["crmdash"], "MB", at_most=promised),
        Measured(MEMORY, f"{kind}, crmdash, every check made", lines, middles["checked"], "MB"),
        *(Measured(MEMORY, f"{kind}, {peer}", lines, middles[peer], "MB") for peer in PEERS),
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
