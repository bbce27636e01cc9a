"""BG/NBD against the paper's figures, a peer package, the integral it stands for, and data with known parameters."""

import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.stats import beta as beta_distribution

from crmdash.model.lifetime import bg_nbd
from crmdash.model.lifetime.bg_nbd import Purchasing
from crmdash.model.lifetime.fit import ENOUGH, Fit
from crmdash.model.lifetime.history import History, distinct_histories
from tests.unit.test_references import packaged

CDNOW = Purchasing(r=0.2425929, alpha=4.413532, a=0.7928860, b=2.425752)


def one_each(x, t_x, age) -> History:
    """A history per customer, in weeks as they are given."""
    return History(
        np.asarray(x), np.asarray(t_x, float), np.asarray(age, float), np.ones(len(x), int), np.arange(len(x))
    )


@pytest.fixture(scope="module")
def cdnow() -> pl.DataFrame:
    return pl.read_csv(packaged("cdnow_customers_summary.csv").encode())


@pytest.fixture(scope="module")
def cdnow_history(cdnow: pl.DataFrame) -> History:
    return one_each(cdnow["frequency"].to_numpy(), cdnow["recency"].to_numpy(), cdnow["T"].to_numpy())


@pytest.fixture(scope="module")
def cdnow_fit(cdnow_history: History) -> Fit:
    return bg_nbd.fit_bg_nbd(cdnow_history)


def test_cdnow_has_the_published_parameters(cdnow_fit: Fit):
    assert {name: round(value, 3) for name, value in cdnow_fit.parameters.items()} == {
        "r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426,
    }  # fmt: skip
    assert round(cdnow_fit.log_likelihood, 1) == -9582.4
    assert (cdnow_fit.customers, cdnow_fit.converged, cdnow_fit.at_boundary) == (2357, True, ())
    assert cdnow_fit.gradient < 1e-9


def test_errors_are_those_of_the_likelihoods_curvature(cdnow_history: History, cdnow_fit: Fit):
    # Second differences of the likelihood itself, by the parameters as they are.
    likelihood, found = bg_nbd.log_likelihood(cdnow_history), np.array(list(cdnow_fit.parameters.values()))
    steps = np.diag(found * 1e-3)

    def at(*moves: np.ndarray) -> float:
        return likelihood(found + sum(moves))[0]

    curvature = [
        [(at(one, two) - at(one, -two) - at(-one, two) + at(-one, -two)) / (4 * one.sum() * two.sum()) for two in steps]
        for one in steps
    ]
    errors = np.sqrt(np.diag(np.linalg.inv(-np.array(curvature))))
    assert_allclose([cdnow_fit.errors[name] or 0 for name in bg_nbd.NAMES], errors, rtol=1e-3)


def test_the_customer_of_the_paper(cdnow_fit: Fit):
    model, customer = bg_nbd.purchasing(cdnow_fit), one_each([2], [30.43], [38.86])
    assert bg_nbd.expected_purchases(model, customer, 39)[0] == pytest.approx(1.226, abs=5e-4)
    assert bg_nbd.chance_alive(model, customer.x, customer.t_x, customer.age)[0] == pytest.approx(0.7266, abs=5e-5)


def test_every_cdnow_customer_as_a_peer_package_has_it(shared_datasets: Path, cdnow_fit: Fit):
    expected = pl.read_csv(shared_datasets / "cdnow" / "reference_sample_per_customer.csv")
    past = one_each(expected["x"].to_numpy(), expected["t_x"].to_numpy(), expected["T"].to_numpy())
    model = bg_nbd.purchasing(cdnow_fit)
    assert_allclose(bg_nbd.chance_alive(model, past.x, past.t_x, past.age), expected["p_alive"], rtol=1e-5)
    assert_allclose(bg_nbd.expected_purchases(model, past, 39), expected["exp_purch_39w"], rtol=1e-5)
    assert_allclose(bg_nbd.expected_purchases(model, past, 52), expected["exp_purch_52w"], rtol=1e-5)


