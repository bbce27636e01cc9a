"""The lint of a segment grid: segments are boxes of classes, and every cell should lie in exactly one of them."""

from collections.abc import Mapping

import numpy as np

from crmdash.model.grids import Box, Cell, all_cells
from crmdash.model.lint.findings import Finding, lint_table


def lint_boxes(boxes: Mapping[str, Box], classes: int) -> list[Finding]:
    """Find cells that lie in no segment, those in several, and segments that get no cell.

    Examples
    --------
    >>> [(found.kind, found.rule, found.where) for found in lint_boxes({"low": ((1, 1),), "high": ((3, 3),)}, 3)]
    [('gap', None, '2')]
    """
    dimensions = len(next(iter(boxes.values())))
    cells = list(all_cells(dimensions, classes))
    table = np.array(cells)
    inside = [
        np.logical_and.reduce(
            [(table[:, axis] >= low) & (table[:, axis] <= high) for axis, (low, high) in enumerate(box)]
        )
        for box in boxes.values()
    ]
    names = list(boxes)
    return lint_table(np.column_stack(inside), names, names, lambda case: cell_code(cells[case]), ordered=False)


def cell_code(cell: Cell) -> str:
    """Return a cell as a code: its classes in the order of the dimensions.

    Examples
    --------
    >>> cell_code((5, 1))
    '5-1'
    """
    return "-".join(map(str, cell))
