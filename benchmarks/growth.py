"""How cost grows with size: the exponent of a power law fitted to what was measured."""

from collections import defaultdict
from math import log
from typing import Final

import numpy as np

from benchmarks.results import Measured

PART: Final = "growth"
PARTS: Final = ("evaluate", "slider", "summary")
AT_MOST: Final = {"evaluate": 1.05}


def exponents(measured: list[Measured]) -> list[Measured]:
    """Fit log(seconds) = exponent x log(size) + c to all that was measured at two sizes or more; peers too.

    The sizes below 100,000 are left out where there are two others: there a call costs the same at any size.
    """
    found: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for one in measured:
        if one.size is None or one.part not in PARTS:
            continue
        found[one.part, one.what][one.size] = one.ours
        if one.peer is not None and one.theirs is not None:
            found[one.part, f"({one.peer})"][one.size] = one.theirs
    return [
        Measured(PART, f"{part}, {what}", None, exponent, "exponent",
                 at_most=None if what.startswith("(") else AT_MOST.get(part))
        for (part, what), by_size in found.items()
        if (exponent := fitted(by_size)) is not None
    ]  # fmt: skip


def fitted(by_size: dict[int, float]) -> float | None:
    """Return the exponent of the fitted power law; None for fewer than two sizes."""
    large = {size: seconds for size, seconds in by_size.items() if size >= 100_000}
    chosen = large if len(large) > 1 else by_size
    if len(chosen) < 2:
        return None
    sizes, seconds = zip(*((log(size), log(cost)) for size, cost in chosen.items()), strict=True)
    return float(np.polyfit(sizes, seconds, 1)[0])