def test_discounted_value_of_a_year_as_a_peer_package_has_it(shared_datasets: Path, cdnow_fit: Fit):
    expected = pl.read_csv(shared_datasets / "cdnow" / "reference_sample_per_customer.csv")
    past = one_each(expected["x"].to_numpy(), expected["t_x"].to_numpy(), expected["T"].to_numpy())
    months = np.arange(1, 13) * bg_nbd.WEEKS_A_YEAR / 12
    purchases = bg_nbd.discounted_purchases(bg_nbd.purchasing(cdnow_fit), past, months, 1.01**12 - 1)
    assert_allclose(purchases * expected["exp_avg_value"].to_numpy(), expected["clv_12mo"], rtol=1e-4)


def test_same_histories_stand_together(cdnow: pl.DataFrame, cdnow_fit: Fit):
    days = [(cdnow[name].to_numpy() * 7).round().astype(int) for name in ("recency", "T")]
    grouped = distinct_histories(cdnow["frequency"].to_numpy(), *days)
    assert grouped.size == 2357
    assert len(grouped.x) < 1100
    fit = bg_nbd.fit_bg_nbd(grouped)
    assert_allclose(list(fit.parameters.values()), list(cdnow_fit.parameters.values()), rtol=1e-4)
    assert_allclose(grouped.t_x[grouped.place], days[0] / 7)


def test_likelihood_of_three_customers_by_hand():
    # With r = α = a = b = 1: 1 ÷ (1 + T) without repeat purchases, and the paper's two terms with some.
    value, _slope = bg_nbd.log_likelihood(one_each([0, 1, 2], [0, 1, 2], [1, 3, 2]))(np.ones(4))
    zero = 1 / 2
    one = (1 / 2) * ((1 / 4) ** 2 + (1 / 1) * (1 / 2) ** 2)
    two = 2 * (1 / 3) * ((1 / 3) ** 3 + (1 / 2) * (1 / 3) ** 3)
    assert value == pytest.approx(np.log(zero * one * two))


positive = st.floats(-2, 2).map(np.exp)


@given(st.tuples(positive, positive, positive, positive))
def test_gradient_is_that_of_the_likelihood(parameters):
    objective = bg_nbd.log_likelihood(one_each([0, 1, 3, 8], [0, 2, 20, 30], [5, 40, 21, 31]))
    logs, step = np.log(parameters), 1e-5
    differences = [
        (objective(np.exp(logs + move))[0] - objective(np.exp(logs - move))[0]) / (2 * step)
        for move in np.eye(4) * step
    ]
    assert_allclose(objective(np.exp(logs))[1], differences, rtol=1e-5, atol=1e-5)


def by_integral(model: Purchasing, x: int, age: float, weeks: float) -> float:
    """The mean of [1 − (1 + p t/(α+T))^−(r+x)] ÷ p over the chance to leave."""

    def grown(p: float) -> float:
        return float(-np.expm1(-(model.r + x) * np.log1p(p * weeks / (model.alpha + age))) / p)

    chance = beta_distribution(model.a, model.b + x)
    return float(chance.expect(grown, epsabs=1e-12, epsrel=1e-10))


@pytest.mark.parametrize(
    "model", [CDNOW, Purchasing(2, 9, 1, 4), Purchasing(0.5, 3, 3.5, 1.2), Purchasing(2, 4, 2, 40)]
)
@pytest.mark.parametrize(("x", "age"), [(0, 0.0), (0, 30.0), (3, 12.0), (40, 60.0), (300, 200.0)])
def test_expectation_is_the_integral_it_stands_for(model: Purchasing, x: int, age: float):
    found = bg_nbd.expected_if_alive(model, np.array([x]), np.array([age]), 52.0)[0]
    assert found == pytest.approx(by_integral(model, x, age, 52.0), rel=1e-5)


