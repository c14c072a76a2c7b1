"""The verdict: one of many causes, or none that can be told."""
