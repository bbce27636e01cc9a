"""Explanations: what they say about a customer must be so, and the way out they name must lead out."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crmdash.evaluate import Evaluation, evaluate
from crmdash.i18n import Wording
from crmdash.ingest.dataset import open_dataset
from crmdash.ingest.raw import Source
from crmdash.model.reasons import Reason, Rulebook, why_flags, why_stage, why_strategy, why_tier
from crmdash.phrases import Phrase, say
from crmdash.reason_line import reason_line
from crmdash.summary import Tables, summarise
from tests.unit.frames import Row, contact, evaluated, money, of_customer, sale, sales
from tests.unit.test_references import cdnow_sample

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
MONTHLY = sales("m", {day: 10.0 for day in range(0, 901, 30)})
"""A steady customer that keeps T = 900 and, with the others, a base rhythm of 30 days."""


def explained(evaluation: Evaluation, customer_id: str = "a") -> tuple[Row, Rulebook]:
    return of_customer(evaluation.customers, customer_id), evaluation.rulebook


def figure(phrase: Phrase | None, name: str) -> Any:
    assert phrase is not None
    return phrase.figures[name].value


def stage_reason(evaluation: Evaluation, customer_id: str = "a") -> Reason:
    reason = why_stage(*explained(evaluation, customer_id))
    assert reason is not None
    return reason


def stage(evaluation: Evaluation, customer_id: str = "a") -> str:
    found: str = of_customer(evaluation.customers, customer_id)["stage"]
    return found


def test_tier_names_its_line_and_the_distance_to_the_next():
    rows = [sale("a", 0, 30), sale("b", 0, 50), sale("c", 0, 15), sale("d", 9, 5)]
    evaluation = evaluated(rows)
    gold = why_tier(*explained(evaluation, "a"))
    assert (gold.because.key, figure(gold.because, "cut")) == ("tier.reaches", money(30))
    assert gold.way_out is not None and gold.way_out.key == "tier.short_of"
    assert (figure(gold.way_out, "missing"), figure(gold.way_out, "tier")) == (money(20), "platinum")
    last = why_tier(*explained(evaluation, "d"))
    assert (last.because.key, figure(last.because, "cut")) == ("tier.below", money(15))
    assert (figure(last.way_out, "missing"), figure(last.way_out, "tier")) == (money(10), "iron")


def test_the_top_tier_has_a_margin():
    rows = [sale("a", 0, 60), sale("b", 0, 50), sale("c", 9, 10)]
    assert figure(why_tier(*explained(evaluated(rows, {"tiers": {"shares": {"platinum": 60}}}))).way_out, "margin") == (
        money(10)
    )


def test_a_loss_names_the_profit_that_ends_it():
    rows = [sale("a", 0, 60, profit=-3), sale("b", 9, 50, profit=5)]
    settings = {"tiers": {"lead_if_loss": True}}
    missing = figure(why_tier(*explained(evaluated(rows, settings))).way_out, "missing") / 10_000
    saved = [sale("a", 0, 60, profit=-3 + missing), sale("b", 9, 50, profit=5)]
    assert of_customer(evaluated(saved, settings).customers, "a")["tier"] == "platinum"


def test_cooling_names_the_day_that_counts_as_ended():
    rows = [*MONTHLY, *sales("a", {day: 1.0 for day in range(0, 811, 30)})]
    evaluation = evaluated(rows)
    reason = stage_reason(evaluation)
    assert (reason.because.key, figure(reason.because, "silence")) == ("stage.cooling", 3)
    # Six times 30 days after day 810.
    assert figure(reason.way_out, "date") == 990
    assert [stage(evaluated(rows, as_of=day)) for day in (989, 990)] == ["deterioration", "ended"]


def test_nobody_is_promised_an_end_while_something_is_unsettled():
    rows = [*MONTHLY, *sales("a", {day: 1.0 for day in range(0, 601, 30)})]
    evaluation = evaluated(rows, contacts=[contact("a", 890, "complaint")])
    assert stage(evaluation) == "deterioration"
    reason = stage_reason(evaluation)
    # Silent for ten times its rhythm: only the complaint keeps it from being ended.
    assert "date" not in (reason.way_out.figures if reason.way_out else {})
    assert {reason.because.key, reason.way_out.key if reason.way_out else None} & {"stage.unsettled", "stage.settle"}


def test_stable_names_the_last_day_for_an_order():
    rows = [*MONTHLY, *sales("a", {day: 10.0 for day in range(0, 871, 30)})]
    reason = stage_reason(evaluated(rows))
    # Cooling from day 870 + 2 x 30 = 930 on.
    assert (reason.because.key, figure(reason.way_out, "date")) == ("stage.stable", 929)
    assert [stage(evaluated(rows, as_of=day)) for day in (929, 930)] == ["stable", "deterioration"]


def test_with_a_slow_rhythm_two_years_of_silence_come_before_cooling():
    # Base rhythm and own rhythm 500 days: cooling at 1,000 days, but ended at 730.
    rows = sales("a", {0: 1, 500: 1, 1_000: 1})
    reason = stage_reason(evaluated(rows))
    until = figure(reason.way_out, "date")
    assert [stage(evaluated(rows, as_of=day)) for day in (until, until + 1)] == ["stable", "ended"]


def test_exploration_says_how_many_purchases_lead_on():
    rows = [*MONTHLY, sale("a", 880, 1)]
    more = figure(stage_reason(evaluated(rows)).way_out, "more")
    one_less = [*rows, *sales("a", {900 + day: 1 for day in range(1, more)})]
    assert (stage(evaluated(one_less)), more) == ("exploration", 2)
    assert stage(evaluated([*one_less, sale("a", 900 + more, 1)])) == "formation"


def test_formation_says_what_makes_it_stable():
    rows = [*MONTHLY, *sales("a", {840: 1, 870: 1, 900: 1})]
    reason = stage_reason(evaluated(rows))
    assert reason.way_out is not None
    assert (figure(reason.way_out, "more"), figure(reason.way_out, "date")) == (3, 840 + 730)


def test_more_purchases_alone_do_not_make_a_newcomer_stable():
    # 60 days old with three purchases: three more within a week leave it in formation (younger than 183 days).
    rows = [*MONTHLY, *sales("a", {840: 1, 870: 1, 900: 1})]
    more = figure(stage_reason(evaluated(rows)).way_out, "more")
    bought = [*rows, *sales("a", {900 + day: 1 for day in range(1, more + 1)})]
    assert stage(evaluated(bought)) == "formation"
    reason = stage_reason(evaluated(rows))
    assert 840 + 183 in [item.value for item in (reason.way_out.figures.values() if reason.way_out else [])]


def test_many_purchases_in_half_a_year_wait_for_their_age():
    rows = [*MONTHLY, *sales("a", {day: 1 for day in range(780, 901, 10)})]
    reason = stage_reason(evaluated(rows))
    assert figure(reason.way_out, "date") == 780 + 183


# T = 730, L = 365, a and b monthly. Share of a: from 1/2 to 1/11, a relative growth of -1.38; still buying.
SHRUNK = [
    *sales("a", {day: 100.0 if day <= 365 else 10.0 for day in range(5, 731, 25)}),
    *sales("b", {day: 100.0 for day in range(0, 731, 25)}),
]


def test_a_shrunken_share_names_the_revenue_that_regains_it():
    evaluation = evaluated(SHRUNK)
    reason = stage_reason(evaluation)
    assert reason.because.key == "stage.shrinking"
    missing = figure(reason.way_out, "missing")
    regained = evaluated([*SHRUNK, sale("a", 730, missing / 10_000)])
    assert of_customer(regained.customers, "a")["relative_growth"] > -0.67
    assert stage(regained) == "stable"


def test_growth_that_no_rule_reads_is_no_reason():
    # One purchase in the earlier period: the fall of the share counts for nothing, the disappointment does.
    rows = [*sales("a", {0: 1, 300: 500, 650: 1, 700: 1}), *sales("b", {0: 1, 200: 100, 400: 100, 730: 100})]
    surveys = [contact("a", 300, "survey", score=9), contact("a", 700, "survey", score=4)]
    evaluation = evaluated(rows, contacts=surveys)
    row = of_customer(evaluation.customers, "a")
    assert row["relative_growth"] <= -0.67 and row["orders_before"] < 3 and row["silence"] < 2
    reason = stage_reason(evaluation)
    assert reason.because.key == "stage.disappointed"
    assert (figure(reason.because, "fall"), figure(reason.because, "satisfaction")) == (5, 4)


@pytest.mark.parametrize(
    ("rows", "status", "key"),
    [
        (sales("a", {0: 1, 30: 1, 60: 1}), None, "stage.silent_out"),
        (sales("a", {day: 1 for day in range(0, 901, 30)}), "closed", "stage.closed"),
    ],
)
def test_ended_says_why(rows: list[Row], status: str | None, key: str):
    evaluation = evaluated([*MONTHLY, *rows], customers=[{"customer_id": "a", "status": status}])
    assert (stage(evaluation), stage_reason(evaluation).because.key) == ("ended", key)


def test_no_order_is_promised_to_reopen_what_the_file_calls_closed():
    # An order today, and still ended: only the file's status can change that.
    evaluation = evaluated(MONTHLY, customers=[{"customer_id": "m", "status": "closed"}])
    assert stage(evaluation, "m") == "ended"
    way_out = stage_reason(evaluation, "m").way_out
    assert way_out is None or way_out.key != "stage.reopened"


def test_ended_after_two_years_whatever_the_rhythm():
    reason = stage_reason(evaluated(sales("a", {0: 1, 500: 1, 1_000: 1}), as_of=1_730))
    assert (reason.because.key, figure(reason.because, "recency")) == ("stage.too_long_ago", 730)


def test_re_engineering_names_the_profit_that_ends_it():
    # Four steady customers with a margin of 30 %, one with 5 %: half of the usual 30 % of 1,240 is 186.
    good = [row for name in "bcde" for row in sales(name, {day: 40.0 for day in range(0, 901, 30)}, profit=12)]
    rows = [*good, *sales("a", {day: 40.0 for day in range(0, 901, 30)}, profit=2)]
    evaluation = evaluated(rows)
    customer, rules = explained(evaluation)
    reason = why_strategy(customer, rules)
    assert customer["strategy"] == "re_engineer" and reason is not None
    missing = figure(reason.way_out, "missing")
    better = evaluated([*rows, sale("a", 900, 0, profit=missing / 10_000)])
    almost = evaluated([*rows, sale("a", 900, 0, profit=(missing - 1) / 10_000)])
    assert [of_customer(found.customers, "a")["poor"] for found in (almost, better)] == [True, False]


GOOD = [row for name in "bcde" for row in sales(name, {day: 40.0 for day in range(0, 901, 30)}, profit=12)]
"""Steady customers with a margin of 30 %; W = 365 days and T = 900."""


def flag_said(rows: list[Row], name: str, **period: Any) -> str:
    tiers = {"mode": "amount", "amounts": {"platinum": 1, "gold": 0.5, "iron": 0.1}}
    evaluation = evaluated(rows, {"tiers": tiers, "period": period})
    return say(why_flags(*explained(evaluation))[name], Wording("en"))


def test_a_poor_margin_names_its_days_and_the_loss_of_the_whole_file():
    lately = sales("a", {day: 40.0 for day in range(540, 901, 30)}, profit=2)
    told = "Margin over the last 365 days 5%, usual in its tier 30%"
    assert flag_said([*GOOD, *lately], "poor") == told
    before = sale("a", 500, 40.0, profit=-100)
    assert flag_said([*GOOD, before, *lately], "poor") == f"{told}; customer profit of the whole file -74.00"
    # A loss of the whole file is not told of where value is that of the last months.
    assert flag_said([*GOOD, before, *lately], "poor", value_months=12) == told


def test_what_who_is_gone_earned_is_told_of_its_own_last_days():
    gone = sales("a", {day: 40.0 for day in range(0, 301, 30)}, profit=2)
    days = "over the 365 days up to its last purchase"
    assert flag_said([*GOOD, *gone], "poor").startswith(f"Margin {days} 5%")
    assert flag_said([*GOOD, *gone, sale("a", 300, 0, profit=-30)], "loses") == f"Customer profit {days} -8.00"


def test_no_days_are_named_where_totals_are_judged():
    customers = [{"customer_id": name, "revenue": 100, "profit": 30, "orders": 9, "recency": 5} for name in "bcde"]
    poor, loses = ({"customer_id": name, "revenue": 100, "orders": 9, "recency": 5} for name in "af")
    found = evaluated(customers=[*customers, poor | {"profit": 5}, loses | {"profit": -5}])
    assert say(why_flags(*explained(found))["poor"], Wording("en")) == "Margin 5%, usual in its tier 30%"
    assert say(why_flags(*explained(found, "f"))["loses"], Wording("en")) == "Customer profit -5.00"


def test_flags_show_their_figures():
    evaluation = evaluated(
        [*MONTHLY, *sales("a", {day: 1.0 for day in range(0, 901, 30)})],
        customers=[{"customer_id": "a", "share_of_wallet_before": 0.9, "share_of_wallet": 0.5, "tags": "benchmark"}],
    )
    found = why_flags(*explained(evaluation))
    assert {name: phrase.key for name, phrase in found.items()} == {
        "contested": "flag.wallet_fell",
        "upside": "flag.wallet_open",
        "guard": "flag.tagged",
    }
    assert (figure(found["contested"], "before"), figure(found["contested"], "now")) == (0.9, 0.5)


def test_in_the_dark_there_is_no_reason_for_a_stage():
    customer, rules = explained(evaluated(customers=[{"customer_id": "a", "revenue": 5, "orders": 2}]))
    assert (why_stage(customer, rules), why_strategy(customer, rules)) == (None, None)


@cache
def sample_evaluation(name: str) -> Evaluation:
    if name == "cdnow":
        return evaluate(summarise(Tables.of(cdnow_sample())))
    files = ("orders.parquet", "customers.csv", "contacts.csv", "staff.csv")
    opened = open_dataset([Source.from_path(SAMPLES / file) for file in files])
    return evaluate(summarise(Tables.of(opened.transactions, opened.customers, opened.contacts, opened.staff)))


def everything_said(customer: Row, rules: Rulebook, wording: Wording) -> list[str]:
    reasons = [why_tier(customer, rules), why_stage(customer, rules), why_strategy(customer, rules)]
    phrases = [phrase for reason in reasons if reason for phrase in (reason.because, reason.way_out) if phrase]
    phrases += why_flags(customer, rules).values()
    return [*(say(phrase, wording) for phrase in phrases), reason_line(customer, rules, wording)]


@pytest.mark.parametrize("name", ["cdnow", "distributor"])
def test_every_customer_of_the_samples_can_be_explained(name: str):
    evaluation = sample_evaluation(name)
    wording = Wording("en")
    for customer in evaluation.customers.iter_rows(named=True):
        said = everything_said(customer, evaluation.rulebook, wording)
        assert all(said[:-1]), customer
        assert bool(said[-1]) == (customer["strategy"] is not None)
        # A dash stands for a missing figure; only a prospect's value may be missing.
        missing = [sentence for sentence in said if "–" in sentence and customer["value"] is not None]
        assert not missing, json.dumps(customer)
