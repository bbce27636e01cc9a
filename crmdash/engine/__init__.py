"""The machines that calculations run on: Polars in memory, DuckDB on disk, Apache Spark on a cluster.

Summary and evaluation are written once, in Narwhals expressions over lazy frames. This package is the only place that
collects: here lazy frames become tables, and nowhere else.
"""

from crmdash.engine.collecting import Lazy, collect, collect_row, lazy
from crmdash.engine.quantiles import Quantile, quantiles

__all__ = ["Lazy", "Quantile", "collect", "collect_row", "lazy", "quantiles"]
