"""Write what was measured into `docs/performance.md`, and leave what people wrote there as it is."""

import json
import os
import platform
import re
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from benchmarks.processes import ROOT
from benchmarks.results import Measured, as_tree, from_tree

RESULTS: Final = ROOT / "benchmarks" / "results.json"
PAGE: Final = ROOT / "docs" / "performance.md"
BEGIN: Final = "<!-- measured: written by make bench, do not edit below -->"
END: Final = "<!-- measured: end -->"
LIBRARIES: Final = ("polars", "narwhals", "numpy", "pandas", "duckdb", "plotly", "streamlit", "pyarrow")

TITLES: Final = {
    "evaluate": ("Evaluating", "customers"),
    "summary": ("Reading and summary", "order lines"),
    "memory": ("Peak memory of reading and summary", "order lines"),
    "slider": ("From a key press to the last changed picture", "customers"),
    "split": ("Where that time goes", "customers"),
    "drag": ("A tier line under the hand", "customers"),
    "opening": ("Opening, pages, languages", "customers"),
    "large": ("Large data in the dashboard: memory, and who waits for whom", "customers"),
    "growth": ("Growth: fitted exponent of cost over size", ""),
}


def save(measured: Sequence[Measured], quick: Sequence[Measured] = ()) -> None:
    """Keep what was measured: other parts, and other sizes of the same parts, keep their old rows."""
    before = load()
    new = {(one.part, one.size) for one in measured}
    rows = [one for one in before["measured"] if (one.part, one.size) not in new] + list(measured)
    order = list(TITLES)
    rows.sort(key=lambda one: (order.index(one.part), one.size or 0))
    tree = {
        "machine": describe_machine(),
        "measured": as_tree(rows),
        "quick": as_tree(list(quick) or before["quick"]),
    }
    RESULTS.write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")


def load() -> dict[str, Any]:
    """Return the committed results: machine, measured and quick; empty where there are none yet."""
    if not RESULTS.exists():
        return {"machine": {}, "measured": [], "quick": []}
    tree = json.loads(RESULTS.read_text(encoding="utf-8"))
    return tree | {name: from_tree(tree[name]) for name in ("measured", "quick")}


def describe_machine() -> dict[str, str]:
    """Return processor, cores, memory, system and the versions that matter."""
    libraries = {name: version(name) for name in LIBRARIES}
    return {
        "processor": _line("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": str(os.cpu_count()),
        "memory": _line("/proc/meminfo", "MemTotal") or "unknown",
        "system": platform.system(),
        "python": platform.python_version(),
        **libraries,
    }


def _line(path: str, name: str) -> str | None:
    """Return what a line of a system's file says of `name`."""
    file = Path(path)
    if not file.exists():
        return None
    found = re.search(rf"^{name}\s*:\s*(.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else None


def write_page() -> None:
    """Put the tables of the committed results between the markers of the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{tables()}\n{END}{after}", encoding="utf-8")


def tables() -> str:
    """Return machine, versions and one table for each part."""
    kept = load()
    machine = dict(kept["machine"])
    host = ", ".join(f"{name} {machine.pop(name)}" for name in ("processor", "cores", "memory", "system"))
    versions = ", ".join(f"{name} {found}" for name, found in machine.items())
    parts = [f"Machine: {host}.\n\nVersions: {versions}.\n"]
    for part, (title, counted) in TITLES.items():
        rows = [one for one in kept["measured"] if one.part == part]
        if rows:
            parts.append(f"### {title}\n\n{_table(rows, counted)}\n")
    return "\n".join(parts)


def _table(rows: list[Measured], counted: str) -> str:
    heads = [counted.capitalize()] * bool(counted) + ["What", "crmdash"]
    beside = any(one.peer is not None for one in rows)
    heads += ["Peer", "Its cost", "Ratio"] * beside + ["Promised"]
    lines = [heads, ["---"] * len(heads)]
    for one in rows:
        cells = [_size(one.size)] * bool(counted) + [one.what, _cost(one.ours, one)]
        if beside:
            cells += [one.peer or "", _cost(one.theirs, one), _ratio(one.ratio)]
        lines.append([*cells, _promise(one)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _size(size: int | None) -> str:
    return "" if size is None else f"{size:,}"


def _ratio(ratio: float | None) -> str:
    if ratio is None:
        return ""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _cost(value: float | None, one: Measured) -> str:
    if value is None:
        return ""
    if one.unit == "exponent":
        return f"{value:.2f}"
    if one.unit == "MB":
        return f"{value:,.0f} MB"
    if one.unit == "fps":
        return f"{value:.1f}"
    if one.unit == "bytes":
        return f"{value:,.0f} bytes"
    return f"{value:.3g} s" if value >= 1 else f"{value * 1000:.3g} ms"


def _promise(one: Measured) -> str:
    if one.kept is None:
        return ""
    unit = f" {one.unit}" if one.unit in ("MB", "bytes") and one.ratio is None else ""
    limit = f"≤ {one.at_most:.3g}" if one.at_least is None else f"≥ {one.at_least:.3g}"
    return f"{limit}{unit}: {'kept' if one.kept else '**broken**'}"
