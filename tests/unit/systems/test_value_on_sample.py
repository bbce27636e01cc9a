"""What was planted in the sample, found by the systems of value; figures counted again from the files themselves."""

import csv
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean

import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.summary import summarise
from crmdash.systems import balance, complaint_iceberg, expectations, five_indicators, four_values, survey
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from tests.unit.test_sample import KEY_ACCOUNT, LARGE_LOSSES, SAMPLES

AS_OF = "2026-06-30"
Rows = list[dict[str, str]]


def read(name: str) -> Rows:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def found() -> Evidence:
    names = ("orders.parquet", "customers.csv", "contacts.csv", "staff.csv")
    tables = open_dataset([Source.from_path(Path(SAMPLES / name)) for name in names]).tables
    summary = summarise(tables)
    evaluation = evaluate(summary)
    return gather(tables, summary, evaluation, lambda day: summarise(tables, evaluation.settings.period, day))


@pytest.fixture(scope="module")
def base() -> Rows:
    """Customers of the base as the file has them: with orders or a return, and not internal."""
    ordered = set(pl.read_parquet(SAMPLES / "orders.parquet")["customer_id"].cast(pl.String))
    return [row for row in read("customers.csv") if row["customer_id"] in ordered and row["nature"] != "internal"]


def answered(base: Rows) -> dict[str, list[float]]:
    """Scores that each customer of the base gave on the last day it was asked."""
    days: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in read("contacts.csv"):
        if row["kind"] == "survey" and row["score"] and row["date"] <= AS_OF:
            days[row["customer_id"]][row["date"]].append(float(row["score"]))
    return {row["customer_id"]: held[max(held)] for row in base if (held := days.get(row["customer_id"]))}


def test_expectations_are_those_of_the_file(found: Evidence, base: Rows):
    pairs = [(float(row["expectation"]), float(row["experience"])) for row in base if row["expectation"]]
    too_much = [pair for pair in pairs if pair[1] >= 7 and round(pair[1] - pair[0], 6) <= -1]
    figures = expectations.report(found).figures
    assert figures["customers"].value == len(pairs)
    assert figures["promised_too_much"].value == len(too_much)
    assert figures["gap"].value == pytest.approx(mean(pair[1] - pair[0] for pair in pairs))


def test_four_values_are_those_of_the_file(found: Evidence, base: Rows):
    seen = [float(row["value_social"]) for row in base if row["value_social"]]
    assert four_values.report(found).figures["value_social"].value == pytest.approx(mean(seen))


def test_the_iceberg_is_that_of_the_files(found: Evidence, base: Rows):
    stated = {row["customer_id"]: [float(row["satisfaction"])] for row in base if row["satisfaction"]}
    latest = {**stated, **answered(base)}
    low = {name for name, scores in latest.items() if round(mean(scores), 6) <= 6}
    complained = {row["customer_id"] for row in read("contacts.csv") if row["kind"] == "complaint"}
    figures = complaint_iceberg.report(found).figures
    assert (figures["dissatisfied"].value, figures["never_complained"].value) == (len(low), len(low - complained))


def test_items_are_those_of_the_contacts(found: Evidence, base: Rows):
    names = {row["customer_id"] for row in base}
    asked = Counter(
        topic for _, topic in {(row["customer_id"], row["topic"]) for row in read("contacts.csv")
                               if row["kind"] == "survey" and row["score"] and row["customer_id"] in names}
    )  # fmt: skip
    rows = survey.report(found).rows.frame
    assert dict(rows.select("item", "customers").iter_rows()) == dict(asked)


def test_the_key_account_is_under_served_and_its_dissatisfaction_listed(found: Evidence):
    assert balance.report(found).rows.frame["customer_id"][0] == KEY_ACCOUNT
    assert survey.report(found).tables["dissatisfied_top_class"].frame["customer_id"][0] == KEY_ACCOUNT


def test_large_loss_makers_contribute_least_and_none_gets_an_award(found: Evidence):
    rows = five_indicators.report(found).rows.frame
    losses = rows.filter(pl.col("customer_id").is_in(LARGE_LOSSES))
    assert losses["contribution"].max() < 10  # type: ignore[operator]
    assert not losses["nominated"].any()
    assert not losses["grade"].is_in(["a"]).any()
