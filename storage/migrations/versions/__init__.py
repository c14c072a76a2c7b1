"""One file per revision, oldest first; storage.schema.REVISIONS lists them."""
