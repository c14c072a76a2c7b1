"""What Meta's webhooks say: typed events (event.py), out of its JSON (reading.py), as rows without bodies (rows.py)."""
