"""What doubtful cells of a file mean under each way of reading them. Values only, no drawing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from crmdash.ingest.dataset import Dataset, FileReport
from crmdash.ingest.dates import parse_date
from crmdash.ingest.discounts import discount_money
from crmdash.ingest.identifiers import alike, parse_id
from crmdash.ingest.raw import RawTable
from crmdash.ingest.readers import read_table
from crmdash.ingest.values import parse_money
from crmdash.issues import Issue
from crmdash.ui.data_staging import StagedFile, open_questions, report_of

SHOWN: Final = 3
_THOUSANDS_OR_DECIMALS: Final = r"\d[.,]\d{3}(?:\D|$)"
_DAY_NUMBER: Final = r"^\s*\d{5}(?:\.\d+)?\s*$"

Key = tuple[str, str, str | None]
"""A file's name, and the code and column of a doubt."""


@dataclass(frozen=True, eq=False)
class Readings:
    """Doubtful cells, and what they mean.

    Attributes
    ----------
    codes : the values of the option that the reader chooses from.
    kind : what the meanings are: day numbers, ten-thousandths, or numbers of customers; null is unreadable.
    cells : the first few doubtful texts (`cell`), in how many `rows` each stands, and per code what it means.
    rows : rows of the file that are doubtful.
    """

    codes: tuple[str, ...]
    kind: Literal["date", "money", "customers"]
    cells: pl.DataFrame
    rows: int


def all_readings(files: Sequence[StagedFile], dataset: Dataset) -> dict[Key, Readings]:
    """Return the readings for every open question that an option settles; only files with such are read again."""
    found: dict[Key, Readings] = {}
    for file in files:
        report = report_of(dataset, file)
        issues = [issue for issue in open_questions(file, report) if issue.code in _WAYS] if report is not None else []
        if report is None or not issues:
            continue
        raw = read_table(file.source, report.mapping.options)
        for issue in issues:
            readings = _WAYS[issue.code](raw, report, issue)
            if readings is not None and readings.cells.height:
                found[file.name, issue.code, issue.column] = readings
    return found


def _texts(raw: RawTable, report: FileReport, issue: Issue) -> pl.Series:
    names = report.mapping.columns.get(issue.column or "", ())
    return pl.concat([raw.frame[name].alias("cell") for name in names]) if names else pl.Series("cell", [], pl.String)


def _counted(texts: pl.Series) -> pl.DataFrame:
    """Return the distinct texts in the order in which they come, with the rows of each."""
    return texts.drop_nulls().to_frame("cell").group_by("cell", maintain_order=True).agg(rows=pl.len().cast(pl.Int64))


def _differing(counted: pl.DataFrame, codes: Sequence[str], kind: Literal["date", "money"]) -> Readings | None:
    """Keep what reads differently under the codes, telling first what every code can read."""
    able = tuple(code for code in codes if counted[code].count())
    if len(able) < 2:
        return None
    doubtful = counted.filter(pl.any_horizontal(pl.col(able[0]).ne_missing(pl.col(code)) for code in able[1:]))
    unread = pl.sum_horizontal(pl.col(code).is_null() for code in able)
    cells = doubtful.sort(unread, maintain_order=True).select("cell", "rows", *able).head(SHOWN)
    return Readings(able, kind, cells, int(doubtful["rows"].sum()))


def _day_and_month(raw: RawTable, report: FileReport, issue: Issue) -> Readings | None:
    counted = _counted(_texts(raw, report, issue))
    calendar = report.mapping.options.calendar
    orders: tuple[Literal["dmy", "mdy", "ymd"], ...] = ("dmy", "mdy", "ymd")
    days = {order: parse_date(counted["cell"], order, calendar=calendar).values for order in orders}
    return _differing(counted.with_columns(**days), orders, "date")


def _day_numbers(raw: RawTable, report: FileReport, issue: Issue) -> Readings | None:
    counted = _counted(_texts(raw, report, issue)).filter(pl.col("cell").str.contains(_DAY_NUMBER))
    systems: dict[str, Literal[1900, 1904]] = {"1900": 1900, "1904": 1904}
    days = {
        code: parse_date(counted["cell"], serials=True, system=system).values for code, system in systems.items()
    }  # fmt: skip
    return _differing(counted.with_columns(**days), tuple(systems), "date")


def _decimal_sign(raw: RawTable, report: FileReport, issue: Issue) -> Readings | None:
    counted = _counted(_texts(raw, report, issue)).filter(pl.col("cell").str.contains(_THOUSANDS_OR_DECIMALS))
    amounts = {sign: parse_money(counted["cell"], sign).values for sign in (".", ",")}
    return _differing(counted.with_columns(**amounts), (".", ","), "money")


def _discount(raw: RawTable, report: FileReport, issue: Issue) -> Readings | None:
    name, amount = issue.values["header"], report.mapping.columns.get("amount", (None,))[0]
    if name not in raw.frame.columns or amount is None:
        return None
    texts = raw.frame.select(cell=pl.concat_str(name, pl.lit(" / "), amount), own=name, beside=amount)
    doubtful = texts.drop_nulls().group_by("cell", maintain_order=True).agg(
        pl.first("own", "beside"), rows=pl.len().cast(pl.Int64)
    )  # fmt: skip
    decimal = report.mapping.options.decimal
    values, paid = (parse_money(doubtful[column], decimal).values for column in ("own", "beside"))
    units: tuple[Literal["money", "fraction", "percent"], ...] = ("money", "percent", "fraction")
    money = {unit: discount_money(values, unit, paid) for unit in units}
    shown = doubtful.with_columns(**money).filter(values != 0).select("cell", "rows", *units)
    return _differing(shown, units, "money")


def _ids(raw: RawTable, report: FileReport, issue: Issue) -> Readings | None:
    ids = parse_id(_texts(raw, report, issue)).values.alias("cell")
    several = alike(ids)
    counted = _counted(ids).rename({"cell": "id"}).join(several, on="id", how="inner", maintain_order="left")
    groups = counted.group_by("first", maintain_order=True).agg("id", pl.sum("rows"), apart=pl.len().cast(pl.Int64))
    cells = groups.head(SHOWN).select(
        # Written out, so that a blank or an invisible character shows.
        pl.Series("cell", [" / ".join(repr(one)[1:-1] for one in several) for several in groups["id"].head(SHOWN)]),
        "rows", "apart", together=pl.lit(1, pl.Int64),
    )  # fmt: skip
    return Readings(("apart", "together"), "customers", cells, int(counted["rows"].sum()))


_WAYS: Final[dict[str, Callable[[RawTable, FileReport, Issue], Readings | None]]] = {
    "date_order": _day_and_month,
    "date_system": _day_numbers,
    "decimal_sign": _decimal_sign,
    "discount_unit": _discount,
    "ids_alike": _ids,
}


def currencies_of(issue: Issue) -> tuple[str, ...]:
    """Return the currencies that an issue names with their counts, the most frequent first."""
    named = str(issue.values.get("currencies", "")).split(", ")
    return tuple(dict.fromkeys(words.rpartition(" (")[0] for words in named if " (" in words))
