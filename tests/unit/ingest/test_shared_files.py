"""What the proposal alone makes of real files."""

from pathlib import Path

import polars as pl
import pytest

from crmdash.ingest.dataset import Dataset, open_dataset
from crmdash.ingest.raw import Source
from tests.unit.frames import there


def opened(folder: Path, *names: str) -> Dataset:
    return open_dataset([Source.from_path(folder / name) for name in names])


@pytest.mark.parametrize(
    ("name", "rows", "customers", "amount"),
    [
        ("superstore/superstore.csv", 9_994, 793, 22_972_008_603),
        ("cdnow/CDNOW_master.txt", 69_659, 23_570, 25_003_156_300),
        ("cdnow/CDNOW_sample.txt", 6_919, 2_357, 2_440_919_400),
        ("northwind/orders.csv", 830, 89, 12_657_930_395),
        ("classicmodels/sales_data_sample.csv", 2_823, 92, 100_326_288_500),
        ("tableau_zh/sales_data.csv", 124, 29, 15_637_978_000),
        ("rfm/rfm_data_orders.csv", 4_906, 995, 4_641_580_000),
        ("crm/sales_pipeline.csv", 6_711, 85, 100_055_340_000),
    ],
)
def test_orders_open_by_proposal(shared_datasets: Path, name: str, rows: int, customers: int, amount: int):
    dataset = opened(shared_datasets, name)
    orders = there(dataset.transactions)
    assert (orders.height, orders["customer_id"].n_unique(), orders["amount"].sum()) == (rows, customers, amount)
    assert dataset.rows == dataset.rows_used + dataset.rows_set_aside


def test_superstore(shared_datasets: Path):
    dataset = opened(shared_datasets, "superstore/superstore.csv")
    assert there(dataset.transactions)["profit"].sum() == 2_863_970_217
    mapping = dataset.files[0].mapping
    assert mapping.options.discount == "fraction"
    assert {name: mapping.columns[name] for name in ("category", "product", "region", "name")} == {
        "category": ("Category",), "product": ("Product Name",), "region": ("Region",), "name": ("Customer Name",),
    }  # fmt: skip
    assert [(issue.code, issue.column, issue.count) for issue in dataset.issues] == [("several_values", "region", 766)]


def test_cdnow_ids_keep_their_zeros(shared_datasets: Path):
    assert there(opened(shared_datasets, "cdnow/CDNOW_master.txt").transactions)["customer_id"][0] == "00001"
    sample = opened(shared_datasets, "cdnow/CDNOW_sample.txt")
    assert [(issue.code, issue.values["others"]) for issue in sample.issues if issue.severity == "question"] == [
        ("column_chosen", "column 2")
    ]


def test_northwind_has_owners_and_no_cost(shared_datasets: Path):
    columns = opened(shared_datasets, "northwind/orders.csv").files[0].mapping.columns
    assert (columns["owner"], columns["name"], "cost" in columns) == (("SalesRep",), ("CompanyName",), False)


def test_classicmodels_names_the_cancelled_lines(shared_datasets: Path):
    dataset = opened(shared_datasets, "classicmodels/sales_data_sample.csv")
    assert dataset.files[0].mapping.columns["customer_id"] == ("CUSTOMERNAME",)
    assert [(issue.code, issue.count) for issue in dataset.issues] == [("status_counted", 60)]


def test_chinese_files_join(shared_datasets: Path):
    names = ("sales_data.csv", "customer_info.csv", "product_catalog.csv")
    dataset = opened(shared_datasets / "tableau_zh", *names)
    assert [report.table for report in dataset.files] == ["transactions", "customers", None]
    assert there(dataset.customers).height == 29
    assert {"name", "region", "created_date"} <= set(there(dataset.customers).columns)
    assert [issue.code for issue in dataset.issues] == ["table_unknown", "several_values"]


def test_marketing_campaign_is_one_row_a_customer(shared_datasets: Path):
    dataset = opened(shared_datasets, "marketing_campaign/marketing_campaign.csv")
    raw = pl.read_csv(shared_datasets / "marketing_campaign/marketing_campaign.csv", separator=";")
    spend = raw.select(pl.sum_horizontal(pl.col("^Mnt.*$"))).to_series()
    visits = raw["NumWebPurchases"] + raw["NumCatalogPurchases"] + raw["NumStorePurchases"]
    assert dataset.transactions is None
    assert there(dataset.customers)["revenue"].to_list() == (spend * 10_000).to_list()
    assert there(dataset.customers)["orders"].to_list() == visits.to_list()
    assert there(dataset.customers)["recency"].to_list() == raw["Recency"].to_list()
    assert {"Z_Revenue", "NumDealsPurchases"} <= set(dataset.files[0].unused)


def test_a_workbook_of_customers(shared_datasets: Path):
    dataset = opened(shared_datasets, "ecommerce_churn/ecommerce_churn.xlsx")
    assert (dataset.files[0].sheet, there(dataset.customers).height) == ("E Comm", 5_630)
    assert [issue.code for issue in dataset.issues] == ["sheet_chosen", "score_scale"]


def test_crm_accounts_are_asked_about_their_turnover(shared_datasets: Path):
    dataset = opened(shared_datasets, "crm/accounts.csv", "crm/sales_pipeline.csv")
    assert dataset.files[1].mapping.columns["customer_id"] == ("account",)
    assert dataset.files[1].mapping.columns["owner"] == ("sales_agent",)
    assert "revenue" not in there(dataset.customers).columns
    assert [issue.code for issue in dataset.issues if issue.severity == "question"] == ["own_turnover"]
