"""What the what-ifs find in the sample: what docs/sample.md says is planted there."""

from pathlib import Path

import polars as pl
import pytest

from crmdash.evaluate import evaluate
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.readers import Source
from crmdash.settings import Settings
from crmdash.summary import summarise
from crmdash.systems.evidence import Evidence
from crmdash.systems.registry import gather
from tests.unit.frames import money

SAMPLES = Path(__file__).resolve().parents[3] / "data" / "samples"
FILES = ("orders.parquet", "customers.csv", "contacts.csv", "staff.csv")


@pytest.fixture(scope="module")
def sample() -> Evidence:
    tables = open_dataset([Source.from_path(SAMPLES / name) for name in FILES]).tables
    summary = summarise(tables)
    return gather(tables, summary, evaluate(summary), lambda day: summarise(tables, Settings().period, day))


def test_without_the_five_largest(sample):
    found = sample.report("loss_of_the_top")
    orders = pl.read_parquet(SAMPLES / FILES[0])
    internal = pl.read_csv(SAMPLES / FILES[1]).filter(pl.col("nature") == "internal")["customer_id"]
    each = orders.group_by("customer_id").agg(pl.col("amount").sum()).sort("amount", descending=True)
    largest = each.filter(~pl.col("customer_id").is_in(internal.implode())).head(5)
    assert found.rows.frame["customer_id"].to_list() == largest["customer_id"].to_list()
    whole, left = found.figures["revenue"].value, found.figures["revenue_left"].value
    assert whole == money(77_715_101.30)
    assert whole - left == pytest.approx(money(float(largest["amount"].sum())), abs=10)
    assert found.figures["customers_left"].value == 2995


def test_acquisition_fades_at_fairs_and_in_advertising_most(sample):
    found = sample.report("acquisition")
    quarters = found.tables["quarters"].frame.tail(4)
    assert quarters["quarter"].to_list() == ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"]
    assert quarters["fading"].all() and quarters["change"].is_between(-0.55, -0.4).all()
    sources = found.tables["sources"].frame
    assert sources["source"].head(2).to_list() == ["trade fair", "advertising"]
    named = sources.filter(pl.col("source").is_not_null())
    assert named["fading"].all() and (named["cost_change"] > 0.15).all()


def test_who_brought_whom(sample):
    figures = sample.report("recommendations").figures
    assert figures["referrals"].value == 441
    assert figures["unknown_introducers"].value == 0


def test_the_ladder_begins_with_those_who_bought_once(sample):
    figures = sample.report("trust_ladder").figures
    assert figures["first"].value == 1028
    assert sum(figures[rung].value for rung in ("first", "repeat", "regular", "loyal", "advocate")) == 2998
    assert figures["second_order_rate"].value == pytest.approx(0.611, abs=0.001)
    assert (figures["observed"].value, figures["observed_new"].value) == (2860, 1566)


def test_the_rate_of_new_customers_lies_among_those_of_their_quarters(sample):
    found = sample.report("trust_ladder")
    rates = found.tables["by_quarter"].frame["second_order_rate"][1:]
    figures = {name: figure.value for name, figure in found.figures.items()}
    assert figures["second_order_rate_new"] == pytest.approx(0.430, abs=0.001)
    assert rates.min() <= figures["second_order_rate_new"] <= rates.max()
    both = sorted(figures[f"second_order_rate_{name}"] for name in ("contacted", "not_contacted"))
    assert both[0] <= figures["second_order_rate_new"] <= both[1]


def test_the_claim_of_early_contact_asks_new_customers_only(sample):
    figures = sample.report("trust_ladder").figures
    claims = sample.report("claims").rows.frame
    cases = claims.row(by_predicate=pl.col("claim") == "soon_in_touch", named=True)["cases"]
    assert cases == round(figures["contacted_soon_share"].value * figures["observed_new"].value) == 364


def test_beyond_what_they_buy_its_tiers_hardly_differ(sample):
    found = sample.report("tiers_help")
    assert found.figures["verdict"].value == "what_if:verdict.no_help"
    assert found.rows.frame.filter("differs")["measure"].to_list() == ["payment_terms", "format"]
    assert found.tables["conditions"].frame["outcome"].to_list() == ["does_not"] * 4
    assert found.figures["same_tier"].value == pytest.approx(0.836, abs=0.001)


def test_keeping_price_categories_and_channels(sample):
    keeping = sample.report("retention_gain").figures
    assert keeping["newcomers"].value == 1236 and keeping["acquisition_cost_assumed"].value is False
    assert keeping["gain"].value > keeping["cost_of_winning"].value > 0
    assert sample.report("price_cut").figures["margin"].value == pytest.approx(0.2347, abs=0.0001)
    offers = sample.report("cross_sell")
    assert offers.figures["customers"].value == 1097
    assert offers.rows.frame["next_category"].null_count() == 0
    assert sample.report("channels").rows.frame["channels"].to_list() == ["1", "2", "3+"]
