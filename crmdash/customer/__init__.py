"""One customer: found by name, set beside those like it, with its purchases over time and the gaps in its file."""
