"""Means over a beta distribution by Gauss-Jacobi quadrature: where a closed form overflows, this stays finite."""

from typing import Final

import numpy as np
import scipy  # which loads its parts only when they are used

from crmdash.model.lifetime.fit import Vector

NODES: Final = 160


def beta_nodes(first: float, second: float, nodes: int = NODES) -> tuple[Vector, Vector]:
    """Return places in (0, 1) and weights that sum to 1: Σ weight · f(place) is the mean of f over Beta(first, second).

    From the recurrence of the Jacobi polynomials (Golub & Welsch 1969).

    Examples
    --------
    >>> places, weights = beta_nodes(2.0, 3.0, nodes=8)
    >>> round(float(weights @ places), 12), round(float(weights @ places**2), 12)
    (0.4, 0.2)
    """
    low, high = first - 1, second - 1
    n = np.arange(1, nodes)
    both = 2 * n + low + high
    middle = (low**2 - high**2) / np.where(both * (both + 2) == 0, 1, both * (both + 2))
    middle = np.concatenate([[(low - high) / (low + high + 2)], middle])
    rest = 4 * n[1:] * (n[1:] + low) * (n[1:] + high) * (n[1:] + low + high)
    beside = rest / (both[1:] ** 2 * (both[1:] ** 2 - 1))
    opening = 4 * first * second / ((first + second) ** 2 * (first + second + 1))
    places, vectors = scipy.linalg.eigh_tridiagonal(middle, np.sqrt(np.concatenate([[opening], beside])))
    return np.clip((1 + places) / 2, np.finfo(float).tiny, 1.0), vectors[0] ** 2
