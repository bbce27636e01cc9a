"""What the clicks on tiers, cells and strategies leave of the customers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from crmdash.evaluate import Evaluation
from crmdash.i18n import Wording
from crmdash.labelling import (
    Rows,
    potentials_of_everybody,
    stages_of_everybody,
    strategies_of_everybody,
    tiers_of_everybody,
)
from crmdash.model.lifecycle import stages_of
from crmdash.model.strategies import SHOWN_STRATEGIES
from crmdash.ui import state
from crmdash.ui.words import stage_words, strategy_words, tier_words

CLICKED: Final[dict[str, Callable[[str, Wording], str]]] = {
    "tier": tier_words,
    "stage": stage_words,
    "strategy": strategy_words,
    "loses": lambda _code, _: _("Loses money"),
}
"""What can be clicked, with the words of its codes."""


@dataclass(frozen=True, eq=False)
class Narrowed:
    """The customers that the clicks leave, largest value first; internal customers left out.

    Attributes
    ----------
    places : where they stand in the summary.
    left : of everybody in the summary, who is among them.
    """

    evaluation: Evaluation
    places: Rows
    left: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.places)

    def rows(self, part: slice = slice(None)) -> pl.DataFrame:
        """Return the rows of some of them, labelled."""
        return self.evaluation.rows(self.places[part])

    @cached_property
    def prospects(self) -> int:
        """How many of them are prospects."""
        return int(self._column("prospect").sum())

    @cached_property
    def value(self) -> int:
        """What they are worth, in ten-thousandths."""
        return int(self._column(self.evaluation.settings.tiers.measure).sum())

    def _column(self, name: str) -> pl.Series:
        return self.evaluation.groundwork.summary.customers[name].filter(pl.Series(self.left))


def narrowed(evaluation: Evaluation) -> Narrowed:
    """Return the customers that the clicks leave."""
    filters, ground, cuts = state.filters(), evaluation.groundwork, evaluation.cuts
    customers, codes = ground.summary.customers, evaluation.settings.tiers.codes
    left = ~customers["internal"].to_numpy()
    if (looked_at := ground.seen) is not None:
        left &= looked_at
    if filters.tier is not None:
        standing = tiers_of_everybody(ground, cuts)
        if filters.stage:
            standing = np.maximum(standing, potentials_of_everybody(ground, cuts))
        left &= standing == _place(filters.tier, codes)
    if filters.stage is not None:
        left &= stages_of_everybody(ground) == _place(filters.stage, stages_of(evaluation.settings))
    if filters.strategy is not None:
        left &= strategies_of_everybody(ground, cuts) == _place(filters.strategy, SHOWN_STRATEGIES)
    if filters.loses is not None and "customer_profit" in customers.columns:
        left &= (customers["customer_profit"] < 0).fill_null(False).to_numpy()
    return Narrowed(evaluation, ground.by_value[left[ground.by_value]], left)


def _place(code: str, codes: Sequence[str]) -> int:
    """Return the place of a code; of one that is not drawn any more, one that nobody has."""
    return codes.index(code) if code in codes else len(codes)


def held(_: Wording, found: Narrowed) -> str:
    """Say how many customers and prospects a list holds, and their value."""
    prospects, value = found.prospects, _.compact_money(found.value)
    customers = _.integer(len(found) - prospects)
    if not prospects:
        return _("{count} customers, {value}", count=customers, value=value)
    return _(
        "{count} customers, {value}, and {prospects} prospects",
        count=customers, value=value, prospects=_.integer(prospects),
    )  # fmt: skip


def clicked_words(_: Wording) -> tuple[str, ...]:
    """Return what the list is narrowed to, in the reader's words."""
    filters = state.filters()
    return tuple(words(code, _) for name, words in CLICKED.items() if (code := getattr(filters, name)) is not None)
