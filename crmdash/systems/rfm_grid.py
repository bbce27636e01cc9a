"""The RFM grid: customers by how lately, how often and for how much they bought, every cell in exactly one segment."""

from functools import partial
from typing import Final

from crmdash.model.grids import RFM
from crmdash.systems.evidence import Evidence
from crmdash.systems.report import Report, System
from crmdash.systems.segment_grids import NEEDS, explain_cell, grid_report


def report(evidence: Evidence) -> Report:
    """Put every customer of the base into the grid."""
    return grid_report(evidence, RFM, evidence.settings.kinds.rfm_classes)


RFM_GRID: Final = System("rfm_grid", "–", NEEDS, report, partial(explain_cell, "rfm_grid"))
