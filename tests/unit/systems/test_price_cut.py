"""S11: how much more must be sold to pay for a price cut."""

import numpy as np
import pytest

from crmdash.systems.price_cut import PRICE_CUT, needed_over, report, volume_needed
from tests.unit.frames import evidence, money, sale


@pytest.mark.parametrize(
    ("cut", "margin", "needed"),
    [(0.05, 0.25, 0.25), (0.05, 0.10, 1.0), (0.05, 0.05, None), (0.05, 0.01, None), (0.1, -0.2, None)],
)
def test_volume_needed(cut, margin, needed):
    assert volume_needed(cut, margin) == (None if needed is None else pytest.approx(needed))
    drawn = needed_over(np.array([cut]), margin)[0]
    assert np.isnan(drawn) if needed is None else drawn == pytest.approx(needed)


def test_margins_are_measured_per_tier():
    rows = [sale("a", 1, 80, profit=20), sale("b", 2, 15, profit=0.75), sale("c", 3, 5)]
    found = report(evidence(rows))
    assert found.rows.frame.select("tier", "customers", "margin", "possible").rows() == [
        ("platinum", 1, 0.25, True),
        ("iron", 1, 0.05, False),
    ]
    assert found.rows.frame["volume_needed"].to_list() == [pytest.approx(0.25), None]
    assert found.rows.frame["given_away"].to_list() == [money(4), money(0.75)]
    # Together 20.75 of 95: what c earned is not known.
    assert found.figures["margin"].value == pytest.approx(20.75 / 95)
    assert found.figures["volume_needed"].value == pytest.approx(0.05 / (20.75 / 95 - 0.05))


def test_the_profit_of_a_customers_table_will_do():
    found = evidence(None, customers=[{"customer_id": "a", "revenue": 100, "profit": 30}])
    assert not found.missing(PRICE_CUT.needs)
    assert report(found).figures["margin"].value == pytest.approx(0.3)


def test_nothing_sold_has_no_margin():
    found = report(evidence([sale("a", 1, -5, profit=-1)]))
    assert found.figures["margin"].value is None and found.figures["possible"].value is None
