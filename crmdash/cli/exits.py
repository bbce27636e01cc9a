"""How a command ends."""

import sys
from collections.abc import Iterable
from typing import Final

from crmdash.i18n import Wording
from crmdash.issues import Issue

USABLE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2


def refuse(issues: Iterable[Issue], wording: Wording) -> int:
    """Say what stands in the way, and return that a command was refused."""
    for issue in issues:
        if issue.severity in ("error", "question"):
            print(wording.issue(issue), file=sys.stderr)
    return REFUSED
