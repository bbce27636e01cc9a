"""Which table a file is, and which of its columns are which: proposed from their names and from what they hold."""

from dataclasses import dataclass, field, replace
from typing import Final

from crmdash.columns import TABLES, Column, TableName
from crmdash.ingest.aliases import alias_ranks, is_firm_fact, is_other_thing, normalise
from crmdash.ingest.content import Content
from crmdash.ingest.dates import parse_date
from crmdash.ingest.discounts import guess_discount
from crmdash.ingest.families import orders_by_channel, spend_by_category
from crmdash.ingest.options import Mapping, Options, mappable
from crmdash.ingest.raw import RawTable
from crmdash.issues import Issue

__all__ = ["Mapping", "Options", "Proposal", "propose"]

_BY_HEADERS: Final[tuple[TableName, ...]] = ("staff", "contacts", "transactions")
_SUMMED_UP: Final = {"orders", "recency", "first_purchase", "last_purchase"}
"""What a row for each customer may say and a single order cannot."""
_SCORE_TOP: Final = 10
_FIVE_POINT: Final = 5


@dataclass(frozen=True)
class Proposal:
    """A mapping to begin with, what is doubtful about it, and why each column was chosen.

    `mapping.table` is None where the file is none of our tables. `evidence` says per canonical column whether its
    ``header`` or its ``content`` spoke for it; `unused` are the file columns left over.
    """

    mapping: Mapping
    issues: tuple[Issue, ...] = ()
    unused: tuple[str, ...] = ()
    evidence: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Draft:
    table: TableName
    columns: dict[str, tuple[str, ...]]
    evidence: dict[str, str]
    issues: tuple[Issue, ...] = ()

    @property
    def complete(self) -> bool:
        return all(column.name in self.columns for column in TABLES[self.table] if column.required)

    def with_columns(self, evidence: str, **columns: tuple[str, ...]) -> "_Draft":
        """Return the draft with these columns too, and the evidence for them."""
        return replace(
            self, columns=self.columns | columns, evidence=self.evidence | dict.fromkeys(columns, evidence)
        )  # fmt: skip

    def without(self, name: str, *issues: Issue) -> "_Draft":
        """Return the draft without one column, with the issues that say why."""
        columns = {key: files for key, files in self.columns.items() if key != name}
        evidence = {key: why for key, why in self.evidence.items() if key != name}
        return replace(self, columns=columns, evidence=evidence, issues=(*self.issues, *issues))


def propose(
    raw: RawTable,
    options: Options = Options(),  # noqa: B008  (a frozen value)
    table: TableName | None = None,
) -> Proposal:
    """Propose a mapping for a file read with `options`, as the given `table` or as what it looks like."""
    content = Content(raw)
    draft = _recognise(content) if table is None else _draft(content, table)
    if draft is None:
        unknown = Issue("warning", "table_unknown", example=", ".join(content.columns[:6]))
        return Proposal(Mapping(None, {}, options), (unknown,), content.columns)
    if draft.table == "customers":
        draft = _settle_customers(draft, content)
    draft, options = _settle_discount(draft, content, options)
    order = [column.name for column in mappable(draft.table)]
    columns = {name: draft.columns[name] for name in order if name in draft.columns}
    mapping = Mapping(draft.table, columns, options)
    unused = tuple(name for name in content.columns if name not in mapping.file_columns)
    return Proposal(mapping, draft.issues, unused, draft.evidence)


def _recognise(content: Content) -> _Draft | None:
    """Decide by what is there: staff and contacts by their words, orders by their amounts, else one row a customer."""
    named = {table: _by_headers(content, table) for table in TABLES}
    customers, orders = named["customers"], named["transactions"]
    ids = customers.columns.get("customer_id", ())
    one_row_each = len(customers.columns) > 1 and content.is_unique(ids[0]) if ids else False
    summed_up = ids and _SUMMED_UP & customers.columns.keys()
    if summed_up and (one_row_each or not orders.complete):
        return customers
    if (draft := next((named[table] for table in _BY_HEADERS if named[table].complete), None)) is not None:
        return draft
    if one_row_each and "date" not in orders.columns:
        return customers
    filled = _by_content(orders, content)
    if filled.complete or (not one_row_each and _are_orders(filled)):
        return filled
    return customers if one_row_each else None


def _are_orders(draft: _Draft) -> bool:
    """Say whether there are customers and enough of an order to ask for the rest."""
    return "customer_id" in draft.columns and bool({"date", "amount", "order_id"} & draft.columns.keys())


def _draft(content: Content, table: TableName) -> _Draft:
    draft = _by_headers(content, table)
    return _by_content(draft, content) if table == "transactions" else draft


def _by_headers(content: Content, table: TableName) -> _Draft:
    """Give each canonical column, required ones first, the best-named free file column that holds its kind."""
    columns: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    ranks = alias_ranks(table)
    known = sorted(mappable(table), key=lambda column: not column.required)
    for column in known:
        names = ranks[column.name]
        named = [name for name in content.columns if name not in taken and normalise(name) in names]
        named.sort(key=lambda name: names[normalise(name)])
        fitting = [name for name in named if _suits(content, name, column, table)]
        if not fitting and table == "transactions" and column.required:
            # Better to show the cells that cannot be read than to say that there is no such column.
            fitting = [name for name in named if normalise(name) != "id"]
        if fitting:
            columns[column.name] = (fitting[0],)
            taken.add(fitting[0])
    return _Draft(table, columns, dict.fromkeys(columns, "header"))


