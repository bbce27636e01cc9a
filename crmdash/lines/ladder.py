"""The tiers of two evaluations as one ladder: which line lies between two tiers, and which of them is the higher."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import polars as pl

from crmdash.evaluate import Evaluation
from crmdash.model.tiers import Cuts
from crmdash.settings import SCHEMES, Tier

LEAD: Final = "lead"
"""Tier of those who lose money where lead means that; its name also stands for the line at zero profit."""


def loses_into_lead(evaluation: Evaluation) -> bool:
    """Say whether the last tier takes those who lose money."""
    return evaluation.settings.tiers.lead_if_loss


@dataclass(frozen=True, eq=False)
class Ladder:
    """Tiers of one scheme before and now, as expressions over `tier_before` and `tier_now`.

    Lines are named by the tier whose lower edge they are, the line at zero profit by ``lead``. Who falls into lead by
    losing money, or comes out of it, crosses that line and no other. Tiers of different schemes are not comparable:
    there is no line between them.
    """

    before: Evaluation
    now: Evaluation

    @property
    def comparable(self) -> bool:
        """Whether both evaluations draw tiers of the same names."""
        return self.before.settings.tiers.scheme == self.now.settings.tiers.scheme

    @property
    def rule_switched(self) -> bool:
        """Whether lead means losing money on one side only."""
        return loses_into_lead(self.before) != loses_into_lead(self.now)

    @cached_property
    def codes(self) -> tuple[Tier, ...]:
        """Every tier that either side draws, top first."""
        drawn = {*self.before.settings.tiers.codes, *self.now.settings.tiers.codes}
        scheme = SCHEMES[self.now.settings.tiers.scheme]
        return tuple(code for code in (*scheme, *({LEAD} - set(scheme))) if code in drawn)

    @cached_property
    def lines(self) -> tuple[Tier, ...]:
        """Every line that either side draws, top first, the line at zero profit last."""
        if not self.comparable:
            return ()
        drawn = [code for code in self.codes if _is_drawn(code, self.before.cuts) or _is_drawn(code, self.now.cuts)]
        zero = loses_into_lead(self.before) or loses_into_lead(self.now)
        return (*drawn, LEAD) if zero else tuple(drawn)

    def up(self) -> pl.Expr:
        """Return whether the tier now is the higher one; missing where there are not two comparable tiers."""
        return self._place("tier_now") < self._place("tier_before")

    def crosses_zero(self) -> pl.Expr:
        """Return whether a customer went into lead by losing money, or came out of it."""
        if not self.comparable:
            return pl.lit(False)
        return self._lost("tier_before", self.before) != self._lost("tier_now", self.now)

    def crosses(self, line: Tier) -> pl.Expr:
        """Return whether a customer crossed a line; several where it jumped a tier."""
        if line == LEAD:
            return self.crosses_zero()
        place, was, stands = self.codes.index(line), self._place("tier_before"), self._place("tier_now")
        between = (pl.min_horizontal(was, stands) <= place) & (place < pl.max_horizontal(was, stands))
        return between & was.is_not_null() & stands.is_not_null() & ~self.crosses_zero()

    def nearest_line(self) -> pl.Expr:
        """Return the crossed line next to the tier of now: the one that says why a customer stands there."""
        above = dict(zip(self.codes[1:], self.codes, strict=False))
        risen = pl.when(self.up()).then(pl.col("tier_now"))
        fallen = pl.when(~self.up()).then(_looked_up(pl.col("tier_now"), above, pl.String))
        return pl.when(self.crosses_zero()).then(pl.lit(LEAD)).otherwise(pl.coalesce(risen, fallen))

    def cut_before(self, line: pl.Expr) -> pl.Expr:
        """Return where each row's line was drawn before; missing where it was not."""
        return _looked_up(line, dict(self.before.cuts), pl.Int64)

    def _place(self, column: str) -> pl.Expr:
        places = {code: place for place, code in enumerate(self.codes)} if self.comparable else {}
        return _looked_up(pl.col(column), places, pl.Int64)

    def _lost(self, column: str, evaluation: Evaluation) -> pl.Expr:
        tier = pl.col(column)
        return pl.when(tier.is_not_null()).then((tier == LEAD) if loses_into_lead(evaluation) else pl.lit(False))


def _is_drawn(line: Tier, cuts: Cuts) -> bool:
    return cuts.get(line) is not None


def _looked_up(code: pl.Expr, labels: Mapping[str, Any], dtype: type[pl.DataType]) -> pl.Expr:
    return code.replace_strict(labels, default=None, return_dtype=dtype)
