"""Transactions, customers and contacts to one row per customer: every measure that needs no threshold."""

from crmdash.summary.clock import Clock, to_date, to_day
from crmdash.summary.summarise import Summary, summarise
from crmdash.summary.tables import Tables

__all__ = ["Clock", "Summary", "Tables", "summarise", "to_date", "to_day"]
