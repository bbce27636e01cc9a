"""Gamma-Gamma against the paper's figures, a peer package, and data with known parameters."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from crmdash.model.lifetime import gamma_gamma
from crmdash.model.lifetime.fit import ENOUGH, Fit
from crmdash.model.lifetime.gamma_gamma import Spending
from tests.unit.test_references import packaged

ALL_CUSTOMERS = 2357


@pytest.fixture(scope="module")
def repeaters() -> tuple[np.ndarray, np.ndarray]:
    """Repeat purchases of CDNOW's first 39 weeks and their mean, from the packaged transactions."""
    found = pl.read_csv(packaged("cdnow_customers_summary_with_transactions.csv").encode())
    bought = found.filter(pl.col("x") > 0)
    return bought["x"].to_numpy().astype(int), bought["zbar"].to_numpy()


@pytest.fixture(scope="module")
def cdnow_fit(repeaters) -> Fit:
    return gamma_gamma.fit_gamma_gamma(*repeaters)


def test_cdnow_has_the_published_parameters(cdnow_fit: Fit):
    assert cdnow_fit.parameters["p"] == pytest.approx(6.25, abs=0.005)
    assert cdnow_fit.parameters["q"] == pytest.approx(3.74, abs=0.005)
    assert cdnow_fit.parameters["gamma"] == pytest.approx(15.44, abs=0.01)
    assert cdnow_fit.log_likelihood == pytest.approx(-4055.92, abs=0.005)
    assert (cdnow_fit.customers, cdnow_fit.converged, cdnow_fit.at_boundary) == (946, True, ())


def test_a_customer_without_repeat_spends_the_mean_of_the_base(cdnow_fit: Fit):
    model = gamma_gamma.spending(cdnow_fit)
    mean = gamma_gamma.expected_spend(model, np.array([0]), np.array([0.0]))[0]
    assert mean == pytest.approx(35.17, abs=0.06)
    assert mean == pytest.approx(model.p * model.gamma / (model.q - 1))


def test_every_cdnow_customer_as_a_peer_package_has_it(shared_datasets: Path):
    expected = pl.read_csv(shared_datasets / "cdnow" / "reference_sample_per_customer.csv")
    purchases, mean = expected["x"].to_numpy(), expected["zbar"].to_numpy()
    fit = gamma_gamma.fit_gamma_gamma(purchases[purchases > 0], mean[purchases > 0])
    found = gamma_gamma.expected_spend(gamma_gamma.spending(fit), purchases, mean)
    assert len(found) == ALL_CUSTOMERS
    assert_allclose(found, expected["exp_avg_value"], rtol=1e-5)


def test_expectation_by_hand():
    # p (γ + n z) ÷ (p n + q − 1) with p 6, q 4, γ 15: 2 × 30 → 6 · 75 ÷ 15; 8 × 30 → 6 · 255 ÷ 51; none → 6 · 15 ÷ 3.
    found = gamma_gamma.expected_spend(Spending(6, 4, 15), np.array([2, 8, 0]), np.array([30.0, 30.0, 0.0]))
    assert found.tolist() == [30.0, 30.0, 30.0]
    more = gamma_gamma.expected_spend(Spending(6, 4, 15), np.array([1, 10]), np.array([300.0, 300.0]))
    assert more.tolist() == [210.0, pytest.approx(287.142857)]


def test_without_a_mean_of_the_base_only_repeaters_have_an_expectation():
    found = gamma_gamma.expected_spend(Spending(2, 0.8, 10), np.array([0, 3]), np.array([0.0, 20.0]))
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(2 * 70 / 5.8)


def test_likelihood_by_hand():
    # With p = q = γ = 1 and n = 1 the likelihood of z is 1 ÷ (1 + z)².
    value, _slope = gamma_gamma.log_likelihood(np.array([1, 1]), np.array([1.0, 3.0]))(np.ones(3))
    assert value == pytest.approx(np.log(1 / 4) + np.log(1 / 16))


positive = st.floats(-2, 2).map(np.exp)


@given(st.tuples(positive, positive, positive))
def test_gradient_is_that_of_the_likelihood(parameters):
    objective = gamma_gamma.log_likelihood(np.array([1, 2, 2, 9]), np.array([3.0, 40.0, 8.5, 20.0]))
    logs, step = np.log(parameters), 1e-5
    differences = [
        (objective(np.exp(logs + move))[0] - objective(np.exp(logs - move))[0]) / (2 * step)
        for move in np.eye(3) * step
    ]
    assert_allclose(objective(np.exp(logs))[1], differences, rtol=1e-5, atol=1e-5)


def test_another_currency_changes_gamma_only(repeaters, cdnow_fit: Fit):
    purchases, mean = repeaters
    other = gamma_gamma.fit_gamma_gamma(purchases, mean * 10_000)
    assert other.parameters["p"] == pytest.approx(cdnow_fit.parameters["p"], rel=1e-6)
    assert other.parameters["gamma"] == pytest.approx(cdnow_fit.parameters["gamma"] * 10_000, rel=1e-6)
    assert other.log_likelihood == pytest.approx(cdnow_fit.log_likelihood - 946 * np.log(10_000))


def test_known_parameters_are_found_again_within_their_errors():
    random, truth = np.random.default_rng(2), {"p": 4.0, "q": 3.0, "gamma": 20.0}
    purchases = random.geometric(0.4, 6000)
    inverse = random.gamma(truth["q"], 1 / truth["gamma"], 6000)
    fit = gamma_gamma.fit_gamma_gamma(purchases, random.gamma(truth["p"] * purchases, 1 / inverse) / purchases)
    assert fit.converged
    for name, value in truth.items():
        error = fit.errors[name]
        assert error is not None
        assert abs(fit.parameters[name] - value) < 3 * error, name


def test_large_bases_are_fitted_whole():
    random = np.random.default_rng(8)
    purchases = random.geometric(0.4, 3 * ENOUGH)
    mean = random.gamma(4.0 * purchases, random.gamma(3.0, 1 / 20.0, 3 * ENOUGH) ** -1) / purchases
    fit = gamma_gamma.fit_gamma_gamma(purchases, mean)
    assert (fit.converged, fit.customers) == (True, 3 * ENOUGH)
    assert fit.parameters["q"] == pytest.approx(3.0, abs=0.1)
    # It is the greatest likelihood of all of them, not of the part that chose the start.
    likelihood, found = gamma_gamma.log_likelihood(purchases, mean), np.array(list(fit.parameters.values()))
    assert np.abs(likelihood(found)[1]).max() < 1e-3


def test_correlation_of_frequency_and_spend():
    assert gamma_gamma.correlation(np.array([1, 2, 3]), np.array([10.0, 20.0, 30.0])) == pytest.approx(1)
    assert gamma_gamma.correlation(np.array([2, 2]), np.array([1.0, 5.0])) is None


def test_cdnow_frequency_says_little_about_spend(repeaters):
    assert gamma_gamma.correlation(*repeaters) == pytest.approx(0.114, abs=5e-4)