def _suits(content: Content, name: str, column: Column, table: TableName) -> bool:
    if column.name == "customer_id" and table != "customers" and normalise(name) == "id":
        return content.repeats(name)
    if column.kind == "money" and table == "customers" and content.is_constant(name):
        return False
    return _holds_dates(content, name) if column.kind == "date" else content.fits(name, column)


def _holds_dates(content: Content, name: str) -> bool:
    """Say whether a column that is named like a date holds any form of one, numbers included."""
    cells = content.sample[name]
    lost = parse_date(cells, serials=True).findings.get("value_unreadable")
    return cells.count() > 0 and (lost is None or int(lost.sum()) * 2 <= cells.count())


def _by_content(draft: _Draft, content: Content) -> _Draft:
    """Fill required columns of a transactions draft from what the nameless or unknown columns hold.

    A file with column names must hold codes for its ids: a repeated text may be anything.
    """
    free = [
        name for name in content.columns
        if name not in {file for files in draft.columns.values() for file in files} and not is_other_thing(name)
    ]  # fmt: skip
    if "date" not in draft.columns:
        dates = [name for name in free if content.is_date(name)]
        draft = _take(draft, "date", dates)
        free = [name for name in free if name not in dates]
    if "customer_id" not in draft.columns:
        ids = [name for name in free if content.is_code(name) and not content.is_fractional(name)]
        draft = _take(draft, "customer_id", [name for name in ids if content.is_padded(name)] or ids)
        free = [name for name in free if name not in ids or (content.is_number(name) and not content.is_padded(name))]
        free = [name for name in free if (name,) != draft.columns.get("customer_id")]
    if "amount" not in draft.columns:
        numbers = [name for name in free if content.is_number(name) and not content.is_constant(name)]
        exact = [name for name in numbers if content.is_fractional(name)]
        draft = _take(draft, "amount", exact or (numbers if len(numbers) == 1 else []), only=True)
    return draft


def _take(draft: _Draft, name: str, candidates: list[str], *, only: bool = False) -> _Draft:
    """Give `name` the first candidate and ask about it; with `only`, leave a choice between several to the user."""
    if not candidates:
        return draft
    header, others = candidates[0], ", ".join(candidates[1:])
    if others and only:
        values = {"others": ", ".join(candidates)}
        asked = Issue("question", "column_ambiguous", draft.table, name, count=len(candidates), values=values)
        return replace(draft, issues=(*draft.issues, asked))
    values = {"header": header, "others": others}
    if others:
        issue = Issue("question", "column_chosen", draft.table, name, count=len(candidates), values=values)
    else:
        issue = Issue("info", "column_guessed", draft.table, name, values=values)
    taken = draft.with_columns("content", **{name: (candidates[0],)})
    return replace(taken, issues=(*taken.issues, issue))


def _settle_customers(draft: _Draft, content: Content) -> _Draft:
    draft = _settle_revenue(draft, content)
    if "orders" not in draft.columns and (orders := orders_by_channel(content)):
        draft = draft.with_columns("header", orders=orders)
    if {"frequency", "t"} <= {normalise(name) for name in content.columns} and "recency" in draft.columns:
        # Files for repeat-buying models count recency from the first purchase to the last one.
        values = {"header": draft.columns["recency"][0]}
        asked = Issue("question", "recency_meaning", "customers", "recency", values=values)
        draft = draft.without("recency", asked)
    return _settle_scores(draft, content)


def _settle_revenue(draft: _Draft, content: Content) -> _Draft:
    if "revenue" not in draft.columns:
        spend = spend_by_category(content)
        return draft.with_columns("header", revenue=spend) if spend else draft
    facts = [name for name in content.columns if is_firm_fact(name)]
    if not facts:
        return draft
    name = draft.columns["revenue"][0]
    values = {"header": name, "others": ", ".join(facts)}
    asked = Issue("question", "own_turnover", "customers", "revenue", values=values)
    return draft.without("revenue", asked)


def _settle_scores(draft: _Draft, content: Content) -> _Draft:
    """Ask about scores that do not show that they run from 0 to 10."""
    for column in TABLES["customers"]:
        if column.kind != "score" or column.name not in draft.columns:
            continue
        name = draft.columns[column.name][0]
        highest = content.numbers(name).max()
        if isinstance(highest, float) and not _FIVE_POINT < highest <= _SCORE_TOP:
            asked = Issue(
                "question", "score_scale", "customers", column.name, values={"header": name, "highest": f"{highest:g}"}
            )
            draft = draft.without(column.name, asked)
    return draft


def _settle_discount(draft: _Draft, content: Content, options: Options) -> tuple[_Draft, Options]:
    if "discount" not in draft.columns or options.discount is not None:
        return draft, options
    name = draft.columns["discount"][0]
    unit = guess_discount(name, content.frame[name])
    if unit is None:
        asked = Issue("question", "discount_unit", draft.table, "discount", values={"header": name})
        return draft.without("discount", asked), options
    return draft, replace(options, discount=unit)
