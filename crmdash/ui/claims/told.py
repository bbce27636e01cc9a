"""What was found of a claim, in a sentence."""

from crmdash.i18n import Wording
from crmdash.phrases import Phrase, say
from crmdash.systems.claims.claim import Finding
from crmdash.ui.sections import need_words


def told(_: Wording, code: str, found: Finding) -> str:
    """Return the figures that decided, or why the claim cannot be tested."""
    if found.missing:
        wanted = [_(" or ").join(need_words(_, need) for need in anyone) for anyone in found.missing]
        return _("Would be switched on by: {columns}.", columns=_("; ").join(wanted))
    if found.reason is not None:
        return say(found.reason, _)
    return say(Phrase(f"found.{code}", found.figures, "claims"), _)
