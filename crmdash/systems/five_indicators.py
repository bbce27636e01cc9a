"""S16 Five indicators: integrity, cooperation, dependence, growth and contribution, each among the customer's peers.

Together, weighted, they grade a customer, name it for an award and share out a reward; scored again one comparison
length ago, they say who rose and who fell. Peers are all customers of the base, whatever filter is looked through.
"""

from typing import Final

import polars as pl

from crmdash.model.reasons import Customer
from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import WorthSettings
from crmdash.summary import Summary
from crmdash.systems.evidence import Evidence
from crmdash.systems.held_measures import with_measures
from crmdash.systems.indicators import ASKED, COMPARED, INDICATORS, places_among, score_customers, score_placed
from crmdash.systems.order import in_order
from crmdash.systems.peers import Peers, among_peers, peer_groups
from crmdash.systems.places import base_places, spread
from crmdash.systems.report import CUSTOMER, TIER, Column, Explanation, Report, System, Table, row_of
from crmdash.systems.whole_base import base_at, measured_at, peers_at

GRADES: Final = ("a", "b", "c", "d")

_ASKED: Final = (*ASKED, "complaints_open")
_GROUP: Final = ("peers", "peers_kind")
_PEERS: Final = (Column("peers", "text"), Column("peers_kind", "code", "value:peers"))
_GRADE: Final = Column("grade", "code", "value:grade")
_SCORES: Final = (*(Column(name, "score") for name in INDICATORS), Column("total", "score"))
_CUSTOMERS: Final = Column("customers", "count")
_COLUMNS: Final = (
    *CUSTOMER, TIER, _GRADE, *_SCORES, Column("change", "score"), Column("estimated", "flag"), *_PEERS,
    Column("nominated", "flag"), Column("reward", "money"),
)  # fmt: skip


def report(evidence: Evidence) -> Report:
    """Score, grade and nominate every customer of the base, the best first."""
    worth = evidence.settings.worth
    rows, groups = graded(evidence)
    rows = _changed(rows, evidence)
    rows = in_order(rows, ("nominated", True), ("total", True))
    tables = {
        "tiers": Table(_means(rows, "tier", evidence.settings.tiers.codes), (TIER, _CUSTOMERS, *_SCORES)),
        "grades": Table(_means(rows, "grade", GRADES), (_GRADE, _CUSTOMERS, *_SCORES)),
        "groups": Table(groups, (*_PEERS, _CUSTOMERS, Column("total", "score"), Column("nominated", "count"),
                                 Column("customer_profit", "money"), Column("reward", "money"))),
    }  # fmt: skip
    return Report(_figures(rows, worth), Table(rows, _COLUMNS), tables, _notes(rows))


def graded(evidence: Evidence) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the customers of the base that are looked at, largest value first, with scores; and all peer groups."""
    return evidence.remember("five_indicators graded", lambda: _graded(evidence))


def _graded(evidence: Evidence) -> tuple[pl.DataFrame, pl.DataFrame]:
    shown, height = with_measures(evidence.base, "name"), len(evidence.summary.customers)
    base, places = evidence.base, base_places(evidence)
    if evidence.evaluation.scope.active:
        base = base_at(evidence, _ASKED)
        places = base["place"]
    peers, placed = peers_at(evidence), measured_at(evidence, None, "indicators", places_among, COMPARED)
    of_base = Peers(peers.columns[places], peers.keys[places])
    scores, groups = grade_customers(base, placed[places], of_base, evidence.settings.worth)
    if evidence.evaluation.scope.active:
        scores = spread(scores, places, height)[base_places(evidence)]
    return pl.concat([shown.select("customer_id", "name", "tier", "value"), scores], how="horizontal"), groups


def indicator_totals(summary: Summary, worth: WorthSettings) -> pl.DataFrame:
    """Return customer_id and indicator_total (0-100) of the whole base: a measure that tiers can be drawn by."""
    base = summary.customers.filter("in_base")
    scores = score_customers(base, peer_groups(base, worth.peers_at_least), worth)
    return base.select("customer_id").with_columns(indicator_total=scores["total"])


def grade_customers(
    base: pl.DataFrame, placed: pl.DataFrame, peers: Peers, worth: WorthSettings
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add peers, peers_kind, grade (a to d), nominated and reward (money) to the scores of `indicators.score_placed`.

    Nominated are the best of each peer group (so many per cent, at least one, equal totals alike) with enough points
    in total and in every known indicator, and without an open complaint. They share the reward of their group evenly.

    Parameters
    ----------
    placed : `indicators.places_among` of the same customers, in the same order.

    Returns
    -------
    The customers in the order of `base`, and one row per peer group.
    """
    scores, total = score_placed(base, placed, worth), pl.col("total")
    asked = with_measures(base, "complaints_open", "customer_profit")
    worthy = (total >= worth.award_score) & (pl.min_horizontal(INDICATORS) >= worth.award_floor)
    silent = asked["complaints_open"].fill_null(0) == 0
    named = pl.concat([peers.columns, scores], how="horizontal").with_columns(
        grade=_grade(worth),
        nominated=(worthy & _best(scores["total"], peers, worth) & silent).fill_null(False),
    )
    groups = _groups(named.with_columns(asked["customer_profit"]), worth)
    return _rewarded(named, groups), groups


