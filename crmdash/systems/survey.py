"""S14 Survey: which items customers are dissatisfied with, ranked by what the dissatisfied are worth.

An item is a topic of the survey; of every customer the latest answer to it counts. Dissatisfied customers of the top
class are always listed by name, however few they are.
"""

from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import Lazy, collect
from crmdash.phrases import Figure, Phrase
from crmdash.summary.tables import columns_of
from crmdash.systems.evidence import Evidence
from crmdash.systems.held_measures import with_measures
from crmdash.systems.report import CUSTOMER, TIER, Column, Report, System, Table
from crmdash.systems.survey_answers import OVERALL

TOPICS: Final[dict[str, str]] = {
    "overall": "^(" + "|".join(OVERALL) + ")$",
    "delivery": "deliver|shipping|logistic|交货|交貨|送货|送貨|配送|物流|运输|運輸|到货|到貨",
    "price": "price|cost|discount|价格|價格|价钱|價錢|折扣",
    "invoice": "invoice|billing|payment|发票|發票|账单|帳單|付款|对账|對帳",
    "range": "range|assortment|品类|品類|品项|品項|选择|選擇|产品线|產品線",
    "ordering": "order|website|app|订购|訂購|下单|下單|订单|訂單|网站|網站",
    "quality": "quality|product|goods|质量|品质|品質|产品|產品|商品",
    "service": "service|staff|advice|support|服务|服務|态度|態度|售后|售後",
}
"""What a topic is about, by what it holds in lower case; the first that fits."""

_ABOUT: Final = Column("about", "code", "value:about")
_ITEM: Final = (_ABOUT, Column("item", "text"))
_COLUMNS: Final = (
    *_ITEM, Column("customers", "count"), Column("mean", "score"), Column("satisfied", "count"),
    Column("dissatisfied", "count"), Column("value", "money"), Column("cause", "text"),
    Column("measure", "code", "value:measure", called="remedy"), Column("owner", "text"),
)  # fmt: skip
DISSATISFIED: Final = (
    *CUSTOMER, TIER, *_ITEM, Column("score", "score"), Column("date", "date"), Column("owner", "text"),
    Column("value", "money"),
)  # fmt: skip


def report(evidence: Evidence) -> Report:
    """Rank the items; the one whose dissatisfied customers are worth most comes first."""
    answers, low = _answers(evidence), dissatisfied(evidence)
    worth = evidence.settings.worth
    counted = answers.group_by("about", "item").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("score").mean().alias("mean"),
        satisfied=(pl.col("score") >= worth.satisfied).sum().cast(pl.Int64),
    )
    weighed = low.group_by("about", "item").agg(
        pl.len().cast(pl.Int64).alias("dissatisfied"), pl.col("value").sum(), owner=_commonest("owner")
    )
    rows = counted.join(weighed, on=["about", "item"], how="left", nulls_equal=True)
    rows = rows.join(_causes(evidence, low), on=["about", "item"], how="left", nulls_equal=True)
    suggested = [*TOPICS]
    rows = rows.with_columns(
        pl.col("dissatisfied", "value").fill_null(0),
        measure=pl.when(pl.col("about").is_in(suggested) & (pl.col("dissatisfied") > 0)).then("about"),
    ).sort("value", "dissatisfied", "item", descending=[True, True, False], nulls_last=True)
    top = low.filter(pl.col("tier_class") == "top")
    return Report(
        _figures(answers, low, top),
        Table(rows, _COLUMNS),
        {"dissatisfied_top_class": Table(top, DISSATISFIED)},
        _notes(evidence),
    )


def dissatisfied(evidence: Evidence) -> pl.DataFrame:
    """Return who is dissatisfied with which item: those of the top class first, then by value."""
    low = _answers(evidence).filter(pl.col("score") <= evidence.settings.worth.dissatisfied)
    first = (pl.col("tier_class") == "top").fill_null(False)
    return low.sort(first, "value", "customer_id", "score", descending=[True, True, False, False], nulls_last=True)


def _answers(evidence: Evidence) -> pl.DataFrame:
    """Return every base customer's latest score of each item, with who it is."""
    return evidence.remember("survey answers", lambda: _answered(evidence))


