"""Ordered rules: the first that holds wins, the last line takes the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from crmdash.engine.language import nw


@dataclass(frozen=True, eq=False)
class Rule:
    """A label and the condition under which a row takes it.

    Attributes
    ----------
    also : further conditions, each of them enough; apart, so that a million customers are only asked anew what changed.
    """

    name: str
    holds: nw.Expr
    also: tuple[nw.Expr, ...] = ()

    @property
    def conditions(self) -> tuple[nw.Expr, ...]:
        """Every condition that is enough."""
        return (self.holds, *self.also)


def surely(condition: nw.Expr) -> nw.Expr:
    """Return `condition` with missing read as false: what is missing never counts as evidence."""
    return condition.fill_null(False)


def first_that_holds(rules: Sequence[Rule], otherwise: str, dtype: Any = None) -> nw.Expr:
    """Return the name of the first rule that holds in each row, or `otherwise`, as text unless told."""
    dtype = dtype or nw.String
    label: nw.Expr = nw.lit(otherwise, dtype)
    for rule in reversed(rules):
        label = nw.when(either(*rule.conditions)).then(nw.lit(rule.name, dtype)).otherwise(label)
    return label


def label_of(code: nw.Expr, labels: Mapping[str, Any], dtype: Any = None) -> nw.Expr:
    """Return what `labels` says for each row's code, as text unless another type is given; else missing."""
    dtype = dtype or nw.String
    found: nw.Expr = nw.lit(None, dtype)
    for known, label in labels.items():
        found = nw.when(code == known).then(nw.lit(label, dtype)).otherwise(found)
    return found


def measure(name: str, known: frozenset[str]) -> nw.Expr:
    """Return the column `name`, or a missing number where the data has no such measure."""
    return nw.col(name) if name in known else nw.lit(None, nw.Float64)


def either(*conditions: nw.Expr) -> nw.Expr:
    """Return whether any condition surely holds."""
    first, *others = (surely(condition) for condition in conditions)
    return reduce(or_, others, first)
