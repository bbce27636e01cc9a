"""The machines that calculations run on: Polars in memory, DuckDB on disk, Apache Spark on a cluster.

Summary and evaluation are written once, in Narwhals expressions over lazy frames. This package is the only place that
collects: here lazy frames become tables, and nowhere else.
"""

from crmdash.engine.collecting import (
    LabelType,
    Lazy,
    as_text,
    collect,
    collect_row,
    label_type,
    lazy,
)
from crmdash.engine.holding import coded, collect_together, hold
from crmdash.engine.machines import ENGINES, Engine, EngineError, open_engine
from crmdash.engine.neighbours import with_neighbours
from crmdash.engine.packing import grouped
from crmdash.engine.quantile import quantile, quantiles, usual_value

__all__ = [
    "ENGINES",
    "Engine",
    "EngineError",
    "LabelType",
    "Lazy",
    "as_text",
    "coded",
    "collect",
    "collect_row",
    "collect_together",
    "grouped",
    "hold",
    "label_type",
    "lazy",
    "open_engine",
    "quantile",
    "quantiles",
    "usual_value",
    "with_neighbours",
]