def _answered(evidence: Evidence) -> pl.DataFrame:
    contacts = evidence.tables.contacts
    if contacts is not None and "contacts.score" in evidence.held:
        latest = _latest(contacts, evidence.clock.as_of)
    else:
        stated = with_measures(evidence.base, "satisfaction").filter(pl.col("satisfaction").is_not_null())
        item, day = pl.lit(None, pl.String), pl.lit(None, pl.Int64)
        latest = stated.select("customer_id", item=item, score="satisfaction", date=day)
    who = with_measures(evidence.base, "name", "owner")
    known = who.select("customer_id", "name", "tier", "tier_class", pl.col("owner").cast(pl.String), "value")
    return latest.join(known, on="customer_id", how="inner").with_columns(about=_about())


def _latest(contacts: Lazy, as_of: int | None) -> pl.DataFrame:
    """Return customer_id, item, score and date: the latest answer to each topic, those of one day averaged."""
    asked = (nw.col("kind") == "survey") & ~nw.col("score").is_null()
    if as_of is not None:
        asked &= nw.col("date") <= as_of
    topic = [nw.col("topic")] if "topic" in columns_of(contacts) else []
    found = collect(contacts.filter(asked).select("customer_id", "date", "score", *topic))
    item = pl.col("topic").str.strip_chars().str.to_lowercase() if topic else pl.lit(None, pl.String)
    items = found.select("customer_id", "date", "score", item=item)
    # The days of one customer and topic, in whole hundredths of a point: no order of rows changes the mean.
    points = (pl.col("score") * 100).round(0).cast(pl.Int64)
    last = items.filter(pl.col("date") == pl.col("date").max().over("customer_id", "item"))
    return last.group_by("customer_id", "item").agg(score=points.sum() / pl.len() / 100, date=pl.col("date").max())


def _about() -> pl.Expr:
    fits = [pl.when(pl.col("item").str.contains(pattern)).then(pl.lit(topic)) for topic, pattern in TOPICS.items()]
    return pl.when(pl.col("item").is_null()).then(pl.lit("overall")).otherwise(pl.coalesce(*fits, pl.lit("other")))


def _commonest(name: str) -> pl.Expr:
    """Return the commonest value of a column inside a group, of equals the alphabetically first."""
    return pl.col(name).drop_nulls().mode().sort().first()


def _causes(evidence: Evidence, low: pl.DataFrame) -> pl.DataFrame:
    """Return what those dissatisfied with an item complain of most, as far as complaints have a topic."""
    contacts, clock = evidence.tables.contacts, evidence.clock
    held = contacts is not None and "topic" in columns_of(contacts) and clock.as_of is not None
    if contacts is None or not held:
        return pl.DataFrame(schema={"about": pl.String, "item": pl.String, "cause": pl.String})
    named = (nw.col("kind") == "complaint") & (nw.col("date") <= clock.as_of) & ~nw.col("topic").is_null()
    complaints = collect(contacts.filter(named).select("customer_id", "topic"))
    theirs = low.select("customer_id", "about", "item").join(complaints, on="customer_id", how="inner")
    return theirs.group_by("about", "item").agg(cause=_commonest("topic"))


def _figures(answers: pl.DataFrame, low: pl.DataFrame, top: pl.DataFrame) -> dict[str, Figure]:
    unhappy = low.unique("customer_id")
    return {
        "customers": Figure("count", answers["customer_id"].n_unique()),
        "mean": Figure("score", answers["score"].mean()),
        "dissatisfied": Figure("count", len(unhappy)),
        "value": Figure("money", int(unhappy["value"].sum())),
        "top_class": Figure("count", top["customer_id"].n_unique()),
    }


def _notes(evidence: Evidence) -> tuple[Phrase, ...]:
    if "contacts.score" not in evidence.held:
        return (Phrase("survey.stated", {}, "value"),)
    return () if "contacts.topic" in evidence.held else (Phrase("survey.no_topics", {}, "value"),)


SURVEY: Final = System("survey", "S14", (("contacts.score", "customers.satisfaction"),), report)
