"""The same tiers with their lines drawn by amount."""

from crmdash.adjusting import with_amounts
from crmdash.cuts import Ranked, cut_at
from crmdash.evaluate import Evaluation
from crmdash.settings import Mode, Settings


def drawn_by_amount(evaluation: Evaluation) -> Settings:
    """Return the settings with lines by amount that begin where the lines stand now, those out of force included.

    Nobody changes tier, but for what no amounts can say (`with_amounts`).
    """
    tiers, values = evaluation.settings.tiers, evaluation.groundwork.drawn_on
    lower = reversed(range(len(tiers.lines)))
    cuts = {
        code: _cut(values, tiers.mode, line, below)
        for (code, line), below in zip(tiers.lines.items(), lower, strict=True)
    }
    return with_amounts(evaluation.settings, cuts)


def _cut(values: Ranked, mode: Mode, line: float, below: int) -> int:
    """Return where a line stands; one that nobody reaches stands higher, clear of the `below` lines under it."""
    cut = cut_at(values, mode, line)
    if cut is not None and values.count_at_or_above(cut):
        return cut
    return max(cut or 0, 1) + below
