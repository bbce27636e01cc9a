"""Recounts of what the pages of the audit and the claims show."""

import pytest

from tests.unit.recounts.found import PENCE, Found, recount, same
from tests.unit.reference_systems import audit, board, kinds, warnings, worth
from tests.unit.reference_systems.sample import Day


@recount("S29")
def profile_completeness(found: Found, day: Day) -> None:
    same(found.rows("profile_completeness", "completeness"), warnings.completeness().reindex(day.base.index))


@recount("audit_period")
def audit_period(found: Found, day: Day) -> None:
    own = audit.one_period(day)
    names = ("customers", "purchases", "revenue", "returns_only")
    buyers, purchases, revenue, only_returned = (found.figure("audit_period", name) for name in names)
    assert (buyers, purchases) == (own["buyers"], own["purchases"])
    assert revenue + only_returned == own["revenue"] * PENCE


@recount("audit_two_periods")
def audit_two_periods(found: Found, day: Day) -> None:
    own = audit.two_periods(day)
    assert {name: found.figure("audit_two_periods", name) for name in own} == own


@recount("audit_cohort")
def audit_cohort(found: Found, day: Day) -> None:
    frame = found.evidence.report("audit_cohort").rows.frame
    told = dict(zip(frame["quarter"].str.replace("-", "").to_list(), frame["active_share"].to_list(), strict=True))
    cohort = found.figure("audit_cohort", "cohort").replace("-", "")
    assert told == pytest.approx(audit.active_share(day, cohort), rel=1e-9)


@recount("audit_cohorts")
def audit_cohorts(found: Found, day: Day) -> None:
    frame = found.evidence.report("audit_cohorts").rows.frame.filter(cohort="2024-Q2")
    told = dict(zip(frame["age"].to_list(), frame["active_share"].to_list(), strict=True))
    assert told == pytest.approx(dict(enumerate(audit.active_share(day, "2024Q2").values())), rel=1e-9)


@recount("audit_base")
def audit_base(found: Found, day: Day) -> None:
    frame = found.evidence.report("audit_base").rows.frame
    told = {(row["cohort"], row["quarter"]): row["revenue"] for row in frame.iter_rows(named=True) if row["cohort"]}
    own = audit.revenue_by_cohort(day)
    assert {(a.replace("-", ""), b.replace("-", "")): revenue for (a, b), revenue in told.items() if revenue} == {
        key: revenue * PENCE for key, revenue in own.items() if revenue
    }


@recount("claims")
def claims(found: Found, day: Day) -> None:
    frame = found.evidence.report("claims").rows.frame
    effects = dict(zip(frame["claim"].to_list(), frame["effect"].to_list(), strict=True))
    assert effects["few_bring_most"] == pytest.approx(board.largest_fifth(day), rel=1e-9)
    assert effects["losses_matter"] == pytest.approx(board.losses(day)[1], rel=1e-9)
    low, silent = worth.iceberg(day)
    assert effects["dissatisfied_keep_silent"] == pytest.approx(silent / low, rel=1e-9)
    fond = kinds.types(day)["loyal"]
    share = day.base["revenue"][fond].sum() / day.base["revenue"].sum()
    assert effects["loyal_few_but_much"] == pytest.approx(share / fond.mean(), rel=1e-9)
