"""The picture of a customer's purchases."""

import pytest

from crmdash.charts.purchases import Expected, PurchaseBar, PurchaseWords, amount_ticks, purchases_figure

WORDS = PurchaseWords("title", "month", "amount", "sold", "returned", "expected", str)
BARS = [PurchaseBar("Jan", 100, 0, "Jan: 100"), PurchaseBar("Feb", 50, -20, "Feb: 30")]


def test_returns_stand_below_zero_and_the_expected_order_on_top():
    figure = purchases_figure(BARS, Expected(1, 40, "due"), WORDS)
    assert [(trace.name, list(trace.x), list(trace.y)) for trace in figure.data] == [
        ("sold", [0, 1], [100, 50]),
        ("returned", [0, 1], [0, -20]),
        ("expected", [1], [40]),
    ]
    assert figure.layout.barmode == "relative"


def test_a_single_kind_of_bar_needs_no_legend():
    figure = purchases_figure(BARS[:1], None, WORDS)
    assert len(figure.data) == 1
    assert not figure.layout.showlegend
    assert figure.layout.xaxis.range == (-0.6, 5.6)


@pytest.mark.parametrize("count", [1, 5, 6, 60])
def test_few_bars_are_named(count):
    figure = purchases_figure([BARS[0]] * count, None, WORDS)
    assert 1 <= len(figure.layout.xaxis.tickvals) <= 5


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 0, [0]),
        (0, 3, [0, 1, 2, 3]),
        (-300, 1900, [0, 500, 1000, 1500]),
        (-1000, 1000, [-1000, -500, 0, 500, 1000]),
        (-50, 0, [-50, -40, -30, -20, -10, 0]),
        (5, 12_345, [0, 5000, 10000]),
    ],
)
def test_ticks_are_round_and_include_zero(low, high, ticks):
    assert amount_ticks(low, high) == ticks
