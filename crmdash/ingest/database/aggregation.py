"""Orders added up per customer and day inside the database, for tables too large to be read line by line.

What keeps the customers' figures as they are:

* One row per customer, day, sign of the amount and presence of a discount: sales and returns of one day stay apart,
  so that purchases, returns and deals count as they do line by line.
* Amounts are rounded to the four decimals of `crmdash.columns.MONEY_SCALE` before they are added, and added as whole
  or decimal numbers, never as binary fractions.
* Lines without an amount are counted and left out; lines without a customer or a day stay, and are set aside with
  their reason when the result is validated.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import BigInteger, Date, Numeric, Select, and_, case, cast, func, literal_column, null, or_, select
from sqlalchemy.sql.expression import ColumnElement

from crmdash.columns import MONEY_SCALE
from crmdash.ingest.database.address import Database
from crmdash.ingest.database.failures import failed
from crmdash.ingest.database.inventory import Kind, Relation
from crmdash.ingest.options import DESCRIPTIVE, Mapping

LINES: Final = "order lines"
LINES_ASIDE: Final = "order lines set aside"

GROUPED: Final = ("category", "channel", *DESCRIPTIVE)
"""Columns that stay, because rows are kept apart by them."""

LEFT_OUT: Final = ("order_id", "product", "due_date", "paid_date", "planned")
"""Columns of single order lines, which a sum does not have."""

_MONEY: Final = ("amount", "cost", "profit", "discount", "list_amount")
_DECIMALS: Final = len(str(MONEY_SCALE)) - 1
_EXACT_REAL: Final = 9e11
"""Beyond this a binary fraction times 10,000 is no longer exact."""

_EXACT_WHOLE: Final = 900_000_000_000_000
"""Beyond this a whole number times 10,000 does not fit into 64 bits."""

Expression = ColumnElement[Any]


def aggregated_mapping(mapping: Mapping) -> Mapping:
    """Return the mapping of what `aggregated_select` returns: each canonical column from the one of its name."""
    kept = [name for name in _canonical(mapping) if name in mapping.columns]
    columns: dict[str, tuple[str, ...]] = {name: (name,) for name in kept}
    if "cost" in columns:
        columns["profit"] = ("profit",)
    return replace(mapping, columns=columns, partial=False)


def aggregated_select(relation: Relation, mapping: Mapping, database: Database) -> Select[Any]:
    """Return the statement that adds a table of orders up per customer and day.

    Parameters
    ----------
    relation
        The table or view.
    mapping
        Which of its columns are customer, date, amount and the optional others. A discount counts where it is money.

    Raises
    ------
    DatabaseFailed
        ``aggregation_needs`` where customer, date or amount is missing, ``aggregation_inexact`` where a column of
        money or quantity is not numeric in the database.
    """
    missing = [name for name in ("customer_id", "date", "amount") if name not in mapping.columns]
    if missing or mapping.table not in (None, "transactions"):
        raise failed("aggregation_needs", database.name, columns=", ".join(missing) or "–")
    source = _Source(relation, mapping, database)
    amount = source.units("amount")
    assert amount is not None
    sums = {name: units for name in _MONEY if (units := source.units(name)) is not None}
    if "cost" in sums:
        # A line's profit is its own or what the amount leaves; told apart from lines that know neither.
        sums["profit"] = func.coalesce(sums.get("profit", null()), amount - sums["cost"])
    known = amount.is_not(null())
    keys: dict[str, Expression] = {"customer_id": source.column("customer_id"), "date": source.day()}
    keys |= {name: source.column(name) for name in GROUPED if name in mapping.columns}
    apart: list[Expression] = [case((amount >= 0, 1), else_=0)]
    if "discount" in sums:
        apart.append(case((sums["discount"] > 0, 1), else_=0))
    totals = {name: source.money(func.sum(case((known, units)))) for name, units in sums.items()}
    if (quantity := source.quantity()) is not None:
        totals["quantity"] = func.sum(case((known, quantity)))
    counts = {LINES: func.count(), LINES_ASIDE: func.count() - func.count(amount)}
    named = {**keys, **totals, **counts}
    statement = select(*(value.label(name) for name, value in named.items()))
    return statement.select_from(source.clause).group_by(*keys.values(), *apart)


def _canonical(mapping: Mapping) -> Sequence[str]:
    money = [name for name in _MONEY if name != "discount" or mapping.options.discount == "money"]
    return ("customer_id", "date", *money, "quantity", *GROUPED)


class _Source:
    """A table's columns by the canonical names that the mapping gives them."""

    def __init__(self, relation: Relation, mapping: Mapping, database: Database) -> None:
        self.clause = relation.clause
        self._columns = self.clause.columns
        self._kinds: dict[str, Kind] = {each.name: each.kind for each in relation.columns}
        self._mapping = mapping
        self._database = database
        self._sqlite = database.backend == "sqlite"
        unknown = [name for name in mapping.file_columns if name not in self._kinds]
        if unknown:
            raise failed("aggregation_needs", database.name, columns=", ".join(unknown))

    def column(self, name: str) -> Expression:
        """Return the first column mapped to `name`, as it stands: what makes text of it is the reader."""
        return self._columns[self._mapping.columns[name][0]]

    def day(self) -> Expression:
        """Return the day of the date column; of text in ISO form the first ten characters."""
        name = self._mapping.columns["date"][0]
        value = self._columns[name]
        kind = self._kinds[name]
        if kind == "text" or self._sqlite:
            # Written out: PostgreSQL takes two parameters for two expressions, one of them not grouped by.
            patterns = (_written("'____-__-__ %'"), _written("'____-__-__T%'"))
            first_ten = func.substr(value, _written("1"), _written("10"))
            return case((or_(*(value.like(pattern) for pattern in patterns)), first_ten), else_=value)
        return cast(value, Date) if kind == "moment" else value

    def units(self, name: str) -> Expression | None:
        """Return a column of money, rounded to four decimals: SQLite's in ten-thousandths, null without a number."""
        if name not in self._mapping.columns or name not in _canonical(self._mapping):
            return None
        return self._summed([self._rounded(each) for each in self._mapping.columns[name]])

    def quantity(self) -> Expression | None:
        """Return the column of quantities, null where it holds no number."""
        if "quantity" not in self._mapping.columns:
            return None
        return self._summed([self._number(each) for each in self._mapping.columns["quantity"]])

    def money(self, total: Expression) -> Expression:
        """Return a sum of `units` as currency units."""
        if not self._sqlite:
            return total
        sign = case((total < 0, "-"), else_="")
        text = func.printf(
            _written(f"'%s%d.%0{_DECIMALS}d'"), sign, func.abs(total) / _written(str(MONEY_SCALE)),
            func.abs(total) % _written(str(MONEY_SCALE)),
        )  # fmt: skip
        return case((total.is_not(null()), text))

    def _rounded(self, name: str) -> Expression:
        number = self._number(name)
        if self._sqlite:
            scale = _written(str(MONEY_SCALE))
            whole = func.typeof(number) == "integer"
            return case((whole, number * scale), else_=cast(func.round(number * scale), BigInteger))
        exact = self._kinds[name] == "exact"
        return func.round(number if exact else cast(number, Numeric(38, 12)), _DECIMALS)

    def _number(self, name: str) -> Expression:
        if self._kinds[name] not in ("exact", "float"):
            raise failed("aggregation_inexact", self._database.name, example=name)
        value: Expression = self._columns[name]
        if not self._sqlite:
            return value
        # SQLite keeps what it was given: a text among numbers is no number, and would be added up as 0.
        real = and_(func.typeof(value) == "real", func.abs(value) < _EXACT_REAL)
        whole = and_(func.typeof(value) == "integer", func.abs(value) < _EXACT_WHOLE)
        return case((or_(whole, real), value))

    @staticmethod
    def _summed(parts: list[Expression]) -> Expression:
        if len(parts) == 1:
            return parts[0]
        whole = parts[0]
        total: Expression = func.coalesce(whole, 0)
        for part in parts[1:]:
            total = total + func.coalesce(part, 0)
        return case((or_(*(part.is_not(null()) for part in parts)), total))


def _written(constant: str) -> Expression:
    return literal_column(constant)
