"""Tiers step by step (S9): a margin at every line keeps customers from flapping, and every move has a cause.

Places count from the top: 0 is the highest tier. Everything here is an expression over one row per customer.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from crmdash.model.tiers import Cuts, last_value_tier
from crmdash.settings import Settings

CAUSES: Final = (
    "new", "grew", "line_fell", "grew_and_line_fell", "stopped_losing",
    "shrank", "line_rose", "shrank_and_line_rose", "began_to_lose",
)  # fmt: skip
"""Why a customer stands in another tier than a step before; the first five lead in or up."""

PLACE: Final = pl.Int8
_WHOLE: Final = 100


@dataclass(frozen=True)
class Lines:
    """The tier lines of one step.

    Attributes
    ----------
    cuts : cut of every tier, top first, in ten-thousandths; None where a tier has no lower line.
    settings : whether lead means losing money, and which tier takes the rest.
    """

    cuts: Cuts
    settings: Settings

    @property
    def lead(self) -> int | None:
        """The place of customers that lose money; None where lead does not mean that."""
        return len(self.cuts) - 1 if self.settings.tiers.lead_if_loss else None

    def place(self, value: pl.Expr, loses: pl.Expr, margin: int = 0) -> pl.Expr:
        """Return the place that a value reaches: the highest line with ``value + margin % of |cut| >= cut``.

        Parameters
        ----------
        value : whole ten-thousandths; missing reaches no line.
        loses : whether a customer profit of zero or less is known.
        margin : per cent of each line's own |cut| by which it is lowered; below zero it is raised.
        """
        codes = list(self.cuts)
        found = pl.lit(codes.index(last_value_tier(self.settings)), PLACE)
        for place, cut in reversed(list(enumerate(self.cuts.values()))):
            if cut is not None:
                reached = (value >= _shifted(cut, margin)).fill_null(False)
                found = pl.when(reached).then(pl.lit(place, PLACE)).otherwise(found)
        if self.lead is None:
            return found
        return pl.when(loses).then(pl.lit(self.lead, PLACE)).otherwise(found)

    def kept(self, previous: pl.Expr, value: pl.Expr, loses: pl.Expr, margin: int) -> pl.Expr:
        """Return the place after a step: the previous one, unless the value has passed a line by more than `margin`.

        new = previous clamped to [place(value + m |cut|), place(value - m |cut|)]; the plain place without a previous.
        """
        best, least = self.place(value, loses, margin), self.place(value, loses, -margin)
        clamped = pl.max_horizontal(best, pl.min_horizontal(previous, least))
        return pl.when(previous.is_null()).then(self.place(value, loses)).otherwise(clamped)


def _shifted(cut: int, margin: int) -> int:
    """Return the smallest whole value that reaches a line lowered by `margin` per cent of its own size."""
    return -((margin * abs(cut) - _WHOLE * cut) // _WHOLE)


@dataclass(frozen=True)
class Standing:
    """Columns that say where customers stood at one step: value and whether they lost money."""

    value: pl.Expr
    loses: pl.Expr


def cause(
    place: pl.Expr, previous: pl.Expr, now: tuple[Lines, Standing], before: tuple[Lines, Standing], margin: int
) -> pl.Expr:
    """Return why a place differs from the previous one; missing where it does not.

    The customer moved by itself if its value of now would have moved it across the lines of before; the line moved if
    its value of before would have moved across the lines of now; else it took both.
    """
    (lines, today), (drawn_before, then) = now, before
    up = place < previous
    alone = drawn_before.kept(previous, today.value, today.loses, margin)
    by_line = lines.kept(previous, then.value, then.loses, margin)
    rose = (
        pl.when(alone < previous).then(pl.lit("grew"))
        .when(by_line < previous).then(pl.lit("line_fell"))
        .otherwise(pl.lit("grew_and_line_fell"))
    )  # fmt: skip
    fell = (
        pl.when(alone > previous).then(pl.lit("shrank"))
        .when(by_line > previous).then(pl.lit("line_rose"))
        .otherwise(pl.lit("shrank_and_line_rose"))
    )  # fmt: skip
    told = pl.when(up).then(rose).otherwise(fell)
    if lines.lead is not None:
        told = pl.when(place == lines.lead).then(pl.lit("began_to_lose")).otherwise(told)
        told = pl.when(previous == lines.lead).then(pl.lit("stopped_losing")).otherwise(told)
    moved = pl.when(previous.is_null()).then(pl.lit("new")).when(place != previous).then(told)
    return pl.when(place.is_not_null()).then(moved)
