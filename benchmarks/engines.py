"""The same order lines through Polars, DuckDB and a Spark cluster: every table compared, time and memory beside it.

Usage: ``python -m benchmarks.engines [--rows N] [--engines polars duckdb spark] [--memory-limit 500MB]``.

Each engine summarises and evaluates in a process of its own. Spark runs on a standalone cluster of two workers on this
machine; what its tasks computed is told apart from starting and planning. The exit code is 1 where a table differs.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from crmdash.engine import ENGINES
from tests.spark_cluster import running_cluster

TABLES: Final = ("customers", "as_of", "concentration", "whale", "tiers", "stages", "matrix", "strategies")


def main() -> int:
    """Run the engines asked for, and compare each with the first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES))
    parser.add_argument("--memory-limit", default="500MB", help="of DuckDB")
    options = parser.parse_args()
    with TemporaryDirectory(prefix="crmdash-engines-") as place, ExitStack() as ended:
        folder = Path(place)
        lines = folder / "lines.parquet"
        # Written by a process of its own: what this one holds would count as the peak of those that it starts.
        writer = [sys.executable, "-m", "benchmarks.order_lines", str(lines), "--rows", str(options.rows)]
        subprocess.run(writer, check=True)
        found = {}
        for name in options.engines:
            more, environment = list[str](), os.environ.copy()
            if name == "duckdb":
                more = ["--memory-limit", options.memory_limit]
            elif name == "spark":
                cluster = ended.enter_context(running_cluster(folder, compiled=True))
                more, environment = ["--spark-master", cluster.master], environment | cluster.environment
            found[name] = run(name, lines, folder / name, ["--engine", name, *more], environment)
            print(f"{name}: {found[name]['took']}, peak {found[name]['peak_mb']} MB in the process", flush=True)
            if name == "spark":
                print(f"spark: {computed(cluster.events)} by its tasks", flush=True)
    first = next(iter(found.values()))
    different = [name for name, other in found.items() if tables(other["tree"]) != tables(first["tree"])]
    print(f"{options.rows} lines, {first['tree']['customers']} customers; different tables: {different or 'none'}")
    return 1 if different else 0


def tables(tree: dict[str, Any]) -> dict[str, Any]:
    """Return what must be the same on every engine."""
    return {name: tree[name] for name in TABLES}


def computed(events: Path) -> dict[str, str]:
    """Return the core seconds of all tasks of each session, as the cluster has logged them."""
    seconds = {}
    for log in sorted(events.iterdir()):
        told = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
        tasks = [event["Task Metrics"] for event in told if event["Event"] == "SparkListenerTaskEnd"]
        seconds[log.stem] = f"{sum(task['Executor CPU Time'] for task in tasks if task) / 1e9:.1f} core s"
    return seconds


def run(name: str, lines: Path, out: Path, more: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Summarise order lines and evaluate the summary, each in a process of its own."""
    out.mkdir()
    stored, evaluated = out / "customers.parquet", out / "evaluated"
    took, peak = {}, 0
    for command in (
        ["summarise", str(lines), "--out", str(stored)],
        ["evaluate", str(stored), "--out", str(evaluated)],
    ):
        if name == "polars" and command[0] == "evaluate":
            command[1] = str(lines)  # in memory order lines are evaluated directly
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-m", "crmdash", *command, *more], env=environment)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise RuntimeError(f"{name} {command[0]} failed")
        wall, cpu = time.perf_counter() - started, used.ru_utime + used.ru_stime
        took[command[0]], peak = f"{wall:.1f} s ({cpu:.1f} s of CPU)", max(peak, used.ru_maxrss // 1024)
    tree = json.loads((evaluated / "summary.json").read_text(encoding="utf-8"))
    return {"took": took, "peak_mb": peak, "tree": tree}


if __name__ == "__main__":
    sys.exit(main())
