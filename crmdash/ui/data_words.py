"""Words for the data page: columns, tables, options, findings; and text of files made safe for labels."""

import re
from dataclasses import replace
from typing import Final

from streamlit.elements.lib.column_types import ColumnConfig

from crmdash.columns import TABLES, TableName
from crmdash.i18n import Wording
from crmdash.ingest.options import POLICIES, mappable
from crmdash.issues import Issue, Severity
from crmdash.ui.data_staging import AUTO

ColumnConfigs = dict[str, ColumnConfig | str | None]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "question", "warning", "info")
"""Most pressing first."""

_MARKS: Final[dict[Severity, str]] = {"error": "✖", "question": "?", "warning": "!", "info": "i"}
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=/@])")


def literal(text: str) -> str:
    """Escape text of a file for places that read Markdown (labels, progress); elsewhere use `st.text` or a table."""
    plain = " ".join(text.split())
    # A colon begins directives and icons even behind a backslash; an invisible joiner after it stops that.
    return _MARKUP.sub(r"\\\1", plain).replace(":", ":\u2060")


def table_words(table: TableName, _: Wording) -> str:
    """Return a table's name."""
    return _.term("columns", f"{table}.label")


def home_of(table: TableName, column: str) -> TableName:
    """Return the table in which a column is described: transactions may carry columns of the customers."""
    own = {known.name for known in TABLES[table]}
    return table if column in own else "customers"


def column_words(table: TableName, column: str, _: Wording) -> str:
    """Return a canonical column's name."""
    return _.term("columns", f"{home_of(table, column)}.{column}.label")


def column_help(table: TableName, column: str, _: Wording) -> str:
    """Return what a canonical column holds, and what it switches on."""
    key = f"{home_of(table, column)}.{column}"
    text = _.term("columns", f"{key}.help")
    if not _.has_term("columns", f"{key}.switches_on"):
        return text
    return _("{help} Switches on: {effect}", help=text, effect=_.term("columns", f"{key}.switches_on"))


def severity_words(severity: Severity, _: Wording) -> str:
    """Return how pressing a finding is, in words with a sign before them."""
    words = {"error": _("Error"), "question": _("Question"), "warning": _("Warning"), "info": _("Note")}
    return f"{_MARKS[severity]} {words[severity]}"


def issue_column(issue: Issue, _: Wording) -> str | None:
    """Return the column a finding is about, in words where it is one of ours, else as the file has it."""
    for table, columns in TABLES.items():
        if table == issue.table and issue.column in {column.name for column in (*columns, *mappable(table))}:
            return column_words(table, issue.column, _)
    return issue.column


def issue_words(issue: Issue, _: Wording) -> str:
    """Return what is the matter and the way out, with columns called by their names."""
    return _.issue(replace(issue, column=issue_column(issue, _)))


def option_words(option: str, code: str, _: Wording) -> str:
    """Return the words of an option's value; names of encodings and sheets stand for themselves."""
    if code == AUTO:
        return _("Automatic")
    words = {
        "delimiter": {
            ",": _("Comma ,"), ";": _("Semicolon ;"), "\t": _("Tab"), "|": _("Vertical bar |"), " ": _("Blanks"),
            "，": _("Wide comma ，"),
        },
        "date_order": {
            "ymd": _("Year, month, day"), "dmy": _("Day, month, year"), "mdy": _("Month, day, year"),
        },
        "calendar": {"gregorian": _("Years as 2024"), "roc": _("Years of the Republic of China: 113 is 2024")},
        "date_system": {"1900": _("From 1900"), "1904": _("From 1904")},
        "decimal": {".": _("Point: 1,234.50"), ",": _("Comma: 1.234,50")},
        "discount": {"money": _("Money: 12.50"), "fraction": _("Fraction: 0.15"), "percent": _("Per cent: 15")},
        "header": {"0": _("No names in the file")},
    }  # fmt: skip
    if option == "header" and code != "0":
        return _("Row {number}", number=code)
    if option in POLICIES:
        return _.term("policies", f"{option}.{code}")
    return words.get(option, {}).get(code, code.removesuffix("-sig"))


def option_label(option: str, _: Wording) -> str:
    """Return an option's name."""
    if option in POLICIES:
        return _.term("policies", f"{option}.label")
    return {
        "sheet": _("Sheet"),
        "encoding": _("Encoding"),
        "delimiter": _("Separator"),
        "header": _("Column names stand in"),
        "date_order": _("Dates are written"),
        "calendar": _("Calendar"),
        "date_system": _("Day numbers count"),
        "decimal": _("Decimal mark"),
        "currency": _("Currency that counts"),
        "discount": _("Discount is given as"),
    }[option]
