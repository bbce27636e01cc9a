"""Write the sample: a consumer-goods distributor with its customers, orders, contacts and account managers.

Run ``python data/samples/generate.py [--out FOLDER]``. The seed stands in `clock.py`; with the locked NumPy the same
values come out on every machine. What is planted, and how, stands in ``docs/sample.md``.
"""

import argparse
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from clock import END, EPOCH  # noqa: E402
from contacts import Contact, contacts_of, cost_to_serve  # noqa: E402
from crmdash.columns import TABLES, TableName  # noqa: E402
from customer_file import customer_row  # noqa: E402
from orders import Line, lines_of  # noqa: E402
from people import STAFF, owner_of  # noqa: E402
from shops import Shop, shops  # noqa: E402

Rows = list[dict[str, Any]]


def _money(cents: int | None) -> str | None:
    if cents is None:
        return None
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _written(kind: str, value: Any) -> Any:
    if value is None:
        return None
    if kind == "money":
        return _money(value)
    if kind == "date":
        return EPOCH + timedelta(days=value)
    if kind == "flag":
        return "yes" if value else "no"
    return value


def _table(name: TableName, rows: Rows) -> pl.DataFrame:
    columns = TABLES[name]
    data = {column.name: [_written(column.kind, row.get(column.name)) for row in rows] for column in columns}
    types: dict[str, Any] = {"date": pl.Date, "money": pl.String, "flag": pl.String}
    schema = {column.name: types.get(column.kind, column.dtype) for column in columns}
    frame = pl.DataFrame(data, schema=schema, strict=False)
    return frame.with_columns(pl.col(column).cast(pl.Int64) for column in ("minutes", "hours") if column in data)


def _order_row(line: Line) -> dict[str, Any]:
    return vars(line) | {
        "date": line.day, "due_date": line.due, "paid_date": line.paid, "profit": line.amount - line.cost,
    }  # fmt: skip


def _contact_row(contact: Contact) -> dict[str, Any]:
    return vars(contact) | {"date": contact.day, "resolved_date": contact.resolved}


def _orders(lines: list[Line]) -> pl.DataFrame:
    frame = _table("transactions", [_order_row(line) for line in lines])
    money = [column.name for column in TABLES["transactions"] if column.kind == "money"]
    return frame.with_columns(
        pl.col(money).cast(pl.Decimal(18, 2)),
        pl.col("quantity").cast(pl.Int32),
        pl.col("planned").replace_strict({"yes": True, "no": False}, return_dtype=pl.Boolean),
    )


def _truth(drawn: list[Shop]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "customer_id": [shop.customer_id for shop in drawn],
            "kind": [shop.kind for shop in drawn],
            "planned_loss": ["yes" if shop.planned_loss else "no" for shop in drawn],
            "fade_start": [
                None if shop.fade_start is None else EPOCH + timedelta(days=shop.fade_start) for shop in drawn
            ],
        }
    )


def generate() -> dict[str, pl.DataFrame]:
    """Return the tables by file name: the four that are read, and the planted truth."""
    drawn = shops()
    lines: list[Line] = []
    contacts: list[Contact] = []
    rows: Rows = []
    earlier: list[str] = []
    for shop in drawn:
        owner = owner_of(shop)
        own_lines = lines_of(shop)
        own_contacts = contacts_of(shop, owner, own_lines)
        cost = cost_to_serve(shop, own_lines, own_contacts)
        rows.append(customer_row(shop, owner, own_lines, own_contacts, cost, earlier))
        lines += own_lines
        contacts += own_contacts
        if own_lines and shop.kind not in ("internal", "returns_only"):
            earlier.append(shop.customer_id)
    lines.sort(key=lambda line: (line.day, line.customer_id, line.order_id))
    contacts.sort(key=lambda contact: (contact.day, contact.customer_id))
    if lines[-1].day != END:
        raise ValueError(f"the file must end on its fixed last day, not on {EPOCH + timedelta(days=lines[-1].day)}")
    return {
        "orders.parquet": _orders(lines),
        "customers.csv": _table("customers", rows),
        "contacts.csv": _table("contacts", [_contact_row(contact) for contact in contacts]),
        "staff.csv": _table("staff", [vars(person) for person in STAFF]),
        "truth.csv": _truth(drawn),
    }


def write(folder: Path) -> None:
    """Write every table of the sample into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, frame in generate().items():
        if name.endswith(".parquet"):
            frame.write_parquet(folder / name, compression="zstd", compression_level=12)
        else:
            frame.write_csv(folder / name, float_precision=None)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Write the sample data of crmdash.")
    parser.add_argument("--out", type=Path, default=HERE, help="folder to write to (default: beside this script)")
    write(parser.parse_args().out)
