"""Evaluations as files: customers.csv and summary.json of the command line, downloads as CSV and workbook."""

from crmdash.export.csv_text import csv_text, neutralised
from crmdash.export.customer_rows import DAY_MEASURES, LABELS, MONEY_MEASURES, OTHER_MEASURES, customer_rows
from crmdash.export.facts import Facts, facts_of, facts_sheet, program_version
from crmdash.export.names import file_name
from crmdash.export.pseudonyms import pseudonymous
from crmdash.export.reports import report_sheet, reports_of, systems_tree, write_reports
from crmdash.export.sheet import Sheet, SheetColumn
from crmdash.export.summary_tree import issue_tree, summary_tree, write_evaluation
from crmdash.export.tables import customer_table, move_table, nearest_table, strategy_table
from crmdash.export.workbook import TextTooLong, workbook

__all__ = [
    "DAY_MEASURES",
    "LABELS",
    "MONEY_MEASURES",
    "OTHER_MEASURES",
    "Facts",
    "Sheet",
    "SheetColumn",
    "TextTooLong",
    "csv_text",
    "customer_rows",
    "customer_table",
    "facts_of",
    "facts_sheet",
    "file_name",
    "issue_tree",
    "move_table",
    "nearest_table",
    "neutralised",
    "program_version",
    "pseudonymous",
    "report_sheet",
    "reports_of",
    "strategy_table",
    "summary_tree",
    "systems_tree",
    "workbook",
    "write_evaluation",
    "write_reports",
]
