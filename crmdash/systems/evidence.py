"""What systems are asked of: an evaluation, the tables behind it, and the same customers at other days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import narwhals as nw
import polars as pl

from crmdash.engine import Lazy, collect_row
from crmdash.evaluate import Evaluation, label, missing_measures
from crmdash.rule_settings import SystemCode as Code
from crmdash.scope import within
from crmdash.settings import Settings
from crmdash.summary import Clock, Summary, Tables
from crmdash.systems.hindsight import without_later
from crmdash.systems.report import Needs, Report, System

Found = TypeVar("Found")


@dataclass(frozen=True, eq=False)
class Evidence:
    """An evaluation with everything that a system may look up.

    Attributes
    ----------
    tables : the canonical tables, lazily, rows later than the as-at day included.
    summary_at : the summary of the same data as at another day; whoever builds the evidence remembers it.
    systems : every system by its code (`crmdash.systems.registry.gather` gives all of them).
    worked_out : adds the measure that tiers go by to a summary, where it is worked out only when chosen.
    lasting : what holds as long as the summary, whatever the other settings are; shared by all evidence of one summary.
    """

    tables: Tables
    summary: Summary
    evaluation: Evaluation
    summary_at: Callable[[int], Summary]
    systems: Mapping[Code, System] = field(default_factory=dict, repr=False)
    lasting: dict[str, Any] = field(default_factory=dict, repr=False)
    worked_out: Callable[[Summary, Settings], Summary] = lambda summary, _: summary
    _found: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def customers(self) -> pl.DataFrame:
        """Every customer looked at, with measures and labels."""
        return self.evaluation.customers

    @property
    def base(self) -> pl.DataFrame:
        """The customers of the base: prospects and internal ones left out."""
        return self.remember("base", lambda: self.customers.filter("in_base"))

    @property
    def settings(self) -> Settings:
        """The settings of the evaluation."""
        return self.evaluation.settings

    @property
    def clock(self) -> Clock:
        """The days that everything is counted against."""
        return self.evaluation.clock

    @property
    def held(self) -> frozenset[str]:
        """Tables, and columns as ``table.column``, of which the data holds at least one value."""
        return self.remember_lasting("held", lambda: _held(self.tables))

    @property
    def before(self) -> pl.DataFrame | None:
        """Every customer as labelled one comparison length ago; None where the data does not go back so far."""
        day = self.clock.period_ago
        return None if day is None else self.labelled_at(day)

    def labelled_at(self, day: int) -> pl.DataFrame | None:
        """Return those of `everybody_at` who are looked at."""
        return self.remember(f"labelled_at {day}", lambda: self._looked_at(day))

    def everybody_at(self, day: int) -> pl.DataFrame | None:
        """Return measures, tier, stage and phase of every customer as at `day`, whatever filter is set.

        Tiers are those that the lines of the present settings would have drawn on that day, and nothing counts that was
        known only later (`crmdash.systems.hindsight`). None where the data does not hold the day, or where the measure
        of the tiers cannot be had for it, as too little had happened for a fit.
        """
        return self.remember(f"everybody_at {day}", lambda: self._labelled(day))

    def summary_then(self, day: int) -> Summary | None:
        """Return the summary as at `day` without what was known only later; None where the data lacks the day."""
        return self.remember(f"summary_then {day}", lambda: self._known_then(day))

    def _looked_at(self, day: int) -> pl.DataFrame | None:
        everybody = self.everybody_at(day)
        return None if everybody is None else within(everybody, self.evaluation.scope)

    def _labelled(self, day: int) -> pl.DataFrame | None:
        then = self.summary_then(day)
        if then is None or missing_measures(then, self.settings):
            return None
        return label(then, self.settings, self.evaluation.scope)

    def _known_then(self, day: int) -> Summary | None:
        clock = self.clock
        if self.tables.transactions is None or clock.as_of is None or clock.span is None:
            return None  # sums without the order lines are of one day
        if not clock.as_of - clock.span <= day <= clock.as_of:
            return None
        summary = self.summary_at(day)
        return self.worked_out(replace(summary, customers=without_later(summary.customers, self.held)), self.settings)

    def remember(self, key: str, make: Callable[[], Found]) -> Found:
        """Return what `make` gives, computed once for this evidence."""
        if key not in self._found:
            self._found[key] = make()
        found: Found = self._found[key]
        return found

    def remember_lasting(self, key: str, make: Callable[[], Found]) -> Found:
        """Return what `make` gives, computed once for the summary; `key` names every setting that it depends on."""
        if key not in self.lasting:
            self.lasting[key] = make()
        found: Found = self.lasting[key]
        return found

    def missing(self, needs: Needs) -> Needs:
        """Return the needs that the data does not meet."""
        return tuple(anyone for anyone in needs if not set(anyone) & self.held)

    def report(self, code: Code) -> Report:
        """Return what a system found, computed once.

        Raises
        ------
        LookupError
            If its columns are missing.
        """
        system = self.systems[code]
        if missing := self.missing(system.needs):
            raise LookupError(f"{code} needs {missing}")
        return self.remember(f"report {code}", lambda: system.report(self))

    def can(self, code: Code) -> bool:
        """Say whether the data holds what a system needs."""
        return code in self.systems and not self.missing(self.systems[code].needs)


def _held(tables: Tables) -> frozenset[str]:
    found: set[str] = set()
    for name in ("transactions", "customers", "contacts", "staff"):
        frame: Lazy | None = getattr(tables, name)
        if frame is not None:
            found |= {name} | {f"{name}.{column}" for column, count in _counts(frame).items() if count}
    return frozenset(found)


def _counts(frame: Lazy) -> dict[str, Any]:
    return collect_row(frame.select(nw.all().count()))
