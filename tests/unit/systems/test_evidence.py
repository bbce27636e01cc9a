"""What systems are asked of: what the data holds, the same customers at another day, and everything only once."""

import polars as pl
import pytest

from crmdash.evaluate import evaluate, label
from crmdash.phrases import Figure
from crmdash.scope import Scope
from crmdash.settings import Settings
from crmdash.summary import summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import CUSTOMER, Column, Report, System, Table, row_of
from tests.unit.frames import contact, evidence, labels, sales, tables

ROWS = [*sales("a", {0: 10, 400: 20, 720: 5}), *sales("b", {10: 30, 370: 1}), *sales("c", {730: 7})]


def counting(calls: list[str]) -> System:
    """A system that notes every time it is computed."""

    def report(found: Evidence) -> Report:
        calls.append("computed")
        return Report({"customers": Figure("count", len(found.base))}, Table(found.base, CUSTOMER))

    return System("audit_base", "–", (("transactions",), ("contacts.score", "customers.satisfaction")), report)


def with_system(system: System, contacts: bool) -> Evidence:
    found = [contact("a", 5, "survey", score=7.0)] if contacts else None
    data = tables(ROWS, contacts=found)
    summary = summarise(data)
    return Evidence(data, summary, evaluate(summary), lambda day: summarise(data, as_of=day), {"audit_base": system})


def test_what_the_data_holds():
    held = evidence(ROWS, customers=[{"customer_id": "a", "region": None, "owner": "x"}]).held
    assert {"transactions", "transactions.amount", "customers", "customers.owner"} <= held
    assert not {"customers.region", "contacts", "staff"} & held


def test_a_system_is_computed_once_and_only_with_its_columns():
    calls: list[str] = []
    dark, lit = with_system(counting(calls), contacts=False), with_system(counting(calls), contacts=True)
    assert dark.missing(dark.systems["audit_base"].needs) == (("contacts.score", "customers.satisfaction"),)
    assert not dark.can("audit_base")
    with pytest.raises(LookupError, match="satisfaction"):
        dark.report("audit_base")
    assert lit.can("audit_base") and not calls
    assert lit.report("audit_base") is lit.report("audit_base")
    assert calls == ["computed"]
    assert not lit.can("early_warning")


def test_a_period_ago():
    found = evidence(ROWS)
    assert found.clock.comparison == 365
    before = found.before
    assert before is not None
    # As at day 365: b has bought once, c not at all, a once.
    assert dict(before.select("customer_id", "orders").iter_rows()) == {"a": 1, "b": 1}
    assert dict(before.select("customer_id", "recency").iter_rows()) == {"a": 365, "b": 355}
    assert found.labelled_at(-1) is None
    assert evidence([*sales("a", {0: 1})]).before is None


def test_another_day_looks_at_the_same_customers():
    people = [{"customer_id": name, "region": name} for name in "abc"]
    data = tables(ROWS, customers=people)
    summary = summarise(data)
    looked_at = Evidence(
        data, summary, evaluate(summary, scope=Scope(region=("b",))), lambda day: summarise(data, as_of=day)
    )
    before = looked_at.before
    assert before is not None and before["customer_id"].to_list() == ["b"]


def test_labels_are_those_of_the_evaluation():
    found = evidence(ROWS)
    labelled = label(found.summary, Settings())
    for column in ("tier", "tier_class", "stage", "phase", "silence"):
        assert dict(labelled.select("customer_id", column).iter_rows()) == labels(found.evaluation, column)


def test_a_table_leaves_out_what_it_does_not_hold():
    frame = pl.DataFrame({"customer_id": ["a"], "value": [1]})
    table = Table(frame, (*CUSTOMER, Column("value", "money")))
    assert [column.name for column in table.held] == ["customer_id", "value"]
    assert row_of(Report({}, table), {"customer_id": "a"}) == {"customer_id": "a", "value": 1}
    assert row_of(Report({}, table), {"customer_id": "b"}) is None


def test_what_lasts_is_shared_by_evaluations_of_one_summary():
    first = evidence(ROWS)
    second = Evidence(first.tables, first.summary, first.evaluation, first.summary_at, lasting=first.lasting)
    made = first.remember_lasting("fit", object)
    assert second.remember_lasting("fit", object) is made
    assert second.remember("fit", object) is not made
