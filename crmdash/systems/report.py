"""What a system hands back: figures, one row per customer or item, small tables, and how each is to be shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import SystemCode as Code

if TYPE_CHECKING:
    from crmdash.systems.evidence import Evidence

Kind = Literal[
    "id", "text", "money", "count", "decimal", "percent", "date", "times", "score", "flag", "code", "quarter",
    "barriers",
]  # fmt: skip
"""How values are stored: money in ten-thousandths, percent as a fraction, date as a day number, flag as a boolean,
quarter as ``2024-Q1``, barriers as the file has them."""

Needs = tuple[tuple[str, ...], ...]
"""What a system cannot do without; of each inner tuple one table (``contacts``) or column is enough."""


@dataclass(frozen=True)
class Column:
    """One column of a table; its header is ``column.<header>`` of ``data/words/systems.toml``.

    Attributes
    ----------
    words : for codes, where their words stand: ``"model:tier"`` looks up ``tier.<code>`` in ``model.toml``.
    called : what its header is looked up by where its name is the header of something else.
    """

    name: str
    kind: Kind
    words: str | None = None
    called: str | None = None

    @property
    def header(self) -> str:
        """What its header is looked up by."""
        return self.called or self.name


CUSTOMER: Final = (Column("customer_id", "id"), Column("name", "text"))
"""Who a row is about: the first columns of every list of customers."""

TIER: Final = Column("tier", "code", "model:tier")
STAGE: Final = Column("stage", "code", "model:stage")


@dataclass(frozen=True, eq=False)
class Table:
    """A frame, and those of its columns that are shown and written, in order; a column that it lacks is left out."""

    frame: pl.DataFrame
    columns: tuple[Column, ...]

    @property
    def held(self) -> tuple[Column, ...]:
        """The columns that the frame holds."""
        return tuple(column for column in self.columns if column.name in self.frame.columns)


@dataclass(frozen=True, eq=False)
class Report:
    """What a system found.

    Attributes
    ----------
    figures : key figures by code, for `summary.json` and the page.
    rows : one row per customer, or per item where the system is not about customers; what matters most first.
    tables : small further tables by code.
    notes : sentences that belong to the figures: what they leave out, why something was refused.
    """

    figures: Mapping[str, Figure]
    rows: Table
    tables: Mapping[str, Table] = field(default_factory=dict)
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """What a system says of one customer, and why."""

    label: Phrase
    because: tuple[Phrase, ...] = ()


@dataclass(frozen=True, eq=False)
class System:
    """One system of the domain.

    Attributes
    ----------
    code, number : its name in files (``early_warning``) and in the domain's list (``S34``).
    needs : what it cannot do without.
    report : computes it from the evidence.
    explain : says what it found of one customer; None where it is not about customers, or says nothing of this one.
    """

    code: Code
    number: str
    needs: Needs
    report: Callable[["Evidence"], Report]
    explain: Callable[[Report, Customer], Explanation | None] | None = None


def row_of(report: Report, customer: Customer) -> Customer | None:
    """Return the row of a report about one customer; None where it has none."""
    found = report.rows.frame.filter(pl.col("customer_id") == customer["customer_id"])
    return found.row(0, named=True) if len(found) else None
