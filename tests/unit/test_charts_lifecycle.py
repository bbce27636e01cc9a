"""Pictures of the lifecycle: what is drawn is what is counted."""

import pytest

from crmdash.charts.bars import Bar
from crmdash.charts.large_type import enlarged
from crmdash.charts.lifecycle import (
    PHASE_COLOURS,
    Flow,
    MapCell,
    Node,
    Share,
    Words,
    flows_figure,
    move_map_figure,
    phases_figure,
    rates_figure,
    stage_bars_figure,
)
from crmdash.charts.palette import BLUE, RUST
from crmdash.model.lifecycle.phases import PHASES

WORDS = Words("t", "x", "y", "#000000")
BARS = [Bar("one", 0.25, "25%", "a", BLUE), Bar("two", 0.75, "75%", "b", RUST)]


def test_every_phase_has_a_colour_of_its_own():
    assert set(PHASE_COLOURS) == set(PHASES)
    assert len(set(PHASE_COLOURS.values())) == len(PHASES)


def test_stages_have_two_bars_each_and_no_length_below_zero():
    below = [Bar("one", -0.5, "0", "a", BLUE), BARS[1]]
    figure = stage_bars_figure(BARS, below, ("Customers", "Value"), WORDS)
    customers, value = figure.data
    assert (customers.name, list(customers.x)) == ("Customers", [0.25, 0.75])
    assert (value.name, list(value.x)) == ("Value", [0, 0.75])
    assert figure.layout.xaxis.title.text == "x" and figure.layout.yaxis.title.text == "y"


def test_rates_stand_beside_the_share_of_all():
    figure = rates_figure(BARS, 0.5, "all: 50%", WORDS)
    assert list(figure.data[0].y) == [0.25, 0.75]
    assert figure.layout.shapes[0].y0 == 0.5
    assert [note.text for note in figure.layout.annotations] == ["all: 50%"]
    assert not rates_figure([], None, "", WORDS).layout.shapes


def test_flows_are_as_wide_as_they_are_many():
    nodes = [Node("a", 0.0, 0.5, BLUE), Node("b", 1.0, 0.5, RUST)]
    figure = flows_figure(nodes, [Flow(0, 1, 7, "a to b")], ["then", "now"], WORDS)
    (sankey,) = figure.data
    assert list(sankey.link.value) == [7]
    assert 0 < sankey.node.x[0] < sankey.node.x[1] < 1
    assert [note.text for note in figure.layout.annotations] == ["then", "now"]


def test_the_map_of_moves_is_stronger_where_more_moved():
    cells = [MapCell(0, 0, "9", "stayed", 0.9, BLUE), MapCell(0, 1, "1", "down", 0.1, RUST)]
    figure = move_map_figure(cells, ["gold"], ["gold", "iron"], WORDS)
    assert [shape.fillcolor for shape in figure.layout.shapes] == ["rgba(42,122,176,0.490)", "rgba(180,84,58,0.104)"]
    assert list(figure.data[0].text) == ["9", "1"]


def test_phases_are_stacked_by_model():
    shares = [Share("m", "early", 0.25, "a"), Share("m", "gone", 0.75, "b"), Share("n", "gone", 1.0, "c")]
    figure = phases_figure(shares, {phase: phase for phase in PHASES}, WORDS)
    assert figure.layout.barmode == "stack"
    assert {trace.name: list(trace.x) for trace in figure.data if trace.x} == {"early": [0.25], "gone": [0.75, 1.0]}


@pytest.mark.parametrize(
    "figure",
    [
        stage_bars_figure(BARS, BARS, ("a", "b"), WORDS),
        rates_figure(BARS, 0.5, "", WORDS),
        flows_figure([Node("a", 0, 0.5, BLUE)] * 2, [Flow(0, 1, 1, "")], ["a", "b"], WORDS),
        move_map_figure([MapCell(0, 0, "9", "", 0.9, BLUE)], ["a"], ["a"], WORDS),
    ],
)
def test_pictures_grow_with_the_type(figure):
    height = figure.layout.height
    assert enlarged(figure, 1.5).layout.height == round(height * 1.5)
