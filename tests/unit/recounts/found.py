"""What the product finds on the sample, and how a recount is filed and compared."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crmdash.evaluate import evaluate
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.summary import Tables, summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from tests.unit.reference_systems.sample import FOLDER, Day

PENCE = 100  # ten-thousandths in a cent
ROUNDED = 1e-6  # scores are rounded to so much
FILES = ("orders.parquet", "customers.csv", "contacts.csv", "staff.csv")

Check = Callable[["Found", Day], None]
CHECKS: dict[str, Check] = {}


@dataclass(frozen=True)
class Found:
    """What the product finds on the sample."""

    evidence: Evidence

    def figure(self, code: Any, name: str) -> Any:
        return self.evidence.report(code).figures[name].value

    def rows(self, code: Any, column: str) -> pd.Series:
        """Return a column of a report's rows by customer."""
        return self._column(self.evidence.report(code).rows.frame, "customer_id", column)

    def table(self, code: Any, name: str, key: str, column: str) -> dict[Any, Any]:
        """Return a column of a small table by its key."""
        frame = self.evidence.report(code).tables[name].frame
        return dict(zip(frame[key].to_list(), frame[column].to_list(), strict=True))

    def labels(self, column: str) -> pd.Series:
        return self._column(self.evidence.customers, "customer_id", column)

    @staticmethod
    def _column(frame: Any, key: str, column: str) -> pd.Series:
        return pd.Series(frame[column].to_list(), index=frame[key].to_list())


def gather_sample() -> Found:
    """Read the sample, and make every report ready to be asked for."""
    opened = open_dataset([Source.from_path(FOLDER / name) for name in FILES])
    tables = Tables.of(opened.transactions, opened.customers, opened.contacts, opened.staff)
    summary = summarise(tables)
    return Found(gather(tables, summary, evaluate(summary), lambda day: summarise(tables, as_of=day)))


def recount(*keys: str) -> Callable[[Check], Check]:
    """File a recount under the numbers, or the code, of its system."""

    def file(check: Check) -> Check:
        CHECKS.update(dict.fromkeys(keys, check))
        return check

    return file


def same(found: pd.Series, own: pd.Series, near: float = 1e-9) -> None:
    """Compare two columns customer by customer; missing is the same as missing."""
    assert sorted(found.index) == sorted(own.index)
    ordered = found.reindex(own.index).astype(float).to_numpy()
    np.testing.assert_allclose(ordered, own.astype(float).to_numpy(), rtol=near, atol=near)


def alike(found: pd.Series, own: pd.Series) -> None:
    """Compare two columns of codes customer by customer."""
    assert found.reindex(own.index).astype(str).to_dict() == own.astype(str).to_dict()


def money(cents: float) -> Any:
    """Return what an amount in cents is in ten-thousandths, to the whole."""
    return pytest.approx(cents * PENCE, abs=0.51)
