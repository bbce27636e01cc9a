"""Transactions, customers and contacts to one row per customer: every measure that needs no threshold."""

from crmdash.summary.clock import Clock, to_date, to_day
from crmdash.summary.summarise import LazySummary, Summary, summarise, summarise_lazily
from crmdash.summary.tables import Tables

__all__ = ["Clock", "LazySummary", "Summary", "Tables", "summarise", "summarise_lazily", "to_date", "to_day"]
