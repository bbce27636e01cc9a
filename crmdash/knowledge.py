"""What the program explains: the concepts behind its titles, in their order, and the glossary in three languages.

A concept is a code here; its words stand in ``data/words/concepts.toml`` under that code. The glossary is one fixed
table in which every reader sees all three languages, so it stands as it is in ``data/glossary.toml``.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Final
from unicodedata import normalize

PARTS: Final = ("title", "idea", "definition", "counting", "limits", "source")
"""What every concept says; `idea` is the one short line beside a title."""

_GLOSSARY: Final = Path(__file__).resolve().parent.parent / "data" / "glossary.toml"


@dataclass(frozen=True)
class Concept:
    """Something that a title on the screen names.

    Attributes
    ----------
    points : further parts of its own, such as the stages of the lifecycle.
    named_by : where the names of the points stand, as the kind of words and the table in it.
    see : codes of the concepts to read next.
    """

    code: str
    points: tuple[str, ...] = ()
    named_by: tuple[str, str] = ("concepts", "point")
    see: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """Every part that has words."""
        return (*PARTS, *self.points)


_ADVICE: Final = ("do", "dont", "who", "measure", "effect")


def _strategy(code: str, *see: str) -> Concept:
    return Concept(code, _ADVICE, see=("strategies", *see))


GROUPS: Final[dict[str, tuple[Concept, ...]]] = {
    "money": (
        Concept("pareto", see=("tiers", "gini")),
        Concept("whale", see=("customer_profit", "lead")),
        Concept("customer_profit", see=("whale",)),
        Concept("lifetime_value", see=("customer_profit", "rhythm")),
    ),
    "tiers": (
        Concept("tiers", ("platinum", "gold", "iron", "lead"), ("model", "tier"), see=("tier_line", "lead", "matrix")),
        Concept("tier_line", see=("nearest", "suggestions", "filters")),
        Concept("lead", see=("customer_profit", "tiers")),
        Concept("nearest", see=("tier_line", "ledger")),
        Concept("suggestions", see=("tier_line", "visit_hours")),
        Concept("dynamic_tiers", see=("tier_line", "ledger")),
        Concept("potential_tiers", see=("tiers", "visit_hours")),
    ),
    "relationship": (
        Concept(
            "lifecycle",
            ("prospect", "exploration", "formation", "stable", "deterioration", "ended"),
            ("model", "stage"),
            see=("rhythm", "growth", "matrix"),
        ),
        Concept("what_followed", see=("lifecycle", "rhythm")),
        Concept("rhythm", see=("lifecycle",)),
        Concept("growth", see=("period", "lifecycle")),
    ),
    "worth": (
        Concept("five_indicators", see=("customer_profit", "growth", "quality_traits")),
        Concept("quality_traits", see=("five_indicators",)),
        Concept("balance", see=("four_values", "five_indicators")),
        Concept("four_values", see=("balance", "expectations")),
        Concept("expectations", see=("four_values", "survey")),
        Concept("survey", see=("complaint_iceberg",)),
        Concept("complaint_iceberg", see=("survey",)),
    ),
    "action": (
        Concept("matrix", see=("tiers", "lifecycle", "strategies")),
        Concept("strategies", see=("matrix", "flags")),
        _strategy("start"),
        _strategy("protect", "flags"),
        _strategy("re_engineer", "customer_profit"),
        _strategy("enhance", "flags"),
        _strategy("harvest"),
        _strategy("end", "flags"),
        _strategy("win_back", "flags"),
        Concept(
            "flags",
            ("loses", "poor", "risk", "contested", "upside", "saturated", "guard", "fresh"),
            ("model", "flag"),
            see=("strategies",),
        ),
        Concept("visit_hours", see=("tiers", "ledger")),
    ),
    "what_if": (
        Concept("loss_of_the_top", see=("pareto", "tiers")),
        Concept("keeping", see=("acquisition", "customer_profit")),
        Concept("price_cut", see=("customer_profit",)),
        Concept("cross_sell", see=("flags", "tiers")),
        Concept("acquisition", see=("keeping", "channels")),
        Concept("channels", see=("acquisition",)),
        Concept("recommendations", see=("trust", "flags")),
        Concept("trust", see=("recommendations", "rhythm")),
        Concept("tiers_help", see=("tiers", "matrix")),
    ),
    "warnings": (
        Concept("early_warning", see=("expected_profit", "lost_customers", "exit_barriers")),
        Concept("expected_profit", see=("early_warning", "customer_profit")),
        Concept("due_list", see=("rhythm", "visit_hours")),
        Concept("lost_customers", see=("early_warning", "win_back")),
        Concept("open_matters", see=("lifecycle", "end")),
        Concept("exit_barriers", see=("early_warning",)),
        Concept("transaction_cost", see=("customer_profit", "re_engineer")),
        Concept("walk_away_value", see=("visit_hours",)),
    ),
    "changes": (
        Concept("ledger", see=("baseline", "nearest", "visit_hours")),
        Concept("baseline", see=("ledger",)),
    ),
    "view": (
        Concept("period", see=("growth", "rhythm")),
        Concept("filters", see=("tier_line",)),
        Concept("pseudonyms"),
    ),
    "kinds": (
        Concept("kinds_of_customer", see=("orientation", "criteria")),
        Concept("orientation", see=("kinds_of_customer",)),
        Concept("nature", see=("kinds_of_customer", "filters")),
        Concept("criteria", see=("tiers", "lifecycle", "segment_grids")),
        Concept("segment_grids", see=("rhythm", "rule_lint")),
        Concept("rule_lint", see=("lifecycle", "strategies")),
    ),
    "audit": (
        Concept("customer_audit", see=("cohort", "period")),
        Concept("cohort", see=("customer_audit", "growth")),
        Concept("profile", see=("pseudonyms",)),
        Concept("claims", see=("customer_audit", "pareto")),
    ),
    "more": (Concept("gini", see=("pareto",)),),
}
"""All concepts by group, in reading order."""

CONCEPTS: Final[dict[str, Concept]] = {concept.code: concept for group in GROUPS.values() for concept in group}


def concept(code: str) -> Concept:
    """Return the concept of a code.

    Raises
    ------
    KeyError
        If there is none; the message names the nearest known one.

    Examples
    --------
    >>> concept("whale").see
    ('customer_profit', 'lead')
    """
    if code not in CONCEPTS:
        near = get_close_matches(code, list(CONCEPTS), n=1)
        raise KeyError(f"no concept {code!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return CONCEPTS[code]


@dataclass(frozen=True)
class Term:
    """One row of the glossary; `note` is the code of a remark in ``data/words/concepts.toml``."""

    english: str
    simplified: str
    traditional: str
    note: str | None = None

    @property
    def names(self) -> tuple[str, str, str]:
        """The three columns of the table."""
        return (self.english, self.simplified, self.traditional)


@lru_cache
def glossary() -> tuple[Term, ...]:
    """Return the words of the field in three languages, in the order of the file."""
    with _GLOSSARY.open("rb") as file:
        return tuple(Term(**row) for row in tomllib.load(file)["terms"])


def mentions(texts: Iterable[str], query: str) -> bool:
    """Say whether every word of `query` occurs in `texts`, whatever its case and width; an empty query asks nothing.

    Examples
    --------
    >>> mentions(["Whale curve", "鲸鱼曲线"], "CURVE whale")
    True
    """
    text = _plain("\n".join(texts))
    return all(word in text for word in _plain(query).split())


def _plain(text: str) -> str:
    return normalize("NFKC", text).casefold()
