"""Figures for the back row."""

import plotly.graph_objects as go
import pytest

from crmdash.charts.large_type import enlarged


def figure() -> go.Figure:
    drawn = go.Figure(layout={"height": 200, "margin": {"l": 8, "t": 30}, "title": {"text": "t", "font": {"size": 14}}})
    drawn.add_trace(go.Scatter(x=[0], y=[0], mode="markers+text", text=["a"], textfont={"size": 12}))
    drawn.add_annotation(text="n", font={"size": 10})
    drawn.add_annotation(text="m")
    return drawn


def test_everything_written_grows_with_the_figure():
    large = enlarged(figure(), 1.5)
    assert large.layout.height == 300
    assert (large.layout.margin.l, large.layout.margin.t) == (12, 45)
    assert large.layout.title.font.size == pytest.approx(21)
    assert large.data[0].textfont.size == pytest.approx(18)
    assert [note.font.size for note in large.layout.annotations] == pytest.approx([15, 18])
    assert [note.text for note in large.layout.annotations] == ["n", "m"]


def test_at_its_usual_size_a_figure_stays_as_it_is():
    assert enlarged(figure(), 1.0) == figure()
