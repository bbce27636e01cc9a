"""Maximum likelihood for positive parameters: several starts, and plain words on how sure the answer is."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import scipy  # which loads its parts only when they are used
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Objective = Callable[[Vector], tuple[float, Vector]]
"""Log-likelihood of the parameters, and its gradient by their logarithms."""

ENOUGH: Final = 20_000
"""So many rows are enough to compare the starts on; of more, a part is taken."""
LIMIT: Final = 11.5
"""Logarithms of parameters stay within ± this: a parameter out there means that the data does not determine it."""
_NEAR_LIMIT: Final = 0.05
_SETTLED: Final = 1e-6
"""Converged: no component of the gradient per customer, by the logarithms of the parameters, is larger."""
_POLISHING: Final = 8
_STEP: Final = 1e-4
_VAGUE: Final = 5.0
"""A direction of the logarithms with a larger standard error (a factor of 150 either way) is undetermined."""
_PART: Final = 0.05


@dataclass(frozen=True)
class Fit:
    """Parameters of the greatest likelihood, and how sure they are.

    Attributes
    ----------
    parameters : by name, in the model's own units.
    errors : standard error of each by name; None where the data does not determine it.
    customers : number of customers that the likelihood is of.
    gradient : largest component of the gradient per customer, by the logarithms of the parameters.
    at_boundary : names of parameters that ran to the end of their range.
    """

    parameters: Mapping[str, float]
    errors: Mapping[str, float | None]
    log_likelihood: float
    customers: int
    converged: bool
    iterations: int
    gradient: float
    at_boundary: tuple[str, ...]


def maximise(
    objective: Objective,
    names: Sequence[str],
    starts: Sequence[Sequence[float]],
    customers: int,
    rough: Objective | None = None,
) -> Fit:
    """Return the parameters with the greatest likelihood, tried from every start.

    The search is quasi-Newton on the logarithms (SLSQP, which starts no threads for so few parameters), finished by
    Newton steps. Standard errors come from the inverse of the Hessian (differences of the gradient), carried to the
    original scale: se(θ) = θ · se(ln θ).

    Parameters
    ----------
    rough : the objective of a part of the data, to choose among the starts where the whole is large.
    """
    begun = [np.log(np.asarray(start, dtype=np.float64)) for start in starts]
    trial = rough or objective
    tried = [_climb(trial, start) for start in begun]
    best, iterations = max(tried, key=lambda found: trial(np.exp(found[0]))[0])
    best, hessian, steps = _polish(objective, best)
    if not _settled(objective, best, customers):  # Newton's steps alone did not get there
        best, more = _climb(objective, best)
        best, hessian, last = _polish(objective, best)
        steps += more + last
    free = np.abs(best) < LIMIT - _NEAR_LIMIT
    value, slope = objective(np.exp(best))
    gradient = float(np.abs(slope[free]).max(initial=0.0)) / customers
    errors = _errors(hessian) * np.exp(best)
    return Fit(
        parameters={name: float(found) for name, found in zip(names, np.exp(best), strict=True)},
        errors={name: float(e) if np.isfinite(e) else None for name, e in zip(names, errors, strict=True)},
        log_likelihood=value,
        customers=customers,
        converged=gradient < _SETTLED,
        iterations=iterations + steps,
        gradient=gradient,
        at_boundary=tuple(name for name, inside in zip(names, free, strict=True) if not inside),
    )


def _settled(objective: Objective, logs: Vector, customers: int) -> bool:
    free = np.abs(logs) < LIMIT - _NEAR_LIMIT
    return bool(np.abs(objective(np.exp(logs))[1][free]).max(initial=0.0) < _SETTLED * customers)


def _climb(objective: Objective, start: Vector) -> tuple[Vector, int]:
    scale = max(1.0, abs(objective(np.exp(start))[0]))

    def descent(logs: Vector) -> tuple[float, Vector]:
        value, slope = objective(np.exp(logs))
        return -value / scale, -slope / scale

    bounds = [(-LIMIT, LIMIT)] * len(start)
    options = {"maxiter": 500, "ftol": 1e-13}
    found = scipy.optimize.minimize(descent, start, jac=True, method="SLSQP", bounds=bounds, options=options)
    return np.asarray(found.x, dtype=np.float64), int(found.nit)


def _polish(objective: Objective, logs: Vector) -> tuple[Vector, NDArray[np.float64], int]:
    """Take Newton steps while they raise the likelihood; return the place, its Hessian and the steps."""
    value, slope = objective(np.exp(logs))
    hessian = _hessian(objective, logs)
    for step in range(_POLISHING):
        free = np.abs(logs) < LIMIT - _NEAR_LIMIT
        curved = hessian[np.ix_(free, free)]
        if not free.any() or np.linalg.eigvalsh(curved).max() >= 0:
            return logs, hessian, step
        move = np.zeros_like(logs)
        move[free] = -np.linalg.solve(curved, slope[free])
        if np.abs(move).max() > 1 or np.abs(move).max() < 1e-9:
            return logs, hessian, step
        higher, steeper = objective(np.exp(logs + move))
        if higher < value and np.abs(steeper[free]).max() >= np.abs(slope[free]).max():
            return logs, hessian, step
        logs, value, slope = logs + move, higher, steeper
        hessian = _hessian(objective, logs)
    return logs, hessian, _POLISHING


def _hessian(objective: Objective, logs: Vector) -> NDArray[np.float64]:
    rows = [
        (objective(np.exp(logs + step))[1] - objective(np.exp(logs - step))[1]) / (2 * _STEP)
        for step in np.eye(len(logs)) * _STEP
    ]
    return (np.array(rows) + np.array(rows).T) / 2


def _errors(hessian: NDArray[np.float64]) -> Vector:
    """Return the standard errors of the logarithms; not a number for parameters that lie in an undetermined direction.

    Two parameters may be undetermined together while the others are well known, so directions are looked at.
    """
    if not np.isfinite(hessian).all():
        return np.full(len(hessian), np.nan)
    known, directions = np.linalg.eigh(-hessian)
    flat = known < 1 / _VAGUE**2
    errors = np.sqrt((directions[:, ~flat] ** 2 / known[~flat]).sum(axis=1))
    errors[(np.abs(directions[:, flat]) > _PART).any(axis=1)] = np.nan
    return errors
