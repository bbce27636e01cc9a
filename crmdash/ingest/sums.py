"""Sums of money beyond the whole numbers of 64 bits: which columns are given up rather than added up wrongly."""

from collections.abc import Mapping
from typing import Final

_LIMIT: Final = 9.2e18
"""Ten-thousandths; sums beyond this leave the whole numbers of 64 bits."""
_RECKONED_WITH: Final = {
    "cost": ("amount",), "profit": ("amount", "cost"), "discount": ("amount",), "cost_to_serve": ("profit",),
}  # fmt: skip
"""What is added to the sums of a column or taken off them (`crmdash.summary.money`, `crmdash.summary.profit`)."""


def too_large(sizes: Mapping[str, float]) -> list[str]:
    """Return the columns of a table whose sums may leave 64 bits, alone or with those that they are reckoned with.

    Parameters
    ----------
    sizes : money column -> sum of its amounts without their signs, in ten-thousandths.

    Examples
    --------
    >>> too_large({"amount": 9e18, "cost": 9e18})
    ['cost']
    """
    held, found = dict(sizes), list[str]()
    # What others are reckoned with is judged first: once it is given up, it does not count against them.
    for name in sorted(sizes, key=lambda name: len(_RECKONED_WITH.get(name, ()))):
        if held[name] + sum(held.get(other, 0) for other in _RECKONED_WITH.get(name, ())) > _LIMIT:
            found.append(name)
            del held[name]
    return found
