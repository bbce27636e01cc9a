"""How a file is read and which of its columns are which: the values a user can correct, and their JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Final, Literal, Self, get_args

from crmdash.columns import CUSTOMERS, TABLES, Column, TableName
from crmdash.errors import MappingError

DateOrder = Literal["ymd", "dmy", "mdy"]
DiscountUnit = Literal["money", "fraction", "percent"]
Calendar = Literal["gregorian", "roc"]
DateSystem = Literal[1900, 1904]
Policy = Literal[
    "totals", "repeated_headers", "broken_lines", "blank_rows", "duplicates", "returns", "zero_rows", "future_dates",
    "repeated_customers", "alike_ids",
]  # fmt: skip

POLICIES: Final[dict[Policy, tuple[str, ...]]] = {
    "totals": ("aside", "keep"),
    "repeated_headers": ("aside", "keep"),
    "broken_lines": ("keep", "aside"),
    "blank_rows": ("skip", "end"),
    "duplicates": ("keep", "aside"),
    "returns": ("net", "aside"),
    "zero_rows": ("keep", "aside"),
    "future_dates": ("keep", "aside"),
    "repeated_customers": ("first", "last", "merge"),
    "alike_ids": ("apart", "together"),
}
"""What may happen to rows that are not plain data; the first of each is the default.

``totals``: rows with the sum of others. ``repeated_headers``: column names again between the rows.
``broken_lines``: lines of a text file with characters that are lost or in another encoding. ``blank_rows``: a blank
row is skipped, or ends the table. ``duplicates``: rows equal to an earlier one in every cell. ``returns``:
negative amounts count against the customer's value, or are set aside. ``zero_rows``: amounts of 0. ``future_dates``:
dates after today. ``repeated_customers``: further rows of one customer in a customers table: the first or the last
row counts, or blanks of the first are filled from the later ones. ``alike_ids``: customers whose ids differ only in
case, width or blanks stay apart, or count as one.
"""

DESCRIPTIVE: Final = (
    "name", "contact_person", "nature", "format", "market", "industry", "region", "owner", "source", "referred_by",
    "gender", "occupation", "position",
)  # fmt: skip
"""Columns of the customers table that a transactions file may carry too: each customer's latest value counts."""

_ALLOWED: Final[dict[str, tuple[Any, ...]]] = {
    "date_order": get_args(DateOrder),
    "decimal": (".", ","),
    "discount": get_args(DiscountUnit),
    "calendar": get_args(Calendar),
    "date_system": get_args(DateSystem),
    **{str(name): values for name, values in POLICIES.items()},
}


