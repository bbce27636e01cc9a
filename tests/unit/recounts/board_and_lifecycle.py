"""Recounts of what the board and the page of the lifecycles show."""

import pytest

from crmdash.engine import collect, lazy
from crmdash.lines.suggestions import suggestions
from crmdash.model.visits import add_visit_hours
from crmdash.settings import Settings
from tests.unit.recounts.found import PENCE, Found, alike, recount, same
from tests.unit.reference_systems import board, lifecycles
from tests.unit.reference_systems.sample import Day, as_at, counts


@recount("S5")
def pyramid(found: Found, day: Day) -> None:
    alike(found.labels("tier").reindex(day.base.index), day.base["tier"])
    assert list(found.evidence.evaluation.cuts.values()) == [*(cut * PENCE for cut in day.cuts), None]


@recount("S6")
def concentration(found: Found, day: Day) -> None:
    evaluation, (losing, destroyed) = found.evidence.evaluation, board.losses(day)
    assert evaluation.concentration.top20_share == pytest.approx(board.largest_fifth(day), rel=1e-9)
    assert evaluation.whale is not None
    lost = -evaluation.whale.profit_destroyed / (evaluation.whale.total - evaluation.whale.profit_destroyed)
    assert evaluation.whale.loss_makers == losing
    assert lost == pytest.approx(destroyed, rel=1e-9)


@recount("S8")
def visits(found: Found, day: Day) -> None:
    planned = collect(add_visit_hours(lazy(found.evidence.customers), Settings())).filter("in_base")
    same(Found._column(planned, "customer_id", "visits"), board.visits(day))


@recount("S9")
def dynamic_tiers(found: Found, day: Day) -> None:
    moves = lifecycles.tier_moves()
    alike(found.rows("dynamic_tiers", "tier"), moves["after"])
    alike(found.rows("dynamic_tiers", "tier_before").dropna(), moves["before"].dropna())
    assert found.figure("dynamic_tiers", "held") == (moves["after"] != moves["free"]).sum()


@recount("S13")
def commercial(found: Found, day: Day) -> None:
    alike(found.rows("commercial", "stage"), lifecycles.stages("commercial", day))


@recount("S20")
def journey(found: Found, day: Day) -> None:
    alike(found.rows("journey", "stage"), lifecycles.stages("journey", day))


@recount("S23")
def strategies(found: Found, day: Day) -> None:
    alike(found.labels("strategy").reindex(day.customers.index), board.strategies(day))


@recount("S26")
def span_of_control(found: Found, day: Day) -> None:
    capacity = {suggestion.code: suggestion for suggestion in suggestions(found.evidence.evaluation, 3)}["capacity"]
    assert capacity.because.figures["cut"].value == board.held_by(day) * PENCE


@recount("S27")
def potential_tiers(found: Found, day: Day) -> None:
    known = found.rows("potential_tiers", "potential_tier")[found.rows("potential_tiers", "potential_known")]
    assert counts(known) | {"unknown": found.figure("potential_tiers", "potential_unknown")} == lifecycles.prospects()


@recount("S31")
def relationship(found: Found, day: Day) -> None:
    alike(found.rows("relationship", "stage"), day.customers["stage"])


@recount("S35")
def acquaintance(found: Found, day: Day) -> None:
    alike(found.rows("acquaintance", "stage"), lifecycles.stages("acquaintance", day))


@recount("personal_cycle")
def personal_cycle(found: Found, day: Day) -> None:
    alike(found.rows("personal_cycle", "stage"), lifecycles.stages("personal_cycle", day))


@recount("what_followed")
def what_followed(found: Found, day: Day) -> None:
    then = as_at(day.length)
    told = found.table("what_followed", "stages", "stage", "bought_share")
    assert told == pytest.approx(lifecycles.followed(then.base["stage"], then.t), rel=1e-9)
