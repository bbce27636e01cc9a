"""BG/NBD: how many purchases a customer without a contract will still make.

Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way. While active a customer buys at random at its own
rate (gamma: r, α); after every repeat purchase it may become inactive with its own chance (beta: a, b). Time is in
weeks.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy  # which loads its parts only when they are used
from numpy.typing import NDArray

from crmdash.model.lifetime.beta_average import NODES, beta_nodes
from crmdash.model.lifetime.fit import ENOUGH, Fit, Objective, Vector, maximise
from crmdash.model.lifetime.history import DAYS_A_WEEK, History, Places

NAMES: Final = ("r", "alpha", "a", "b")
WEEKS_A_YEAR: Final = 365 / DAYS_A_WEEK
NARROW: Final = 20.0
FEW_NODES: Final = 32
"""With a larger a the chances to leave lie close together, and few nodes are enough."""
_NUDGE: Final = 1e-6


@dataclass(frozen=True)
class Purchasing:
    """The four parameters; α in weeks."""

    r: float
    alpha: float
    a: float
    b: float


def purchasing(fit: Fit) -> Purchasing:
    """Return a fit's parameters."""
    return Purchasing(**fit.parameters)


def fit_bg_nbd(history: History) -> Fit:
    """Return the parameters that make the customers' histories likeliest."""
    part = None
    if len(history.x) > ENOUGH:
        part = log_likelihood(_every(history, -(-len(history.x) // ENOUGH)))
    return maximise(log_likelihood(history), NAMES, _starts(history), history.size, rough=part)


def _every(history: History, step: int) -> History:
    rows = slice(None, None, step)
    return History(history.x[rows], history.t_x[rows], history.age[rows], history.customers[rows], history.place[:0])


def _starts(history: History) -> list[tuple[float, float, float, float]]:
    """Return starts around the base's own rate: homogeneous and mixed, loyal and fleeting."""
    weeks = max(float(history.customers @ history.age), _NUDGE)
    rate = max(float(history.customers @ history.x), 1.0) / weeks
    return [(r, r / rate, a, b) for r, a, b in ((0.3, 0.5, 2.0), (1.0, 1.0, 3.0), (1.0, 0.2, 8.0), (4.0, 0.1, 1.0))]


def log_likelihood(history: History) -> Objective:
    """Return the log-likelihood of the histories as a function of (r, α, a, b).

    ln L(x, t_x, T) = lnΓ(r+x) − lnΓ(r) + r ln α + lnΓ(a+b) + lnΓ(b+x) − lnΓ(b) − lnΓ(a+b+x)
    + ln(e^A + [x > 0] e^B), A = −(r+x) ln(α+T), B = ln a − ln(b+x−1) − (r+x) ln(α+t_x).
    """
    counts, repeats = np.unique(history.x, return_inverse=True)
    customers = history.customers.astype(np.float64)
    per_count = np.bincount(repeats, weights=customers)
    again, x = history.x > 0, history.x.astype(np.float64)

    def objective(parameters: Vector) -> tuple[float, Vector]:
        r, alpha, a, b = parameters
        late, early = np.log(alpha + history.age), np.log(alpha + history.t_x)
        before = np.log(np.maximum(b + x - 1, np.finfo(float).tiny))
        odds = np.where(again, np.log(a) - before + (r + x) * (late - early), -np.inf)
        left = scipy.special.expit(odds)
        # Sums, not dot products: these would start threads that wait for each other.
        value = (customers * (np.logaddexp(0, odds) - (r + x) * late)).sum()
        value += per_count @ _of_counts(counts, r, alpha, a, b)
        by_rate = (customers * (late + left * (early - late))).sum()
        by_scale = (customers * (r + x) * ((1 - left) / (alpha + history.age) + left / (alpha + history.t_x))).sum()
        slopes = _slopes_of_counts(counts, r, alpha, a, b) @ per_count
        gone = customers * left
        slope = slopes + np.array([-by_rate, -by_scale, gone.sum() / a, -(gone[again] / (b + x[again] - 1)).sum()])
        return float(value), slope * parameters

    return objective


def _of_counts(x: Places, r: float, alpha: float, a: float, b: float) -> Vector:
    gammaln = scipy.special.gammaln
    rate = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    return np.asarray(rate + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x))


def _slopes_of_counts(x: Places, r: float, alpha: float, a: float, b: float) -> NDArray[np.float64]:
    digamma = scipy.special.digamma
    both = digamma(a + b) - digamma(a + b + x)
    rate = digamma(r + x) - digamma(r) + np.log(alpha)
    return np.array([rate, np.full(len(x), r / alpha), both, both + digamma(b + x) - digamma(b)])


def chance_alive(model: Purchasing, x: Places, t_x: Vector, age: Vector) -> Vector:
    """Return P(alive | x, t_x, T): 1 for a customer without a repeat purchase, who had no occasion to leave."""
    left = np.log(model.a) - np.log(np.maximum(model.b + x - 1.0, np.finfo(float).tiny))
    odds = left + (model.r + x) * np.log((model.alpha + age) / (model.alpha + t_x))
    return np.where(x > 0, scipy.special.expit(-odds), 1.0)


def expected_if_alive(model: Purchasing, x: Places, age: Vector, weeks: Vector | float) -> Vector:
    """Return the purchases expected in the next `weeks` of a customer that is alive now.

    (a+b+x−1)/(a−1) · [1 − (1−z)^(a−1) ₂F₁(a+b−1−r, a−1; a+b+x−1; z)], z = t/(α+T+t): the paper's formula after
    Euler's transformation, which stays finite however large x is. Of a new customer (x = 0, T = 0) it is E[X(t)].
    Where it fails all the same, the mean that it stands for is computed by quadrature.
    """
    x, age, weeks = np.broadcast_arrays(x, age, np.asarray(weeks, dtype=np.float64))
    expected = _in_closed_form(model, x, age, weeks)
    most = (model.r + x) * weeks / (model.alpha + age)
    doubted = ~((expected >= 0) & (expected <= most * (1 + _NUDGE)))
    if doubted.any():
        expected[doubted] = _by_quadrature(model, x[doubted], age[doubted], weeks[doubted])
    return expected


def _in_closed_form(model: Purchasing, x: Places, age: Vector, weeks: Vector) -> Vector:
    a = model.a if abs(model.a - 1) > _NUDGE else 1 + _NUDGE
    total = a + model.b + x - 1.0
    total = np.where(np.abs(total) > _NUDGE, total, _NUDGE)
    z = weeks / (model.alpha + age + weeks)
    with np.errstate(all="ignore"):  # what overflows is told by its result
        grown = scipy.special.hyp2f1(a + model.b - 1 - model.r, a - 1, total, z)
        return np.asarray(total / (a - 1) * (1 - (1 - z) ** (a - 1) * grown))


def _by_quadrature(model: Purchasing, x: Places, age: Vector, weeks: Vector) -> Vector:
    """Return the mean of [1 − (1 + p t/(α+T))^−(r+x)] ÷ p over the chance to leave, p ~ Beta(a, b+x)."""
    expected = np.empty(len(x))
    for count in np.unique(x):
        rows = x == count
        chance, weight = beta_nodes(model.a, model.b + float(count), FEW_NODES if model.a > NARROW else NODES)
        grown = np.log1p(np.outer(weeks[rows] / (model.alpha + age[rows]), chance))
        expected[rows] = (-np.expm1(-(model.r + count) * grown) / chance) @ weight
    return expected


def expected_purchases(model: Purchasing, history: History, weeks: float) -> Vector:
    """Return E[X(t) | x, t_x, T] of each distinct history: purchases expected in the next `weeks`."""
    alive = chance_alive(model, history.x, history.t_x, history.age)
    x, age, place = history.counts_and_ages()
    return alive * expected_if_alive(model, x, age, weeks)[place]


def discounted_purchases(model: Purchasing, history: History, ends: Vector, discount: float) -> Vector:
    """Return the purchases expected up to the last of `ends`, each step's discounted from its end.

    Parameters
    ----------
    ends : weeks from now at which the steps end, ascending.
    discount : yearly, as a fraction.
    """
    x, age, place = history.counts_and_ages()  # t_x plays no part in what is expected if alive
    expected = np.diff(expected_if_alive(model, x[:, None], age[:, None], ends[None, :]), prepend=0.0, axis=1)
    discounted = (expected * (1 + discount) ** (-ends / WEEKS_A_YEAR)).sum(axis=1)
    return chance_alive(model, history.x, history.t_x, history.age) * discounted[place]
