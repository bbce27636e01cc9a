"""Pictures of the kinds: bars of shares, and maps of cells."""

from crmdash.charts.kinds import Series, Words, map_figure, shares_figure
from crmdash.charts.matrix import Cell
from crmdash.charts.palette import tint

WORDS = Words("Kinds", "Share of all, %", "Kind", ink="#111111")


def test_bars_are_in_per_cent_and_missing_ones_stay_away():
    series = [
        Series("Customers", "#2a7ab0", [0.25, 0.75], ["a", "b"]),
        Series("Value", "#bd8100", [None, 1.0], ["c", "d"]),
    ]
    figure = shares_figure(["loyal", "ordinary"], series, WORDS)
    assert [list(bars.x) for bars in figure.data] == [[25.0, 75.0], [None, 100.0]]
    assert [bars.name for bars in figure.data] == ["Customers", "Value"]
    assert figure.layout.xaxis.title.text == "Share of all, %" and figure.layout.yaxis.autorange == "reversed"
    taller = shares_figure(["a"] * 9, series, WORDS)
    assert taller.layout.height > figure.layout.height


def test_maps_name_their_axes_and_keep_their_order():
    cells = [Cell("r5", "f1", ("1",), "one", 0.5, empty=False), Cell("r5", "f2", ("–",), "none", 0.0, empty=True)]
    figure = map_figure(cells, [("r5", "R5")], [("f1", "F1"), ("f2", "F2")], WORDS)
    assert list(figure.layout.xaxis.ticktext) == ["F1", "F2"] and list(figure.data[0].text) == ["1", "–"]
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text) == ("Share of all, %", "Kind")


def test_several_maps_share_one_scale():
    cells = [Cell("r5", "f1", ("1",), "one", 0.1, empty=False)]
    alone = map_figure(cells, [("r5", "R5")], [("f1", "F1")], WORDS)
    beside = map_figure(cells, [("r5", "R5")], [("f1", "F1")], WORDS, strongest=0.5)
    assert alone.layout.shapes[0].fillcolor == tint(1) and beside.layout.shapes[0].fillcolor == tint(0.2)
