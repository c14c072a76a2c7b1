"""`make bench`: each target of the performance sheet as a ratio against its floor or peer in the same run."""
