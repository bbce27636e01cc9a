"""Gamma-Gamma: what a customer spends on average, told from few purchases.

Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value". Each purchase varies around the customer's own mean
(gamma: p), and the means differ between customers (gamma: q, γ); how often somebody buys says nothing about how much.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy  # which loads its parts only when they are used
from numpy.typing import NDArray

from crmdash.model.lifetime.fit import ENOUGH, Fit, Objective, Vector, maximise
from crmdash.model.lifetime.history import Places

NAMES: Final = ("p", "q", "gamma")
STARTS: Final = ((1.0, 2.0, 1.0), (5.0, 4.0, 1.0), (2.0, 8.0, 3.0), (0.5, 1.2, 0.2))
"""For mean spend in multiples of the base's mean."""


@dataclass(frozen=True)
class Spending:
    """The three parameters; γ in money."""

    p: float
    q: float
    gamma: float


def spending(fit: Fit) -> Spending:
    """Return a fit's parameters."""
    return Spending(**fit.parameters)


def fit_gamma_gamma(purchases: Places, mean: Vector) -> Fit:
    """Return the parameters that make the customers' mean spend likeliest.

    Parameters
    ----------
    purchases : how many purchases each mean is of, at least 1.
    mean : mean spend of each customer, above 0, in any unit of money; γ is in the same.
    """
    unit = float(mean.mean())
    part = None
    if len(mean) > ENOUGH:
        step = -(-len(mean) // ENOUGH)
        part = log_likelihood(purchases[::step], mean[::step] / unit)
    fit = maximise(log_likelihood(purchases, mean / unit), NAMES, STARTS, len(mean), rough=part)
    error = fit.errors["gamma"]
    return Fit(
        parameters={**fit.parameters, "gamma": fit.parameters["gamma"] * unit},
        errors={**fit.errors, "gamma": None if error is None else error * unit},
        log_likelihood=fit.log_likelihood - len(mean) * float(np.log(unit)),
        customers=fit.customers,
        converged=fit.converged,
        iterations=fit.iterations,
        gradient=fit.gradient,
        at_boundary=fit.at_boundary,
    )


def log_likelihood(purchases: Places, mean: Vector) -> Objective:
    """Return the log-likelihood of the mean spends as a function of (p, q, γ).

    ln L(z | n) = lnΓ(pn+q) − lnΓ(pn) − lnΓ(q) + q ln γ + (pn−1) ln z + pn ln n − (pn+q) ln(γ + nz).
    """
    counts, place, customers = np.unique(purchases, return_inverse=True, return_counts=True)
    spent = purchases * mean
    log_spent, log_means = np.log(spent), float(np.log(mean).sum())
    weighted = float(purchases @ log_spent)

    digamma, gammaln = scipy.special.digamma, scipy.special.gammaln

    def objective(parameters: Vector) -> tuple[float, Vector]:
        p, q, gamma = parameters
        whole = np.log(gamma + spent)
        by_count = np.bincount(place, weights=whole)
        of_counts = gammaln(p * counts + q) - gammaln(p * counts) - gammaln(q) + q * np.log(gamma)
        value = customers @ of_counts + p * weighted - log_means - (p * counts + q) @ by_count
        rising = digamma(p * counts + q)
        slope = np.array(
            [
                (customers * counts) @ (rising - digamma(p * counts)) + weighted - counts @ by_count,
                customers @ (rising - digamma(q)) + len(mean) * np.log(gamma) - by_count.sum(),
                len(mean) * q / gamma - (p * counts + q) @ np.bincount(place, weights=1 / (gamma + spent)),
            ]
        )
        return float(value), slope * parameters

    return objective


def expected_spend(model: Spending, purchases: Places, mean: Vector) -> Vector:
    """Return E[Z | n, z] = p (γ + n z) ÷ (p n + q − 1), the mean spend expected of a customer's further purchases.

    For a customer without a purchase to go by (n = 0) it is the base's mean, p γ ÷ (q − 1), which exists for q > 1
    only; elsewhere the result is not a number.
    """
    known = model.p * purchases + model.q - 1
    spent = np.where(purchases > 0, purchases * mean, 0.0)
    return np.where(known > 0, model.p * (model.gamma + spent) / np.where(known > 0, known, 1.0), np.nan)


def correlation(purchases: NDArray[np.int64], mean: Vector) -> float | None:
    """Return the correlation of frequency and mean spend, which the model takes to be none; None if one is constant."""
    if len(mean) < 2 or np.ptp(purchases) == 0 or np.ptp(mean) == 0:
        return None
    return float(np.corrcoef(purchases, mean)[0, 1])
