"""A claim of the texts, what putting it to the data found, and the limits that were set beforehand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from crmdash.phrases import Figure, Phrase
from crmdash.rule_settings import SystemCode as Code
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Needs

Verdict = Literal["holds", "fails", "untested"]
Theme = Literal["few_and_many", "kinds", "loyalty", "winning"]

VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
THEMES: Final[tuple[Theme, ...]] = get_args(Theme)

FEWEST: Final = 30
"""A group of fewer customers is not compared."""

CHANCE: Final = 0.01
"""A difference that chance brings about more often than this is not taken for one."""

POINTS: Final = 0.05
"""Shares differ if they lie at least this far apart."""

SUPERIOR: Final = 0.56
"""Amounts differ if a customer of one group lies above one of the other at least this often (0.5 is no difference)."""

TOGETHER: Final = 0.1
"""Two measures go together from this rank correlation on."""


@dataclass(frozen=True)
class Finding:
    """What testing a claim found.

    Attributes
    ----------
    figures : placeholders of the sentence ``found.<claim>`` of ``data/words/claims.toml``.
    effect, needed : the size that decides, and the limit that was set for it; None where nothing could be measured.
    cases : customers, or other things counted, of the smaller group.
    reason : why the claim could not be tested.
    missing : the columns that would allow it.
    """

    verdict: Verdict
    figures: Mapping[str, Figure] = field(default_factory=dict)
    effect: float | None = None
    needed: float | None = None
    cases: int | None = None
    reason: Phrase | None = None
    missing: Needs = ()


@dataclass(frozen=True)
class Claim:
    """A testable claim.

    Attributes
    ----------
    code, number : its name in words and files, and its place in the domain's list.
    theme : what it is about.
    test : measures it.
    needs : columns; of each inner tuple one is enough.
    system : the system that it is measured by; what that needs is needed too.
    """

    code: str
    number: str
    theme: Theme
    test: Callable[[Evidence], Finding]
    needs: Needs = ()
    system: Code | None = None

    def finding(self, evidence: Evidence) -> Finding:
        """Test the claim, or say which columns are missing."""
        system = () if self.system is None else evidence.systems[self.system].needs
        missing = evidence.missing((*system, *(anyone for anyone in self.needs if anyone not in system)))
        return Finding("untested", missing=missing) if missing else self.test(evidence)


def untested(reason: str, **figures: Figure) -> Finding:
    """Return that a claim could not be tested, and why: a key of ``untested`` in ``data/words/claims.toml``."""
    return Finding("untested", reason=Phrase(f"untested.{reason}", figures, "claims"))


def judged(
    effect: float | None,
    needed: float,
    cases: int,
    figures: Mapping[str, Figure],
    *,
    chance: float | None = None,
    at_most: bool = False,
    fewest: int = FEWEST,
) -> Finding:
    """Hold an effect against its limit.

    Parameters
    ----------
    cases : of the smaller group; fewer than `fewest` cannot be tested.
    chance : how likely such an effect is where there is none; None where the whole base was counted.
    at_most : the claim says that the effect is no larger than the limit.
    """
    if effect is None or cases < fewest:
        return untested("few", cases=Figure("count", cases), needed=Figure("count", fewest))
    holds = effect <= needed if at_most else effect >= needed
    if holds and chance is not None and chance >= CHANCE:
        return untested("chance", cases=Figure("count", cases))
    return Finding("holds" if holds else "fails", figures, effect, needed, cases)
