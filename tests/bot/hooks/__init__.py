"""Meta's events, read."""
