"""Claims put to the data: comparisons by hand, limits, verdicts, and what is missing."""

from math import sqrt

import polars as pl
import pytest
from scipy.stats import norm

from crmdash.i18n import terms
from crmdash.phrases import Figure
from crmdash.systems.claims import CLAIMS, CLAIMS_SYSTEM, findings, report
from crmdash.systems.claims.claim import FEWEST, THEMES, judged
from crmdash.systems.claims.comparisons import correlation, of_counts, shares, superiority
from tests.unit.frames import evidence, money, sale, sales

FLAG, VALUE = pl.col("flag"), pl.col("value")


def finding(found, code):
    return findings(found)[code]


def test_shares_are_compared_in_points_with_a_z_test():
    found = of_counts((100, 80), (50, 30))
    assert (found.first, found.second, found.cases) == (0.8, 0.6, 50)
    assert found.effect == pytest.approx(0.2)
    pooled = 110 / 150
    assert found.chance == pytest.approx(norm.sf(0.2 / sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 50))))
    assert of_counts((0, 0), (5, 5)).effect is None


def test_what_is_missing_belongs_to_no_group():
    rows = pl.DataFrame({"flag": [True, True, False, None], "value": [True, None, False, True]})
    found = shares(rows, FLAG, VALUE)
    assert (found.first, found.second, found.cases) == (1, 0, 1)


def test_superiority_is_the_chance_of_lying_above():
    # Pairs: 3 over 1, 3 over 2, 2 over 1, and 2 with 2 a tie = (3 + 0.5) / 4.
    rows = pl.DataFrame({"flag": [True, True, False, False], "value": [3, 2, 1, 2]})
    found = superiority(rows, FLAG, VALUE)
    assert found.effect == pytest.approx(3.5 / 4)
    assert (found.first, found.second, found.cases) == (2.5, 1.5, 2)
    assert superiority(rows.head(2), FLAG, VALUE).effect is None


def test_correlation_is_of_ranks():
    rows = pl.DataFrame({"flag": [1, 2, 3, 4], "value": [10, 20, 1000, 30]})
    assert correlation(rows, FLAG, VALUE).effect == pytest.approx(0.8)
    assert correlation(rows.with_columns(flag=pl.lit(1)), FLAG, VALUE).effect is None


@pytest.mark.parametrize(
    ("effect", "cases", "chance", "at_most", "verdict", "reason"),
    [
        (0.06, 30, 0.001, False, "holds", None),
        (0.05, 30, None, False, "holds", None),
        (0.04, 30, 0.001, False, "fails", None),
        (0.06, 30, 0.2, False, "untested", "untested.chance"),
        (0.04, 30, 0.2, False, "fails", None),
        (0.06, 29, 0.001, False, "untested", "untested.few"),
        (None, 500, None, False, "untested", "untested.few"),
        (0.05, 30, None, True, "holds", None),
        (0.06, 30, None, True, "fails", None),
    ],
)
def test_an_effect_is_held_against_its_limit(effect, cases, chance, at_most, verdict, reason):
    found = judged(effect, 0.05, cases, {"share": Figure("percent", effect)}, chance=chance, at_most=at_most)
    assert found.verdict == verdict
    assert (found.reason.key if found.reason else None) == reason


def unequal() -> list[dict[str, object]]:
    """Forty customers: eight spend 70 each, thirty-two 10 to 41: 560 of 560 + 816 = 41 %."""
    large = [sale(f"l{n:02}", 0, 70) for n in range(8)]
    return large + [sale(f"s{n:02}", n % 5, 10 + n) for n in range(32)]


def test_few_bring_most_is_measured_not_asserted():
    found = evidence(unequal())
    told = finding(found, "few_bring_most")
    assert told.effect == pytest.approx(560 / 1376)
    assert (told.verdict, told.cases) == ("fails", 40)
    alike = finding(found, "small_ones_alike")
    # Quartiles of 10 … 41: 17.75 and 33.25.
    assert alike.effect == pytest.approx(33.25 / 17.75)
    assert alike.verdict == "holds"


def test_few_bring_most_holds_where_they_do():
    rows = [sale("giant", 0, 10_000), *(sale(f"c{n}", 0, 1) for n in range(39))]
    found = findings(evidence(rows))
    assert (found["few_bring_most"].verdict, found["eighty_twenty"].verdict) == ("holds", "holds")


def test_losses_are_set_against_what_the_others_earn():
    rows = [sale(f"c{n:02}", 0, 10, cost=0 if n < 30 else 40) for n in range(40)]
    told = finding(evidence(rows), "losses_matter")
    assert told.effect == pytest.approx(300 / 300)
    assert told.figures["customers"].value == 10


