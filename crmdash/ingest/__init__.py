"""Files → clean tables: reading, mapping, validation, and the way through them."""
