"""The sample: reproducible, complete, sound in itself, and with everything planted that docs/sample.md promises."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from crmdash.columns import CONTACTS, CUSTOMERS, STAFF, TRANSACTIONS, Column, TableName
from crmdash.evaluate import evaluate
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.summary import Tables, summarise
from tests.unit.reference_sample import reference

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "data" / "samples"
FILES: dict[str, tuple[TableName, tuple[Column, ...]]] = {
    "orders.parquet": ("transactions", TRANSACTIONS),
    "customers.csv": ("customers", CUSTOMERS),
    "contacts.csv": ("contacts", CONTACTS),
    "staff.csv": ("staff", STAFF),
}
KEY_ACCOUNT = "C0279"
LARGE_LOSSES = ["C0118", "C0227", "C0267", "C0381", "C0605", "C0608", "C0657", "C0772", "C0839"]
POOR_FILE_OWNERS = ["Doran Pellworth", "梁承砚"]
PROFILE = ["contact_person", "situation", "needs", "pain_points", "occupation", "position", "preferences", "character",
           "buying_habits", "taste", "awareness"]  # fmt: skip


def read(folder: Path, name: str) -> pl.DataFrame:
    path = folder / name
    return pl.read_parquet(path) if name.endswith(".parquet") else pl.read_csv(path, infer_schema_length=None)


@pytest.fixture(scope="module")
def orders() -> pl.DataFrame:
    return read(SAMPLES, "orders.parquet")


@pytest.fixture(scope="module")
def customers() -> pl.DataFrame:
    return read(SAMPLES, "customers.csv").join(read(SAMPLES, "truth.csv"), on="customer_id", how="left")


@pytest.fixture(scope="module")
def contacts() -> pl.DataFrame:
    return read(SAMPLES, "contacts.csv")


@pytest.fixture(scope="module")
def labels() -> pd.DataFrame:
    return reference(SAMPLES)


@pytest.fixture(scope="module")
def engine() -> pd.DataFrame:
    opened = open_dataset([Source.from_path(SAMPLES / name) for name in FILES])
    assert not [issue for issue in opened.issues if issue.severity != "info"]
    tables = Tables.of(opened.transactions, opened.customers, opened.contacts, opened.staff)
    customers = evaluate(summarise(tables)).customers.filter(~pl.col("internal"))
    return customers.sort("customer_id").to_pandas().set_index("customer_id")


def test_generating_again_gives_the_same_values(tmp_path):
    script = SAMPLES / "generate.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, cwd=tmp_path)
    for name in [*FILES, "truth.csv"]:
        assert read(tmp_path, name).equals(read(SAMPLES, name)), name
        if name.endswith(".csv"):
            assert (tmp_path / name).read_bytes() == (SAMPLES / name).read_bytes(), name


def test_sizes(orders, customers, contacts):
    assert sum((SAMPLES / name).stat().st_size for name in FILES) < 5_000_000
    assert (orders.height, customers.height, contacts.height) == (60_980, 3_245, 23_725)
    assert customers["kind"].value_counts().sort("kind").rows() == [
        ("deal_hunter", 100), ("dropped", 430), ("fading", 200), ("growing", 110), ("internal", 5), ("key_account", 1),
        ("large_loss", 9), ("one_time", 1000), ("prospect", 240), ("recovered", 8), ("returns_only", 2),
        ("steady", 1140),
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(FILES))
def test_every_column_is_there_under_its_canonical_name_and_holds_something(name):
    frame = read(SAMPLES, name)
    assert frame.columns == [column.name for column in FILES[name][1]]
    assert [column for column in frame.columns if frame[column].null_count() == frame.height] == []


@pytest.mark.parametrize("name", list(FILES))
def test_choices_and_tags_are_known_codes(name):
    frame = read(SAMPLES, name)
    for column in FILES[name][1]:
        if column.choices:
            found = frame[column.name].drop_nulls().str.split(";").explode().unique()
            assert set(found) <= set(column.choices), column.name


def test_every_reference_is_known(orders, customers, contacts):
    ids, staff = set(customers["customer_id"]), set(read(SAMPLES, "staff.csv")["name"])
    assert len(ids) == customers.height
    assert set(orders["customer_id"]) <= ids
    assert set(contacts["customer_id"]) <= ids
    assert set(customers["referred_by"].drop_nulls()) <= ids
    assert set(customers["owner"].drop_nulls()) <= staff
    assert set(contacts["staff"].drop_nulls()) <= staff
    assert customers.filter(pl.col("referred_by") == pl.col("customer_id")).is_empty()


def test_money_adds_up_to_the_cent(orders):
    sold = orders.filter(pl.col("amount") >= 0)
    assert sold.filter(pl.col("list_amount") - pl.col("discount") != pl.col("amount")).is_empty()
    assert orders.filter(pl.col("amount") - pl.col("cost") != pl.col("profit")).is_empty()
    assert orders.filter((pl.col("amount") < 0) != (pl.col("quantity") < 0)).is_empty()


def test_dates_keep_their_order(orders, contacts):
    assert (orders["date"].min(), orders["date"].max()) == (date(2024, 1, 1), date(2026, 6, 30))
    assert orders.filter(pl.col("due_date") < pl.col("date")).is_empty()
    assert orders.filter(pl.col("paid_date") > date(2026, 6, 30)).is_empty()
    assert contacts["date"].min() >= "2024-01-01"
    assert contacts["date"].max() <= "2026-06-30"
    assert contacts.filter(pl.col("resolved_date") < pl.col("date")).is_empty()


def test_totals_in_the_customers_table_are_those_of_the_orders(orders, customers):
    bought = pl.col("date").filter(pl.col("amount") >= 0)
    sums = orders.group_by("customer_id").agg(
        revenue=pl.col("amount").sum().cast(pl.Float64),
        profit=pl.col("profit").sum().cast(pl.Float64),
        orders=bought.n_unique().cast(pl.Int64),
        first_purchase=bought.min().cast(pl.String),
        last_purchase=bought.max().cast(pl.String),
    )
    stated = customers.filter(pl.col("revenue").is_not_null()).select(sums.columns)
    assert stated.sort("customer_id").equals(sums.sort("customer_id"))


def test_revenue_is_concentrated_and_the_profit_curve_is_a_whale(labels):
    base = labels[labels["has_row"]]
    revenue = base["revenue"].astype("int64").sort_values(ascending=False)
    profit = base["customer_profit"].astype("int64")
    assert len(base) == 3000
    assert revenue.sum() == 7_771_510_130
    assert round(revenue.head(600).sum() / revenue[revenue > 0].sum(), 4) == 0.7707
    assert (profit < 0).sum() == 441
    assert round(profit[profit > 0].sum() / profit.sum(), 4) == 1.1453
    assert (base["n"] == 1).sum() == 1028


def test_every_tier_stage_strategy_and_rule_occurs(labels):
    assert labels["tier"].value_counts().to_dict() == {
        "lead": 1525, "iron": 897, "gold": 610, "platinum": 180, "unknown": 28,
    }  # fmt: skip
    assert labels["stage"].value_counts().to_dict() == {
        "stable": 1339, "ended": 1044, "deterioration": 265, "prospect": 240, "exploration": 236, "formation": 116,
    }  # fmt: skip
    assert set(labels["strategy"]) == {
        "start", "protect", "re_engineer", "enhance", "harvest", "end", "win_back", "closed",
    }  # fmt: skip
    assert set(labels["rule"]) == set(range(1, 20))


def test_the_key_account_is_about_to_leave(orders, customers, contacts, labels):
    row = labels.loc[KEY_ACCOUNT]
    assert (row["tier"], row["stage"], row["strategy"]) == ("platinum", "deterioration", "protect")
    assert row["revenue"] == labels["revenue"].max()
    assert (row["n_earlier"], row["n_later"], row["recency"]) == (48, 23, 39)
    assert round(row["silence"], 2) == 3.6
    assert round(row["category_loss"], 2) == 0.44
    assert row["customer_profit"] > 0
    own = customers.filter(pl.col("customer_id") == KEY_ACCOUNT)
    assert own.select("name", "share_of_wallet_before", "share_of_wallet", "contract_end").row(0) == (
        "Quillmere Grand Hotels 奎爾米爾大飯店", 0.78, 0.41, "2026-08-15",
    )  # fmt: skip
    mine = contacts.filter(pl.col("customer_id") == KEY_ACCOUNT)
    overall = mine.filter((pl.col("kind") == "survey") & (pl.col("topic") == "overall")).sort("date")
    assert overall["score"].to_list() == [8.7, 8.4, 6.6, 4.2]
    assert mine.filter((pl.col("kind") == "complaint") & pl.col("resolved_date").is_null()).height == 2


def test_large_customers_lose_money(customers, labels):
    assert customers.filter(pl.col("kind") == "large_loss")["customer_id"].to_list() == LARGE_LOSSES
    large = labels.loc[LARGE_LOSSES]
    assert set(large["tier"]) == {"platinum"}
    assert set(large["strategy"]) == {"re_engineer"}
    assert (large["customer_profit"] < 0).all()


def test_two_account_managers_keep_poor_files_and_all_contacts_to_themselves(customers, contacts):
    filled = pl.mean_horizontal(pl.col(PROFILE).is_not_null().cast(pl.Float64))
    share = customers.group_by("owner").agg(filled=filled.mean(), customers=pl.len()).drop_nulls().sort("filled")
    assert set(share["owner"].head(2)) == set(POOR_FILE_OWNERS)
    assert share["customers"].head(2).min() >= 80
    assert share["filled"].to_list()[1] < 0.1
    assert share["filled"].to_list()[2] > 0.6
    theirs = customers.filter(pl.col("owner").is_in(POOR_FILE_OWNERS)).select("customer_id", "owner")
    talked = contacts.filter(pl.col("staff").is_not_null()).join(theirs, on="customer_id")
    assert (talked["staff"] == talked["owner"]).all()


def test_fading_begins_before_the_silence(labels, customers):
    fading = customers.filter(pl.col("kind") == "fading")["customer_id"].to_list()
    steady = customers.filter(pl.col("kind") == "steady")["customer_id"].to_list()
    silence, loss = labels["silence"].astype(float), labels["category_loss"].astype(float)
    assert silence[fading].median() > 1.7 * silence[steady].median()
    assert loss[fading].mean() > 2 * loss[steady].mean()


def test_the_fourth_quarter_is_the_season(orders):
    quarterly = orders.group_by(pl.col("date").dt.truncate("1q")).agg(pl.col("amount").sum().cast(pl.Float64))
    by_quarter = dict(quarterly.rows())
    for year in (2024, 2025):
        assert by_quarter[date(year, 10, 1)] > 1.35 * by_quarter[date(year, 7, 1)]


def test_acquisition_fades_in_the_last_year(customers):
    first = customers.filter(pl.col("kind") != "internal")["first_purchase"].drop_nulls().str.to_date()
    new = dict(first.dt.truncate("1q").value_counts().rows())
    for month in (1, 4):
        assert new[date(2026, month, 1)] < 0.6 * new[date(2025, month, 1)]
    for month in (7, 10):
        assert new[date(2025, month, 1)] < 0.6 * new[date(2024, month, 1)]


def test_names_come_in_three_scripts(customers):
    names = customers["name"]
    assert names.str.contains(r"^[A-Za-zé ,]+$").sum() > 1000
    assert names.str.contains("(小卖部|报刊亭|餐馆|酒店|烘焙坊|员工食堂|面馆|宾馆)$").sum() > 500
    assert names.str.contains("(雜貨店|書報攤|餐廳|飯店|茶屋|麵館|旅館)$").sum() > 400
    assert names.n_unique() == customers.height


@pytest.mark.parametrize(
    ("expected", "column", "unit"),
    [
        ("n", "orders", 1), ("tenure", "tenure", 1), ("recency", "recency", 1), ("rhythm", "rhythm", 1),
        ("silence", "silence", 1), ("revenue", "revenue", 100), ("gross_profit", "gross_profit", 100),
        ("customer_profit", "customer_profit", 100), ("growth", "growth", 1), ("relative_growth", "relative_growth", 1),
        ("breadth", "breadth", 1), ("category_loss", "category_loss", 1), ("satisfaction", "satisfaction", 1),
        ("satisfaction_change", "satisfaction_change", 1),
    ],
)  # fmt: skip
def test_the_engine_measures_every_customer_as_the_independent_reading_does(labels, engine, expected, column, unit):
    ours = engine[column].astype("float64")
    theirs = (labels[expected].astype("Float64") * unit).astype("float64").reindex(ours.index)
    pd.testing.assert_series_equal(ours, theirs, check_names=False, rtol=0, atol=1e-9)


@pytest.mark.parametrize(
    "label",
    [
        "stage",
        "phase",
        "open_matters",
        "loses",
        "poor",
        "contested",
        "upside",
        "saturated",
        "guard",
        "fresh",
        "strategy",
    ],
)
def test_the_engine_labels_every_customer_as_the_independent_reading_does(labels, engine, label):
    assert labels[label].reindex(engine.index).to_list() == engine[label].to_list()


def test_the_engine_puts_every_customer_into_the_same_tier(labels, engine):
    # A prospect of unknown potential counts as middle class, which in the pyramid is iron.
    theirs = labels["tier"].replace("unknown", "iron").reindex(engine.index)
    assert engine["tier"].fillna(engine["potential_tier"]).to_list() == theirs.to_list()


def test_the_page_about_the_sample_names_what_is_planted():
    text = (ROOT / "docs" / "sample.md").read_text(encoding="utf-8")
    for planted in [KEY_ACCOUNT, *LARGE_LOSSES, *POOR_FILE_OWNERS, "20260630", "make sample", "60,980", "23,725"]:
        assert planted in text, planted