def two_periods(discount_kept: int, other_kept: int) -> list[dict[str, object]]:
    """Sixty regular customers, half of them buying on deals; of each half so many buy in the last year too."""
    rows = []
    for n in range(60):
        deal = n < 30
        kept = n % 30 < (discount_kept if deal else other_kept)
        for day in (0, 100, 200, *((500,) if kept else ())):
            rows.append(sale(f"c{n:02}", day, 10, discount=5 if deal else 0))
    return [*rows, sale("last", 730, 1, discount=0)]


@pytest.mark.parametrize(
    ("discount_kept", "other_kept", "verdict"), [(15, 15, "holds"), (10, 25, "holds"), (28, 10, "fails")]
)
def test_price_is_no_loyalty_unless_deals_keep(discount_kept, other_kept, verdict):
    told = finding(evidence(two_periods(discount_kept, other_kept)), "price_is_not_loyalty")
    assert told.effect == pytest.approx((discount_kept - other_kept) / 30)
    assert told.verdict == verdict


def test_the_satisfied_are_set_beside_the_dissatisfied():
    rows, people = [], []
    for n in range(80):
        happy = n < 40
        kept = n % 40 < (36 if happy else 16)
        rows += sales(f"c{n:02}", {100: 10, 300: 10, **({600: 10} if kept else {})})
        people.append({"customer_id": f"c{n:02}", "satisfaction": 9.0 if happy else 4.0})
    rows += sales("last", {0: 1, 730: 1})
    people.append({"customer_id": "last", "satisfaction": 7.0})
    told = finding(evidence(rows, customers=people), "satisfied_stay")
    assert (told.figures["first"].value, told.figures["second"].value) == (0.9, 0.4)
    assert (told.verdict, told.cases) == ("holds", 40)


def test_keeping_is_set_beside_winning_per_unit_of_profit():
    rows, people = [], []
    for n in range(60):
        old = n < 30
        rows += sales(f"c{n:02}", {**({0: 10} if old else {}), 700: 100}, cost=0)
        people.append({"customer_id": f"c{n:02}", "acquisition_cost": 30.0})
    served = [{"customer_id": f"c{n:02}", "date": 710, "kind": "visit", "cost": 20.0} for n in range(60)]
    rows.append(sale("c00", 730, 0, cost=0))
    told = finding(evidence(rows, customers=people, contacts=served), "keeping_costs_less")
    assert told.figures["keeping"].value == pytest.approx(0.2)
    assert told.figures["winning"].value == pytest.approx(0.5)
    assert (told.effect, told.verdict, told.cases) == (pytest.approx(0.4), "holds", 30)


def test_a_claim_without_its_columns_says_which():
    found = evidence(sales("a", {0: 10, 5: 10}))
    assert finding(found, "top_pays_full_price").missing == (("transactions.discount",),)
    # What the system that measures it lacks is lacking too.
    assert finding(found, "met_expectations_keep").missing == (("customers.expectation",), ("customers.experience",))
    assert finding(found, "few_bring_most").reason.key == "untested.few"


def test_the_report_lists_every_claim_with_its_verdict():
    found = report(evidence(unequal()))
    frame = found.rows.frame
    assert frame["claim"].to_list() == [claim.code for claim in CLAIMS]
    counted = sum(found.figures[name].value for name in ("holds", "fails", "untested"))
    assert counted == len(CLAIMS) == len(frame)
    row = frame.row(by_predicate=pl.col("claim") == "top_pays_full_price", named=True)
    assert (row["verdict"], row["reason"], row["missing"]) == ("untested", "missing", "transactions.discount")
    assert found.figures["few_bring_most"].value == "claims:verdict.fails"
    assert CLAIMS_SYSTEM.explain is None


def test_every_claim_has_its_words():
    words = terms("claims")
    codes = {claim.code for claim in CLAIMS}
    for part in ("claim", "criterion", "found"):
        assert {key.partition(".")[2] for key in words if key.startswith(f"{part}.")} == codes
    assert {key.partition(".")[2] for key in words if key.startswith("caution.")} <= codes
    assert {claim.theme for claim in CLAIMS} == set(THEMES)
    reasons = {key.partition(".")[2] for key in words if key.startswith("untested.")}
    assert reasons | {"missing"} == {key.partition(".")[2] for key in words if key.startswith("reason.")}
    assert FEWEST == 30


def test_claims_work_on_a_customers_table_alone():
    people = [{"customer_id": f"c{n:02}", "revenue": 10.0 + n, "orders": 2, "satisfaction": 9.0} for n in range(40)]
    found = findings(evidence(None, customers=people))
    assert found["few_bring_most"].effect is not None
    assert found["satisfied_stay"].missing == (("transactions",),)
    assert money(1) == 10_000
