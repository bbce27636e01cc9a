"""The RF grid: customers by how lately and how often they bought, every cell in exactly one segment."""

from functools import partial
from typing import Final

from crmdash.model.grids import RF
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, System
from crmdash.systems.segment_grids import NEEDS, explain_cell, grid_report


def report(evidence: Evidence) -> Report:
    """Put every customer of the base into the grid."""
    return grid_report(evidence, RF, evidence.settings.kinds.rf_classes)


RF_GRID: Final = System("rf_grid", "–", NEEDS, report, partial(explain_cell, "rf_grid"))