@given(
    st.builds(Purchasing, *(st.floats(-7, 9).map(lambda log: float(np.exp(log))) for _name in bg_nbd.NAMES)),
    st.integers(0, 2000),
    st.floats(0, 500),
)
def test_expectation_is_finite_and_never_beyond_the_rate(model: Purchasing, x: int, age: float):
    weeks = np.array([1.0, 52.0, 156.0])
    found = bg_nbd.expected_if_alive(model, np.array([x]), np.array([age]), weeks)
    assert (found >= 0).all()
    assert (found <= (model.r + x) * weeks / (model.alpha + age) * (1 + 1e-5)).all()


def test_expectation_of_a_new_customer_is_exact():
    found = bg_nbd.expected_if_alive(CDNOW, np.array([0]), np.array([0.0]), 52.0)[0]
    assert found == pytest.approx(by_integral(CDNOW, 0, 0.0, 52.0), rel=1e-9)


def test_silence_lowers_the_chance_and_most_for_frequent_buyers():
    x, t_x, age = np.array([1, 1, 10, 10, 0]), np.array([30.0, 10, 30, 10, 0]), np.full(5, 38.0)
    alive = bg_nbd.chance_alive(CDNOW, x, t_x, age)
    assert alive[0] > alive[1] > alive[3]
    assert alive[2] > alive[3]
    assert alive[4] == 1


def test_no_discount_is_the_plain_expectation():
    past = one_each([2, 0, 7], [30, 0, 12], [38, 20, 60])
    months = np.arange(1, 25) * bg_nbd.WEEKS_A_YEAR / 12
    assert_allclose(
        bg_nbd.discounted_purchases(CDNOW, past, months, 0.0), bg_nbd.expected_purchases(CDNOW, past, months[-1])
    )


def simulated(model: Purchasing, size: int, days: int, seed: int) -> History:
    """Customers who begin on any day, buy at random and may leave after every repeat purchase."""
    random = np.random.default_rng(seed)
    known = random.integers(1, days, size)
    rate, leave = random.gamma(model.r, 1 / model.alpha, size), random.beta(model.a, model.b, size)
    x, last, now, active = np.zeros(size, int), np.zeros(size), np.zeros(size), np.ones(size, bool)
    while active.any():
        rows = np.flatnonzero(active)
        now[rows] += random.exponential(1 / rate[rows])
        bought = rows[now[rows] <= known[rows] / 7]
        x[bought] += 1
        last[bought] = now[bought]
        active[:] = False
        active[bought] = random.random(len(bought)) > leave[bought]
    return distinct_histories(x, np.rint(last * 7).astype(int), known)


def test_known_parameters_are_found_again_within_their_errors():
    truth = {"r": 0.8, "alpha": 6.0, "a": 0.9, "b": 3.0}
    fit = bg_nbd.fit_bg_nbd(simulated(Purchasing(**truth), 8000, 700, seed=4))
    assert fit.converged
    for name, value in truth.items():
        error = fit.errors[name]
        assert error is not None
        assert abs(fit.parameters[name] - value) < 3 * error, name


def test_what_the_data_does_not_determine_has_no_error():
    # Nobody ever leaves: the chance to leave runs to nothing, the rates are found all the same.
    random = np.random.default_rng(5)
    rate = random.gamma(1.0, 1 / 5.0, 1000)
    x = random.poisson(rate * 52)
    last = np.where(x > 0, np.rint(364 * (1 - 0.5 / np.maximum(x, 1))), 0).astype(int)
    fit = bg_nbd.fit_bg_nbd(distinct_histories(x, last, np.full(1000, 364)))
    assert "a" in fit.at_boundary
    assert fit.errors["a"] is None
    assert fit.parameters["r"] == pytest.approx(1.0, abs=0.15)
    assert fit.errors["r"] is not None


def test_large_bases_are_fitted_on_distinct_histories():
    history = simulated(Purchasing(0.25, 4.5, 0.75, 2.4), 200_000, 730, seed=1)
    assert len(history.x) > ENOUGH
    begun = time.perf_counter()
    fit = bg_nbd.fit_bg_nbd(history)
    assert time.perf_counter() - begun < 30
    assert fit.converged
    assert fit.parameters["r"] == pytest.approx(0.25, abs=0.01)