def _best(totals: pl.Series, peers: Peers, worth: WorthSettings) -> pl.Series:
    """Return who is among the best of its peers, of those with enough points for an award."""
    known = among_peers(totals.to_frame(), peers, pl.col("total").count())["total"]
    # Nobody with fewer points is before one of these: ranks among them are those among all.
    enough = (totals >= worth.award_score).fill_null(False)
    rivals = Peers(peers.columns.filter(enough), peers.keys.filter(enough))
    places = among_peers(totals.filter(enough).to_frame(), rivals, pl.col("total").rank("min", descending=True))[
        "total"
    ]
    best = places <= (known.filter(enough) * worth.award_share / 100).ceil()
    return pl.repeat(False, len(totals), eager=True).scatter(enough.arg_true(), best)


def _rewarded(named: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    each = groups.filter(pl.col("nominated") > 0).select(*_GROUP, reward=pl.col("reward") // pl.col("nominated"))
    nominated = named["nominated"]
    rewards = named.select(_GROUP).filter(nominated).join(
        each, on=_GROUP, how="left", nulls_equal=True, maintain_order="left"
    )["reward"]  # fmt: skip
    nothing = pl.repeat(None, len(named), dtype=pl.Int64, eager=True)
    return named.with_columns(reward=nothing.scatter(nominated.arg_true(), rewards))


def _grade(worth: WorthSettings) -> pl.Expr:
    lines = zip(GRADES, (worth.grade_a, worth.grade_b, worth.grade_c, 0), strict=True)
    return pl.coalesce(pl.when(pl.col("total") >= line).then(pl.lit(grade)) for grade, line in lines)


def _changed(rows: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """Add the change of the total since one comparison length ago; missing for who was not there."""
    worth, day, customers = evidence.settings.worth, evidence.clock.period_ago, len(evidence.summary.customers)
    if day is None or evidence.before is None:
        return rows.with_columns(change=pl.lit(None, pl.Float64))
    # What the customers table states today counts for both days: beside each other that is fair.
    then = base_at(evidence, _ASKED, day)
    placed = measured_at(evidence, day, "indicators", places_among, COMPARED)[then["place"]]
    totals = spread(score_placed(then, placed, worth).select("total"), then["place"], customers)["total"]
    return rows.with_columns(change=pl.col("total") - totals.gather(base_places(evidence)))


def _means(rows: pl.DataFrame, by: str, order: tuple[str, ...]) -> pl.DataFrame:
    counted = rows.group_by(by).agg(pl.len().cast(pl.Int64).alias("customers"), pl.col(*INDICATORS, "total").mean())
    listed = pl.DataFrame({by: list(order)}).join(counted, on=by, how="left", maintain_order="left")
    return listed.with_columns(pl.col("customers").fill_null(0))


def _groups(rows: pl.DataFrame, worth: WorthSettings) -> pl.DataFrame:
    """Count each peer group: customers, mean total, nominated, customer profit and the part of it for rewards."""
    counted = rows.group_by(_GROUP).agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("total").mean(),
        pl.col("nominated").sum().cast(pl.Int64),
        pl.when(pl.col("customer_profit").count() > 0).then(pl.col("customer_profit").sum().cast(pl.Int64)),
    )
    budget = (pl.col("customer_profit") * worth.reward_share / 100).floor().cast(pl.Int64).clip(lower_bound=0)
    return counted.with_columns(reward=budget).sort("customers", *_GROUP, descending=[True, False, False])


def _figures(rows: pl.DataFrame, worth: WorthSettings) -> dict[str, Figure]:
    top, changes = rows.filter(pl.col("grade") == GRADES[0]), rows["change"].drop_nulls()
    risen, fallen = changes >= worth.change_notable, changes <= -worth.change_notable
    return {
        "customers": Figure("count", rows["total"].count()),
        "mean": Figure("score", rows["total"].mean()),
        "grade_a": Figure("count", len(top)),
        "nominated": Figure("count", int(rows["nominated"].sum())),
        "reward": Figure("money", int(rows["reward"].sum()) if rows["reward"].count() else None),
        "risen": Figure("count", int(risen.sum()) if len(changes) else None),
        "fallen": Figure("count", int(fallen.sum()) if len(changes) else None),
    }


def _notes(rows: pl.DataFrame) -> tuple[Phrase, ...]:
    dark = [name for name in INDICATORS if not rows[name].count()]
    notes = [Phrase("five_indicators.dark", {"indicator": _named(name)}, "value") for name in dark]
    if rows["estimated"].any():
        count = Figure("count", int(rows["estimated"].sum()))
        notes.append(Phrase("five_indicators.estimated", {"count": count}, "value"))
    return tuple(notes)


def _named(indicator: str) -> Figure:
    return Figure("term", f"value:indicator.{indicator}")


def peers_of(row: Customer) -> Figure:
    """Return the name of a customer's peer group as a figure."""
    if row["peers"] is None:
        return Figure("term", f"value:peers.{row['peers_kind']}")
    return Figure("text", row["peers"])


def explain(found: Report, customer: Customer) -> Explanation | None:
    """Say a customer's grade, what is strongest and weakest, and what it means."""
    row = row_of(found, customer)
    if row is None or row["total"] is None:
        return None
    label = Phrase(
        "five_indicators.label",
        {"grade": Figure("term", f"value:grade.{row['grade']}"), "total": Figure("score", row["total"]),
         "peers": peers_of(row)},
        "value",
    )  # fmt: skip
    return Explanation(label, tuple(_because(row)))


def _because(row: Customer) -> list[Phrase]:
    known = sorted((name for name in INDICATORS if row[name] is not None), key=lambda name: -row[name])
    best, worst = known[0], known[-1]
    said = {
        "best": _named(best), "score": Figure("score", row[best]),
        "worst": _named(worst), "worst_score": Figure("score", row[worst]), "known": Figure("count", len(known)),
    }  # fmt: skip
    because = [Phrase("five_indicators.range", said, "value")]
    if row["estimated"]:
        because.append(Phrase("five_indicators.guess", {}, "value"))
    if row["change"] is not None:
        direction = "rose" if row["change"] >= 0 else "fell"
        because.append(Phrase(f"five_indicators.{direction}", {"points": Figure("score", abs(row["change"]))}, "value"))
    if row["nominated"]:
        award = "award" if row["reward"] is not None else "nominated"
        because.append(Phrase(f"five_indicators.{award}", {"reward": Figure("money", row["reward"])}, "value"))
    return because


FIVE_INDICATORS: Final = System(
    "five_indicators", "S16", (("transactions", "customers.revenue", "customers.profit"),), report, explain
)