@dataclass(frozen=True)
class Options:
    """How to read one file; None leaves the choice to the reader.

    `header` is the 1-based row of the column names, True for the first row, False for none. `delimiter` is the
    character between cells, ``" "`` for runs of blanks. `discount` says what the discount column holds, `calendar`
    whether 99/01/05 is a year of the Republic of China, `date_system` from which year a spreadsheet counts its days.
    With `currency`, a code or sign, amounts in any other currency are set aside. The rest are `POLICIES`.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    header: int | bool | None = None
    date_order: DateOrder | None = None
    decimal: Literal[".", ","] | None = None
    discount: DiscountUnit | None = None
    calendar: Calendar | None = None
    date_system: DateSystem | None = None
    currency: str | None = None
    totals: Literal["aside", "keep"] | None = None
    repeated_headers: Literal["aside", "keep"] | None = None
    broken_lines: Literal["keep", "aside"] | None = None
    blank_rows: Literal["skip", "end"] | None = None
    duplicates: Literal["keep", "aside"] | None = None
    returns: Literal["net", "aside"] | None = None
    zero_rows: Literal["keep", "aside"] | None = None
    future_dates: Literal["keep", "aside"] | None = None
    repeated_customers: Literal["first", "last", "merge"] | None = None
    alike_ids: Literal["apart", "together"] | None = None

    def policy(self, name: Policy) -> str:
        """Return what happens to rows of one kind: the choice, or the default of `POLICIES`."""
        return getattr(self, name) or POLICIES[name][0]

    def to_json(self) -> dict[str, Any]:
        """Return the options that are set."""
        values = {option.name: getattr(self, option.name) for option in fields(self)}
        return {name: value for name, value in values.items() if value is not None}

    @classmethod
    def from_json(cls, tree: Any) -> Self:
        """Build options from parsed JSON.

        Raises
        ------
        MappingError
            For an unknown option (the message names the nearest known one) or a value it cannot take.
        """
        if not isinstance(tree, dict):
            raise MappingError("options: an object with option names is expected")
        known = [option.name for option in fields(cls)]
        for name, value in tree.items():
            if name not in known:
                raise MappingError(unknown("option", name, known))
            _check_option(name, value)
        return cls(**tree)


def _check_option(name: str, value: Any) -> None:
    if value is None:
        return
    if name in _ALLOWED:
        if value not in _ALLOWED[name]:
            raise MappingError(f"options.{name}: {value!r} is none of {', '.join(map(str, _ALLOWED[name]))}")
    elif name == "header":
        if not isinstance(value, int) or value < 0:
            raise MappingError(f"options.header: a row number, true or false is expected, not {value!r}")
    elif not isinstance(value, str) or not value:
        raise MappingError(f"options.{name}: a text is expected, not {value!r}")
    elif name == "delimiter" and len(value) != 1:
        raise MappingError(f"options.delimiter: one character is expected, not {value!r}")


@dataclass(frozen=True)
class Mapping:
    """Which file columns give which canonical columns of which table.

    Several file columns are summed. `table` None leaves the kind of table to be recognised; no columns at all leave
    them to the proposal, read with the given options. In a `partial` mapping, such as a file of somebody's making,
    required columns that are not named are proposed too.
    """

    table: TableName | None = None
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    partial: bool = field(default=False, compare=False)

    def to_json(self) -> dict[str, Any]:
        """Return the mapping as it stands in a mapping file: a single column plain, several as a list."""
        columns = {name: files[0] if len(files) == 1 else list(files) for name, files in self.columns.items()}
        return {"table": self.table, "columns": columns, "options": self.options.to_json()}

    @classmethod
    def from_json(cls, tree: Any) -> Self:
        """Build a mapping from parsed JSON; everything in it is optional.

        Raises
        ------
        MappingError
            For an unknown key, table, column or option; the message names the nearest known one.
        """
        if not isinstance(tree, dict):
            raise MappingError("a mapping is an object with table, columns and options")
        known = ["table", "columns", "options"]
        for key in tree:
            if key not in known:
                raise MappingError(unknown("key", key, known))
        table = tree.get("table")
        if table is not None and (not isinstance(table, str) or table not in TABLES):
            raise MappingError(unknown("table", str(table), TABLES))
        columns = _columns_from_json(_part(tree, "columns"))
        check_columns(table, columns)
        return cls(table, columns, Options.from_json(_part(tree, "options")), partial=True)

    @property
    def file_columns(self) -> tuple[str, ...]:
        """Every file column in use."""
        return tuple(dict.fromkeys(name for files in self.columns.values() for name in files))


def _part(tree: dict[str, Any], key: str) -> Any:
    return {} if tree.get(key) is None else tree[key]


def _columns_from_json(tree: Any) -> dict[str, tuple[str, ...]]:
    if not isinstance(tree, dict):
        raise MappingError("columns: an object from canonical names to file columns is expected")
    columns: dict[str, tuple[str, ...]] = {}
    for name, given in tree.items():
        files = [given] if isinstance(given, str) else [] if given is None else given
        if not isinstance(files, list) or not all(isinstance(file, str) for file in files):
            raise MappingError(f"columns.{name}: a file column or a list of them is expected")
        if files:
            columns[name] = tuple(files)
    return columns


def mappable(table: TableName) -> tuple[Column, ...]:
    """Return the columns a file of `table` may give: its own, and for transactions the descriptive ones."""
    if table != "transactions":
        return TABLES[table]
    own = {column.name for column in TABLES[table]}
    described = (column for column in CUSTOMERS if column.name in DESCRIPTIVE and column.name not in own)
    return (*TABLES[table], *described)


def check_columns(table: TableName | None, columns: dict[str, tuple[str, ...]]) -> None:
    """Refuse canonical names that `table` (or, without one, any table) does not have.

    Raises
    ------
    MappingError
        For an unknown column, or several file columns for one that cannot be summed.
    """
    tables: Iterable[TableName] = TABLES if table is None else (table,)
    known = {column.name: column for name in tables for column in mappable(name)}
    for name, files in columns.items():
        if name not in known:
            raise MappingError(unknown("column", name, known))
        if len(files) > 1 and known[name].kind not in ("money", "number", "count"):
            raise MappingError(f"columns.{name}: several columns can only be summed where they hold numbers")


def check_file_columns(mapping: Mapping, present: Sequence[str]) -> None:
    """Refuse file columns that the file does not have.

    Raises
    ------
    MappingError
        Naming the nearest column that is there.
    """
    for name in mapping.file_columns:
        if name not in present:
            raise MappingError(unknown("file column", name, present))


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Say that `name` is no known `what`, and which known one is nearest."""
    near = get_close_matches(name, list(known), n=1, cutoff=0.0)
    return f"unknown {what} {name!r}" + (f", did you mean {near[0]!r}?" if near else "")
