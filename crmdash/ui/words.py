"""Short ways to the words of codes, for panels."""

from crmdash.i18n import Wording
from crmdash.settings import Settings


def tier_words(code: str, _: Wording) -> str:
    """Return a tier's name."""
    return _.term("model", f"tier.{code}")


def line_words(line: str, settings: Settings, _: Wording) -> str:
    """Return the name of a tier line; where lead means losing money, its line is the one at zero profit."""
    if line == "lead" and settings.tiers.lead_if_loss:
        return _.term("lines", "line.zero_profit")
    return tier_words(line, _)


def stage_words(code: str, _: Wording) -> str:
    """Return a stage's name."""
    return _.term("model", f"stage.{code}")


def strategy_words(code: str, _: Wording, *, short: bool = False) -> str:
    """Return a strategy's name, for narrow places the short one."""
    return _.term("model", f"strategy_short.{code}" if short else f"strategy.{code}")


def measure_words(code: str, _: Wording) -> str:
    """Return a measure's name."""
    return _.term("model", f"measure.{code}")


def value_words(settings: Settings, _: Wording) -> str:
    """Return the name of the measure that orders the customers."""
    return measure_words(settings.tiers.measure, _)


def bold(words: str) -> str:
    """Return words of ours in bold; an f-string around `_()` would hide them from the translators' list."""
    return f"**{words}**"
