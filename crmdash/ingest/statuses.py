"""Order lines that a status column calls cancelled, lost or returned: all are counted, and that is said."""

from typing import Final

import polars as pl

from crmdash.ingest.aliases import is_status
from crmdash.ingest.raw import RawTable
from crmdash.issues import Issue

_FALLEN_THROUGH: Final = (
    r"(?i)cancel|\blost\b|\bvoid|reject|refund|return|declin|fail"
    "|取消|作废|作廢|退货|退貨|退款|拒|失败|失敗|流失|已关闭|已關閉"
)


def status_issues(raw: RawTable, mapped: tuple[str, ...]) -> list[Issue]:
    """Return one issue per status column, not mapped to anything, that says of lines that they fell through."""
    found: list[Issue] = []
    for name in raw.frame.columns:
        if name in mapped or not is_status(name):
            continue
        lines = raw.frame.select(pl.col(name).alias("status")).with_columns(row=raw.file_rows)
        fallen = lines.filter(pl.col("status").str.contains(_FALLEN_THROUGH))
        if fallen.height:
            counts = fallen["status"].value_counts(name="lines").sort(["lines", "status"], descending=[True, False])
            words = ", ".join(f"{status} ({lines})" for status, lines in counts.rows())
            row = int(fallen["row"][0])
            found.append(Issue("info", "status_counted", "transactions", name, row, fallen.height, words))
    return found
