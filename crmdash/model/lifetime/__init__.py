"""Lifetime value as models of arrays: how often a customer will buy, and for how much."""
