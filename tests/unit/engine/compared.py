"""The same files through Polars and through another engine: every table, figure and customer beside each other."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from crmdash.cli import main
from crmdash.evaluate import evaluate
from crmdash.export import summary_tree
from crmdash.export.customer_rows import labelled_columns
from crmdash.i18n import Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.settings import parse_settings
from crmdash.summary import to_day

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = tuple(
    str(ROOT / "data" / "samples" / name) for name in ("orders.parquet", "contacts.csv", "customers.csv", "staff.csv")
)
ORDERS = SAMPLE[:1]
TABLES = (
    "rows", "rows_used", "rows_set_aside", "customers", "as_of", "concentration", "whale", "tiers", "stages", "matrix",
    "strategies",
)  # fmt: skip


def evaluated(files: tuple[str, ...], out: Path, *more: str) -> dict[str, Any]:
    """Evaluate files by the command line, and return summary.json."""
    assert main(["evaluate", *files, "--out", str(out), *more]) == 0
    tree: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    return tree


@cache
def here(files: tuple[str, ...], settings: str = "{}", as_of: str | None = None) -> tuple[dict[str, Any], pl.DataFrame]:
    """Evaluate files in memory: the tables of summary.json, and customers.csv as text without the reasons in words."""
    dataset, chosen = open_dataset([Source.from_path(file) for file in files]), parse_settings(json.loads(settings))
    summary = dataset.summarised(chosen.period, None if as_of is None else to_day(date.fromisoformat(as_of)))
    evaluation = evaluate(summary, chosen)
    rows = {
        "rows": dataset.rows,
        "rows_used": dataset.rows_used - summary.rows_after,
        "rows_set_aside": dataset.rows_set_aside + summary.rows_after,
    }
    tree = json.loads(json.dumps(summary_tree(evaluation, rows, evaluation.issues, Wording("en"))))
    customers = evaluation.customers.select(labelled_columns(evaluation.customers.columns))
    text = customers.write_csv(float_scientific=False).encode()
    return tables_of(tree), pl.read_csv(text, infer_schema=False)


def tables_of(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: tree[name] for name in TABLES}


def customers_of(folder: Path) -> pl.DataFrame:
    """Return customers.csv as text."""
    return pl.read_csv(folder / "customers.csv", infer_schema=False)


def clean(file: Path, folder: Path) -> str:
    """Write a file's order lines as the clean Parquet that engines read."""
    lines = open_dataset([Source.from_path(file)]).transactions
    assert lines is not None
    money = [name for name in ("amount", "cost", "profit", "discount", "list_amount") if name in lines.columns]
    days = [name for name in ("date", "due_date", "paid_date") if name in lines.columns]
    target = folder / f"{file.stem}.parquet"
    lines.with_columns(
        (pl.col(money).cast(pl.Decimal(38, 4)) / 10_000).cast(pl.Decimal(18, 4)),
        pl.col(days).cast(pl.Int32).cast(pl.Date),
    ).write_parquet(target)
    return str(target)
