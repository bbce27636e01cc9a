"""Published and independently computed figures, on real files: CDNOW from a package, the others where they lie."""

import json
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from crmdash.columns import MONEY_SCALE
from crmdash.evaluate import Evaluation, evaluate
from crmdash.settings import parse_settings
from crmdash.summary import Tables, summarise, to_date, to_day
from tests.unit.frames import of_customer

CDNOW_BACK_THEN = "1998-02-14"


def packaged(name: str) -> str:
    """Read a file of the lifetimes wheel without importing the package."""
    spec = find_spec("lifetimes")
    assert spec is not None and spec.submodule_search_locations
    return (Path(spec.submodule_search_locations[0]) / "datasets" / name).read_text("ascii")


def in_money(amount: pl.Expr) -> pl.Expr:
    return (amount.cast(pl.Float64) * MONEY_SCALE).round().cast(pl.Int64)


def in_days(text: pl.Expr, form: str) -> pl.Expr:
    return text.str.to_date(form).to_physical().cast(pl.Int64)


def blank_separated(text: str, ids: int) -> pl.DataFrame:
    """Return the transactions of a CDNOW file: one or two ids, then date, units and amount."""
    fields = [line.split() for line in text.splitlines() if line.strip()[:1].isdigit()]
    rows = [(line[0], line[ids], line[ids + 2]) for line in fields]
    frame = pl.DataFrame(rows, schema=["customer_id", "date", "amount"], orient="row")
    return frame.with_columns(date=in_days(pl.col("date"), "%Y%m%d"), amount=in_money(pl.col("amount")))


def cdnow_sample() -> pl.DataFrame:
    return blank_separated(packaged("CDNOW_sample.txt"), ids=2)


@pytest.fixture(scope="module")
def master() -> pl.DataFrame:
    return blank_separated(packaged("CDNOW_master.txt"), ids=1)


def evaluated_file(frame: pl.DataFrame, as_of: str | None = None, **tiers: object) -> Evaluation:
    day = None if as_of is None else to_day(to_date(0).fromisoformat(as_of))
    return evaluate(summarise(Tables.of(frame), as_of=day), parse_settings({"tiers": tiers}))


def tier_sizes(evaluation: Evaluation) -> list[int]:
    return evaluation.tiers["customers"].to_list()


def test_cdnow_sample():
    found = evaluated_file(cdnow_sample())
    figures = found.concentration
    assert (found.base, figures.total, figures.customers_for_80) == (2_357, 2_440_919_400, 777)
    assert figures.top20_share == pytest.approx(0.6746, abs=5e-5)
    assert figures.gini == pytest.approx(0.631, abs=5e-4)


def test_cdnow_master(master: pl.DataFrame):
    found = evaluated_file(master)
    figures = found.concentration
    assert (found.base, figures.total, figures.customers_for_80) == (23_570, 25_003_156_300, 7_695)
    assert figures.top20_share == pytest.approx(0.6778, abs=5e-5)
    assert figures.gini == pytest.approx(0.6346, abs=5e-5)
    assert tier_sizes(found) == [2_263, 5_432, 8_067, 7_808]


def test_cdnow_tiers_do_not_follow_the_order_of_rows(master: pl.DataFrame):
    shuffled = master.sample(fraction=1, shuffle=True, seed=7)
    assert evaluated_file(shuffled).customers.equals(evaluated_file(master).customers)


def test_cdnow_stages_at_the_end_of_the_file(master: pl.DataFrame):
    stages = evaluated_file(master).stages
    shares = stages.select("stage", pl.col("customers", "value") / pl.col("customers", "value").sum())
    expected = {
        "exploration": (0.082, 0.052),
        "formation": (0.102, 0.131),
        "stable": (0.076, 0.325),
        "deterioration": (0.101, 0.220),
        "ended": (0.639, 0.272),
        "prospect": (0, 0),
    }
    for stage, customers, value in shares.iter_rows():
        assert (customers, value) == pytest.approx(expected[stage], abs=0.01), stage


def come_back(master: pl.DataFrame) -> pl.DataFrame:
    """Return the customers as they stood back then, with whether they bought in the 136 days after."""
    found = evaluated_file(master, CDNOW_BACK_THEN)
    today = to_day(to_date(0).fromisoformat(CDNOW_BACK_THEN))
    later = master.filter(pl.col("date").is_between(today + 1, today + 136))["customer_id"].unique()
    return found.customers.with_columns(bought=pl.col("customer_id").is_in(later.to_list()))


def test_cdnow_stages_foresee_who_buys_again(master: pl.DataFrame):
    shares = come_back(master).group_by("stage").agg(pl.col("bought").mean())
    expected = {"exploration": 0.26, "formation": 0.45, "stable": 0.77, "deterioration": 0.39, "ended": 0.07}
    assert dict(shares.iter_rows()) == pytest.approx(expected, abs=0.01)


