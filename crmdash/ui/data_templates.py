"""Templates to fill in: one CSV for each table, with every column and two example rows."""

import csv
import io
from typing import Final

from crmdash.columns import TABLES, Column, Kind, TableName

_BY_KIND: Final[dict[Kind, tuple[str, str]]] = {
    "date": ("2025-01-31", "2025-02-28"),
    "money": ("1200.50", "80.00"),
    "count": ("12", "3"),
    "number": ("10", "2.5"),
    "score": ("8", "6.5"),
    "points": ("80", "65"),
    "fraction": ("0.25", "0.6"),
    "flag": ("yes", "no"),
    "tags": ("strategic;benchmark", "door_opener"),
}
_BY_NAME: Final[dict[str, tuple[str, str]]] = {
    "customer_id": ("C001", "C002"),
    "order_id": ("A-1001", "A-1002"),
    "profit": ("310.00", "-12.50"),
    "cost": ("890.50", "92.50"),
    "discount": ("120.50", "8.00"),
    "list_amount": ("1321.00", "88.00"),
    "product": ("Green tea 500 g", "Tissues"),
    "category": ("Tea", "Household"),
    "channel": ("web", "field rep"),
    "name": ("Blue Lantern Stores", "Chen & Sons"),
    "contact_person": ("Ms Chen", "Mr Okoye"),
    "format": ("supermarket", "kiosk"),
    "market": ("city", "town"),
    "industry": ("food retail", "catering"),
    "region": ("North", "South"),
    "owner": ("Lin", "Meyer"),
    "staff": ("Lin", "Meyer"),
    "exit_barriers": ("economic:bond", "contractual:lockin"),
    "paid_by": ("head office", "owner"),
    "decided_by": ("buyer", "owner"),
    "used_by": ("shops", "kitchen"),
    "referred_by": ("C002", "C001"),
    "source": ("fair", "referral"),
    "gender": ("female", "male"),
    "age": ("42", "35"),
    "birthday": ("1983-05-17", "1990-11-02"),
    "situation": ("opening two shops", "renovating"),
    "needs": ("fast delivery", "small packs"),
    "pain_points": ("late deliveries", "high prices"),
    "occupation": ("merchant", "cook"),
    "position": ("head of buying", "owner"),
    "preferences": ("calls in the morning", "e-mail"),
    "character": ("careful", "quick"),
    "buying_habits": ("weekly", "before holidays"),
    "taste": ("regional", "classic"),
    "awareness": ("knows the range", "knows two brands"),
    "topic": ("delivery", "price"),
    "hours": ("1600", "1200"),
    "hourly_cost": ("150.00", "110.00"),
    "minutes": ("45", "15"),
    "capacity": ("60", "120"),
}


def template(table: TableName) -> bytes:
    """Return the template of a table as CSV, in UTF-8 with the mark by which spreadsheet programs know it."""
    columns = TABLES[table]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in columns)
    for row in range(2):
        writer.writerow(_example(column, row) for column in columns)
    return text.getvalue().encode("utf-8-sig")


def _example(column: Column, row: int) -> str:
    if column.name in _BY_NAME:
        return _BY_NAME[column.name][row]
    return column.choices[row] if column.kind == "choice" else _BY_KIND[column.kind][row]
