"""Effect sizes and their p-values, beside SciPy's own tests and least squares written out."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import chi2_contingency, f_oneway

from crmdash.systems.effect_sizes import Effect, change_of_r2, cramers_v, dummies, eta_squared, holm, times


def test_eta_squared_by_hand():
    # Means 2 and 5 around 3.5: between 9, inside 4.
    frame = pl.DataFrame({"tier": ["a", "a", "b", "b"], "x": [1.0, 3.0, 4.0, 6.0]})
    effect = eta_squared(frame, "tier", ["x"])["x"]
    assert effect.size == pytest.approx(9 / 13)
    assert effect.chance == pytest.approx(f_oneway([1, 3], [4, 6]).pvalue)
    assert effect.cases == 4


def test_eta_squared_leaves_out_what_is_missing_or_does_not_vary():
    frame = pl.DataFrame(
        {"tier": ["a", "a", "b", "b", None], "x": [1, 2, None, 9, 9], "same": 5, "once": [1, 2, None, None, None]}
    ).filter(pl.col("tier").is_not_null())
    found = eta_squared(frame, "tier", ["x", "same", "once"])
    assert list(found) == ["x"] and found["x"].cases == 3
    assert eta_squared(frame, "tier", []) == {}


def test_cramers_v_beside_scipy():
    table = np.array([[30, 10, 5], [8, 25, 22]])
    rows = [(tier, kind) for tier in range(2) for kind in range(3) for _each in range(table[tier, kind])]
    frame = pl.DataFrame(rows, schema=["tier", "kind"], orient="row").with_columns(pl.col("kind").cast(pl.String))
    tested, found = chi2_contingency(table, correction=False), cramers_v(frame, "tier", "kind")
    assert found is not None
    assert found.size == pytest.approx((tested.statistic / 100) ** 0.5)
    assert found.chance == pytest.approx(tested.pvalue)


def test_a_name_is_no_kind():
    names = pl.DataFrame({"tier": ["a", "b"] * 200, "kind": [str(place // 10) for place in range(400)]})
    assert cramers_v(names, "tier", "kind") is None
    rare = pl.DataFrame({"tier": ["a", "b"] * 5, "kind": ["x"] * 8 + ["y", "z"]})
    assert cramers_v(rare, "tier", "kind") is None


def test_holm_steps_down():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a": pytest.approx(0.03), "c": 0.06, "b": 0.06}
    assert holm({"a": 0.6, "b": 0.9}) == {"a": 1.0, "b": 1.0}


def r2(outcome: np.ndarray, columns: np.ndarray) -> float:
    design = np.column_stack([np.ones(len(outcome)), columns])
    rest = outcome - design @ np.linalg.lstsq(design, outcome, rcond=None)[0]
    return 1 - float(rest @ rest) / float(np.sum((outcome - outcome.mean()) ** 2))


def test_change_of_r2_beside_least_squares():
    rng = np.random.default_rng(5)
    group, driver = rng.integers(0, 3, 200).astype(float), rng.normal(50, 3, 200)
    outcome = 1e6 + driver * group + rng.normal(size=200)
    plain, extra = np.column_stack([dummies(group), driver]), times(dummies(group), driver[:, None])
    found = change_of_r2(outcome, plain, extra)
    assert found is not None and found.cases == 200 and found.chance < 1e-6
    assert found.size == pytest.approx(r2(outcome, np.column_stack([plain, extra])) - r2(outcome, plain), abs=1e-9)


def test_nothing_to_explain_or_to_explain_with():
    column = np.arange(6.0)[:, None]
    assert change_of_r2(np.ones(6), column, column**2) is None
    assert change_of_r2(np.arange(6.0) ** 3, column, column * 2) is None
    assert change_of_r2(np.array([1.0, 2, 4]), column[:3], column[:3] ** 2) is None


def test_products_of_columns():
    assert times(np.array([[1.0, 2], [3, 4]]), np.array([[10.0, 100], [10, 100]])).tolist() == [
        [10, 100, 20, 200], [30, 300, 40, 400],
    ]  # fmt: skip
    assert dummies(np.array([2.0, 1, 3])).tolist() == [[1, 0], [0, 0], [0, 1]]
    assert Effect(0.1, 0.2, 3) == Effect(0.1, 0.2, 3)
