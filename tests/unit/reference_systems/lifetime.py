"""The likelihood of BG/NBD, written down once more, and its maximum by a search that knows no derivatives (S15)."""

import numpy as np
import pandas as pd
from scipy.optimize import minimize

from tests.unit.reference_systems.sample import Day


def histories(day: Day) -> pd.DataFrame:
    """Return repeat purchases, the week of the last and the weeks known of every customer with a purchase."""
    table = day.base[day.base["n"] > 0]
    last = (table["last"] - table["first"]) / 7
    return pd.DataFrame({"x": table["n"] - 1, "last": last, "known": table["tenure"] / 7})


def log_likelihood(histories: pd.DataFrame, r: float, alpha: float, a: float, b: float) -> float:
    """Return ln L of Fader, Hardie & Lee (2005), equation 6, summed over the customers.

    Ratios of gamma functions are written as products, which keep their digits where parameters grow without end.
    """
    x, last, known = (histories[name].to_numpy(dtype=float) for name in ("x", "last", "known"))
    steps = np.arange(x.max())
    rising = np.concatenate([[0], np.cumsum(np.log(r + steps))])
    staying = np.concatenate([[0], np.cumsum(-np.log1p(a / (b + steps)))])
    rate = rising[x.astype(int)] + r * np.log(alpha)
    stay = staying[x.astype(int)]
    alive = -(r + x) * np.log(alpha + known)
    dropped = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
    both = np.where(x > 0, np.logaddexp(alive, dropped), alive)
    return float((rate + stay + both).sum())


def largest_log_likelihood(histories: pd.DataFrame, start: tuple[float, float, float, float]) -> float:
    """Search from `start` for larger likelihoods, in the logs of the parameters, and return the largest found."""
    best = minimize(
        lambda logs: -log_likelihood(histories, *np.exp(logs)),
        np.log(start),
        method="Nelder-Mead",
        options={"maxiter": 600, "xatol": 1e-6, "fatol": 1e-6},
    )
    return -float(best.fun)
