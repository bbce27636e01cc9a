"""A table is opened: read whole where it is small enough, else with a proposal for adding its orders up."""

from collections.abc import Callable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from threading import Event
from typing import Final

from crmdash.ingest.database.address import Database
from crmdash.ingest.database.inventory import Relation
from crmdash.ingest.database.reading import LARGE, Limits, is_large, read_relation
from crmdash.ingest.mapping import propose
from crmdash.ingest.options import Mapping
from crmdash.ingest.raw import RawTable

_SAMPLE: Final = 5_000
_SUMMED: Final = frozenset({"amount", "cost", "profit", "discount", "list_amount", "quantity"})


@dataclass(frozen=True)
class LargeOrders:
    """A table too large to be read row by row, and what its columns seem to be, going by its first rows."""

    relation: Relation
    mapping: Mapping

    def mapped(self, chosen: MappingOf[str, str]) -> Mapping:
        """Return the mapping with the columns chosen by hand, and without optional ones that cannot be added up."""
        kinds = {column.name: column.kind for column in self.relation.columns}
        taken = set(chosen.values())
        columns = {
            name: files
            for name, files in self.mapping.columns.items()
            if not taken & set(files) and not (name in _SUMMED and {kinds[f] for f in files} - {"exact", "float"})
        }
        by_hand: dict[str, tuple[str, ...]] = {name: (column,) for name, column in chosen.items()}
        return replace(self.mapping, table="transactions", columns=columns | by_hand)


def open_relation(
    database: Database,
    relation: Relation,
    *,
    large: int = LARGE,
    progress: Callable[[int], None] | None = None,
    cancel: Event | None = None,
) -> RawTable | LargeOrders:
    """Read a table of at most `large` rows; of a larger one propose how its orders can be added up.

    Raises
    ------
    DatabaseFailed
        If the database cannot be read, or `cancel` was set.
    """
    if not is_large(database, relation, large, cancel):
        return read_relation(database, relation, Limits(rows=large), progress=progress, cancel=cancel)
    first = read_relation(database, relation, Limits(rows=_SAMPLE), cancel=cancel)
    return LargeOrders(relation, propose(first, table="transactions").mapping)
