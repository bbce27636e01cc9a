"""Answers of surveys: what a customer thought of a topic on a day, beside what it thought of everything."""

from typing import Final

import narwhals as nw
import polars as pl

from crmdash.engine import collect
from crmdash.systems.evidence import Evidence

OVERALL: Final = (
    "overall", "total", "general", "总体", "总体满意度", "整体", "整体满意度", "總體", "總體滿意度", "整體",
    "整體滿意度",
)  # fmt: skip
"""Topics that mean everything; an answer without a topic means it too."""


def topic_answers(evidence: Evidence) -> pl.DataFrame:
    """Return customer_id, date, topic, score and overall: one row per topic that a customer answered on a day.

    Days without an overall answer are left out; several answers to one topic on a day are their mean.
    """
    contacts, clock = evidence.tables.contacts, evidence.clock
    assert contacts is not None and clock.as_of is not None, "the system needs contacts"
    asked = (nw.col("kind") == "survey") & ~nw.col("score").is_null() & (nw.col("date") <= clock.as_of)
    answers = collect(contacts.filter(asked).select("customer_id", "date", "topic", "score"))
    topic = pl.col("topic").str.strip_chars().str.to_lowercase()
    each = answers.group_by("customer_id", "date", topic).agg(pl.col("score").mean())
    meant = pl.col("topic").is_null() | pl.col("topic").is_in(OVERALL)
    overall = each.filter(meant).group_by("customer_id", "date").agg(overall=pl.col("score").mean())
    topics = each.filter(~meant).join(overall, on=["customer_id", "date"], how="inner")
    return topics.select("customer_id", "date", "topic", "score", "overall").sort("customer_id", "date", "topic")
