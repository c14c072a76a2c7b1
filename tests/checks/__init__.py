"""The checks, one by one and from the table of scenarios."""