def test_cdnow_silence_foresees_who_buys_again(master: pl.DataFrame):
    edges = [0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 9]
    regular = come_back(master).filter(pl.col("orders") >= 3)
    within = pl.sum_horizontal(*(pl.col("silence") >= edge for edge in edges))
    shares = regular.group_by(within.alias("bin")).agg(pl.col("bought").mean()).sort("bin")["bought"]
    expected = [0.65, 0.56, 0.53, 0.46, 0.43, 0.37, 0.39, 0.29, 0.18, 0.15]
    assert shares.to_list() == pytest.approx(expected, abs=0.01)


def superstore(shared_datasets: Path) -> pl.DataFrame:
    lines = pl.read_csv(shared_datasets / "superstore" / "superstore.csv", infer_schema=False)
    return lines.select(
        customer_id="Customer ID",
        date=in_days(pl.col("Order Date"), "%m/%d/%Y"),
        amount=in_money(pl.col("Sales")),
        profit=in_money(pl.col("Profit")),
        category="Sub-Category",
        quantity=pl.col("Quantity").cast(pl.Float64),
    )


def northwind(shared_datasets: Path) -> pl.DataFrame:
    lines = pl.read_csv(shared_datasets / "northwind" / "orders.csv", infer_schema=False)
    return lines.select(
        customer_id="CustomerID", date=in_days(pl.col("OrderDate"), "%Y-%m-%d"), amount=in_money(pl.col("Revenue"))
    )


def classicmodels(shared_datasets: Path) -> pl.DataFrame:
    path = shared_datasets / "classicmodels" / "sales_data_sample.csv"
    lines = pl.read_csv(path, infer_schema=False, encoding="latin-1")
    return lines.select(
        customer_id="CUSTOMERNAME",
        date=in_days(pl.col("ORDERDATE").str.split(" ").list.first(), "%m/%d/%Y"),
        amount=in_money(pl.col("SALES")),
    )


def test_superstore(shared_datasets: Path):
    found = evaluated_file(superstore(shared_datasets))
    figures, whale = found.concentration, found.whale
    assert (found.base, figures.total, figures.customers_for_80) == (793, 22_972_008_603, 396)
    assert figures.top20_share == pytest.approx(0.4815, abs=5e-5)
    assert figures.gini == pytest.approx(0.4413, abs=5e-5)
    assert tier_sizes(found) == [170, 226, 209, 188]
    assert whale is not None
    assert (whale.total, whale.peak_at, whale.loss_makers) == (2_863_970_217, 638, 155)
    assert whale.peak_share == pytest.approx(1.2487, abs=5e-5)
    assert whale.profit_destroyed == -712_244_744


def test_superstore_platinum_customers_who_lose_money(shared_datasets: Path):
    customers = evaluated_file(superstore(shared_datasets)).customers
    assert customers.filter(tier="platinum").filter(pl.col("customer_profit") < 0).height == 21


def test_superstore_with_lead_for_losses(shared_datasets: Path):
    found = evaluated_file(superstore(shared_datasets), measure="customer_profit", lead_if_loss=True)
    assert tier_sizes(found)[-1] == 155
    assert [found.tiers["cut"][place] for place in (2, 3)] == [None, None]


def test_northwind(shared_datasets: Path):
    found = evaluated_file(northwind(shared_datasets))
    figures = found.concentration
    assert (found.base, round(figures.total / MONEY_SCALE, 2), figures.customers_for_80) == (89, 1_265_793.04, 34)


def test_classicmodels(shared_datasets: Path):
    found = evaluated_file(classicmodels(shared_datasets))
    assert (found.base, found.concentration.total) == (92, 100_326_288_500)
    assert tier_sizes(found) == [26, 31, 22, 13]


@pytest.mark.parametrize("name", ["cdnow", "superstore", "northwind", "classicmodels"])
def test_concentration_computed_twice_elsewhere(name: str, shared_datasets: Path, master: pl.DataFrame):
    known = json.loads((shared_datasets / "reference_concentration.json").read_text("utf-8"))[name]
    readers = {"superstore": superstore, "northwind": northwind, "classicmodels": classicmodels}
    found = evaluated_file(readers[name](shared_datasets) if name in readers else master)
    figures = found.concentration
    assert (found.base, figures.customers_for_80) == (known["customers"], known["n_customers_to_reach_80pct"])
    assert figures.total / MONEY_SCALE == pytest.approx(known["revenue"], abs=1e-6)
    assert figures.top20_share == pytest.approx(known["top20pct_share_ceil"], abs=1e-9)
    assert figures.gini == pytest.approx(known["gini_population"], abs=1e-9)
    for percent, reached in ((50, "50"), (95, "95")):
        assert found.values.needed_for_share(percent) == known[f"n_customers_to_reach_{reached}pct"]


def test_with_id_date_and_amount_alone_only_re_engineering_is_out_of_reach(master: pl.DataFrame):
    strategies = evaluated_file(master).strategies
    absent = strategies.filter(pl.col("customers") == 0)["strategy"].to_list()
    # Nobody is a prospect here, so every `end` is a closed file.
    assert absent == ["re_engineer", "end"]


def test_leading_zeros_stay_in_the_ids(master: pl.DataFrame):
    assert of_customer(evaluated_file(master).customers, "00001")["revenue"] == 117_700
